#include "http/request_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hkl {
namespace {

constexpr std::size_t kChunkLine = 256;  // a size and its extensions

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

template <typename Number>
bool read_number(std::string_view text, Number& number, int base) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

// Whether a list such as "keep-alive, Upgrade" has the word.
bool lists(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (same_header(trimmed(list.substr(0, comma)), word)) return true;
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return false;
}

}  // namespace

RequestReader::Step RequestReader::take(std::string_view bytes) {
  left_ += bytes;
  return advance();
}

RequestReader::Step RequestReader::next() {
  request_ = {};
  is_chunked_ = expects_ = false;
  trailer_bytes_ = 0;
  state_ = State::head;
  return advance();
}

RequestReader::Step RequestReader::refuse(std::uint32_t status, std::string why) {
  state_ = State::bad;
  fault_ = {status, std::move(why)};
  return Step::fault;
}

RequestReader::Step RequestReader::advance() {
  if (state_ == State::bad) return Step::fault;
  if (state_ == State::done) return Step::whole;
  if (state_ == State::ready) return Step::head;
  if (state_ == State::head) {
    // An empty line before a request is passed over (RFC 9112, 2.2).
    while (left_.starts_with("\r\n")) left_.erase(0, 2);
    const auto end = left_.find("\r\n\r\n");
    if (end == std::string::npos || end + 4 > limits_.header_bytes) {
      if (left_.size() <= limits_.header_bytes && end == std::string::npos) return Step::more;
      return refuse(431, fmt::format("the request line and headers are longer than {} bytes", limits_.header_bytes));
    }
    const auto head = left_.substr(0, end + 2);
    left_.erase(0, end + 4);
    if (!read_head(head)) return Step::fault;
    state_ = State::ready;
    return Step::head;
  }
  for (;;)
    if (const auto step = advance_body()) return *step;
}

bool RequestReader::read_head(std::string_view head) {
  auto end = head.find("\r\n");
  if (!read_request_line(head.substr(0, end))) return false;
  head.remove_prefix(end + 2);
  while (!head.empty()) {
    end = head.find("\r\n");
    const auto line = head.substr(0, end);
    head.remove_prefix(end + 2);
    const auto colon = line.find(':');
    const auto value = colon == std::string_view::npos ? std::string_view() : trimmed(line.substr(colon + 1));
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) || has_control(value))
      return refuse(400, fmt::format("header line {} is none", request_.headers.size() + 1)), false;
    if (request_.headers.size() == limits_.header_count)
      return refuse(431, fmt::format("there are more than {} headers", limits_.header_count)), false;
    request_.headers.emplace_back(line.substr(0, colon), value);
  }
  return read_framing();
}

bool RequestReader::read_request_line(std::string_view line) {
  const auto first = line.find(' '), last = line.rfind(' ');
  const auto bad = [&](const char* why) { return refuse(400, why), false; };
  if (first == std::string_view::npos || first == last) return bad("the first line is no request line");
  request_.method = line.substr(0, first);
  request_.target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  if (!is_token(request_.method)) return bad("the first line is no request line");
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return refuse(version.starts_with("HTTP/") ? 505 : 400, "HTTP/1.1 is spoken here"), false;
  request_.keeps_alive = version == "HTTP/1.1";
  request_.is_old = version == "HTTP/1.0";
  auto& target = request_.target;
  // Sent to a proxy: what stands before the path is the Host.
  if (const auto scheme = target.find("://"); scheme != std::string::npos && scheme < target.find('/')) {
    const auto path = target.find('/', scheme + 3);
    target = path == std::string::npos ? "/" : target.substr(path);
  }
  if (!target.starts_with('/') || target.find_first_of(" \t#") != std::string::npos || has_control(target))
    return bad("the address does not begin with /, or has what no address has");
  return true;
}

