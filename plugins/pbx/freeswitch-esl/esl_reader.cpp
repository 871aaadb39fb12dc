#include "esl_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace freeswitch {
namespace {

constexpr std::size_t kLongestHeaders = 64 * 1024;
constexpr std::size_t kLongestBody = std::size_t{4} << 20;
// Where it is not known yet how long a frame is: more than its headers take.
constexpr std::size_t kPiece = 256;
constexpr std::string_view kLength = "Content-Length:", kType = "Content-Type:";
constexpr std::string_view kGreeting = "Content-Type: auth/request\n";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

// The value of a header line in `headers`, or nothing.
std::string_view header(std::string_view headers, std::string_view name) {
  for (std::size_t at = 0; at < headers.size();) {
    const auto end = std::min(headers.find('\n', at), headers.size());
    const auto line = headers.substr(at, end - at);
    if (line.substr(0, name.size()) == name) return trimmed(line.substr(name.size()));
    at = end + 1;
  }
  return {};
}

// Every frame begins with one of these two lines. In front of them may stand
// the end of a frame whose beginning was not seen, without a line end between.
std::size_t frame_start(std::string_view block) {
  const auto begins = [&](std::string_view name) { return block.substr(0, name.size()) == name; };
  if (begins(kLength) || begins(kType)) return 0;
  const auto type = block.rfind(kType);
  if (type == std::string_view::npos) return std::string_view::npos;
  const auto length = block.rfind(kLength);
  return length == std::string_view::npos || length > type ? type : length;
}

// Whether the body of an event ends as events do: plain text with an empty line
// or a body of its own, which may end with anything.
bool ends_as_event(std::string_view type, std::string_view body) {
  const auto ends = [&](std::string_view mark) {
    return body.size() >= mark.size() && body.substr(body.size() - mark.size()) == mark;
  };
  if (type == "text/event-plain") return ends("\n\n");
  return type == "text/event-json" ? ends("}") : true;
}

// Where in the first `length` bytes the greeting of a connection begins, or may
// begin where its end is still to come; else `length`. Where nothing comes any
// more, less than its first word is not taken for one: a body may end with that.
std::size_t greeting_from(std::string_view text, std::size_t length, bool is_over) {
  const auto enough = is_over ? std::string_view("Content-T").size() : 1;
  for (auto at = text.find('C'); at < length; at = text.find('C', at + 1)) {
    const auto there = text.substr(at, kGreeting.size());
    if (there.size() >= enough && kGreeting.substr(0, there.size()) == there) return at;
  }
  return length;
}

}  // namespace

void Reader::feed(std::string_view bytes, Handler& handler) {
  if (to_skip_ > 0) {
    const auto count = std::min<std::uint64_t>(to_skip_, bytes.size());
    bytes.remove_prefix(count);
    to_skip_ -= count;
    left_out_ += count;
    if (to_skip_ > 0) return;
    handler.skipped(left_out_, "a frame longer than 4 MiB");
    left_out_ = 0;
  }
  while (!buffer_.empty() && !bytes.empty()) {
    // No more than the frame in hand wants, so that the next stands by itself.
    const auto wanted = needed_ > buffer_.size() ? needed_ - buffer_.size() : kPiece;
    buffer_.append(bytes.substr(0, wanted));
    bytes.remove_prefix(std::min(wanted, bytes.size()));
    if (buffer_.size() >= needed_) buffer_.erase(0, take_all(buffer_, handler));
  }
  if (buffer_.empty()) buffer_.append(bytes.substr(take_all(bytes, handler)));
}

void Reader::end(Handler& handler) {
  is_over_ = true;
  buffer_.erase(0, take_all(buffer_, handler));
}

std::size_t Reader::take_all(std::string_view bytes, Handler& handler) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto count = take(bytes.substr(done), handler);
    if (count == 0) break;
    done += count;
  }
  return done;
}

std::size_t Reader::take(std::string_view rest, Handler& handler) {
  // Command output may leave line ends behind.
  if (rest.front() == '\n' || rest.front() == '\r') return 1;
  const auto end = rest.find("\n\n", searched_);
  if (end == std::string_view::npos) {
    searched_ = rest.size() - 1;
    needed_ = 0;
    if (rest.size() <= kLongestHeaders) return 0;
    // Nothing here ends a line twice: keep what may be the beginning of an end.
    left_out_ += rest.size() - 1;
    searched_ = 0;
    return rest.size() - 1;
  }
  searched_ = 0;
  const auto start = frame_start(rest.substr(0, end));
  if (start != 0) {
    const auto count = start == std::string_view::npos ? end + 2 : start;
    handler.skipped(left_out_ + count, "bytes that belong to no frame");
    left_out_ = 0;
    return count;
  }
  const auto headers = rest.substr(0, end);
  std::size_t length = 0;
  if (const auto text = header(headers, kLength); !text.empty()) {
    const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error != std::errc() || last != text.data() + text.size()) {
      handler.skipped(end + 2, "a frame whose Content-Length is no number");
      return end + 2;
    }
  }
  needed_ = end + 2 + length;
  if (length > kLongestBody) {
    const auto here = std::min(rest.size(), needed_);
    to_skip_ = needed_ - here;
    left_out_ = here;
    needed_ = 0;
    if (to_skip_ == 0) {
      handler.skipped(left_out_, "a frame longer than 4 MiB");
      left_out_ = 0;
    }
    return here;
  }
  if (rest.size() < needed_) {
    searched_ = end;
    return 0;
  }
  const auto count = std::exchange(needed_, 0);
  const auto body = rest.substr(end + 2, length);
  if (!ends_as_event(header(headers, kType), body)) {
    // A recorder puts a new connection right behind an old one that was lost in
    // the middle of an event.
    const auto text = rest.substr(end + 2);
    const auto greeting = greeting_from(text, length, is_over_);
    if (greeting < length && text.size() < greeting + kGreeting.size() && !is_over_) {
      // The next byte may tell the two apart.
      needed_ = rest.size() + 1;
      searched_ = end;
      return 0;
    }
    if (greeting < length) {
      handler.skipped(end + 2 + greeting, "half an event before a new connection");
      return end + 2 + greeting;
    }
  }
  handler.frame({header(headers, kType), header(headers, "Reply-Text:"), headers, body});
  return count;
}

}  // namespace freeswitch
