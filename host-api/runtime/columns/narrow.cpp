#include "columns/narrow.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include "columns/packing.h"

namespace hkl {
namespace {

struct Spread {
  std::int64_t least = std::numeric_limits<std::int64_t>::max(), greatest = std::numeric_limits<std::int64_t>::min();
  std::uint64_t step = 0;  // divides every difference to the first
  std::size_t known = 0;
};

Spread spread_of(std::span<const std::int64_t> values, std::span<const std::uint8_t> known) {
  Spread spread;
  std::int64_t first = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (known[i] == 0) continue;
    if (spread.known++ == 0) first = values[i];
    spread.least = std::min(spread.least, values[i]);
    spread.greatest = std::max(spread.greatest, values[i]);
    const auto difference = values[i] > first
                                ? static_cast<std::uint64_t>(values[i]) - static_cast<std::uint64_t>(first)
                                : static_cast<std::uint64_t>(first) - static_cast<std::uint64_t>(values[i]);
    if (spread.step != 1) spread.step = std::gcd(spread.step, difference);
  }
  return spread;
}

// The narrowest that leaves the greatest code free.
std::uint8_t width_for(std::uint64_t greatest_code) {
  if (greatest_code < UINT8_MAX) return 1;
  if (greatest_code < UINT16_MAX) return 2;
  return greatest_code < UINT32_MAX ? 4 : 8;
}

std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

template <typename Code>
void widen_all(const NarrowHead& head, const std::uint8_t* bytes, std::size_t count, std::int64_t* values,
               std::uint8_t* known) {
  const auto* codes = reinterpret_cast<const Code*>(bytes);
  constexpr Code kNull = std::numeric_limits<Code>::max();
  // In unsigned numbers, where what leaves 64 bits comes back when the base is added.
  const auto start = static_cast<std::uint64_t>(head.base), step = static_cast<std::uint64_t>(head.scale);
  if (head.has_nulls == 0) {
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<std::int64_t>(start + step * codes[i]);
    std::memset(known, 1, count);
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t is_known = codes[i] != kNull ? 1 : 0;
    values[i] = static_cast<std::int64_t>((start + step * codes[i]) & (std::uint64_t{0} - is_known));
    known[i] = static_cast<std::uint8_t>(is_known);
  }
}

template <typename Code>
void widen_all_small(const NarrowHead& head, const std::uint8_t* bytes, std::size_t count,
                     std::int32_t* __restrict values) {
  const auto* __restrict codes = reinterpret_cast<const Code*>(bytes);
  constexpr Code kNull = std::numeric_limits<Code>::max();
  // What is cut off comes back no more, but no value needs it.
  const auto start = static_cast<std::uint32_t>(head.base), step = static_cast<std::uint32_t>(head.scale);
  const auto value = [=](Code code) {
    return static_cast<std::int32_t>(start + step * static_cast<std::uint32_t>(code));
  };
  if (head.has_nulls == 0)
    for (std::size_t i = 0; i < count; ++i) values[i] = value(codes[i]);
  else
    for (std::size_t i = 0; i < count; ++i) values[i] = codes[i] == kNull ? kUnknownSmall : value(codes[i]);
}

template <typename Code>
void widen_codes_of(const std::uint8_t* bytes, std::size_t count, std::uint32_t* codes) {
  const auto* from = reinterpret_cast<const Code*>(bytes);
  constexpr Code kNull = std::numeric_limits<Code>::max();
  for (std::size_t i = 0; i < count; ++i) codes[i] = from[i] == kNull ? NarrowColumn::kNoCode : from[i];
}

template <typename Code>
void widen_codes_of(const std::uint8_t* bytes, std::span<const std::uint16_t> rows, std::uint32_t* codes) {
  const auto* from = reinterpret_cast<const Code*>(bytes);
  constexpr Code kNull = std::numeric_limits<Code>::max();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Code code = from[rows[i]];
    codes[i] = code == kNull ? NarrowColumn::kNoCode : code;
  }
}

// All but the packing.
NarrowHead head_of(std::span<const std::int64_t> values, std::span<const std::uint8_t> known, bool keeps_codes) {
  NarrowHead head;
  head.rows = static_cast<std::uint32_t>(values.size());
  const auto spread = spread_of(values, known);
  head.has_nulls = spread.known < values.size() ? 1 : 0;
  head.is_null = spread.known == 0 ? 1 : 0;
  if (spread.known == 0) return head;
  head.greatest = static_cast<std::int64_t>(
      std::min<std::uint64_t>(std::max(magnitude(spread.least), magnitude(spread.greatest)), INT64_MAX));
  head.base = keeps_codes ? 0 : spread.least;
  head.scale =
      keeps_codes || spread.step == 0 ? 1 : static_cast<std::int64_t>(std::min<std::uint64_t>(spread.step, INT64_MAX));
  if (spread.step == 0 && head.has_nulls == 0) {  // one value for all
    head.base = spread.least;
    return head;
  }
  const auto range = static_cast<std::uint64_t>(spread.greatest) - static_cast<std::uint64_t>(head.base);
  // What spans nearly all of 64 bits would need the code that means "not known"; nothing measured does.
  head.width = width_for(range / static_cast<std::uint64_t>(head.scale));
  return head;
}

}  // namespace

