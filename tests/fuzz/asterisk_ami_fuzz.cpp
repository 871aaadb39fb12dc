#include "adapter_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::feed_stream(R"({"host": "pbx", "username": "u", "secret": "s", "extensions": ["1xx"],
                               "trunks": ["PJSIP/trunk"], "own_numbers": ["+74950000101"], "outside_prefix": "9"})",
                           "ami.raw", data, size);
}
