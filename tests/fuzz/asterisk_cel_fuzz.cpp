#include "adapter_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::feed_stream(R"({"extensions": ["1xx"], "trunks": ["PJSIP/trunk"]})", "cel.csv", data, size);
}
