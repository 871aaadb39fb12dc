#include "columns/narrow.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

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
void widen(const std::uint8_t* bytes, std::size_t count, std::int64_t base, std::int64_t scale, bool has_nulls,
           std::int64_t* values, std::uint8_t* known) {
  const auto* codes = reinterpret_cast<const Code*>(bytes);
  constexpr Code kNull = std::numeric_limits<Code>::max();
  // In unsigned numbers, where what leaves 64 bits comes back when the base is added.
  const auto start = static_cast<std::uint64_t>(base), step = static_cast<std::uint64_t>(scale);
  if (!has_nulls) {
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
void widen_codes(const std::uint8_t* bytes, std::size_t count, std::uint32_t* codes) {
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

void store(std::uint8_t* at, std::uint64_t code, std::uint8_t width) {
  std::memcpy(at, &code, width);
}  // little-endian

}  // namespace

NarrowColumn NarrowColumn::of(std::span<const std::int64_t> values, std::span<const std::uint8_t> known,
                              bool keeps_codes) {
  NarrowColumn column;
  auto& head = column.head_;
  head.rows = static_cast<std::uint32_t>(values.size());
  const auto spread = spread_of(values, known);
  head.has_nulls = spread.known < values.size() ? 1 : 0;
  head.is_null = spread.known == 0 ? 1 : 0;
  if (spread.known == 0) return column;
  head.greatest = static_cast<std::int64_t>(
      std::min<std::uint64_t>(std::max(magnitude(spread.least), magnitude(spread.greatest)), INT64_MAX));
  head.base = keeps_codes ? 0 : spread.least;
  head.scale =
      keeps_codes || spread.step == 0 ? 1 : static_cast<std::int64_t>(std::min<std::uint64_t>(spread.step, INT64_MAX));
  if (spread.step == 0 && head.has_nulls == 0) {  // one value for all
    head.base = spread.least;
    return column;
  }
  const auto range = static_cast<std::uint64_t>(spread.greatest) - static_cast<std::uint64_t>(head.base);
  // What spans nearly all of 64 bits would need the code that means "not known"; nothing measured does.
  head.width = width_for(range / static_cast<std::uint64_t>(head.scale));
  column.own_ = std::make_shared<std::vector<std::uint8_t>>(column.byte_count());
  column.bytes_ = column.own_->data();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto code = known[i] == 0 ? column.null_code()
                                    : (static_cast<std::uint64_t>(values[i]) - static_cast<std::uint64_t>(head.base)) /
                                          static_cast<std::uint64_t>(head.scale);
    store(column.bytes_ + i * head.width, code, head.width);
  }
  return column;
}

NarrowColumn NarrowColumn::over(const NarrowHead& head, std::uint8_t* bytes) {
  NarrowColumn column;
  column.head_ = head;
  column.bytes_ = bytes;
  return column;
}

std::uint64_t NarrowColumn::code(std::size_t row) const {
  std::uint64_t code = 0;
  std::memcpy(&code, bytes_ + row * head_.width, head_.width);
  return code;
}

Maybe NarrowColumn::at(std::size_t row) const {
  if (head_.width == 0) return head_.is_null != 0 ? Maybe() : Maybe(head_.base);
  const auto found = code(row);
  if (head_.has_nulls != 0 && found == null_code()) return std::nullopt;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(head_.base) +
                                   static_cast<std::uint64_t>(head_.scale) * found);
}

void NarrowColumn::read(std::size_t first, std::size_t count, std::int64_t* values, std::uint8_t* known) const {
  const auto* from = bytes_ + first * head_.width;
  const bool nulls = head_.has_nulls != 0;
  switch (head_.width) {
    case 0:
      std::fill_n(values, count, head_.is_null != 0 ? 0 : head_.base);
      std::memset(known, head_.is_null != 0 ? 0 : 1, count);
      return;
    case 1:
      return widen<std::uint8_t>(from, count, head_.base, head_.scale, nulls, values, known);
    case 2:
      return widen<std::uint16_t>(from, count, head_.base, head_.scale, nulls, values, known);
    case 4:
      return widen<std::uint32_t>(from, count, head_.base, head_.scale, nulls, values, known);
    default:
      return widen<std::uint64_t>(from, count, head_.base, head_.scale, nulls, values, known);
  }
}

void NarrowColumn::read_codes(std::size_t first, std::size_t count, std::uint32_t* codes) const {
  const auto* from = bytes_ + first * head_.width;
  switch (head_.width) {
    case 0:
      std::fill_n(codes, count, head_.is_null != 0 ? kNoCode : static_cast<std::uint32_t>(head_.base));
      return;
    case 1:
      return widen_codes<std::uint8_t>(from, count, codes);
    case 2:
      return widen_codes<std::uint16_t>(from, count, codes);
    default:
      return widen_codes<std::uint32_t>(from, count, codes);
  }
}

void NarrowColumn::read_codes_of(std::size_t first, std::span<const std::uint16_t> rows, std::uint32_t* codes) const {
  const auto* from = bytes_ + first * head_.width;
  switch (head_.width) {
    case 0:
      return read_codes(first, rows.size(), codes);
    case 1:
      return widen_codes_of<std::uint8_t>(from, rows, codes);
    case 2:
      return widen_codes_of<std::uint16_t>(from, rows, codes);
    default:
      return widen_codes_of<std::uint32_t>(from, rows, codes);
  }
}

bool NarrowColumn::put(std::size_t row, Maybe value) {
  if (value == at(row)) return true;
  if (head_.width == 0) return false;
  if (!value) {
    head_.has_nulls = 1;  // the code for it is free in every width
    store(bytes_ + row * head_.width, null_code(), head_.width);
    return true;
  }
  if (*value < head_.base) return false;
  const auto offset = static_cast<std::uint64_t>(*value) - static_cast<std::uint64_t>(head_.base);
  const auto code = offset / static_cast<std::uint64_t>(head_.scale);
  if (offset % static_cast<std::uint64_t>(head_.scale) != 0 || code >= null_code()) return false;
  head_.greatest =
      std::max(head_.greatest, static_cast<std::int64_t>(std::min<std::uint64_t>(magnitude(*value), INT64_MAX)));
  store(bytes_ + row * head_.width, code, head_.width);
  return true;
}

}  // namespace hkl
