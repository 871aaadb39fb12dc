// Texts out through the writer of whoever asked.
#pragma once

#include <string_view>

#include "hookline/types.h"
#include "values/result.h"

namespace hkl {

// Writes a whole text; HKL_CANCELLED when the writer takes no more.
Done write_text(const hkl_writer& writer, std::string_view text);

}  // namespace hkl
