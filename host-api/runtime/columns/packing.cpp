#include "columns/packing.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace hkl {
namespace {

std::size_t bits_byte_count(std::size_t rows, unsigned bits) { return (rows * bits + 7) / 8; }

// The greatest code of all rows, and bytes enough for it and for "not known".
struct Codes {
  std::uint64_t greatest = 0;
  std::uint32_t known = 0;
  bool fit_blocks = true;
};

Codes look_at(const NarrowHead& head, std::span<const std::int64_t> values, std::span<const std::uint8_t> known) {
  Codes codes;
  for (std::size_t first = 0; first < values.size(); first += Blocks::kRows) {
    std::uint64_t least = UINT64_MAX, greatest = 0;
    for (auto i = first; i < std::min(values.size(), first + Blocks::kRows); ++i) {
      if (known[i] == 0) continue;
      const auto code = code_in(head, values[i]);
      least = std::min(least, code);
      greatest = std::max(greatest, code);
      ++codes.known;
    }
    if (least <= greatest && greatest - least >= Blocks::kNull) codes.fit_blocks = false;
    codes.greatest = std::max(codes.greatest, greatest);
  }
  return codes;
}

std::uint8_t bytes_for(std::uint64_t code) {
  std::uint8_t bytes = 0;
  for (; code != 0; code >>= 8) ++bytes;
  return bytes;
}

std::uint8_t bits_for(std::uint64_t code) { return static_cast<std::uint8_t>(std::bit_width(code | 1)); }

// Fields of so many bits apart: a byte gets half of what one held. Bytes of several codes are taken apart step by step,
// as each step is a loop that the compiler does for many bytes at once.
template <unsigned half>
void halve(const std::uint8_t* __restrict bytes, std::size_t count, std::uint8_t* __restrict halves) {
  for (std::size_t i = 0; i < count; ++i) {
    halves[2 * i] = bytes[i] & ((1U << half) - 1);
    halves[2 * i + 1] = bytes[i] >> half;
  }
}

// The codes of whole bytes, kBytes of them at most.
constexpr std::size_t kBytes = 128;
template <unsigned bits>
void unpack_bytes(const std::uint8_t* bytes, std::size_t count, std::uint8_t* codes) {
  if constexpr (bits == 4) {
    halve<4>(bytes, count, codes);
  } else {
    std::array<std::uint8_t, 4 * kBytes> packed;
    unpack_bytes<2 * bits>(bytes, count, packed.data());
    halve<bits>(packed.data(), count * (8 / bits / 2), codes);
  }
}

template <unsigned bits>
void unpack_bits(const std::uint8_t* bytes, std::size_t first, std::size_t count, std::uint8_t* codes) {
  constexpr unsigned kInByte = 8 / bits;
  constexpr auto kNull = static_cast<std::uint8_t>((1U << bits) - 1);
  const auto one = [&](std::size_t row) {
    return static_cast<std::uint8_t>(bytes[row / kInByte] >> (row % kInByte * bits) & kNull);
  };
  std::size_t i = 0;
  for (; i < count && (first + i) % kInByte != 0; ++i) codes[i] = one(first + i);
  while (i + kInByte <= count) {
    const auto whole = std::min(kBytes, (count - i) / kInByte);
    unpack_bytes<bits>(bytes + (first + i) / kInByte, whole, codes + i);
    i += whole * kInByte;
  }
  for (; i < count; ++i) codes[i] = one(first + i);
  for (i = 0; i < count; ++i) codes[i] = codes[i] == kNull ? UINT8_MAX : codes[i];
}

void unpack_three(const std::uint8_t* bytes, std::size_t first, std::size_t count, std::uint8_t* codes) {
  const auto* from = bytes + 3 * first;
  auto* to = reinterpret_cast<std::uint32_t*>(codes);
  for (std::size_t i = 0; i < count; ++i) {
    const auto code = static_cast<std::uint32_t>(from[3 * i]) | static_cast<std::uint32_t>(from[3 * i + 1]) << 8 |
                      static_cast<std::uint32_t>(from[3 * i + 2]) << 16;
    to[i] = code == greatest_of(24) ? UINT32_MAX : code;
  }
}

template <typename Code>
void unpack_blocks(const NarrowHead& head, const Blocks& blocks, std::size_t first, std::size_t count, Code* codes) {
  for (std::size_t i = 0; i < count;) {
    const auto block = (first + i) / Blocks::kRows;
    const auto end = std::min(count, (block + 1) * Blocks::kRows - first);
    const auto base = static_cast<Code>(code_in(head, blocks.bases[block]));
    for (; i < end; ++i) {
      const auto code = blocks.codes[first + i];
      codes[i] = code == Blocks::kNull ? std::numeric_limits<Code>::max() : static_cast<Code>(base + code);
    }
  }
}

void unpack_sparse(const NarrowHead& head, const Sparse& sparse, std::size_t first, std::size_t count,
                   std::uint8_t* codes) {
  std::memset(codes, 0xff, count * head.width);
  auto at = sparse.first_from(first);
  auto chunk = first / Sparse::kRows;
  for (; at < head.kept; ++at) {
    while (at >= sparse.ends[chunk]) ++chunk;
    const auto row = chunk * Sparse::kRows + sparse.rows[at];
    if (row >= first + count) return;
    store(codes + (row - first) * head.width, load(sparse.codes + at * head.packed, head.packed), head.width);
  }
}

template <typename Code>
void unpack_marked(const Marked& marked, std::size_t first, std::size_t count, Code* codes) {
  std::fill_n(codes, count, std::numeric_limits<Code>::max());
  auto place = marked.place(first);
  for (std::size_t row = first; row < first + count;) {
    const auto end = std::min(first + count, (row / 64 + 1) * 64);
    auto marks = marked.marks[row / 64] >> row % 64;
    if (end - row < 64) marks &= greatest_of(static_cast<unsigned>(end - row));
    for (; marks != 0; marks &= marks - 1)
      codes[row - first + static_cast<std::size_t>(std::countr_zero(marks))] = static_cast<Code>(marked.code(place++));
    row = end;
  }
}

}  // namespace

