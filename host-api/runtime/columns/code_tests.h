// Conditions on one column, asked of its codes as they lie: nothing is widened.
//
// A code says how far a value is from the column's base (narrow.h), so a bound
// on the value is a bound on the code, found once for each segment.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "columns/batch.h"
#include "columns/dictionary.h"

namespace hkl {

// The column compared with a constant by =, !=, <, <=, > or >=. What is not
// known is unlike everything, and neither less nor more.
MaskFn codes_compared(std::uint32_t column, const std::string& op, std::int64_t constant);

// Whether the column's value is known.
MaskFn codes_known(std::uint32_t column);

// Whether a text of the column passes, asked once for each text there is;
// `of_null` where there is none. `texts` outlives it.
MaskFn codes_text_test(std::uint32_t column, const Dictionary& texts, std::function<bool(std::string_view)> test,
                       bool of_null);

}  // namespace hkl
