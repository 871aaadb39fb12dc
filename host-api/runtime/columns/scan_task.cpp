#include "columns/scan_task.h"

#include <algorithm>

namespace hkl {

ScanTask::ScanTask(const ScanSpec& spec, Table& table)
    : keys(cube_keys(spec)), spec_(spec), time_(table.time_column()) {
  std::vector<std::vector<CubePtr>> whole;
  for (const auto& segment : table.sealed()) whole.push_back(add(*segment));
  if (auto recent = add(*table.recent()); !recent.empty()) sums.push_back({std::move(recent), 1});
  constexpr auto kHeight = CubeTowers::kHeight;
  const auto are_all_there = [&](std::size_t from) {
    return from + kHeight <= whole.size() && std::all_of(whole.begin() + from, whole.begin() + from + kHeight,
                                                         [](const auto& cubes) { return !cubes.empty(); });
  };
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i % kHeight == 0 && are_all_there(i)) {
      sums.push_back({{}, kHeight});
      for (std::size_t key = 0; key < keys.size(); ++key) {
        std::vector<CubePtr> of;
        for (auto from = i; from < i + kHeight; ++from) of.push_back(whole[from][key]);
        sums.back().cubes.push_back(table.towers().sum(keys[key], i, std::move(of)));
      }
      i += kHeight - 1;
    } else if (!whole[i].empty()) {
      sums.push_back({std::move(whole[i]), 1});
    }
  }
}

std::uint64_t ScanTask::row_count() const {
  std::uint64_t rows = 0;
  for (const auto& piece : pieces) rows += piece.end - piece.first;
  return rows;
}

std::vector<CubePtr> ScanTask::add(Segment& segment) {
  if (segment.rows == 0 || segment.greatest_at < spec_.first_ms) return {};
  if (spec_.end_ms && segment.least_at >= *spec_.end_ms) return {};
  const bool is_from_start = segment.least_at >= spec_.first_ms;
  const bool is_to_end = !spec_.end_ms || segment.greatest_at < *spec_.end_ms;
  auto cubes = segment.cubes.find(keys);
  if (!cubes.empty() && is_from_start && is_to_end) return cubes;
  if (!is_from_start || !is_to_end) segment.check();
  const auto first = is_from_start ? 0 : segment.first_from(time_, spec_.first_ms);
  const auto end = is_to_end ? segment.rows : segment.first_from(time_, *spec_.end_ms);
  if (!cubes.empty() && end - first > segment.rows / 2) {
    cut(segment, 0, first, true);
    cut(segment, end, segment.rows, true);
    return cubes;
  }
  if (!keys.empty() && first == 0 && end == segment.rows)
    pieces.push_back({&segment, first, end, true});
  else
    cut(segment, first, end, false);
  return {};
}

// In parts that are so small that no thread waits long for another.
void ScanTask::cut(Segment& segment, std::uint32_t first, std::uint32_t end, bool is_taken_off) {
  constexpr std::uint32_t kPieceRows = kSegmentRows / 8;
  for (; first < end; first += kPieceRows)
    pieces.push_back({&segment, first, std::min(end, first + kPieceRows), false, is_taken_off});
}

}  // namespace hkl
