// What a query has to go over: the cubes that are there, and the rows that no cube holds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "columns/scan_spec.h"

namespace hkl {

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

  // Throws DamagedColumns.
  ScanTask(const ScanSpec& spec, Table& table);
  std::uint64_t row_count() const;

  const std::vector<std::string>& keys;  // of the spec
  std::vector<Piece> pieces;
  std::vector<Sum> sums;

 private:
  // The cubes of a segment that the period holds whole, or nearly; none: its rows are to be scanned.
  std::vector<CubePtr> add(Segment& segment);
  void cut(Segment& segment, std::uint32_t first, std::uint32_t end);

  const ScanSpec& spec_;
  std::uint32_t time_;
};

}  // namespace hkl
