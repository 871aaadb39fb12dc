#include "adapter_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kSettings = R"({"extensions": ["1xx"], "trunks": ["PJSIP/trunk"]})";
  // The layout goes by the file's name, or by its first line.
  fuzz::feed_stream(kSettings, "Master.csv", data, size);
  return fuzz::feed_stream(kSettings, "cdr_custom.csv", data, size);
}