void NarrowColumn::take(std::span<const std::int64_t> values, std::span<const std::uint8_t> known) {
  own_ = std::make_shared<std::vector<std::uint8_t>>(byte_count());
  bytes_ = own_->data();
  write_packed(head_, bytes_, values, known);
}

NarrowColumn NarrowColumn::plain_of(std::span<const std::int64_t> values, std::span<const std::uint8_t> known,
                                    bool keeps_codes) {
  NarrowColumn column;
  column.head_ = head_of(values, known, keeps_codes);
  if (column.head_.width != 0) column.take(values, known);
  return column;
}

NarrowColumn NarrowColumn::of(std::span<const std::int64_t> values, std::span<const std::uint8_t> known,
                              bool keeps_codes) {
  NarrowColumn column;
  column.head_ = head_of(values, known, keeps_codes);
  choose_packing(column.head_, values, known);
  if (column.head_.width != 0) column.take(values, known);
  return column;
}

NarrowColumn NarrowColumn::over(const NarrowHead& head, std::uint8_t* bytes) {
  NarrowColumn column;
  column.head_ = head;
  column.bytes_ = bytes;
  return column;
}

Maybe NarrowColumn::at(std::size_t row) const {
  if (head_.width == 0) return head_.is_null != 0 ? Maybe() : Maybe(head_.base);
  if (head_.packing != Packing::plain) return packed_at(head_, bytes_, row);
  const auto code = load(plain(row), head_.width);
  if (head_.has_nulls != 0 && code == null_code(head_)) return std::nullopt;
  return value_in(head_, code);
}

void NarrowColumn::unpack(std::size_t first, std::size_t count, std::uint8_t* codes) const {
  unpack_codes(head_, bytes_, first, count, codes);
}

void NarrowColumn::fetch_ahead(std::size_t first, std::size_t count) const {
  constexpr std::size_t kLine = 64;
  if (head_.packing == Packing::sparse || head_.packing == Packing::marked) return;
  const auto* codes = head_.packing == Packing::blocks ? bytes_ + 8 * Blocks::count_of(head_.rows) : bytes_;
  const std::size_t bits = head_.packing == Packing::bits          ? head_.packed
                           : head_.packing == Packing::blocks      ? 16
                           : head_.packing == Packing::three_bytes ? 24
                                                                   : 8U * head_.width;
  const auto end = std::min<std::size_t>(first + count, head_.rows);
  for (auto at = first * bits / 8; at < (end * bits + 7) / 8; at += kLine) __builtin_prefetch(codes + at);
}

void NarrowColumn::read_codes(std::size_t first, std::size_t count, std::uint32_t* codes) const {
  if (head_.packing == Packing::plain) return widen_codes(head_, plain(first), count, codes);
  std::vector<std::uint8_t> unpacked(count * head_.width);
  unpack(first, count, unpacked.data());
  widen_codes(head_, unpacked.data(), count, codes);
}

void NarrowColumn::known_codes(std::size_t first, std::size_t count, std::vector<KnownCode>& out) const {
  out.clear();
  if (head_.is_null != 0) return;
  if (head_.packing == Packing::sparse) {
    const Sparse sparse(head_, bytes_);
    auto chunk = first / Sparse::kRows;
    for (auto at = sparse.first_from(first); at < head_.kept; ++at) {
      while (at >= sparse.ends[chunk]) ++chunk;
      const auto row = chunk * Sparse::kRows + sparse.rows[at];
      if (row >= first + count) return;
      const auto code = load(sparse.codes + at * head_.packed, head_.packed);
      out.push_back({static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(code)});
    }
    return;
  }
  std::vector<std::uint32_t> codes(count);
  read_codes(first, count, codes.data());
  for (std::size_t i = 0; i < count; ++i)
    if (codes[i] != kNoCode) out.push_back({static_cast<std::uint32_t>(first + i), codes[i]});
}

bool NarrowColumn::put(std::size_t row, Maybe value) {
  if (value == at(row)) return true;
  if (head_.width == 0) return false;
  if (value && (*value < head_.base || value_in(head_, code_in(head_, *value)) != *value)) return false;
  const auto code = value ? code_in(head_, *value) : null_code(head_);
  if (value && code >= null_code(head_)) return false;
  if (!put_code(row, code)) return false;
  if (!value) {
    head_.has_nulls = 1;  // the code for it is free in every width
  } else {
    const auto reach = std::min<std::uint64_t>(magnitude(*value), INT64_MAX);
    head_.greatest = std::max(head_.greatest, static_cast<std::int64_t>(reach));
  }
  return true;
}

