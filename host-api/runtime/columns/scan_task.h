// What a query has to go over: the cubes that are there, and the rows that no cube holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "columns/scan_spec.h"

namespace hkl {

struct ScanTask {
  struct Piece {
    Segment* segment;
    std::uint32_t first, end;
    bool is_taken_off = false;  // from the cube of the whole segment, of which it is the lesser part
  };
  struct Sum {
    CubePtr cube;
    std::size_t segments;
  };

  // Throws DamagedColumns.
  ScanTask(const ScanSpec& spec, Table& table);
  std::uint64_t row_count() const;

  std::vector<Piece> pieces;
  std::vector<Sum> sums;

 private:
  // The cube of a segment that the period holds whole, or nearly; else the rows are to be scanned.
  CubePtr add(Segment& segment);
  void cut(Segment& segment, std::uint32_t first, std::uint32_t end, bool is_taken_off);

  const ScanSpec& spec_;
  std::uint32_t time_;
  std::optional<std::string> cube_key_;
};

}  // namespace hkl
