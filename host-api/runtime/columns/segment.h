// Rows of calls in order of time, column by column: a sealed block of them, or
// the recent ones. And rows on their way to become a segment.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <unordered_map>
#include <vector>

#include "columns/checked_bytes.h"
#include "columns/cubes.h"
#include "columns/narrow.h"
#include "columns/schema.h"

namespace hkl {

// A quarter of a million rows: the block of a cube, and what a thread takes at a time.
inline constexpr std::uint32_t kSegmentRows = 262'144;

// Of a call without a time: before all others, in no period.
inline constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();

struct Segment {
  std::uint32_t rows = 0, dead = 0;
  std::int64_t least_at = 0, greatest_at = 0;
  std::vector<NarrowColumn> columns;
  std::vector<std::uint8_t> is_alive;  // empty: all are
  // By the number of a class set; made when first asked, kept true by changes.
  std::unordered_map<std::uint32_t, NarrowColumn> classes;
  SegmentCubes cubes;
  std::shared_ptr<const CheckedBytes> mapped;  // what the columns lie in, where that is a file

  // Before the columns are read. Throws DamagedColumns.
  void check() const {
    if (mapped) mapped->check();
  }
  std::int64_t at(std::uint32_t time_column, std::uint32_t row) const {
    return columns[time_column].at(row).value_or(kNoTime);
  }
  // The first row that is not before `ms`.
  std::uint32_t first_from(std::uint32_t time_column, std::int64_t ms) const;
  bool alive(std::uint32_t row) const { return is_alive.empty() || is_alive[row] != 0; }
  ColumnRow row(std::uint32_t row) const;
  void kill(std::uint32_t row);
};

class RowBuffer {
 public:
  explicit RowBuffer(const Schema& schema);

  std::uint32_t size() const { return rows_; }
  void append(const ColumnRow& row);
  void put(std::uint32_t row, const ColumnRow& values);
  ColumnRow row(std::uint32_t row) const;
  Maybe value(std::uint32_t column, std::uint32_t row) const;
  void remove_last();
  void clear();
  // In order of time, for a short while: nothing is packed.
  std::shared_ptr<Segment> for_now() const;
  void sort();
  // All, or rows [first, first + count); they are in order of time already.
  std::shared_ptr<Segment> sealed() const { return part(0, rows_); }
  std::shared_ptr<Segment> part(std::uint32_t first, std::uint32_t count, bool is_packed = true) const;

 private:
  std::vector<std::uint32_t> order() const;
  const Schema& schema_;
  std::uint32_t rows_ = 0;
  std::vector<std::vector<std::int64_t>> values_;
  std::vector<std::vector<std::uint8_t>> known_;
};

}  // namespace hkl
