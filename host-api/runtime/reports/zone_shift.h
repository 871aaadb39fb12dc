// Local time inside SQL, for engines that know no zones: the offset of a
// moment as a CASE over the zone's clock changes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reports/sql_text.h"

namespace hkl {

// Bounds of the moments that can come; an empty one is not known.
struct MomentBounds {
  std::optional<std::int64_t> from_ms, to_ms;
};

// SQL for utc_ms shifted by the zone's offset at that moment, plus a multiple
// of seven days so that it is positive and division rounds down. The zone
// exists. Clock changes are known from 1970 to 2100. Thread-safe.
SqlText local_ms(const SqlText& utc_ms, const std::string& zone, const MomentBounds& bounds);

// What local_ms() adds beside the offset, in days.
inline constexpr std::int64_t kShiftDays = 7 * 20000;

}  // namespace hkl