std::size_t Marked::place(std::size_t row) const {
  std::size_t known = before[row / kRows];
  for (auto word = row / kRows * (kRows / 64); word < row / 64; ++word)
    known += static_cast<std::size_t>(std::popcount(marks[word]));
  return known + static_cast<std::size_t>(std::popcount(marks[row / 64] & greatest_of(row % 64)));
}

void Marked::put(std::size_t place, std::uint64_t code) const {
  auto* at = codes + place * bits / 8;
  const auto shift = place * bits % 8;
  store(at, (load(at, 8) & ~(greatest_of(bits) << shift)) | code << shift, 8);
}

std::size_t Sparse::first_from(std::size_t row) const {
  const auto chunk = row / kRows;
  const auto begin = chunk == 0 ? 0 : ends[chunk - 1];
  return static_cast<std::size_t>(std::lower_bound(rows + begin, rows + ends[chunk], row % kRows) - rows);
}

std::size_t NarrowHead::byte_count() const {
  switch (packing) {
    case Packing::bits:
      return bits_byte_count(rows, packed);
    case Packing::three_bytes:
      return std::size_t{3} * rows;
    case Packing::blocks:
      return 8 * Blocks::count_of(rows) + std::size_t{2} * rows;
    case Packing::sparse:
      return 4 * Sparse::count_of(rows) + std::size_t{kept} * (2 + packed);
    case Packing::marked:
      return Marked::byte_count(*this);
    default:
      return std::size_t{rows} * width;
  }
}

void choose_packing(NarrowHead& head, std::span<const std::int64_t> values, std::span<const std::uint8_t> known) {
  if (head.width == 0) return;
  const auto codes = look_at(head, values, known);
  // To unpack costs time, so it has to save a quarter.
  auto best = head;
  auto least = head.byte_count() * 3 / 4;
  const auto offer = [&](Packing packing, std::uint8_t packed) {
    auto one = head;
    one.packing = packing;
    one.packed = packed;
    one.kept = packing == Packing::sparse || packing == Packing::marked ? codes.known : 0;
    if (one.byte_count() > least) return;
    least = one.byte_count();
    best = one;
  };
  for (const std::uint8_t bits : {1, 2, 4})
    if (head.width == 1 && codes.greatest < greatest_of(bits)) offer(Packing::bits, bits);
  if (head.width == 4 && codes.greatest < greatest_of(24)) offer(Packing::three_bytes, 0);
  if (head.width >= 4 && codes.fit_blocks) offer(Packing::blocks, 0);
  offer(Packing::sparse, bytes_for(codes.greatest));
  // Takes the longest to unpack, and narrow columns are read the most.
  least = best.byte_count() * 3 / 4;
  if (head.width >= 4 && head.has_nulls != 0 && bits_for(codes.greatest) <= Marked::kBitsAtMost)
    offer(Packing::marked, bits_for(codes.greatest));
  head = best;
}

