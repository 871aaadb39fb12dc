// The key of a report's row: its dimensions' ids joined by "/", "-" for
// nothing; "%", "/" and ":" within an id are percent-encoded (DESIGN §9).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "values/result.h"

namespace hkl {

// One part for each dimension; an empty optional or text is nothing.
using RowIds = std::vector<std::optional<std::string>>;

std::string row_key(const RowIds& ids);

// HKL_INVALID: not as many parts as dimensions, or a broken "%".
Result<RowIds> ids_of_key(std::string_view key, std::size_t dimensions);

// "ivanova:calls" → key and measure; HKL_INVALID without a ":".
struct DrillAddress {
  std::string key, measure;
};
Result<DrillAddress> parse_drill(std::string_view text);

// The key of the total row, which no other row has.
inline constexpr std::string_view kTotalKey = "total";

}  // namespace hkl
