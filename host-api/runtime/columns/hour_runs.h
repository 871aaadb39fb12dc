// The rows of a batch by clock hours: rows of one hour share all that the
// report language asks of a moment, and rows lie in order of time.
#pragma once

#include <cstdint>
#include <vector>

#include "columns/batch.h"
#include "reports/zone_clock.h"

namespace hkl {

struct HourRun {
  std::uint32_t end = 0;  // in the batch: the first row that is not of it
  Maybe moment;           // one within the hour; nothing: rows without a time
};

// Of one thread. A moment around a clock change is a run of its own.
class HourRuns {
 public:
  HourRuns(std::uint32_t time_column, const ZoneClock& clock) : column_(time_column), clock_(clock) {}
  const ZoneClock& clock() const { return clock_; }
  // Found once for each batch.
  const std::vector<HourRun>& of(const Batch& batch);
  // The first moment after `ms` that may be of another hour.
  std::int64_t end_of_hour(std::int64_t ms) const;

 private:
  std::int64_t end_of_last_hour(std::int64_t ms);

  const std::uint32_t column_;
  const ZoneClock& clock_;
  std::uint64_t stamp_ = 0;
  std::int64_t hour_from_ = 0, hour_end_ = 0;  // moments of which the end of the hour is known; none yet
  std::vector<HourRun> runs_;
};

}  // namespace hkl