void write_packed(const NarrowHead& head, std::uint8_t* bytes, std::span<const std::int64_t> values,
                  std::span<const std::uint8_t> known) {
  if (head.packing == Packing::blocks) {
    const Blocks blocks(head, bytes);
    for (std::size_t first = 0; first < values.size(); first += Blocks::kRows) {
      const auto end = std::min(values.size(), first + Blocks::kRows);
      auto least = std::numeric_limits<std::int64_t>::max();
      for (auto i = first; i < end; ++i)
        if (known[i] != 0) least = std::min(least, values[i]);
      auto& base = blocks.bases[first / Blocks::kRows];
      base = least == std::numeric_limits<std::int64_t>::max() ? head.base : least;
      for (auto i = first; i < end; ++i)
        blocks.codes[i] =
            static_cast<std::uint16_t>(known[i] == 0 ? Blocks::kNull : code_in(head, values[i]) - code_in(head, base));
    }
    return;
  }
  if (head.packing == Packing::sparse) {
    const Sparse sparse(head, bytes);
    std::uint32_t at = 0;
    for (std::size_t row = 0; row < values.size(); ++row) {
      if (known[row] != 0) {
        sparse.rows[at] = static_cast<std::uint16_t>(row % Sparse::kRows);
        store(sparse.codes + std::size_t{at++} * head.packed, code_in(head, values[row]), head.packed);
      }
      sparse.ends[row / Sparse::kRows] = at;
    }
    return;
  }
  if (head.packing == Packing::marked) {
    const Marked marked(head, bytes);
    std::uint32_t place = 0;
    for (std::size_t row = 0; row < values.size(); ++row) {
      if (row % Marked::kRows == 0) marked.before[row / Marked::kRows] = place;
      if (known[row] == 0) continue;
      marked.marks[row / 64] |= std::uint64_t{1} << row % 64;
      marked.put(place++, code_in(head, values[row]));
    }
    return;
  }
  const unsigned bits = head.packing == Packing::bits          ? head.packed
                        : head.packing == Packing::three_bytes ? 24
                                                               : 8U * head.width;
  for (std::size_t row = 0; row < values.size(); ++row) {
    const auto code = known[row] == 0 ? greatest_of(bits) : code_in(head, values[row]);
    if (bits >= 8)
      store(bytes + row * (bits / 8), code, bits / 8);
    else
      bytes[row * bits / 8] |= static_cast<std::uint8_t>(code << (row * bits % 8));
  }
}

Maybe packed_at(const NarrowHead& head, std::uint8_t* bytes, std::size_t row) {
  if (head.packing == Packing::blocks) {
    const Blocks blocks(head, bytes);
    const auto code = blocks.codes[row];
    if (code == Blocks::kNull) return std::nullopt;
    return blocks.bases[row / Blocks::kRows] + head.scale * std::int64_t{code};
  }
  std::uint64_t code = 0;
  unpack_codes(head, bytes, row, 1, reinterpret_cast<std::uint8_t*>(&code));
  return code == null_code(head) ? Maybe() : Maybe(value_in(head, code));
}

void unpack_codes(const NarrowHead& head, std::uint8_t* bytes, std::size_t first, std::size_t count,
                  std::uint8_t* codes) {
  switch (head.packing) {
    case Packing::bits:
      return head.packed == 1   ? unpack_bits<1>(bytes, first, count, codes)
             : head.packed == 2 ? unpack_bits<2>(bytes, first, count, codes)
                                : unpack_bits<4>(bytes, first, count, codes);
    case Packing::three_bytes:
      return unpack_three(bytes, first, count, codes);
    case Packing::blocks:
      return head.width == 4
                 ? unpack_blocks(head, Blocks(head, bytes), first, count, reinterpret_cast<std::uint32_t*>(codes))
                 : unpack_blocks(head, Blocks(head, bytes), first, count, reinterpret_cast<std::uint64_t*>(codes));
    case Packing::sparse:
      return unpack_sparse(head, Sparse(head, bytes), first, count, codes);
    case Packing::marked:
      return head.width == 4
                 ? unpack_marked(Marked(head, bytes), first, count, reinterpret_cast<std::uint32_t*>(codes))
                 : unpack_marked(Marked(head, bytes), first, count, reinterpret_cast<std::uint64_t*>(codes));
    default:
      if (head.width != 0) std::memcpy(codes, bytes + first * head.width, count * head.width);
  }
}

}  // namespace hkl
