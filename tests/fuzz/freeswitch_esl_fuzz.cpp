// A stream of the event socket, or a record that mod_json_cdr posts.
#include "adapter_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kSettings =
      R"({"host": "pbx", "password": "p", "extensions": ["1xx"], "trunks": ["carrier"]})";
  hookline::fake::Request request;
  if (size < 4 || !fuzz::read_request({reinterpret_cast<const char*>(data), size}, request) || request.method != "POST")
    return fuzz::feed_stream(kSettings, "esl.raw", data, size);
  hookline::fake::HttpAdapter adapter(hookline_plugin_v1, fuzz::host(), kSettings);
  adapter.now_ms = fuzz::kNowMs;
  if (adapter.request(request).status == 0) std::abort();
  return 0;
}
