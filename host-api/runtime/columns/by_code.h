// An expression that reads one narrow column: its value of each code that the
// column can hold is computed once and looked up for each row. What it costs
// to divide, round or choose is then paid some thousand times, not ten million.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "columns/batch.h"

namespace hkl {

class ByCode {
 public:
  // `run` reads that column alone, of `columns` in all. One thread's, as `run` is.
  ByCode(NumberFn run, std::uint32_t column, bool is_text, std::size_t columns);

  // By code; the last is for every code past the others, which is "not known".
  struct Answers {
    std::vector<std::int64_t> values;
    std::vector<std::uint8_t> known;
    std::vector<std::int32_t>
        small;                  // the same in 32 bits, kUnknownSmall for what is not known; empty: they do not fit
    std::int64_t greatest = 0;  // of |value|
    std::optional<std::int64_t> step;  // from each to the next, where that is one for all codes
    std::size_t place(std::uint64_t code) const { return std::min<std::size_t>(code, values.size() - 1); }
  };
  // Of this segment's codes, until it is asked for another's. Null: they are too many, or
  // one of them has no answer in 64 bits, whether it stands in a row or not.
  const Answers* of(const Segment& segment);
  // Where the answers grow by the same from code to code: the head of a column that has the same codes and holds them.
  // Nothing: they do not, or there are none.
  std::optional<NarrowHead> line(const Segment& segment);
  // The expression's value of each row of a batch, by table or not.
  void read(Batch& batch, Numbers& out);
  // The same in 32 bits; false: they are more.
  bool read_small(Batch& batch, std::int32_t* out);
  std::uint32_t column() const { return column_; }

 private:
  void compute(const NarrowHead& head, std::size_t codes);

  NumberFn run_;
  std::uint32_t column_;
  bool is_text_;
  Batch batch_;
  Answers answers_;
  std::int64_t base_ = 0, scale_ = 0;  // of the codes that there are answers for; scale 0: there are none
  Numbers room_;
};

}  // namespace hkl
