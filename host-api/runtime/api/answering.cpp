#include "api/answering.h"

#include <cstring>

#include "values/output.h"

namespace hkl {
namespace {

std::string text(const char* in) { return in == nullptr ? std::string() : std::string(in); }

template <std::size_t size>
void put(char (&out)[size], const std::string& value) {
  const auto length = std::min(value.size(), size - 1);
  std::memcpy(out, value.data(), length);
  out[length] = 0;
}

// A head into the caller's struct, a body to the caller's writer.
class CallerSink final : public RestSink {
 public:
  CallerSink(const hkl_writer& writer, hkl_api_reply& reply) : writer_(writer), reply_(reply) {}

  Done begin(const RestHead& head) override {
    reply_.http_status = head.status;
    put(reply_.content_type, head.content_type);
    put(reply_.file_name, head.file_name);
    put(reply_.location, head.location);
    return {};
  }
  Done body(std::string_view bytes) override { return write_text(writer_, bytes); }

 private:
  const hkl_writer& writer_;
  hkl_api_reply& reply_;
};

}  // namespace

Done answer_api(Runtime& runtime, const hkl_api_request& request, const hkl_writer& body, hkl_api_reply& reply) {
  CallerSink sink(body, reply);
  RestRequest asked{text(request.method), text(request.target), {request.body.ptr, request.body.len}, {}};
  if (asked.method.empty() || !asked.target.starts_with('/'))
    return fail(HKL_INVALID, "hkl_api_request: a method and a target such as /api/v1/calls are needed");
  auto asker = runtime.asker_of(text(request.user), text(request.language));
  if (!asker) {
    RestReply refusal(sink);
    return refusal.finish(fail(asker.error()));
  }
  asked.asker = std::move(*asker);
  return answer_rest(runtime, asked, sink);
}

}  // namespace hkl
