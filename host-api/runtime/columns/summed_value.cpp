#include "columns/summed_value.h"

#include <algorithm>
#include <limits>

namespace hkl {
namespace {

using Target = SummedValue::Target;

template <bool counts, typename ValueOf>
inline void add_rows(const Target& to, ValueOf value_of) {
  const auto add = [cells = to.cells, place = to.place](std::uint32_t begin, std::int64_t value) {
    auto* cell = cells + begin;
    if constexpr (counts) ++*cell;
    cell[place] += value;
  };
  if (to.chosen.is_all)
    for (std::size_t i = 0; i < to.chosen.count; ++i) add(to.begins[i], value_of(i));
  else
    for (std::size_t i = 0; i < to.chosen.count; ++i) add(to.begins[i], value_of(to.chosen.rows[i]));
}

template <typename ValueOf>
inline void add_each(const Target& to, ValueOf value_of) {
  if (to.is_counted)
    add_rows<true>(to, value_of);
  else
    add_rows<false>(to, value_of);
}

// A column's value by its code. In unsigned numbers, where what leaves 64 bits comes back when the base is added.
template <typename Code>
auto value_by_row(const std::uint8_t* bytes, const NarrowHead& head) {
  return [codes = reinterpret_cast<const Code*>(bytes), base = static_cast<std::uint64_t>(head.base),
          scale = static_cast<std::uint64_t>(head.scale)](std::size_t row) {
    return static_cast<std::int64_t>(base + scale * codes[row]);
  };
}

template <typename Code>
void add_column(const std::uint8_t* bytes, const NarrowHead& head, const Target& to) {
  const auto value = value_by_row<Code>(bytes, head);
  if (head.has_nulls == 0) return add_each(to, value);
  add_each(to, [=, codes = reinterpret_cast<const Code*>(bytes)](std::size_t row) {
    return codes[row] == std::numeric_limits<Code>::max() ? 0 : value(row);
  });
}

template <typename Code>
void add_answers(const std::uint8_t* bytes, const ByCode::Answers& answers, const Target& to) {
  const auto* codes = reinterpret_cast<const Code*>(bytes);
  const auto* values = answers.values.data();
  const auto last =
      static_cast<Code>(std::min<std::size_t>(answers.values.size() - 1, std::numeric_limits<Code>::max()));
  add_each(to, [=](std::size_t row) { return values[std::min(codes[row], last)]; });
}

template <typename Place, typename Code>
void add_packed_codes(const Place* places, const Code* codes, const Chosen& chosen, std::uint64_t* packed) {
  const auto add = [=](std::size_t row) { packed[places[row]] += Cells::kPackedRow + codes[row]; };
  if (chosen.is_all)
    each_of(chosen.count, add);
  else
    for (std::size_t i = 0; i < chosen.count; ++i) add(chosen.rows[i]);
}

template <typename Place>
void add_packed_rows(Batch& batch, std::uint32_t column, const DirectCells& direct, const Chosen& chosen,
                     std::uint64_t* packed) {
  alignas(64) Place places[kBatchRows];
  direct.write(batch.count(), places);
  const auto* codes = batch.codes(column);
  if (batch.segment().columns[column].head().width == 1)
    add_packed_codes(places, codes, chosen, packed);
  else
    add_packed_codes(places, reinterpret_cast<const std::uint16_t*>(codes), chosen, packed);
}

// So that to go over them is less than to widen all.
bool is_known_of_few(const NarrowHead& head) { return head.packing == Packing::sparse && head.packed <= 4; }

}  // namespace

void SummedValue::add(Batch& batch, const Target& to) {
  if (const auto own = expr_.column_in(batch.segment())) return add_plainly(batch, *own, to);
  if (expr_.less && is_known_of_few(batch.segment().columns[expr_.less->beyond].head())) {
    add_plainly(batch, expr_.less->column, to);
    return take_less(batch, to);
  }
  const auto* answers = expr_.by_code ? expr_.by_code->of(batch.segment()) : nullptr;
  if (answers == nullptr) {
    expr_.run(batch, room_);
    for (std::size_t i = 0; i < batch.count(); ++i)
      greatest_ = std::max(greatest_, room_.values[i] < 0 ? -(room_.values[i] + 1) : room_.values[i]);
    return add_each(to, [values = room_.values.data()](std::size_t row) { return values[row]; });
  }
  greatest_ = std::max(greatest_, answers->greatest);
  const auto column = expr_.by_code->column();
  const auto* bytes = batch.codes(column);
  if (batch.segment().columns[column].head().width == 1)
    add_answers<std::uint8_t>(bytes, *answers, to);
  else
    add_answers<std::uint16_t>(bytes, *answers, to);
}

void SummedValue::add_plainly(Batch& batch, std::uint32_t column, const Target& to) {
  const auto& head = batch.segment().columns[column].head();
  greatest_ = std::max(greatest_, head.greatest);
  const auto* bytes = batch.codes(column);
  switch (head.width) {
    case 0:
      return add_each(to, [value = head.is_null != 0 ? 0 : head.base](std::size_t) { return value; });
    case 1:
      return add_column<std::uint8_t>(bytes, head, to);
    case 2:
      return add_column<std::uint16_t>(bytes, head, to);
    case 4:
      return add_column<std::uint32_t>(bytes, head, to);
    default:
      return add_column<std::uint64_t>(bytes, head, to);
  }
}

// Of the rows where something is to be taken off, which are few.
void SummedValue::take_less(Batch& batch, const Target& to) {
  const auto& column = batch.segment().columns[expr_.less->beyond];
  const auto& head = column.head();
  column.known_codes(batch.first(), batch.count(), less_);
  batch.note_bytes(less_.size() * (2 + head.packed));
  std::int64_t farthest = 0;
  if (__builtin_add_overflow(batch.segment().columns[expr_.less->column].head().greatest, head.greatest, &farthest))
    farthest = std::numeric_limits<std::int64_t>::max();
  greatest_ = std::max(greatest_, farthest);
  const auto* rows = to.chosen.rows;
  std::size_t i = 0;  // the last that may be the one looked for: nearly all rows are chosen, or few are
  for (const auto& [row, code] : less_) {
    const auto place = row - batch.first();
    if (place < rows[i]) continue;
    for (i = std::min<std::size_t>(to.chosen.count - 1, i + (place - rows[i])); rows[i] > place;) --i;
    if (rows[i] == place) to.cells[to.begins[i] + to.place] -= head.base + head.scale * std::int64_t{code};
  }
}

std::optional<std::uint32_t> SummedValue::packable(const Segment& segment) const {
  const auto column = expr_.column_in(segment);
  if (!column) return std::nullopt;
  const auto& head = segment.columns[*column].head();
  return head.has_nulls == 0 && (head.width == 1 || head.width == 2) ? column : std::nullopt;
}

void SummedValue::add_packed(Batch& batch, std::uint32_t column, const DirectCells& direct, const Chosen& chosen,
                             Cells& cells) {
  const auto& head = batch.segment().columns[column].head();
  greatest_ = std::max(greatest_, head.greatest);
  auto* packed = cells.packed(head, chosen.count);
  if (std::uint64_t{cells.groups()} * cells.stride() <= std::numeric_limits<std::uint16_t>::max())
    add_packed_rows<std::uint16_t>(batch, column, direct, chosen, packed);
  else
    add_packed_rows<std::uint32_t>(batch, column, direct, chosen, packed);
}

}  // namespace hkl
