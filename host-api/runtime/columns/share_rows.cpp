#include "columns/share_rows.h"

#include <algorithm>

namespace hkl {
namespace {

template <typename Code>
void take_codes(const std::uint8_t* bytes, std::span<const std::uint32_t> places, std::uint8_t* into) {
  const auto* from = reinterpret_cast<const Code*>(bytes);
  auto* to = reinterpret_cast<Code*>(into);
  for (std::size_t i = 0; i < places.size(); ++i) to[i] = from[places[i]];
}

std::set<std::uint32_t> united(std::set<std::uint32_t> some, const std::set<std::uint32_t>& others) {
  some.insert(others.begin(), others.end());
  return some;
}

}  // namespace

void ShareRows::Column::begin(const NarrowHead& of) {
  head = of;
  head.packing = Packing::plain;
  codes.clear();
}

void ShareRows::Column::take(const std::uint8_t* from, std::span<const std::uint32_t> places) {
  const auto at = codes.size();
  codes.resize(at + places.size() * head.width);
  switch (head.width) {
    case 0:
      return;
    case 1:
      return take_codes<std::uint8_t>(from, places, codes.data() + at);
    case 2:
      return take_codes<std::uint16_t>(from, places, codes.data() + at);
    case 4:
      return take_codes<std::uint32_t>(from, places, codes.data() + at);
    default:
      return take_codes<std::uint64_t>(from, places, codes.data() + at);
  }
}

NarrowColumn ShareRows::Column::over(std::uint32_t rows) {
  head.rows = rows;
  return NarrowColumn::over(head, codes.data());
}

ShareRows::ShareRows(const Table& table, const std::set<std::uint32_t>& columns, const ClassSet* classes)
    : table_(table), classes_(classes) {
  const auto& schema = table.schema();
  for (const auto index : columns) {
    const bool is_of_share = index == schema.at("employee") || index == schema.at("extension");
    if (!is_of_share) columns_.push_back({index, {}, {}});
  }
  segment_.columns.resize(column_count(schema));
}

void ShareRows::begin(const Segment& segment) {
  for (auto& column : columns_) column.begin(segment.columns[column.index].head());
  if (classes_ != nullptr) class_codes_.begin(segment.classes.at(classes_->number()).head());
  rows_.clear();
  shares_.clear();
}

void ShareRows::add(std::uint32_t row, const Share& share) {
  rows_.push_back(row);
  shares_.push_back(share);
}

void ShareRows::fill(Batch& batch) {
  places_.clear();
  const auto since = std::lower_bound(rows_.begin(), rows_.end(), batch.first());
  for (auto row = since; row != rows_.end(); ++row) places_.push_back(*row - batch.first());
  for (auto& column : columns_) column.take(batch.codes(column.index), places_);
  if (classes_ == nullptr) return;
  class_codes_.take(batch.segment().classes.at(classes_->number()).plain(batch.first()), places_);
}

void ShareRows::fill(const ShareRows& from, std::span<const std::uint32_t> places) {
  for (std::size_t c = 0; c < columns_.size(); ++c) columns_[c].take(from.columns_[c].codes.data(), places);
  class_codes_.take(from.class_codes_.codes.data(), places);
}

void ShareRows::put_texts(std::string_view column, std::vector<std::uint32_t>& codes, std::uint32_t Share::*text) {
  codes.clear();
  for (const auto& share : shares_) codes.push_back(share.*text);
  NarrowHead head;
  head.rows = size();
  head.width = sizeof(std::uint32_t);
  head.has_nulls = 1;
  const auto index = table_.schema().at(column);
  head.greatest = table_.dictionary(index).size();
  segment_.columns[index] = NarrowColumn::over(head, reinterpret_cast<std::uint8_t*>(codes.data()));
}

// Above the least of them; there is always room for the code that means "not known".
void ShareRows::put_talk() {
  NarrowHead head;
  head.rows = size();
  head.width = sizeof(std::uint64_t);
  head.has_nulls = 1;
  for (const auto& share : shares_) {
    const auto talk = share.talk_ms.value_or(0);
    head.base = std::min(head.base, talk);
    head.greatest = std::max(head.greatest, talk < 0 ? -(talk + 1) : talk);
  }
  talks_.clear();
  for (const auto& share : shares_)
    talks_.push_back(share.talk_ms ? static_cast<std::uint64_t>(*share.talk_ms) - static_cast<std::uint64_t>(head.base)
                                   : UINT64_MAX);
  segment_.columns[share_talk_column(table_.schema())] =
      NarrowColumn::over(head, reinterpret_cast<std::uint8_t*>(talks_.data()));
}

void ShareRows::put_first() {
  first_.clear();
  for (const auto& share : shares_) first_.push_back(share.is_first ? 1 : 0);
  NarrowHead head;
  head.rows = size();
  head.width = 1;
  head.greatest = 1;
  segment_.columns[share_first_column(table_.schema())] = NarrowColumn::over(head, first_.data());
}

const Segment& ShareRows::as_segment() {
  segment_.rows = size();
  for (auto& column : columns_) segment_.columns[column.index] = column.over(size());
  put_texts("employee", employees_, &Share::employee);
  put_texts("extension", extensions_, &Share::extension);
  put_talk();
  put_first();
  if (classes_ != nullptr) segment_.classes[classes_->number()] = class_codes_.over(size());
  return segment_;
}

// --- Going over calls

ShareReader::ShareReader(const ShareSpecs& specs, Dictionary& pool, std::set<std::uint32_t> columns)
    : specs_(specs),
      table_(*specs.asked.table),
      asked_(specs.asked, pool),
      columns_(united(std::move(columns), asked_.program().columns_read())),
      calls_(column_count(table_.schema())),
      shares_(table_, columns_, specs.asked.classes),
      grouped_{{table_, columns_, specs.asked.classes}, specs.by_employee, specs.by_extension},
      once_{{table_, columns_, specs.asked.classes}, false, false} {}

void ShareReader::read(const Segment& segment, std::uint32_t first, std::uint32_t end, const Take& take) {
  const auto& lists = segment.columns[table_.shares_column()];
  if (lists.head().is_null != 0) return;
  shares_.begin(segment);
  for (; first < end; first += kBatchRows) {
    const auto count = std::min<std::uint32_t>(kBatchRows, end - first);
    lists.known_codes(first, count, lists_);
    if (!lists_.empty()) add_calls(segment, first, count);
    if (shares_.size() < kBatchRows) continue;
    hand_over(segment, take);
    shares_.begin(segment);
  }
  if (shares_.size() > 0) hand_over(segment, take);
}

void ShareReader::add_calls(const Segment& segment, std::uint32_t first, std::uint32_t count) {
  const auto& texts = table_.dictionary(table_.shares_column());
  for (const auto& [row, code] : lists_) {
    if (!segment.alive(row)) continue;
    const auto packed = texts.text(code);
    bytes_ += packed.size();
    unpack_shares(packed, list_);
    for (const auto& share : list_) shares_.add(row, share);
  }
  calls_.move_to(segment, first, count);
  shares_.fill(calls_);
}

void ShareReader::ask() {
  const bool is_asked = !specs_.asked.filters.empty() || !specs_.asked.choices.empty();
  passes_.assign(shares_.size(), is_asked ? 0 : 1);
  if (!is_asked) return;
  const auto& rows = shares_.as_segment();
  for (std::uint32_t first = 0; first < rows.rows; first += kBatchRows) {
    const auto chosen = asked_.choose(rows, first, std::min<std::uint32_t>(kBatchRows, rows.rows - first));
    for (std::size_t i = 0; i < chosen.count; ++i) passes_[first + chosen.rows[i]] = 1;
  }
}

void ShareReader::Together::add(const ShareRows& shares, std::uint32_t place) {
  const auto& share = shares.share(place);
  if (rows.size() > 0 && rows.row(rows.size() - 1) != shares.row(place)) call = rows.size();
  for (auto i = call; i < rows.size(); ++i) {
    auto& other = rows.share(i);
    if (by_employee && other.employee != share.employee) continue;
    if (by_extension && other.extension != share.extension) continue;
    if (share.talk_ms) other.talk_ms = other.talk_ms.value_or(0) + *share.talk_ms;
    other.is_first |= share.is_first;
    return;
  }
  rows.add(shares.row(place), share);
  places.push_back(place);
}

void ShareReader::hand_over(const Segment& segment, const Take& take) {
  ask();
  for (auto* together : {&grouped_, &once_}) {
    together->rows.begin(segment);
    together->places.clear();
    together->call = 0;
    const bool is_wanted = together == &once_ || specs_.grouped;
    for (std::uint32_t place = 0; is_wanted && place < shares_.size(); ++place)
      if (passes_[place] != 0) together->add(shares_, place);
    together->rows.fill(shares_, together->places);
  }
  take(grouped_.rows, once_.rows);
}

}  // namespace hkl
