// What the parts of an answer come to in each group of a cube: its classes added up as each part takes them. That is a
// tenth of the cube and all that the answer needs of it, so it is kept with a question that may be asked again.
#pragma once

#include <memory>
#include <vector>

#include "columns/scan_spec.h"

namespace hkl {

struct PartSums {
  std::vector<std::uint64_t> groups;  // the key of each (Groups::key)
  // Of each group: its rows, then of each part its rows, and its sum where that is asked.
  std::vector<std::int64_t> numbers;
  std::uint64_t byte_count() const { return numbers.size() * sizeof numbers[0]; }
};

// Of a query that one cube answers: of `keys` one, so without shares. One thread at a time.
class CubeParts {
 public:
  // Outlives it.
  explicit CubeParts(const ScanSpec& spec);

  PartSums of(const Cube& cube);
  // The same, found again while it is that cube; valid until the next call.
  const PartSums& kept_of(const CubePtr& cube);
  // In whatever order the groups are.
  static void add(PartSums& to, const PartSums& more, std::size_t width);
  std::size_t width() const { return width_; }
  Answer answer(const PartSums& sums) const;

 private:
  struct Kept {
    std::weak_ptr<const Cube> of;
    PartSums sums;
  };
  void know_classes(std::uint32_t count);
  void read(const std::int64_t* numbers, std::vector<ReadCell>& into) const;

  const ScanSpec& spec_;
  std::size_t width_ = 1;
  std::uint32_t classes_known_ = 0;
  std::vector<std::uint32_t> counted_;             // classes of rows that count at all
  std::vector<std::vector<std::uint32_t>> taken_;  // of each part, those of them that it takes
  std::vector<Kept> kept_;                         // the longest unused first
};

}  // namespace hkl
