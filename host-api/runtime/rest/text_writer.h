// An hkl_writer into a text.
#pragma once

#include <string>

#include "hookline/types.h"

namespace hkl {

class TextWriter {
 public:
  TextWriter() {
    writer_.struct_size = sizeof writer_;
    writer_.user = this;
    writer_.write = [](void* user, hkl_bytes bytes) -> hkl_status {
      static_cast<TextWriter*>(user)->text.append(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
      return HKL_OK;
    };
  }
  TextWriter(const TextWriter&) = delete;
  TextWriter& operator=(const TextWriter&) = delete;
  const hkl_writer& writer() const { return writer_; }
  std::string text;

 private:
  hkl_writer writer_{};
};

}  // namespace hkl
