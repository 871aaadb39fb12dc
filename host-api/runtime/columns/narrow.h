// One column of one segment: whole numbers as narrow as their spread allows.
//
//   value = base + scale * code     code: 0, 1, 2, 4 or 8 bytes
//
// The greatest code of a width stands for "not known". A column whose rows all
// hold the same takes no bytes at all. Texts are codes of a Dictionary, with
// base 0 and scale 1, so that a table by code can be used on them as they lie.
//
// Codes lie one after another, or packed (Packing) where that takes much less;
// who reads a batch of them has them unpacked to their width and need not know.
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

enum class Packing : std::uint8_t {
  plain,
  bits,         // 1, 2 or 4 of a code of one byte
  three_bytes,  // of a code of four
  blocks,       // two bytes above the least value of some thousand rows: what grows with time
  sparse,       // rows that are known alone, with their codes
  marked        // a bit for each row, whether it is known, and the codes of these, of as many bits as they need
};

// What of a column is kept beside its codes; part of the file's format.
struct NarrowHead {
  std::int64_t base = 0, scale = 1;
  std::int64_t greatest = 0;  // of |value|: how far sums can go
  std::uint32_t rows = 0;
  std::uint8_t width = 0;      // bytes of a code, unpacked
  std::uint8_t has_nulls = 0;  // some row may be unknown
  std::uint8_t is_null = 0;    // of width 0: no row is known
  Packing packing = Packing::plain;
  std::uint32_t kept = 0;   // sparse, marked: how many rows are known
  std::uint8_t packed = 0;  // bits, marked: bits of a code; sparse: bytes of a code
  std::uint8_t reserved[3] = {};
  std::size_t byte_count() const;
};
static_assert(sizeof(NarrowHead) == 40);

class NarrowColumn {
 public:
  NarrowColumn() = default;
  // Chooses width and packing. `keeps_codes`: base 0 and scale 1.
  static NarrowColumn of(std::span<const std::int64_t> values, std::span<const std::uint8_t> known, bool keeps_codes);
  // The same, never packed.
  static NarrowColumn plain_of(std::span<const std::int64_t> values, std::span<const std::uint8_t> known,
                               bool keeps_codes);
  // Over bytes that live longer: head.byte_count() of them.
  static NarrowColumn over(const NarrowHead& head, std::uint8_t* bytes);

  const NarrowHead& head() const { return head_; }
  std::size_t byte_count() const { return head_.byte_count(); }
  const std::uint8_t* bytes() const { return bytes_; }

  Maybe at(std::size_t row) const;
  // Codes of rows [first, first + count), head().width bytes each. Only of plain columns do they lie so already.
  const std::uint8_t* plain(std::size_t first) const { return bytes_ + first * head_.width; }
  void unpack(std::size_t first, std::size_t count, std::uint8_t* codes) const;
  // Has the processor bring these rows near, so that they are there when they are read. Only of codes that lie row by
  // row; rows past the end are none.
  void fetch_ahead(std::size_t first, std::size_t count) const;
  // Codes of a column that keeps codes, packed or not; unknown: kNoCode.
  void read_codes(std::size_t first, std::size_t count, std::uint32_t* codes) const;
  static constexpr std::uint32_t kNoCode = UINT32_MAX;
  // Which of these rows are known, from `first` on, and their codes; quick where few are. Of a column that keeps codes.
  struct KnownCode {
    std::uint32_t row, code;
  };
  void known_codes(std::size_t first, std::size_t count, std::vector<KnownCode>& out) const;

  // In place; false: the value does not fit the width, nothing was changed. A row of a sparse or marked
  // column that becomes known, or unknown, takes the packing off it; pack() puts it on again.
  bool put(std::size_t row, Maybe value);
  void pack(bool keeps_codes);

 private:
  void take(std::span<const std::int64_t> values, std::span<const std::uint8_t> known);
  bool put_code(std::size_t row, std::uint64_t code);
  void loosen();

  NarrowHead head_;
  std::uint8_t* bytes_ = nullptr;
  std::shared_ptr<std::vector<std::uint8_t>> own_;  // none: mapped. Shared, as segments are copied when sealed.
  bool is_loosened_ = false;                        // put() took the packing off
};

// Codes of `head`'s width, one after another, as numbers; unknown ones are 0.
void widen(const NarrowHead& head, const std::uint8_t* codes, std::size_t count, std::int64_t* values,
           std::uint8_t* known);
// The same in 32 bits, of a head whose values are below 2^31, positive or not; unknown ones are kUnknownSmall.
inline constexpr std::int32_t kUnknownSmall = INT32_MIN;
inline bool is_small(const NarrowHead& head) { return head.greatest < INT32_MAX; }
void widen_small(const NarrowHead& head, const std::uint8_t* codes, std::size_t count, std::int32_t* values);
// The same of a column that keeps codes, as codes: all, or those at some places.
void widen_codes(const NarrowHead& head, const std::uint8_t* codes, std::size_t count, std::uint32_t* out);
void widen_codes(const NarrowHead& head, const std::uint8_t* codes, std::span<const std::uint16_t> places,
                 std::uint32_t* out);

}  // namespace hkl
