#include "columns/segment.h"

#include <algorithm>
#include <numeric>

namespace hkl {

std::uint32_t Segment::first_from(std::uint32_t time_column, std::int64_t ms) const {
  std::uint32_t low = 0, high = rows;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (at(time_column, middle) < ms)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

ColumnRow Segment::row(std::uint32_t at) const {
  ColumnRow row;
  row.reserve(columns.size());
  for (const auto& column : columns) row.push_back(column.at(at));
  return row;
}

void Segment::kill(std::uint32_t row) {
  if (is_alive.empty()) is_alive.assign(rows, 1);
  dead += is_alive[row];
  is_alive[row] = 0;
}

RowBuffer::RowBuffer(const Schema& schema)
    : schema_(schema), values_(schema.columns().size()), known_(schema.columns().size()) {}

void RowBuffer::append(const ColumnRow& row) {
  for (std::size_t c = 0; c < row.size(); ++c) {
    values_[c].push_back(row[c].value_or(0));
    known_[c].push_back(row[c] ? 1 : 0);
  }
  ++rows_;
}

void RowBuffer::put(std::uint32_t at, const ColumnRow& row) {
  for (std::size_t c = 0; c < row.size(); ++c) {
    values_[c][at] = row[c].value_or(0);
    known_[c][at] = row[c] ? 1 : 0;
  }
}

Maybe RowBuffer::value(std::uint32_t column, std::uint32_t row) const {
  return known_[column][row] != 0 ? Maybe(values_[column][row]) : std::nullopt;
}

ColumnRow RowBuffer::row(std::uint32_t at) const {
  ColumnRow row;
  for (std::uint32_t c = 0; c < values_.size(); ++c) row.push_back(value(c, at));
  return row;
}

void RowBuffer::remove_last() {
  for (auto& column : values_) column.pop_back();
  for (auto& column : known_) column.pop_back();
  --rows_;
}

void RowBuffer::clear() {
  for (auto& column : values_) column.clear();
  for (auto& column : known_) column.clear();
  rows_ = 0;
}

std::vector<std::uint32_t> RowBuffer::order() const {
  const auto time = schema_.at(kStartedAt);
  const auto at = [&](std::uint32_t row) { return value(time, row).value_or(kNoTime); };
  std::vector<std::uint32_t> order(rows_);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return at(a) < at(b); });
  return order;
}

void RowBuffer::sort() {
  const auto places = order();
  const auto moved = [&](const auto& column) {
    std::decay_t<decltype(column)> sorted;
    sorted.reserve(places.size());
    for (const auto place : places) sorted.push_back(column[place]);
    return sorted;
  };
  for (auto& column : values_) column = moved(column);
  for (auto& column : known_) column = moved(column);
}

std::shared_ptr<Segment> RowBuffer::part(std::uint32_t first, std::uint32_t count, bool is_packed) const {
  const auto make = is_packed ? &NarrowColumn::of : &NarrowColumn::plain_of;
  auto segment = std::make_shared<Segment>();
  segment->rows = count;
  const auto time = schema_.at(kStartedAt);
  if (count > 0) segment->least_at = value(time, first).value_or(kNoTime);
  if (count > 0) segment->greatest_at = value(time, first + count - 1).value_or(kNoTime);
  for (std::size_t c = 0; c < values_.size(); ++c)
    segment->columns.push_back(make(std::span(values_[c]).subspan(first, count),
                                    std::span(known_[c]).subspan(first, count), schema_.columns()[c].is_text));
  return segment;
}

std::shared_ptr<Segment> RowBuffer::for_now() const {
  auto copy = *this;
  copy.sort();
  return copy.part(0, rows_, false);
}

}  // namespace hkl
