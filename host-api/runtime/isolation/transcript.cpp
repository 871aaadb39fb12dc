#include "isolation/transcript.h"

#include <algorithm>

namespace hkl::isolation {
namespace {

// What an entry costs beside its bytes: ticks have none and come for years.
constexpr std::size_t kEntry = 64;

std::size_t cost(const Told& told) { return kEntry + told.data.size(); }

// The end of the next empty line from `from` on, or npos.
std::size_t after_blank_line(std::string_view bytes, std::size_t from) {
  for (auto at = bytes.find('\n', from); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    if (at + 1 < bytes.size() && bytes[at + 1] == '\n') return at + 2;
    if (at + 2 < bytes.size() && bytes[at + 1] == '\r' && bytes[at + 2] == '\n') return at + 3;
  }
  return std::string_view::npos;
}

}  // namespace

std::size_t end_of_first_message(std::string_view bytes, bool has_blank_lines) {
  auto end = has_blank_lines ? after_blank_line(bytes, 0) : bytes.find('\n');
  if (end == std::string_view::npos) return bytes.size();
  return has_blank_lines ? end : end + 1;
}

std::size_t end_of_messages(std::string_view bytes, bool has_blank_lines) {
  if (!has_blank_lines) {
    const auto end = bytes.rfind('\n');
    return end == std::string_view::npos ? 0 : end + 1;
  }
  std::size_t last = 0;
  for (auto end = after_blank_line(bytes, 0); end != std::string_view::npos; end = after_blank_line(bytes, end))
    last = end;
  return last;
}

void Transcript::add(Told told) {
  if (told.function == Function::opened) is_lost_.emplace(told.connection, false);
  if (is_lost(told.connection)) return;
  if (told.function == Function::feed && !has_blank_lines_[told.connection])
    has_blank_lines_[told.connection] = after_blank_line(told.data, 0) != std::string_view::npos;
  const auto connection = told.connection;
  bytes_ += cost(told);
  told_.push_back(std::move(told));
  if (files_.count(connection) != 0) cut_to_lines(connection);
  keep_bounds();
}

void Transcript::add_file(Told opened) {
  files_.insert(opened.connection);
  add(std::move(opened));
}

void Transcript::cut_to_lines(std::uint64_t connection) {
  std::string all;
  for (const auto& told : told_)
    if (told.function == Function::feed && told.connection == connection) all += told.data;
  const auto first = all.find('\n');
  const auto last = all.rfind('\n');
  if (first == std::string::npos || first == last) return;
  const auto now_ms = told_.back().now_ms;
  std::erase_if(told_, [&](const Told& told) {
    const bool goes = told.function == Function::feed && told.connection == connection;
    if (goes) bytes_ -= cost(told);
    return goes;
  });
  for (auto& kept : {all.substr(0, first + 1), all.substr(last + 1)}) {
    told_.push_back({Function::feed, connection, now_ms, kept});
    bytes_ += cost(told_.back());
  }
}

void Transcript::forget(std::uint64_t connection) {
  is_lost_.erase(connection);
  has_blank_lines_.erase(connection);
  files_.erase(connection);
  // Ticks are about connections: without any there is nothing to remember.
  std::erase_if(told_, [&](const Told& told) {
    const bool goes = told.connection == connection || is_lost_.empty();
    if (goes) bytes_ -= cost(told);
    return goes;
  });
}

void Transcript::give_up() {
  told_.clear();
  bytes_ = 0;
  for (auto& [connection, is_lost] : is_lost_) is_lost = true;
}

bool Transcript::is_lost(std::uint64_t connection) const {
  const auto found = is_lost_.find(connection);
  return found != is_lost_.end() && found->second;
}

void Transcript::keep_bounds() {
  while (bytes_ > most_bytes_) {
    std::map<std::uint64_t, std::size_t> costs;
    for (const auto& told : told_) costs[told.connection] += cost(told);
    const auto largest =
        std::max_element(costs.begin(), costs.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    const auto connection = largest->first;
    bytes_ -= largest->second;
    std::erase_if(told_, [&](const Told& told) { return told.connection == connection; });
    if (connection != 0) is_lost_[connection] = true;
  }
}

std::string Transcript::take_head(std::uint64_t connection) {
  const bool has_blanks = has_blank_lines(connection, {});
  std::string head;
  for (auto told = told_.rbegin(); told != told_.rend(); ++told) {
    if (told->function != Function::feed || told->connection != connection) continue;
    const auto end = end_of_messages(told->data, has_blanks);
    head.insert(0, told->data, end);
    bytes_ -= told->data.size() - end;
    told->data.resize(end);
    // An entry that is empty now stays: it costs nothing to tell.
    if (end > 0) break;
  }
  return head;
}

bool Transcript::has_blank_lines(std::uint64_t connection, std::string_view bytes) const {
  const auto found = has_blank_lines_.find(connection);
  if (found != has_blank_lines_.end() && found->second) return true;
  return after_blank_line(bytes, 0) != std::string_view::npos;
}

}  // namespace hkl::isolation
