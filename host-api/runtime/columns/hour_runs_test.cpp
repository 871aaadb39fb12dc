// Runs of a batch are its rows by the hours of their times, wherever a batch begins and however rows lie in an hour.
#include "columns/hour_runs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace hkl {
namespace {

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kBeforeClockChange = 1'774'731'600'000 - 40 * kHour;  // 2026-03-29 in Berlin

// Rows without a time, then rows as they come: none for hours, many in a few minutes, some evenly.
std::vector<Maybe> times(std::mt19937_64& dice) {
  std::vector<Maybe> all(dice() % 3 * 7);
  auto at = kBeforeClockChange;
  while (all.size() < 5000) {
    at += static_cast<std::int64_t>(dice() % (20 * kHour));
    const auto step = dice() % 3 == 0 ? 2'000 : dice() % 400'000 + 1;
    for (auto row = dice() % 400; row > 0; --row) all.push_back(at += static_cast<std::int64_t>(dice() % step));
  }
  return all;
}

TEST(HourRuns, AreTheRowsOfEachHour) {
  std::mt19937_64 dice(3);
  for (int round = 0; round < 40; ++round) {
    const auto rows = times(dice);
    std::vector<std::int64_t> numbers;
    std::vector<std::uint8_t> known;
    for (const auto& time : rows) {
      numbers.push_back(time.value_or(0));
      known.push_back(time ? 1 : 0);
    }
    Segment segment;
    segment.rows = static_cast<std::uint32_t>(rows.size());
    segment.columns.push_back(NarrowColumn::of(numbers, known, false));
    HourRuns runs(0, ZoneClock::of("Europe/Berlin"));
    Batch batch(1);
    for (std::uint32_t first = 0, count = 0; first < segment.rows; first += count) {
      count = std::min<std::uint32_t>(segment.rows - first, 1 + dice() % kBatchRows);
      batch.move_to(segment, first, count);
      std::uint32_t row = 0;
      for (const auto& run : runs.of(batch)) {
        const auto& time = rows[first + row];
        ASSERT_EQ(run.moment, time);
        auto end = row + 1;
        while (end < count && (time ? rows[first + end] < runs.end_of_hour(*time) : !rows[first + end])) ++end;
        ASSERT_EQ(run.end, end) << "batch at " << first << ", run at " << row;
        row = end;
      }
      ASSERT_EQ(row, count);
    }
  }
}

}  // namespace
}  // namespace hkl
