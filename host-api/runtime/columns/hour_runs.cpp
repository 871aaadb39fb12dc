#include "columns/hour_runs.h"

#include <algorithm>

namespace hkl {
namespace {

struct TimeOfRow {
  std::uint32_t row;
  std::int64_t time;
};

// The first row that is not before `end`; `first` is before it and `last` is not. It is looked for from where it were
// if rows came evenly, by steps that double: nearly always it is one of those beside, in the same line of memory.
template <typename At>
std::uint32_t first_from(std::int64_t end, TimeOfRow first, TimeOfRow last, At at) {
  auto before = first.row, from = last.row;
  const auto apart = [](std::int64_t a, std::int64_t b) { return static_cast<double>(b) - static_cast<double>(a); };
  const auto part = apart(first.time, end) / apart(first.time, last.time);
  auto row = std::max(before + 1, before + static_cast<std::uint32_t>(part * (from - before)));
  for (std::uint32_t step = 1; from - before > 1; step *= 2) {
    row = std::min(row, from - 1);
    const bool is_before = at(row) < end;
    (is_before ? before : from) = row;
    const auto middle = before + (from - before) / 2;
    row = is_before ? std::min(before + step, middle) : std::max(from - std::min(step, from - before), middle);
  }
  return from;
}

}  // namespace

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
  times.fetch_ahead(batch.first() + 2 * count - 1, 1);  // the last of the next batch
  for (std::uint32_t row = 0; row < count;) {
    const auto time = at(row);
    const auto end = time == kNoTime ? kNoTime + 1 : end_of_last_hour(time);
    const auto next = last < end ? count : first_from(end, {row, time}, {count - 1, last}, at);
    runs_.push_back({next, time == kNoTime ? Maybe() : Maybe(time)});
    row = next;
  }
  return runs_;
}

}  // namespace hkl
