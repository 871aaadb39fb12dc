#include "rest/reply.h"

#include "canonical/json_text.h"
#include "values/output.h"

namespace hkl {
namespace {

constexpr std::size_t kHeld = 256 << 10;

}  // namespace

RestReply::RestReply(RestSink& sink) : sink_(sink) {
  writer_.struct_size = sizeof writer_;
  writer_.user = this;
  writer_.write = [](void* user, hkl_bytes bytes) -> hkl_status {
    auto& reply = *static_cast<RestReply*>(user);
    reply.taken_ = reply.take({reinterpret_cast<const char*>(bytes.ptr), bytes.len});
    return reply.taken_ ? HKL_OK : HKL_CANCELLED;
  };
}

Done RestReply::text(std::string_view bytes) { return write_text(writer_, bytes); }

Done RestReply::begin() {
  has_begun_ = true;
  if (auto done = sink_.begin(head); !done) return done;
  return held_.empty() ? Done{} : sink_.body(std::exchange(held_, {}));
}

Done RestReply::take(std::string_view bytes) {
  if (has_begun_) return sink_.body(bytes);
  held_ += bytes;
  return held_.size() < kHeld ? Done{} : begin();
}

Done RestReply::finish(const Done& made) {
  if (!taken_) return taken_;
  if (made && has_begun_) return {};
  if (made) {
    head.is_whole = true;
    return begin();
  }
  if (has_begun_) return made;
  const auto status = http_status_of(made.error().status);
  head = RestHead{.status = status, .content_type = "application/problem+json", .headers = std::move(head.headers)};
  if (status == 503) head.headers.emplace_back("Retry-After", "5");
  head.is_whole = true;
  held_ = problem_json(status, made.error().text);
  return begin();
}

std::string problem_json(std::uint32_t status, std::string_view detail) {
  return dumped({{"type", "about:blank"}, {"title", reason_phrase(status)}, {"status", status}, {"detail", detail}}) +
         "\n";
}

std::uint32_t http_status_of(hkl_status status) {
  switch (status) {
    case HKL_OK:
      return 200;
    case HKL_INVALID:
    case HKL_BAD_SETTINGS:
      return 400;
    case HKL_AUTH:
      return 403;
    case HKL_NOT_FOUND:
      return 404;
    case HKL_UNSUPPORTED:
      return 501;
    case HKL_UNAVAILABLE:
    case HKL_RESOURCE:
      return 503;
    case HKL_TIMEOUT:  // it may have been done: not to be tried again unasked, as a 503 is
      return 504;
    default:
      return 500;
  }
}

}  // namespace hkl
