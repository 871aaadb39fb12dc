#include "ami_reader.h"

#include <algorithm>

namespace asterisk {
namespace {

constexpr std::size_t kLongestMessage = 256 * 1024;
constexpr std::string_view kGreeting = "Asterisk Call Manager/";

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  return line;
}

// The first empty line at or after `from`: where it begins and ends.
std::pair<std::size_t, std::size_t> empty_line(std::string_view text, std::size_t from) {
  for (auto at = text.find('\n', from); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (at + 1 < text.size() && text[at + 1] == '\n') return {at + 1, at + 2};
    if (at + 2 < text.size() && text[at + 1] == '\r' && text[at + 2] == '\n') return {at + 1, at + 3};
  }
  return {std::string_view::npos, std::string_view::npos};
}

}  // namespace

void Reader::feed(std::string_view bytes, const Handler& handler) {
  buffer_.append(bytes);
  std::size_t done = 0;
  for (;;) {
    const std::string_view rest(buffer_.data() + done, buffer_.size() - done);
    // The greeting is one line and no message; a new one in mid-stream is a
    // new connection that a recorder put behind the old.
    if (dropped_ == 0 && rest.substr(0, kGreeting.size()) == kGreeting) {
      const auto end = rest.find('\n');
      if (end == std::string_view::npos) break;
      handler.greeting(trimmed(rest.substr(0, end)));
      done += end + 1;
      searched_ = 0;
      continue;
    }
    const auto [begin, end] = empty_line(rest, searched_);
    if (begin == std::string_view::npos) {
      searched_ = rest.size() > 3 ? rest.size() - 3 : 0;
      break;
    }
    searched_ = 0;
    if (dropped_ > 0) {
      handler.skipped(dropped_ + end, "a message longer than 256 KiB; is this an AMI port?");
      dropped_ = 0;
    } else {
      take_block(rest.substr(0, begin), handler);
    }
    done += end;
  }
  buffer_.erase(0, done);
  if (buffer_.size() > kLongestMessage) {
    // Keep enough to see the empty line that ends it.
    const auto keep = std::min<std::size_t>(buffer_.size(), 4);
    dropped_ += buffer_.size() - keep;
    buffer_.erase(0, buffer_.size() - keep);
    searched_ = 0;
  }
}

void Reader::take_block(std::string_view block, const Handler& handler) {
  Message message;
  std::uint64_t malformed = 0;
  const auto whole = block.size();
  while (!block.empty()) {
    const auto end = block.find('\n');
    auto line = trimmed(block.substr(0, end));
    block.remove_prefix(end == std::string_view::npos ? block.size() : end + 1);
    if (line.empty()) continue;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
      malformed += line.size();
      continue;
    }
    auto value = line.substr(colon + 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    message.add(line.substr(0, colon), value);
  }
  if (message.empty()) {
    if (whole > 2) handler.skipped(whole, "lines without \"Key: value\"");
    return;
  }
  // Output of commands holds free lines; in an event they are a fault.
  if (malformed > 0 && !message["Event"].empty())
    handler.skipped(malformed, "a line without \"Key: value\" in an event");
  handler.message(message);
}

}  // namespace asterisk
