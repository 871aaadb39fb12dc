// A thousand rows of a segment at a time: what the general path works on.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "columns/not_in_columns.h"
#include "columns/segment.h"

namespace hkl {

inline constexpr std::size_t kBatchRows = 1024;

// Does it for each row. Nearly all batches are whole, and a count that is known
// beforehand lets the compiler take many rows at once.
template <typename Do>
inline void each_of(std::size_t count, Do&& one) {
  if (count == kBatchRows)
    for (std::size_t i = 0; i < kBatchRows; ++i) one(i);
  else
    for (std::size_t i = 0; i < count; ++i) one(i);
}

// One value for each row of a batch; an unknown one is 0.
struct Numbers {
  alignas(64) std::array<std::int64_t, kBatchRows> values;
  alignas(64) std::array<std::uint8_t, kBatchRows> known;
};

// 1 for each row that a condition holds for, else 0.
struct Mask {
  alignas(64) std::array<std::uint8_t, kBatchRows> holds;

  // Of all places, whatever lies beyond the batch's last row.
  Mask& operator&=(const Mask& other) {
    for (std::size_t i = 0; i < kBatchRows; ++i) holds[i] &= other.holds[i];
    return *this;
  }
  Mask& operator|=(const Mask& other) {
    for (std::size_t i = 0; i < kBatchRows; ++i) holds[i] |= other.holds[i];
    return *this;
  }
};

// The rows of a batch that are asked about, by their places in it.
struct Chosen {
  const std::uint16_t* rows;
  std::size_t count;
  bool is_all;  // rows[i] is i
};

// Where the batch lies, and its columns, each widened when first asked.
class Batch {
 public:
  explicit Batch(std::size_t columns) : columns_(columns) {}
  void move_to(const Segment& segment, std::uint32_t first, std::uint32_t count) {
    goes_back_ = segment_ == &segment && first < first_;
    segment_ = &segment;
    first_ = first;
    count_ = count;
    ++stamp_;
  }
  const Segment& segment() const { return *segment_; }
  std::uint32_t first() const { return first_; }
  std::uint32_t count() const { return count_; }
  // Another for each move.
  std::uint64_t stamp() const { return stamp_; }
  std::uint64_t bytes_read() const { return bytes_; }
  void note_bytes(std::uint64_t bytes) { bytes_ += bytes; }
  // A third of a pass over rows would be waiting for memory: the codes that the next batch nearly always reads are
  // brought near while this one's are worked on.
  void fetch_next(const NarrowColumn& column) const {
    if (!goes_back_) return column.fetch_ahead(first_ + count_, count_);
    const auto next = first_ - std::min(first_, count_);
    column.fetch_ahead(next, first_ - next);
  }
  // A column's codes, each as wide as its head says.
  const std::uint8_t* codes(std::uint32_t index) {
    const auto& column = segment_->columns[index];
    auto& kept = columns_[index];
    const bool is_first = kept.touched != stamp_;
    kept.touched = stamp_;
    if (is_first) {
      bytes_ += column.byte_count() * count_ / segment_->rows;
      fetch_next(column);
    }
    if (column.head().packing == Packing::plain) return column.plain(first_);
    if (!kept.unpacked) kept.unpacked = std::make_unique<Unpacked>();
    if (is_first) column.unpack(first_, count_, kept.unpacked->data());
    return kept.unpacked->data();
  }
  // The same as codes of texts; of the chosen rows.
  void text_codes(std::uint32_t index, const Chosen& chosen, std::uint32_t* out) {
    const auto& head = segment_->columns[index].head();
    if (chosen.is_all) return widen_codes(head, codes(index), chosen.count, out);
    widen_codes(head, codes(index), {chosen.rows, chosen.count}, out);
  }

  const Numbers& column(std::uint32_t index) {
    auto& kept = columns_[index];
    if (!kept.numbers) kept.numbers = std::make_unique<Numbers>();
    if (kept.widened == stamp_) return *kept.numbers;
    kept.widened = stamp_;
    widen(segment_->columns[index].head(), codes(index), count_, kept.numbers->values.data(),
          kept.numbers->known.data());
    return *kept.numbers;
  }

 private:
  using Unpacked = std::array<std::uint8_t, kBatchRows * sizeof(std::uint64_t)>;
  struct Kept {
    std::uint64_t touched = 0, widened = 0;  // the stamps under which it was last asked
    std::unique_ptr<Unpacked> unpacked;
    std::unique_ptr<Numbers> numbers;
  };
  const Segment* segment_ = nullptr;
  std::uint32_t first_ = 0, count_ = 0;
  bool goes_back_ = false;  // batches come from the last to the first
  std::uint64_t stamp_ = 0, bytes_ = 0;
  std::vector<Kept> columns_;
};

// An expression made ready. It keeps room of its own, so one thread runs it.
using NumberFn = std::function<void(Batch&, Numbers&)>;
using MaskFn = std::function<void(Batch&, Mask&)>;

}  // namespace hkl
