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
  first_.clear();
}

void ShareRows::add(std::uint32_t row, const Share& share, bool is_first) {
  rows_.push_back(row);
  shares_.push_back(share);
  first_.push_back(is_first ? 1 : 0);
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

void ShareRows::put_texts(std::string_view column, std::vector<std::uint32_t>& codes, Maybe Share::*text) {
  codes.clear();
  for (const auto& share : shares_)
    codes.push_back(share.*text ? static_cast<std::uint32_t>(*(share.*text)) : NarrowColumn::kNoCode);
  NarrowHead head;
  head.rows = size();
  head.width = sizeof(std::uint32_t);
  head.has_nulls = 1;
  const auto index = table_.schema().at(column);
  head.greatest = table_.dictionary(index).size();
  segment_.columns[index] = NarrowColumn::over(head, reinterpret_cast<std::uint8_t*>(codes.data()));
}

void ShareRows::put_talk() {
  std::vector<std::int64_t> values;
  std::vector<std::uint8_t> known;
  for (const auto& share : shares_) {
    values.push_back(share.talk_ms.value_or(0));
    known.push_back(share.talk_ms ? 1 : 0);
  }
  segment_.columns[share_talk_column(table_.schema())] = NarrowColumn::plain_of(values, known, false);
}

const Segment& ShareRows::as_segment() {
  segment_.rows = size();
  for (auto& column : columns_) segment_.columns[column.index] = column.over(size());
  put_texts("employee", employees_, &Share::employee);
  put_texts("extension", extensions_, &Share::extension);
  put_talk();
  NarrowHead yes_or_no;
  yes_or_no.rows = size();
  yes_or_no.width = 1;
  yes_or_no.greatest = 1;
  segment_.columns[share_first_column(table_.schema())] = NarrowColumn::over(yes_or_no, first_.data());
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
      grouped_(table_, columns_, specs.asked.classes),
      once_(table_, columns_, specs.asked.classes) {}

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
  const auto& schema = table_.schema();
  const auto& employees = segment.columns[schema.at("employee")];
  const auto& extensions = segment.columns[schema.at("extension")];
  const auto& texts = table_.dictionary(table_.shares_column());
  for (const auto& [row, code] : lists_) {
    if (!segment.alive(row)) continue;
    const auto packed = texts.text(code);
    bytes_ += packed.size();
    unpack_shares(packed, list_);
    const auto employee = employees.at(row), extension = extensions.at(row);
    for (const auto& share : list_) shares_.add(row, share, share.employee == employee && share.extension == extension);
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

// Shares of one call as rows: those that are alike in what is asked are one.
class ShareReader::Together {
 public:
  Together(const ShareRows& shares, ShareRows& rows, bool by_employee, bool by_extension)
      : shares_(shares), rows_(rows), by_employee_(by_employee), by_extension_(by_extension) {}

  void add(std::uint32_t place) {
    const auto& share = shares_.share(place);
    const auto like = std::find_if(made_.begin(), made_.end(), [&](const Made& made) {
      return (!by_employee_ || made.share.employee == share.employee) &&
             (!by_extension_ || made.share.extension == share.extension);
    });
    if (like == made_.end()) return made_.push_back({place, share, shares_.is_first(place)});
    if (share.talk_ms) like->share.talk_ms = like->share.talk_ms.value_or(0) + *share.talk_ms;
    like->is_first |= shares_.is_first(place);
  }
  void end_call() {
    for (const auto& made : made_) {
      rows_.add(shares_.row(made.place), made.share, made.is_first);
      places_.push_back(made.place);
    }
    made_.clear();
  }
  void fill() { rows_.fill(shares_, places_); }

 private:
  struct Made {
    std::uint32_t place;
    Share share;
    bool is_first;
  };
  const ShareRows& shares_;
  ShareRows& rows_;
  bool by_employee_, by_extension_;
  std::vector<Made> made_;  // of the call
  std::vector<std::uint32_t> places_;
};

void ShareReader::hand_over(const Segment& segment, const Take& take) {
  ask();
  grouped_.begin(segment);
  once_.begin(segment);
  Together grouped(shares_, grouped_, specs_.by_employee, specs_.by_extension), once(shares_, once_, false, false);
  for (std::uint32_t place = 0; place < shares_.size(); ++place) {
    if (passes_[place] != 0) {
      if (specs_.grouped) grouped.add(place);
      once.add(place);
    }
    const bool is_last = place + 1 == shares_.size() || shares_.row(place + 1) != shares_.row(place);
    if (!is_last) continue;
    grouped.end_call();
    once.end_call();
  }
  grouped.fill();
  once.fill();
  take(grouped_, once_);
}

}  // namespace hkl
