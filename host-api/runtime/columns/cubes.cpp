#include "columns/cubes.h"

#include <algorithm>
#include <mutex>

namespace hkl {
namespace {

// What cubes take of a segment at most: four bytes for each of its rows. Who asks for more kinds of reports scans.
constexpr std::uint64_t kBytesOfASegment = std::uint64_t{4} * 262'144;
// More changes than these are sooner scanned with the whole segment.
constexpr std::size_t kChangesAtMost = 2048;
// Towers of so many kinds of reports are kept.
constexpr std::size_t kTowerKindsAtMost = 64;

std::mutex& cubes_mutex() {
  static std::mutex mutex;  // guards the cubes and towers of all tables
  return mutex;
}

}  // namespace

CubePtr sum_of(std::span<const CubePtr> cubes) {
  auto sum = std::make_shared<Cube>();
  std::unordered_map<std::uint64_t, std::size_t> place_of;
  for (const auto& cube : cubes) {
    sum->classes = std::max(sum->classes, cube->classes);
    sum->width = cube->width;
    for (const auto group : cube->groups)
      if (place_of.try_emplace(group, sum->groups.size()).second) sum->groups.push_back(group);
  }
  sum->cells.resize(sum->groups.size() * sum->group_size());
  for (const auto& cube : cubes)
    for (std::size_t g = 0; g < cube->groups.size(); ++g) {
      auto* to = sum->cells.data() + place_of.at(cube->groups[g]) * sum->group_size();
      const auto* from = cube->cells.data() + g * cube->group_size();
      for (std::size_t i = 0; i < cube->group_size(); ++i) to[i] += from[i];
    }
  return sum;
}

CubePtr SegmentCubes::find(const std::string& key) const {
  const std::lock_guard lock(cubes_mutex());
  const auto found = kept_.find(key);
  return found == kept_.end() || found->second.known < changes_.size() ? nullptr : found->second.cube;
}

void SegmentCubes::keep(const std::string& key, CubePtr cube) {
  const std::lock_guard lock(cubes_mutex());
  auto bytes = cube->byte_count();
  for (const auto& [other, kept] : kept_)
    if (other != key) bytes += kept.cube->byte_count();
  if (bytes <= kBytesOfASegment) kept_[key] = {std::move(cube), changes_.size()};
}

void SegmentCubes::note(RowChange change) {
  if (kept_.empty()) return;
  if (changes_.size() == kChangesAtMost) return clear();
  changes_.push_back(std::move(change));
}

std::span<const RowChange> SegmentCubes::unknown_to(const std::string& key) const {
  const auto found = kept_.find(key);
  if (found == kept_.end()) return {};
  return std::span(changes_).subspan(found->second.known);
}

void SegmentCubes::add(const std::string& key, const CubePtr& difference) {
  auto& kept = kept_.at(key);
  const CubePtr both[] = {kept.cube, difference};
  kept = {sum_of(both), changes_.size()};
  const bool do_all_know =
      std::all_of(kept_.begin(), kept_.end(), [&](const auto& one) { return one.second.known == changes_.size(); });
  if (!do_all_know) return;
  changes_.clear();
  for (auto& [other, one] : kept_) one.known = 0;
}

void SegmentCubes::clear() {
  kept_.clear();
  changes_.clear();
}

CubePtr CubeTowers::sum(const std::string& key, std::size_t place, std::vector<CubePtr> cubes) {
  {
    const std::lock_guard lock(cubes_mutex());
    const auto kind = towers_.find(key);
    if (kind != towers_.end())
      if (const auto tower = kind->second.find(place); tower != kind->second.end() && tower->second.of == cubes)
        return tower->second.sum;
  }
  auto sum = sum_of(cubes);
  const std::lock_guard lock(cubes_mutex());
  if (towers_.size() >= kTowerKindsAtMost && !towers_.contains(key)) towers_.clear();
  towers_[key][place] = {std::move(cubes), sum};
  return sum;
}

}  // namespace hkl
