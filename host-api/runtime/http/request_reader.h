// Puts requests together from bytes as they lie on the wire (RFC 9112): of a
// connection, and of .http files. Pure: knows no socket and no clock.
//
// What two readers could read differently is refused, never guessed: two
// lengths, a length beside a transfer coding, a space before a colon, a header
// that goes on in the next line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "values/result.h"

namespace hkl {

struct HttpLimits {
  std::size_t header_bytes = 8192;  // request line and headers together
  std::size_t header_count = 100;
  std::size_t body_bytes = 1 << 20;
};

// A refusal: the status to answer with, and why.
struct HttpFault {
  std::uint32_t status = 400;
  std::string why;
};

class RequestReader {
 public:
  explicit RequestReader(HttpLimits limits) : limits_(limits) {}

  enum class Step {
    more,   // needs bytes
    head,   // the head has come: see request(); go_on() to read its body
    whole,  // see request(); next() begins another
    fault,  // see fault(); the connection is of no more use
  };
  // Takes bytes and goes as far as it can, with what was left before.
  Step take(std::string_view bytes);
  // After head: the most that the body may have. Answers as take does.
  Step go_on(std::size_t body_bytes);
  // After whole: what is left belongs to the next request.
  Step next();

  HttpRequest& request() { return request_; }
  const HttpFault& fault() const { return fault_; }
  // Nothing of a request has come.
  bool is_idle() const { return state_ == State::head && left_.empty(); }
  // The client waits for "100 Continue" before it sends the body.
  bool awaits_continue() const { return state_ == State::ready && expects_ && left_.empty(); }

 private:
  enum class State { head, ready, sized, chunk_size, chunk, chunk_end, trailer, done, bad };
  Step advance();
  Step refuse(std::uint32_t status, std::string why);
  bool read_head(std::string_view head);
  bool read_request_line(std::string_view line);
  bool read_framing();
  std::optional<Step> advance_body();
  std::optional<std::string_view> take_line(std::size_t limit);

  HttpLimits limits_;
  State state_ = State::head;
  std::string left_;
  HttpRequest request_;
  HttpFault fault_;
  std::size_t body_limit_ = 0;
  std::size_t awaited_ = 0;  // bytes of the body or chunk still to come
  std::size_t trailer_bytes_ = 0;
  bool is_chunked_ = false, expects_ = false;
};

}  // namespace hkl
