// What whole segments add up to, by group and class, so that a period of many
// rows is a few sums. A cube is made when a report first scanned the whole
// segment, and kept true: rows that change are noted as they were and as they
// became, and the difference is added when the cube is next asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "columns/narrow.h"

namespace hkl {

// One row with all columns of a schema.
using ColumnRow = std::vector<Maybe>;

// Counts and sums by group and class (scan.h), as they lie in Cells: the count, then the sums.
struct Cube {
  std::vector<std::uint64_t> groups;  // the key of each (Groups::key)
  std::uint32_t classes = 0;          // how many a group has here
  // Of rows of shares, which are asked more than their calls' classes know: what stands for a class (row_reader.h).
  std::vector<std::pair<std::uint64_t, std::uint64_t>> combinations;
  std::size_t width = 1;            // numbers of a cell
  std::vector<std::int64_t> cells;  // [(group * classes + class) * width]
  std::size_t group_size() const { return classes * width; }
  std::uint64_t byte_count() const { return cells.size() * sizeof cells[0]; }
};
using CubePtr = std::shared_ptr<const Cube>;

// Cubes of one kind, added up.
CubePtr sum_of(std::span<const CubePtr> cubes);

// A row that is no longer as cubes have it; none: it is no row of the segment any more.
struct RowChange {
  ColumnRow was;
  std::optional<ColumnRow> became;
};

// The cubes of one segment, by what they are known by (ScanSpec::cube_key): what one query needs is there together or
// not at all. find() and keep() are for many threads at once; the others for one that is alone.
class SegmentCubes {
 public:
  using Keys = std::span<const std::string>;
  // One for each key; empty: they are not all there, or rows changed since.
  std::vector<CubePtr> find(Keys keys) const;
  // Unless cubes of this segment take enough already.
  void keep(Keys keys, std::vector<CubePtr> cubes);

  void note(RowChange change);
  // What those of them that know least do not know yet; empty: all know all, or they are not there.
  std::span<const RowChange> unknown_to(Keys keys) const;
  // Adds what comes of the latest `unknown` changes to those that lack just these: of two queries that share a cube one
  // may have brought it further than the others that it needs.
  void add(Keys keys, std::size_t unknown, std::span<const CubePtr> differences);
  bool are_none() const { return kept_.empty(); }
  void clear();

 private:
  struct Kept {
    CubePtr cube;
    std::size_t known = 0;  // changes that it holds
  };
  const Kept* kept(const std::string& key) const;
  std::unordered_map<std::string, Kept> kept_;
  std::vector<RowChange> changes_;  // since the oldest cube was made
};

// Another number whenever the cubes of some segment became others, and where segments did, which is told.
std::uint64_t cubes_version();
void note_other_segments();

// Cubes of segments that follow each other, added up by two, four, eight and so on, so that a long period is few sums.
// A tower stands on two of half its height and is used while they are those it was made of: when one cube changes, one
// tower of each height is made anew. For many threads at once.
class CubeTowers {
 public:
  // Of all `cubes`, a power of two of them, which are those from number `place` on; that is a multiple of how many.
  CubePtr sum(const std::string& key, std::size_t place, std::span<const CubePtr> cubes);

 private:
  struct Tower {
    CubePtr left, right, sum;
  };
  using Towers = std::map<std::pair<std::size_t, std::size_t>, Tower>;  // by place and how many
  CubePtr sum(Towers& towers, std::size_t place, std::span<const CubePtr> cubes);
  std::unordered_map<std::string, Towers> towers_;
  std::size_t segments_ = 0;  // that were seen
  std::uint64_t bytes_ = 0;
};

}  // namespace hkl
