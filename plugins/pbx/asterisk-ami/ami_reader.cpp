#include "ami_reader.h"

#include <algorithm>
#include <utility>

namespace asterisk {
namespace {

constexpr std::size_t kLongestMessage = 256 * 1024;
constexpr std::string_view kGreeting = "Asterisk Call Manager/";
// Nearly every message that is kept ends within so many more bytes; they are
// moved twice.
constexpr std::size_t kPiece = 1024;

// Where in a line the greeting "Asterisk Call Manager/9.0.0" begins; before it
// may stand the beginning of a line that a lost connection never ended.
std::size_t greeting_in(std::string_view line) {
  const bool may_begin_it = line.size() >= kGreeting.size() && line.front() == kGreeting.front();
  if (may_begin_it && line.starts_with(kGreeting)) return 0;
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  // The version's end: few other lines look so, and most are not searched.
  const bool may_be = line.size() > kGreeting.size() + 2 && line[line.size() - 2] == '.';
  return may_be ? line.find(kGreeting) : std::string_view::npos;
}

bool is_empty(std::string_view line) { return line.empty() || (line.size() == 1 && line.front() == '\r'); }

}  // namespace

void Reader::feed(std::string_view bytes, Handler& handler) {
  while (!buffer_.empty() && !bytes.empty()) {
    const auto kept = buffer_.size();
    buffer_.append(bytes.substr(0, kPiece));
    const auto done = take(buffer_, Until::end_of_message, handler);
    bytes.remove_prefix((done > 0 ? done : buffer_.size()) - kept);
    if (done > 0) buffer_.clear();
    if (buffer_.size() > kLongestMessage) drop_what_is_too_long();
  }
  if (!buffer_.empty()) return;  // it breaks off still
  buffer_.append(bytes.substr(take(bytes, Until::end_of_text, handler)));
  if (buffer_.size() > kLongestMessage) drop_what_is_too_long();
}

// `text` begins where the message in hand does. How many bytes of it are done with.
std::size_t Reader::take(std::string_view text, Until until, Handler& handler) {
  std::size_t begin = 0;                                // of the message in hand
  std::size_t line_begin = std::exchange(line_at_, 0);  // of the line in hand
  const std::size_t searched = std::exchange(searched_, 0);
  LineEnds ends;
  for (auto from = searched; from < text.size(); from += LineEnds::kWindow) {
    const auto found = ends.in(text.substr(from));
    std::size_t first = 0;  // line end that is of the message in hand
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto end = from + found[i];
      const std::string_view line(text.data() + line_begin, end - line_begin);
      if (is_empty(line)) {
        message_.close(text.substr(begin), found.subspan(first, i - first), static_cast<std::uint32_t>(begin - from));
        end_message(end + 1 - begin, handler);
        begin = end + 1;
      } else if (const auto greeting = greeting_in(line); greeting != std::string_view::npos) {
        greet(line, line_begin - begin, greeting, handler);
        begin = end + 1;
      }
      line_begin = end + 1;
      if (begin != line_begin) continue;
      first = i + 1;
      if (until == Until::end_of_message) return begin;
    }
    const bool is_too_long = dropped_ > 0 || (begin < from && from - begin > kLongestMessage);
    if (!is_too_long) message_.keep(found.subspan(first), static_cast<std::uint32_t>(begin - from));
  }
  line_at_ = line_begin - begin;
  searched_ = text.size() - begin;
  return begin;
}

// The greeting is one line and no message; a new one in mid-stream is a new
// connection that a recorder put behind the old, and what stands before it is
// all that came of a message then.
void Reader::greet(std::string_view line, std::size_t line_at, std::size_t at, Handler& handler) {
  const auto left_out = std::exchange(dropped_, 0) + line_at + at;
  message_.clear();
  if (left_out > 0) handler.skipped(left_out, "half a message before a new connection");
  line.remove_prefix(at);
  if (line.back() == '\r') line.remove_suffix(1);
  handler.greeting(line);
}

void Reader::end_message(std::size_t size, Handler& handler) {
  const struct Clearing {
    Message& message;
    ~Clearing() { message.clear(); }
  } clearing{message_};
  const auto whole_size = std::exchange(dropped_, 0) + size;
  if (whole_size > kLongestMessage) {
    handler.skipped(whole_size, "a message longer than 256 KiB; is this an AMI port?");
  } else if (message_.has_keys()) {
    handler.message(message_);
  } else if (message_.has_lines()) {
    handler.skipped(size, "lines without \"Key: value\"");
  }
}

void Reader::drop_what_is_too_long() {
  // Of a line that goes on so much is kept that it shows at its end whether it
  // is empty, or a greeting.
  const auto keep = std::min<std::size_t>(buffer_.size() - line_at_, 64);
  dropped_ += buffer_.size() - keep;
  buffer_.erase(0, buffer_.size() - keep);
  message_.clear();
  line_at_ = 0;
  searched_ = keep;
}

}  // namespace asterisk