// Unpacked; the greatest of its width is "not known".
bool NarrowColumn::put_code(std::size_t row, std::uint64_t code) {
  const bool is_null = code == null_code(head_);
  switch (head_.packing) {
    case Packing::bits: {
      const unsigned bits = head_.packed, shift = row * bits % 8;
      if (!is_null && code >= greatest_of(bits)) return false;
      auto& byte = bytes_[row * bits / 8];
      byte = static_cast<std::uint8_t>((byte & ~(greatest_of(bits) << shift)) | (code & greatest_of(bits)) << shift);
      return true;
    }
    case Packing::three_bytes:
      if (!is_null && code >= greatest_of(24)) return false;
      store(bytes_ + 3 * row, code, 3);
      return true;
    case Packing::blocks: {
      const Blocks blocks(head_, bytes_);
      const auto least = code_in(head_, blocks.bases[row / Blocks::kRows]);
      if (!is_null && (code < least || code - least >= Blocks::kNull)) return false;
      blocks.codes[row] = static_cast<std::uint16_t>(is_null ? Blocks::kNull : code - least);
      return true;
    }
    case Packing::sparse: {
      const Sparse sparse(head_, bytes_);
      const bool is_there = at(row).has_value();
      if (is_there && !is_null && (head_.packed == 8 || code <= greatest_of(8U * head_.packed))) {
        store(sparse.codes + sparse.first_from(row) * head_.packed, code, head_.packed);
        return true;
      }
      loosen();
      break;
    }
    case Packing::marked: {
      const Marked marked(head_, bytes_);
      if (marked.is_known(row) && !is_null && code <= greatest_of(marked.bits)) {
        marked.put(marked.place(row), code);
        return true;
      }
      loosen();
      break;
    }
    default:
      break;
  }
  store(bytes_ + row * head_.width, code, head_.width);
  return true;
}

void NarrowColumn::loosen() {
  auto codes = std::make_shared<std::vector<std::uint8_t>>(std::size_t{head_.rows} * head_.width);
  unpack(0, head_.rows, codes->data());
  own_ = std::move(codes);
  bytes_ = own_->data();
  head_.packing = Packing::plain;
  is_loosened_ = true;
}

void NarrowColumn::pack(bool keeps_codes) {
  if (!is_loosened_) return;
  std::vector<std::int64_t> values(head_.rows);
  std::vector<std::uint8_t> known(head_.rows);
  widen(head_, bytes_, head_.rows, values.data(), known.data());
  *this = of(values, known, keeps_codes);
}

void widen(const NarrowHead& head, const std::uint8_t* codes, std::size_t count, std::int64_t* values,
           std::uint8_t* known) {
  switch (head.width) {
    case 0:
      std::fill_n(values, count, head.is_null != 0 ? 0 : head.base);
      std::memset(known, head.is_null != 0 ? 0 : 1, count);
      return;
    case 1:
      return widen_all<std::uint8_t>(head, codes, count, values, known);
    case 2:
      return widen_all<std::uint16_t>(head, codes, count, values, known);
    case 4:
      return widen_all<std::uint32_t>(head, codes, count, values, known);
    default:
      return widen_all<std::uint64_t>(head, codes, count, values, known);
  }
}

void widen_small(const NarrowHead& head, const std::uint8_t* codes, std::size_t count, std::int32_t* values) {
  switch (head.width) {
    case 0:
      return std::fill_n(values, count, head.is_null != 0 ? kUnknownSmall : static_cast<std::int32_t>(head.base)),
             void();
    case 1:
      return widen_all_small<std::uint8_t>(head, codes, count, values);
    case 2:
      return widen_all_small<std::uint16_t>(head, codes, count, values);
    case 4:
      return widen_all_small<std::uint32_t>(head, codes, count, values);
    default:
      return widen_all_small<std::uint64_t>(head, codes, count, values);
  }
}

void widen_codes(const NarrowHead& head, const std::uint8_t* codes, std::size_t count, std::uint32_t* out) {
  switch (head.width) {
    case 0:
      std::fill_n(out, count, head.is_null != 0 ? NarrowColumn::kNoCode : static_cast<std::uint32_t>(head.base));
      return;
    case 1:
      return widen_codes_of<std::uint8_t>(codes, count, out);
    case 2:
      return widen_codes_of<std::uint16_t>(codes, count, out);
    default:
      return widen_codes_of<std::uint32_t>(codes, count, out);
  }
}

void widen_codes(const NarrowHead& head, const std::uint8_t* codes, std::span<const std::uint16_t> places,
                 std::uint32_t* out) {
  switch (head.width) {
    case 0:
      return widen_codes(head, codes, places.size(), out);
    case 1:
      return widen_codes_of<std::uint8_t>(codes, places, out);
    case 2:
      return widen_codes_of<std::uint16_t>(codes, places, out);
    default:
      return widen_codes_of<std::uint32_t>(codes, places, out);
  }
}

}  // namespace hkl
