#include "columns/cubes.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

namespace hkl {
namespace {

// What cubes take of a segment at most: four bytes for each of its rows. Who asks for more kinds of reports scans.
constexpr std::uint64_t kBytesOfASegment = std::uint64_t{4} * 262'144;
// More changes than these are sooner scanned with the whole segment; a megabyte of them.
constexpr std::size_t kChangesAtMost = 512;
// What towers take at most, or what the cubes of all segments may, which they then are as many as; beyond they begin
// anew with what is asked.
constexpr std::uint64_t kTowerBytes = std::uint64_t{64} << 20;

std::atomic<std::uint64_t>& version() {
  static std::atomic<std::uint64_t> version{1};  // 0 is none
  return version;
}

std::mutex& cubes_mutex() {
  static std::mutex mutex;  // guards the cubes and towers of all tables
  return mutex;
}

// What is a class of one cube in the sum of some: the same, or where combinations stand for classes the place of its
// own.
class ClassPlaces {
 public:
  explicit ClassPlaces(Cube& sum) : sum_(sum) {}
  std::vector<std::uint32_t> of(const Cube& cube) {
    std::vector<std::uint32_t> places;
    for (std::uint32_t c = 0; c < cube.classes; ++c) places.push_back(cube.combinations.empty() ? c : of(cube, c));
    sum_.classes = std::max(sum_.classes, cube.combinations.empty() ? cube.classes : count());
    return places;
  }

 private:
  std::uint32_t of(const Cube& cube, std::uint32_t c) {
    const auto [known, is_new] = known_.try_emplace(cube.combinations[c], count());
    if (is_new) sum_.combinations.push_back(cube.combinations[c]);
    return known->second;
  }
  std::uint32_t count() const { return static_cast<std::uint32_t>(sum_.combinations.size()); }

  Cube& sum_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint32_t> known_;
};

}  // namespace

std::uint64_t cubes_version() { return version(); }
void note_other_segments() { ++version(); }

CubePtr sum_of(std::span<const CubePtr> cubes) {
  auto sum = std::make_shared<Cube>();
  ClassPlaces classes(*sum);
  std::vector<std::vector<std::uint32_t>> places;  // of each cube
  std::unordered_map<std::uint64_t, std::size_t> place_of;
  for (const auto& cube : cubes) {
    sum->width = cube->width;
    places.push_back(classes.of(*cube));
    for (const auto group : cube->groups)
      if (place_of.try_emplace(group, sum->groups.size()).second) sum->groups.push_back(group);
  }
  sum->cells.resize(sum->groups.size() * sum->group_size());
  for (std::size_t n = 0; n < cubes.size(); ++n) {
    const auto& cube = *cubes[n];
    const auto* from = cube.cells.data();
    for (const auto group : cube.groups) {
      auto* to = sum->cells.data() + place_of.at(group) * sum->group_size();
      for (std::uint32_t c = 0; c < cube.classes; ++c)
        for (std::size_t i = 0; i < cube.width; ++i) to[places[n][c] * cube.width + i] += *from++;
    }
  }
  return sum;
}

const SegmentCubes::Kept* SegmentCubes::kept(const std::string& key) const {
  const auto found = kept_.find(key);
  return found == kept_.end() ? nullptr : &found->second;
}

std::vector<CubePtr> SegmentCubes::find(Keys keys) const {
  const std::lock_guard lock(cubes_mutex());
  std::vector<CubePtr> cubes;
  for (const auto& key : keys) {
    const auto* one = kept(key);
    if (one == nullptr || one->known < changes_.size()) return {};
    cubes.push_back(one->cube);
  }
  return cubes;
}

void SegmentCubes::keep(Keys keys, std::vector<CubePtr> cubes) {
  const std::lock_guard lock(cubes_mutex());
  std::uint64_t bytes = 0;
  for (const auto& cube : cubes) bytes += cube->byte_count();
  for (const auto& [key, kept] : kept_)
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) bytes += kept.cube->byte_count();
  if (bytes > kBytesOfASegment) return;
  ++version();
  for (std::size_t i = 0; i < keys.size(); ++i) kept_[keys[i]] = {std::move(cubes[i]), changes_.size()};
}

void SegmentCubes::note(RowChange change) {
  if (kept_.empty()) return;
  if (changes_.size() == kChangesAtMost) return clear();
  ++version();
  changes_.push_back(std::move(change));
}

std::span<const RowChange> SegmentCubes::unknown_to(Keys keys) const {
  if (changes_.empty()) return {};
  auto known = changes_.size();
  for (const auto& key : keys) {
    const auto* one = kept(key);
    if (one == nullptr) return {};
    known = std::min(known, one->known);
  }
  return std::span(changes_).subspan(known);
}

void SegmentCubes::add(Keys keys, std::size_t unknown, std::span<const CubePtr> differences) {
  ++version();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto& one = kept_.at(keys[i]);
    if (one.known + unknown != changes_.size()) continue;
    const CubePtr both[] = {one.cube, differences[i]};
    one = {sum_of(both), changes_.size()};
  }
  const bool do_all_know =
      std::all_of(kept_.begin(), kept_.end(), [&](const auto& one) { return one.second.known == changes_.size(); });
  if (!do_all_know) return;
  changes_.clear();
  for (auto& [key, one] : kept_) one.known = 0;
}

void SegmentCubes::clear() {
  ++version();
  kept_.clear();
  changes_.clear();
}

CubePtr CubeTowers::sum(const std::string& key, std::size_t place, std::span<const CubePtr> cubes) {
  const std::lock_guard lock(cubes_mutex());
  segments_ = std::max(segments_, place + cubes.size());
  if (bytes_ > std::max(kTowerBytes, segments_ * kBytesOfASegment)) {
    towers_.clear();
    bytes_ = 0;
  }
  return sum(towers_[key], place, cubes);
}

CubePtr CubeTowers::sum(Towers& towers, std::size_t place, std::span<const CubePtr> cubes) {
  if (cubes.size() == 1) return cubes.front();
  const auto half = cubes.size() / 2;
  const CubePtr halves[] = {sum(towers, place, cubes.first(half)), sum(towers, place + half, cubes.subspan(half))};
  auto& tower = towers[{place, cubes.size()}];
  if (tower.left != halves[0] || tower.right != halves[1]) {
    bytes_ -= tower.sum ? tower.sum->byte_count() : 0;
    tower = {halves[0], halves[1], sum_of(halves)};
    bytes_ += tower.sum->byte_count();
  }
  return tower.sum;
}

}  // namespace hkl
