#include "values/output.h"

namespace hkl {

Done write_text(const hkl_writer& writer, std::string_view text) {
  const auto took = writer.write(writer.user, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  if (took != HKL_OK) return fail(HKL_CANCELLED, "the reader of the answer took no more");
  return {};
}

}  // namespace hkl
