// Counts and sums by group and combination of answers, and how a row finds its own.
#pragma once

#include <cstdint>
#include <vector>

#include "columns/batch.h"
#include "columns/narrow.h"

namespace hkl {

// How far the cells of one combination lie from those of the next, and those of a group.
struct CellShape {
  std::uint32_t combination, group;
};

// By (group, combination of answers) how many rows there are and what each value adds up to. These lie side by
// side, as a row adds to all of them.
//
// Where there is one value and it is a narrow column, a row adds once: 2^40 for itself, and its code. The groups of a
// combination lie together then: most rows are of few combinations, so that they add to few lines of memory. What came
// together so is settled() into the cells before these are read.
class Cells {
 public:
  explicit Cells(std::size_t values) : width_(1 + values) {}
  // Makes room for so many groups, and combinations below `stride`.
  void reserve(std::uint32_t groups, std::uint32_t stride);
  std::uint32_t stride() const { return stride_; }
  std::uint32_t groups() const { return groups_; }
  // The count; the sums follow it.
  std::int64_t* at(std::size_t group, std::size_t combination) {
    return cells_.data() + (group * stride_ + combination) * width_;
  }
  const std::int64_t* at(std::size_t group, std::size_t combination) const {
    return cells_.data() + (group * stride_ + combination) * width_;
  }
  std::size_t width() const { return width_; }

  // One number for each cell, as packed_shape() says: kPackedRow and the code are added for each of `rows` rows of a
  // column with that head, of one byte or two.
  static constexpr unsigned kPackedBits = 40;
  static constexpr std::uint64_t kPackedRow = std::uint64_t{1} << kPackedBits;
  std::uint64_t* packed(const NarrowHead& head, std::size_t rows);
  CellShape packed_shape() const { return {.combination = groups_, .group = 1}; }
  void settle();

  // Those of all groups added up, as those of one.
  std::vector<std::int64_t> of_all_groups() const;
  void negate();
  void clear();

 private:
  std::size_t width_;
  std::uint32_t groups_ = 0, stride_ = 0;
  std::vector<std::int64_t> cells_;
  std::vector<std::uint64_t> packed_;  // as many as there are cells, or none
  std::uint64_t packed_rows_ = 0;
  std::int64_t base_ = 0, scale_ = 1;  // of the codes in it
};

// Where a row's cell begins, found from two codes as they lie: its group's, of one byte or two, and its class.
struct DirectCells {
  const std::uint8_t *groups, *classes;
  std::uint8_t group_width, class_width;
  const std::uint32_t* group_of;  // of each code; none: the next number, and 0 for the greatest code
  CellShape shape;

  // Of each row of a batch, in numbers that have room for it.
  template <typename Place>
  void write(std::size_t rows, Place* places) const;
};

}  // namespace hkl
