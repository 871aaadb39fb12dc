// One column of one segment: whole numbers as narrow as their spread allows.
//
//   value = base + scale * code     code: 0, 1, 2, 4 or 8 bytes
//
// The greatest code of a width stands for "not known". A column whose rows all
// hold the same takes no bytes at all. Texts are codes of a Dictionary, with
// base 0 and scale 1, so that a table by code can be used on them as they lie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace hkl {

// A number of a row, or nothing.
using Maybe = std::optional<std::int64_t>;

// What of a column is kept beside its codes; part of the file's format.
struct NarrowHead {
  std::int64_t base = 0, scale = 1;
  std::int64_t greatest = 0;  // of |value|: how far sums can go
  std::uint32_t rows = 0;
  std::uint8_t width = 0;      // bytes of a code
  std::uint8_t has_nulls = 0;  // some row may be unknown
  std::uint8_t is_null = 0;    // of width 0: no row is known
  std::uint8_t reserved = 0;
};
static_assert(sizeof(NarrowHead) == 32);

class NarrowColumn {
 public:
  NarrowColumn() = default;
  // Chooses the width. `keeps_codes`: base 0 and scale 1.
  static NarrowColumn of(std::span<const std::int64_t> values, std::span<const std::uint8_t> known, bool keeps_codes);
  // Over bytes that live longer: head.rows * head.width of them.
  static NarrowColumn over(const NarrowHead& head, std::uint8_t* bytes);

  const NarrowHead& head() const { return head_; }
  std::size_t byte_count() const { return std::size_t{head_.rows} * head_.width; }
  const std::uint8_t* bytes() const { return bytes_; }

  Maybe at(std::size_t row) const;
  // Values of rows [first, first + count); unknown ones are 0.
  void read(std::size_t first, std::size_t count, std::int64_t* values, std::uint8_t* known) const;
  // Codes as they lie, of a column that keeps codes; unknown: kNoCode.
  void read_codes(std::size_t first, std::size_t count, std::uint32_t* codes) const;
  // The same of rows first + rows[0], first + rows[1] … alone.
  void read_codes_of(std::size_t first, std::span<const std::uint16_t> rows, std::uint32_t* codes) const;
  static constexpr std::uint32_t kNoCode = UINT32_MAX;

  // In place; false: the value does not fit the width, nothing was changed.
  bool put(std::size_t row, Maybe value);

 private:
  std::uint64_t null_code() const {
    return head_.width == 8 ? UINT64_MAX : (std::uint64_t{1} << (8 * head_.width)) - 1;
  }
  std::uint64_t code(std::size_t row) const;

  NarrowHead head_;
  std::uint8_t* bytes_ = nullptr;
  std::shared_ptr<std::vector<std::uint8_t>> own_;  // none: mapped. Shared, as segments are copied when sealed.
};

}  // namespace hkl
