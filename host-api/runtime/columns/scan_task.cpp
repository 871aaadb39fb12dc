#include "columns/scan_task.h"

#include <algorithm>

namespace hkl {

ScanTask::ScanTask(const ScanSpec& spec, Table& table)
    : spec_(spec), time_(table.time_column()), cube_key_(spec.cube_key()) {
  std::vector<CubePtr> whole;
  for (const auto& segment : table.sealed()) whole.push_back(add(*segment));
  if (auto recent = add(*table.recent())) sums.push_back({std::move(recent), 1});
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const auto last = i + CubeTowers::kHeight;
    const bool is_tower = i % CubeTowers::kHeight == 0 && last <= whole.size() &&
                          std::all_of(whole.begin() + i, whole.begin() + last, [](const auto& cube) { return !!cube; });
    if (is_tower)
      sums.push_back(
          {table.towers().sum(*cube_key_, i, {whole.begin() + i, whole.begin() + last}), CubeTowers::kHeight});
    else if (whole[i])
      sums.push_back({whole[i], 1});
    if (is_tower) i = last - 1;
  }
}

std::uint64_t ScanTask::row_count() const {
  std::uint64_t rows = 0;
  for (const auto& piece : pieces) rows += piece.end - piece.first;
  return rows;
}

CubePtr ScanTask::add(Segment& segment) {
  if (segment.rows == 0 || segment.greatest_at < spec_.first_ms) return nullptr;
  if (spec_.end_ms && segment.least_at >= *spec_.end_ms) return nullptr;
  const bool is_from_start = segment.least_at >= spec_.first_ms;
  const bool is_to_end = !spec_.end_ms || segment.greatest_at < *spec_.end_ms;
  auto cube = cube_key_ ? segment.cubes.find(*cube_key_) : nullptr;
  if (cube && is_from_start && is_to_end) return cube;
  if (!is_from_start || !is_to_end) segment.check();
  const auto first = is_from_start ? 0 : segment.first_from(time_, spec_.first_ms);
  const auto end = is_to_end ? segment.rows : segment.first_from(time_, *spec_.end_ms);
  if (cube && end - first > segment.rows / 2) {
    cut(segment, 0, first, true);
    cut(segment, end, segment.rows, true);
    return cube;
  }
  if (cube_key_ && first == 0 && end == segment.rows)
    pieces.push_back({&segment, first, end});  // it leaves a cube
  else
    cut(segment, first, end, false);
  return nullptr;
}

// In parts that are so small that no thread waits long for another.
void ScanTask::cut(Segment& segment, std::uint32_t first, std::uint32_t end, bool is_taken_off) {
  constexpr std::uint32_t kPieceRows = kSegmentRows / 8;
  for (; first < end; first += kPieceRows)
    pieces.push_back({&segment, first, std::min(end, first + kPieceRows), is_taken_off});
}

}  // namespace hkl
