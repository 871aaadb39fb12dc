// A value that is summed: read in the narrowest form it has, and added to the cell of each row.
#pragma once

#include "columns/cells.h"
#include "columns/program.h"

namespace hkl {

class SummedValue {
 public:
  explicit SummedValue(NumberExpr expr) : expr_(std::move(expr)) {}

  // The chosen rows, whose cells begin at `begins[i]`; the value is added up at `place` of a cell. `is_counted`: the
  // rows are counted as well, at place 0. What is not known is 0.
  struct Target {
    std::int64_t* cells;
    const std::uint32_t* begins;
    Chosen chosen;
    std::size_t place;
    bool is_counted;
  };
  void add(Batch& batch, const Target& target);
  // The column that it is in this segment, where its codes take one byte or two and all are known.
  std::optional<std::uint32_t> packable(const Segment& segment) const;
  // Adds the chosen rows of that column to Cells::packed(), in which `direct` are places.
  void add_packed(Batch& batch, std::uint32_t column, const DirectCells& direct, const Chosen& chosen, Cells& cells);

  // Of |value| so far: how far the sum can have gone.
  std::int64_t greatest() const { return greatest_; }
  void merge(const SummedValue& other) { greatest_ = std::max(greatest_, other.greatest_); }

 private:
  void add_plainly(Batch& batch, std::uint32_t column, const Target& target);
  void take_less(Batch& batch, const Target& target);

  NumberExpr expr_;
  std::vector<NarrowColumn::KnownCode> less_;
  std::int64_t greatest_ = 0;
  Numbers room_;
};

}  // namespace hkl
