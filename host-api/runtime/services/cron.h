// When something is due, as cron says it: "30 9 * * mon-fri" is half past nine
// on weekdays. Minute, hour, day of the month, month, weekday; each a star, or
// numbers and spans with commas between, with a step ("*/15", "8-18/2"). Days of
// the week and months have names too. Where both the day of the month and the
// weekday are said, either is enough (POSIX, crontab).
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include "values/instant.h"
#include "values/result.h"

namespace hkl {

struct LocalTime;

class Cron {
 public:
  // HKL_INVALID names the field that is wrong.
  static Result<Cron> of(std::string_view text);

  // The first moment after `after` at which a clock of the zone shows such a
  // time. A time that a changed clock skips comes as much later as was skipped,
  // one that it shows twice comes once, the first time. HKL_INVALID: there is
  // none in the next eight years (30 February).
  Result<Instant> next(Instant after, std::string_view zone) const;

 private:
  Result<std::optional<Instant>> first_after(Instant after, LocalTime day, std::string_view zone) const;
  bool has_day(int month, int day, int weekday) const;
  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;     // 1 to 31
  std::bitset<13> months_;   // 1 to 12
  std::bitset<8> weekdays_;  // Monday is 1
  bool any_day_ = true, any_weekday_ = true;
};

}  // namespace hkl
