#include "columns/scan_task.h"

#include <algorithm>

namespace hkl {
namespace {

bool are_there(const std::vector<std::vector<CubePtr>>& whole, std::size_t from, std::size_t count) {
  if (from + count > whole.size()) return false;
  return std::none_of(whole.begin() + static_cast<std::ptrdiff_t>(from),
                      whole.begin() + static_cast<std::ptrdiff_t>(from + count),
                      [](const auto& cubes) { return cubes.empty(); });
}

}  // namespace

ScanTask::ScanTask(const ScanSpec& spec, Table& table, KnownSums* known)
    : keys(spec.keys), spec_(spec), time_(table.time_column()) {
  const auto version = cubes_version();
  auto& sealed = table.sealed();
  std::vector<std::vector<CubePtr>> cubes(sealed.size());
  std::vector<std::uint8_t> is_held(sealed.size());
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    const auto asked = asked_of(*sealed[i]);
    if (asked == Asked::part || known == nullptr) cubes[i] = add(*sealed[i]);
    is_held[i] = asked == Asked::whole || !cubes[i].empty() ? 1 : 0;
  }
  if (known == nullptr) {
    add_up(table, cubes);
  } else if (known->version != version || known->is_held != is_held || !take_known(*known)) {
    for (std::size_t i = 0; i < sealed.size(); ++i)
      if (is_held[i] != 0 && cubes[i].empty()) cubes[i] = add(*sealed[i]);
    add_up(table, cubes);
    const bool are_all_there =
        std::none_of(pieces.begin(), pieces.end(), [](const Piece& piece) { return piece.leaves_cube; });
    *known = {are_all_there ? version : 0, std::move(is_held), {}};
    for (const auto& sum : sums) known->sums.push_back({sum.cubes[0], sum.segments});
  }
  if (auto recent = add(*table.recent()); !recent.empty()) sums.push_back({std::move(recent), 1});
}

bool ScanTask::take_known(const KnownSums& known) {
  for (const auto& sum : known.sums) {
    auto cube = sum.cube.lock();
    if (!cube) {
      sums.clear();
      return false;
    }
    sums.push_back({{std::move(cube)}, sum.segments});
  }
  return true;
}

void ScanTask::add_up(Table& table, const std::vector<std::vector<CubePtr>>& whole) {
  for (std::size_t i = 0, count = 1; i < whole.size(); i += count) {
    count = 1;
    if (whole[i].empty()) continue;
    // As many as are all there and stand at a multiple of their number.
    while (i % (2 * count) == 0 && are_there(whole, i + count, count)) count *= 2;
    sums.push_back({{}, count});
    for (std::size_t key = 0; key < keys.size(); ++key) {
      std::vector<CubePtr> of;
      for (auto from = i; from < i + count; ++from) of.push_back(whole[from][key]);
      sums.back().cubes.push_back(table.towers().sum(keys[key], i, of));
    }
  }
}

ScanTask::Asked ScanTask::asked_of(const Segment& segment) const {
  if (segment.rows == 0 || segment.greatest_at < spec_.first_ms) return Asked::nothing;
  if (spec_.end_ms && segment.least_at >= *spec_.end_ms) return Asked::nothing;
  const bool is_whole = segment.least_at >= spec_.first_ms && (!spec_.end_ms || segment.greatest_at < *spec_.end_ms);
  return is_whole ? Asked::whole : Asked::part;
}

std::uint64_t ScanTask::row_count() const {
  std::uint64_t rows = 0;
  for (const auto& piece : pieces) rows += piece.end - piece.first;
  return rows;
}

std::vector<CubePtr> ScanTask::add(Segment& segment) {
  if (asked_of(segment) == Asked::nothing) return {};
  const bool is_from_start = segment.least_at >= spec_.first_ms;
  const bool is_to_end = !spec_.end_ms || segment.greatest_at < *spec_.end_ms;
  auto cubes = segment.cubes.find(keys);
  if (!cubes.empty() && is_from_start && is_to_end) return cubes;
  if (!is_from_start || !is_to_end) segment.check();
  const auto first = is_from_start ? 0 : segment.first_from(time_, spec_.first_ms);
  const auto end = is_to_end ? segment.rows : segment.first_from(time_, *spec_.end_ms);
  if (keys.empty() || end - first <= segment.rows / 2) {
    cut(segment, first, end);
    return {};
  }
  if (cubes.empty()) pieces.push_back({&segment, 0, segment.rows, true});
  if (first > 0) pieces.push_back({&segment, 0, first, false, true});
  if (end < segment.rows) pieces.push_back({&segment, end, segment.rows, false, true});
  return cubes;
}

// In parts that are so small that no thread waits long for another.
void ScanTask::cut(Segment& segment, std::uint32_t first, std::uint32_t end) {
  constexpr std::uint32_t kPieceRows = kSegmentRows / 8;
  for (; first < end; first += kPieceRows) pieces.push_back({&segment, first, std::min(end, first + kPieceRows)});
}

}  // namespace hkl
