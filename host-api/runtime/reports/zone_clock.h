// Local time of many moments of one zone: its clock changes, looked up once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hkl {

// What the report language asks of a moment. Immutable, safe from any thread.
class ZoneClock {
 public:
  // The zone exists (else it is UTC). Kept for ever.
  static const ZoneClock& of(std::string_view zone);

  // East of UTC. Clock changes are known from 1970 to 2100.
  std::int64_t offset_ms(std::int64_t utc_ms) const;

  // Empty beyond the years 0 to 9999.
  std::optional<int> hour(std::int64_t utc_ms) const;
  std::optional<int> weekday(std::int64_t utc_ms) const;      // Monday is 1
  std::optional<int> time_of_day(std::int64_t utc_ms) const;  // milliseconds that the local clock shows
  std::string day(std::int64_t utc_ms) const;                 // "2026-03-02"
  std::string month(std::int64_t utc_ms) const;               // "2026-03"
  std::string week(std::int64_t utc_ms) const;                // "2026-W10", ISO 8601
  std::string quarter(std::int64_t utc_ms) const;             // "2026-Q1"
  std::string year(std::int64_t utc_ms) const;                // "2026"
  std::string hour_of_day(std::int64_t utc_ms) const;         // "09"
  // Days of [from, to) that begin or go on in it; of one weekday, or 0 for all.
  std::int64_t days_between(std::int64_t from_ms, std::int64_t to_ms, int weekday) const;
  // "2026-10-25T02:00+02:00": the offset tells the two hours of a clock that
  // was set back apart (metrics §1.1.4).
  std::string clock_hour(std::int64_t utc_ms) const;

 private:
  explicit ZoneClock(std::string_view zone);
  struct Change {
    std::int64_t at_ms, offset_ms;  // from then on, until the next
  };
  std::vector<Change> changes_;
};

}  // namespace hkl
