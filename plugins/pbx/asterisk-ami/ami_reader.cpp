#include "ami_reader.h"

#include <algorithm>

namespace asterisk {
namespace {

constexpr std::size_t kLongestMessage = 256 * 1024;
constexpr std::string_view kGreeting = "Asterisk Call Manager/";

// Where in a line the greeting "Asterisk Call Manager/9.0.0" begins; before it
// may stand the beginning of a line that a lost connection never ended.
std::size_t greeting_in(std::string_view line) {
  if (!line.empty() && line.front() == kGreeting.front() && line.substr(0, kGreeting.size()) == kGreeting) return 0;
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  // The version's end: few other lines look so, and most are not searched.
  const bool may_be = line.size() > kGreeting.size() + 2 && line[line.size() - 2] == '.';
  return may_be ? line.find(kGreeting) : std::string_view::npos;
}

bool is_empty(std::string_view line) { return line.empty() || line == "\r"; }

}  // namespace

void Reader::feed(std::string_view bytes, const Handler& handler) {
  buffer_.append(bytes);
  const std::string_view text = buffer_;
  std::size_t begin = 0;  // of the message in hand
  LineMarks marks(text, searched_);
  for (auto mark = marks.next(); mark != LineMarks::kNone; mark = marks.next()) {
    if (text[mark] == ':') {
      colon_ = std::min(colon_, mark - begin);
      continue;
    }
    const auto end = mark - begin;
    const std::string_view line(text.data() + begin + line_at_, end - line_at_);
    if (const auto greeting = greeting_in(line); greeting != std::string_view::npos) {
      greet(line, greeting, handler);
      begin = mark + 1;
    } else if (is_empty(line)) {
      end_message(text.substr(begin, end + 1), handler);
      begin = mark + 1;
    } else {
      if (dropped_ == 0) message_.add(line_at_, colon_, end);
      line_at_ = end + 1;
      colon_ = LineMarks::kNone;
    }
  }
  searched_ = text.size() - begin;
  buffer_.erase(0, begin);
  if (buffer_.size() > kLongestMessage) drop_what_is_too_long();
}

void Reader::begin_message() {
  message_.clear();
  line_at_ = 0;
  colon_ = LineMarks::kNone;
  dropped_ = 0;
}

// The greeting is one line and no message; a new one in mid-stream is a new
// connection that a recorder put behind the old, and what stands before it is
// all that came of a message then.
void Reader::greet(std::string_view line, std::size_t at, const Handler& handler) {
  if (dropped_ > 0 || message_.has_lines() || at > 0)
    handler.skipped(dropped_ + line_at_ + at, "half a message before a new connection");
  begin_message();
  line.remove_prefix(at);
  if (line.back() == '\r') line.remove_suffix(1);
  handler.greeting(line);
}

void Reader::end_message(std::string_view text, const Handler& handler) {
  message_.set_text(text);
  if (dropped_ > 0) {
    handler.skipped(dropped_ + text.size(), "a message longer than 256 KiB; is this an AMI port?");
  } else if (message_.has_keys()) {
    handler.message(message_);
  } else if (message_.has_lines()) {
    handler.skipped(text.size(), "lines without \"Key: value\"");
  }
  begin_message();
}

void Reader::drop_what_is_too_long() {
  // Of a line that goes on so much is kept that its end shows whether it is empty.
  const auto keep = std::min<std::size_t>(buffer_.size() - line_at_, 4);
  dropped_ += buffer_.size() - keep;
  buffer_.erase(0, buffer_.size() - keep);
  message_.clear();
  line_at_ = 0;
  colon_ = LineMarks::kNone;
  searched_ = keep;
}

}  // namespace asterisk
