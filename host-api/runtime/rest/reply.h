// An answer on its way out. Its head is held back until the first bytes of the
// body are many or the answer is whole: so what fails at its beginning becomes
// a page that says why, and what is large goes out as it is made.
#pragma once

#include <string>
#include <string_view>

#include "hookline/types.h"
#include "http/message.h"
#include "values/result.h"

namespace hkl {

struct RestHead {
  std::uint32_t status = 200;
  std::string content_type = "application/json";
  std::string file_name;  // to be kept as; empty: shown in place
  std::string location;   // of a redirect
  HttpHeaders headers;    // Allow, Retry-After
  bool is_whole = false;  // the body is all there, and comes at once
};

// Where answers go: the caller of hkl_answer_api, or a connection.
class RestSink {
 public:
  virtual ~RestSink() = default;
  // Once, before the body.
  virtual Done begin(const RestHead& head) = 0;
  virtual Done body(std::string_view bytes) = 0;
};

class RestReply {
 public:
  explicit RestReply(RestSink& sink);
  RestReply(const RestReply&) = delete;
  RestReply& operator=(const RestReply&) = delete;

  RestHead head;
  const hkl_writer& writer() const { return writer_; }
  Done text(std::string_view bytes);
  // Ends the answer. What `made` failed with becomes its page; where a part of
  // the body is out already, that is the error, and the answer is broken off.
  Done finish(const Done& made);

 private:
  Done take(std::string_view bytes);
  Done begin();
  RestSink& sink_;
  hkl_writer writer_{};
  std::string held_;
  bool has_begun_ = false;
  Done taken_;  // what the sink said last
};

// RFC 9457: {"type", "title", "status", "detail"}.
std::string problem_json(std::uint32_t status, std::string_view detail);
std::uint32_t http_status_of(hkl_status status);

}  // namespace hkl
