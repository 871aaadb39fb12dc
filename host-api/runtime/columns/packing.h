// How the codes of a column lie in its bytes (narrow.h): sizes, places, and back.
#pragma once

#include <cstring>

#include "columns/narrow.h"

namespace hkl {

// The greatest code of some bits: "not known".
inline std::uint64_t greatest_of(unsigned bits) { return bits >= 64 ? UINT64_MAX : (std::uint64_t{1} << bits) - 1; }
inline std::uint64_t null_code(const NarrowHead& head) { return greatest_of(8U * head.width); }

inline std::uint64_t load(const std::uint8_t* at, std::size_t bytes) {
  std::uint64_t code = 0;
  std::memcpy(&code, at, bytes);
  return code;
}
inline void store(std::uint8_t* at, std::uint64_t code, std::size_t bytes) {
  std::memcpy(at, &code, bytes);
}  // little-endian

// blocks: the least value of each, then two bytes a row.
struct Blocks {
  static constexpr std::size_t kRows = 4096;
  static constexpr std::uint64_t kNull = UINT16_MAX;
  explicit Blocks(const NarrowHead& head, std::uint8_t* bytes)
      : bases(reinterpret_cast<std::int64_t*>(bytes)),
        codes(reinterpret_cast<std::uint16_t*>(bytes + 8 * count_of(head.rows))) {}
  static std::size_t count_of(std::size_t rows) { return (rows + kRows - 1) / kRows; }
  std::int64_t* bases;
  std::uint16_t* codes;
};

// sparse: where the known rows of each 65 536 end, then the last two bytes of each of these rows' numbers, then their
// codes.
struct Sparse {
  static constexpr std::size_t kRows = 65'536;
  explicit Sparse(const NarrowHead& head, std::uint8_t* bytes)
      : ends(reinterpret_cast<std::uint32_t*>(bytes)),
        rows(reinterpret_cast<std::uint16_t*>(bytes + 4 * count_of(head.rows))),
        codes(reinterpret_cast<std::uint8_t*>(rows + head.kept)) {}
  static std::size_t count_of(std::size_t rows) { return (rows + kRows - 1) / kRows; }
  // The first known row that is not before `row`.
  std::size_t first_from(std::size_t row) const;
  std::uint32_t* ends;
  std::uint16_t* rows;
  std::uint8_t* codes;
};

// marked: how many rows are known before each 4096, the bits of all rows, then the codes; 8 bytes more, so that a code
// can be read with those behind it.
struct Marked {
  static constexpr std::size_t kRows = 4096;
  static constexpr unsigned kBitsAtMost = 56;
  Marked(const NarrowHead& head, std::uint8_t* bytes)
      : before(reinterpret_cast<std::uint32_t*>(bytes)),
        marks(reinterpret_cast<std::uint64_t*>(bytes + 8 * half_count_of(head.rows))),
        codes(reinterpret_cast<std::uint8_t*>(marks + word_count_of(head.rows))),
        bits(head.packed) {}
  static std::size_t half_count_of(std::size_t rows) { return (rows + 2 * kRows - 1) / (2 * kRows); }
  static std::size_t word_count_of(std::size_t rows) { return (rows + 63) / 64; }
  static std::size_t byte_count(const NarrowHead& head) {
    return 8 * (half_count_of(head.rows) + word_count_of(head.rows)) + (std::size_t{head.kept} * head.packed + 7) / 8 +
           8;
  }
  bool is_known(std::size_t row) const { return (marks[row / 64] >> row % 64 & 1) != 0; }
  // How many rows before this one are known.
  std::size_t place(std::size_t row) const;
  std::uint64_t code(std::size_t place) const {
    return load(codes + place * bits / 8, 8) >> place * bits % 8 & greatest_of(bits);
  }
  void put(std::size_t place, std::uint64_t code) const;
  std::uint32_t* before;
  std::uint64_t* marks;
  std::uint8_t* codes;
  unsigned bits;
};

// The packing that takes the fewest bytes, if that is much less than plain; of a head that has all but that.
void choose_packing(NarrowHead& head, std::span<const std::int64_t> values, std::span<const std::uint8_t> known);
// Writes the codes of all rows the way the head says.
void write_packed(const NarrowHead& head, std::uint8_t* bytes, std::span<const std::int64_t> values,
                  std::span<const std::uint8_t> known);
// The value of a row of a packed column.
Maybe packed_at(const NarrowHead& head, std::uint8_t* bytes, std::size_t row);
// Codes of rows [first, first + count), head.width bytes each.
void unpack_codes(const NarrowHead& head, std::uint8_t* bytes, std::size_t first, std::size_t count,
                  std::uint8_t* codes);

inline std::uint64_t code_in(const NarrowHead& head, std::int64_t value) {
  return (static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(head.base)) /
         static_cast<std::uint64_t>(head.scale);
}
inline std::int64_t value_in(const NarrowHead& head, std::uint64_t code) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(head.base) +
                                   static_cast<std::uint64_t>(head.scale) * code);
}

}  // namespace hkl
