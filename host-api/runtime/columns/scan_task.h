// What a query has to go over: the cubes that are there, and the rows that no cube holds.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "columns/scan_spec.h"

namespace hkl {

// Which sums a query had the last time, by what of each sealed segment it asks: to find the cubes of hundreds of
// segments again takes longer than to add up the few sums that there are of them.
struct KnownSums {
  struct Sum {
    std::weak_ptr<const Cube> cube;
    std::size_t segments;
  };
  std::uint64_t version = 0;          // cubes_version(), while which they are right
  std::vector<std::uint8_t> is_held;  // by segment, whether it is in the sums
  std::vector<Sum> sums;
};

struct ScanTask {
  struct Piece {
    Segment* segment;
    std::uint32_t first, end;
    bool leaves_cube = false;   // it is the whole segment
    bool is_taken_off = false;  // from cubes of the whole segment, of which it is the lesser part
  };
  struct Sum {
    std::vector<CubePtr> cubes;  // one for each of `keys`
    std::size_t segments;
  };

  // `known`: of a spec of one key, what it may use and renews; or null. Throws DamagedColumns.
  ScanTask(const ScanSpec& spec, Table& table, KnownSums* known);
  std::uint64_t row_count() const;

  const std::vector<std::string>& keys;  // of the spec
  std::vector<Piece> pieces;
  std::vector<Sum> sums;

 private:
  enum class Asked : std::uint8_t { nothing, part, whole };
  Asked asked_of(const Segment& segment) const;
  // The cubes of a segment that the period holds whole, or nearly; none: its rows are to be scanned.
  std::vector<CubePtr> add(Segment& segment);
  bool take_known(const KnownSums& known);
  void add_up(Table& table, const std::vector<std::vector<CubePtr>>& whole);
  void cut(Segment& segment, std::uint32_t first, std::uint32_t end);

  const ScanSpec& spec_;
  std::uint32_t time_;
};

}  // namespace hkl
