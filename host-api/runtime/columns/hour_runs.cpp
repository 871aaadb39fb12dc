#include "columns/hour_runs.h"

namespace hkl {

std::int64_t HourRuns::end_of_hour(std::int64_t ms) const {
  constexpr std::int64_t kHour = 3'600'000;
  const auto offset = clock_.offset_ms(ms);
  const auto local = ms + offset;
  const auto begin = local - ((local % kHour) + kHour) % kHour - offset, end = begin + kHour;
  const bool is_even = clock_.offset_ms(begin) == offset && clock_.offset_ms(end - 1) == offset;
  return is_even ? end : ms + 1;
}

// Most batches begin in the hour that the last one ended in.
std::int64_t HourRuns::end_of_last_hour(std::int64_t ms) {
  if (ms >= hour_from_ && ms < hour_end_) return hour_end_;
  hour_from_ = ms;
  return hour_end_ = end_of_hour(ms);
}

const std::vector<HourRun>& HourRuns::of(const Batch& batch) {
  if (stamp_ == batch.stamp()) return runs_;
  stamp_ = batch.stamp();
  runs_.clear();
  const auto& times = batch.segment().columns[column_];
  const auto at = [&](std::uint32_t row) { return times.at(batch.first() + row).value_or(kNoTime); };
  const auto count = batch.count();
  const auto last = at(count - 1);
  for (std::uint32_t row = 0; row < count;) {
    const auto time = at(row);
    const auto end = time == kNoTime ? kNoTime + 1 : end_of_last_hour(time);
    auto same = row + 1, other = count;  // the next run begins within [same, other]
    while (same < other && last >= end) {
      const auto middle = same + (other - same) / 2;
      if (at(middle) < end)
        same = middle + 1;
      else
        other = middle;
    }
    runs_.push_back({other, time == kNoTime ? Maybe() : Maybe(time)});
    row = other;
  }
  return runs_;
}

}  // namespace hkl