bool RequestReader::read_framing() {
  const auto bad = [&](std::uint32_t status, std::string why) { return refuse(status, std::move(why)), false; };
  std::string_view length, coding, host;
  std::size_t hosts = 0;
  for (const auto& [name, value] : request_.headers) {
    if (same_header(name, "Host")) ++hosts, host = value;
    if (same_header(name, "Content-Length")) {
      if (!length.empty() && length != value) return bad(400, "two Content-Length that differ");
      length = value;
      if (value.empty()) return bad(400, "an empty Content-Length");
    }
    if (same_header(name, "Transfer-Encoding")) {
      if (!coding.empty()) return bad(400, "two Transfer-Encoding");
      coding = value;
      if (!same_header(value, "chunked")) return bad(501, "of transfer codings only chunked is known");
    }
    if (same_header(name, "Connection") && lists(value, "close")) request_.keeps_alive = false;
    if (same_header(name, "Expect") && same_header(value, "100-continue")) expects_ = true;
  }
  if (hosts > 1) return bad(400, "two Host");
  if (!length.empty() && !coding.empty()) return bad(400, "Content-Length beside Transfer-Encoding");
  is_chunked_ = !coding.empty();
  awaited_ = 0;
  const bool is_number = std::all_of(length.begin(), length.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (length.empty()) return true;
  if (!is_number) return bad(400, "Content-Length is no number");
  if (!read_number(length, awaited_, 10)) return bad(413, "the body is too large");
  return true;
}

RequestReader::Step RequestReader::go_on(std::size_t body_bytes) {
  if (state_ != State::ready) return advance();
  body_limit_ = std::min(body_bytes, limits_.body_bytes);
  if (awaited_ > body_limit_)
    return refuse(413, fmt::format("the body has {} bytes, {} are allowed here", awaited_, body_limit_));
  state_ = is_chunked_ ? State::chunk_size : State::sized;
  return advance();
}

// A line without its end; nothing while it has not come. A longer one is a
// fault, told by state_.
std::optional<std::string_view> RequestReader::take_line(std::size_t limit) {
  const auto end = left_.find("\r\n");
  if ((end == std::string::npos ? left_.size() : end) > limit) {
    refuse(400, "a chunked body with a line that is too long");
    return std::nullopt;
  }
  if (end == std::string::npos) return std::nullopt;
  return std::string_view(left_).substr(0, end);
}

// One step of the body; nothing: go on.
std::optional<RequestReader::Step> RequestReader::advance_body() {
  const auto waiting = [this] { return state_ == State::bad ? Step::fault : Step::more; };
  switch (state_) {
    case State::sized:
    case State::chunk: {
      const auto count = std::min(awaited_, left_.size());
      request_.body.append(left_, 0, count);
      left_.erase(0, count);
      awaited_ -= count;
      if (awaited_ > 0) return Step::more;
      state_ = state_ == State::sized ? State::done : State::chunk_end;
      break;
    }
    case State::chunk_size: {
      const auto line = take_line(kChunkLine);
      if (!line) return waiting();
      const auto size = trimmed(line->substr(0, line->find(';')));
      if (!read_number(size, awaited_, 16)) return refuse(400, "a chunk without its size");
      left_.erase(0, line->size() + 2);
      if (awaited_ > body_limit_ - request_.body.size())
        return refuse(413, fmt::format("the body has more than the {} bytes that are allowed here", body_limit_));
      state_ = awaited_ == 0 ? State::trailer : State::chunk;
      break;
    }
    case State::chunk_end:
      if (left_.size() < 2) return Step::more;
      if (!left_.starts_with("\r\n")) return refuse(400, "a chunk that is longer than it says");
      left_.erase(0, 2);
      state_ = State::chunk_size;
      break;
    case State::trailer: {
      const auto line = take_line(limits_.header_bytes);
      if (!line) return waiting();
      const bool is_last = line->empty();
      trailer_bytes_ += line->size() + 2;
      left_.erase(0, line->size() + 2);
      if (trailer_bytes_ > limits_.header_bytes) return refuse(431, "what follows the body is too long");
      if (is_last) state_ = State::done;
      break;
    }
    case State::done:
      return Step::whole;
    default:
      return Step::fault;
  }
  return std::nullopt;
}

}  // namespace hkl
