#include "columns/groups.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace hkl {
namespace {

constexpr std::uint32_t kUnseen = UINT32_MAX;
// So few texts get their numbers beforehand.
constexpr std::uint32_t kFewTexts = 1024;
// Pairs of numbers are looked up in a table of a megabyte at most.
constexpr std::uint64_t kPairsAtMost = 262'144;

}  // namespace

DimensionCodes::DimensionCodes(Program& program, const Dimension& dimension)
    : key_texts_(&program.table().key_texts()) {
  const Node& node = *dimension.expr;
  if (node.type == Type::text) {
    auto text = program.text(node);
    texts_ = text.texts;
    if (texts_ == &program.pool()) pool_ = &program.pool();
    column_ = text.column;
    run_ = std::move(text.run);
    of_moment_ = std::move(text.of_moment);
    if (column_ && texts_->size() <= kFewTexts) number_all_texts();
  } else if (is_numeric(node.type)) {
    auto number = program.number(node);
    run_ = std::move(number.run);
    of_moment_ = std::move(number.of_moment);
  } else if (node.type == Type::boolean) {
    run_ = program.truth(node);
  } else {
    throw NotInColumns("rows are grouped by a set by SQL");
  }
}

std::uint32_t DimensionCodes::text_code(std::uint32_t text) {
  if (text >= of_text_.size()) of_text_.resize(std::max<std::size_t>(texts_->size(), text + 1), kUnseen);
  auto& code = of_text_[text];
  if (code != kUnseen) return code;
  if (texts_->text(text).empty()) return code = 0;  // an empty text is nothing
  raw_.push_back(text);
  return code = size() - 1;
}

std::uint32_t DimensionCodes::code_of_raw(std::int64_t raw) {
  if (texts_ != nullptr) return text_code(static_cast<std::uint32_t>(raw));
  const auto [found, is_new] = of_number_.try_emplace(raw, size());
  if (is_new) raw_.push_back(raw);
  return found->second;
}

std::uint32_t DimensionCodes::code_of(const DimensionCodes& other, std::uint32_t code) {
  if (code == 0) return 0;
  const auto raw = other.raw(code);
  if (pool_ == nullptr) return code_of_raw(raw);
  return text_code(pool_->add(other.texts_->text(static_cast<std::uint32_t>(raw))));
}

std::uint32_t DimensionCodes::key(std::uint32_t code) {
  if (code == 0) return kUnseen;
  const auto raw = static_cast<std::uint32_t>(raw_[code]);
  if (pool_ == nullptr) return raw;
  const auto [found, is_new] = key_of_.try_emplace(raw, 0);
  if (is_new) found->second = key_texts_->add(pool_->text(raw));
  return found->second;
}

std::uint32_t DimensionCodes::code_of_key(std::uint32_t key) {
  if (key == kUnseen) return 0;
  if (pool_ == nullptr) return code_of_raw(key);
  const auto [found, is_new] = code_of_.try_emplace(key, 0);
  if (is_new) found->second = text_code(pool_->add(key_texts_->text(key)));
  return found->second;
}

std::uint32_t DimensionCodes::of_hour(Maybe moment) {
  const auto value = moment ? of_moment_(*moment) : Maybe();
  return value ? code_of_raw(*value) : 0;
}

void DimensionCodes::number_all_texts() {
  for (std::uint32_t text = 0; text < texts_->size(); ++text) text_code(text);
  of_text_.resize(std::size_t{texts_->size()} + 1, kUnseen);
  of_text_[texts_->size()] = 0;
  has_all_ = true;
}

// A column's codes as they lie: no value is widened.
void DimensionCodes::read_column(Batch& batch, const Chosen& chosen, std::uint32_t* codes) {
  batch.text_codes(*column_, chosen, codes);
  if (has_all_) {
    const auto* known = of_text_.data();
    const auto none = texts_->size();
    return each_of(chosen.count, [=](std::size_t i) { codes[i] = known[std::min(codes[i], none)]; });
  }
  if (of_text_.size() < texts_->size()) of_text_.resize(texts_->size(), kUnseen);
  const auto* known = of_text_.data();
  bool has_new = false;
  for (std::size_t i = 0; i < chosen.count; ++i) {
    if (codes[i] == NarrowColumn::kNoCode) {
      codes[i] = 0;
      continue;
    }
    const auto code = known[codes[i]];
    has_new |= code == kUnseen;
    codes[i] = code == kUnseen ? codes[i] | 0x80000000U : code;
  }
  if (!has_new) return;
  for (std::size_t i = 0; i < chosen.count; ++i)
    if ((codes[i] & 0x80000000U) != 0) codes[i] = text_code(codes[i] & 0x7fffffffU);
}

void DimensionCodes::read(Batch& batch, const Chosen& chosen, std::uint32_t* codes) {
  if (column_) return read_column(batch, chosen, codes);
  run_(batch, room_);
  std::int64_t last = 0;
  std::uint32_t last_code = kUnseen;
  for (std::size_t i = 0; i < chosen.count; ++i) {
    const auto row = chosen.rows[i];
    if (room_.known[row] == 0) {
      codes[i] = 0;
      continue;
    }
    if (last_code == kUnseen || room_.values[row] != last) last_code = code_of_raw(last = room_.values[row]);
    codes[i] = last_code;
  }
}

std::optional<std::string> DimensionCodes::id(std::uint32_t code) const {
  if (code == 0) return std::nullopt;
  if (texts_ == nullptr) return std::to_string(raw_[code]);
  return std::string(texts_->text(static_cast<std::uint32_t>(raw_[code])));
}

std::size_t Groups::HashParts::operator()(const Parts& parts) const {
  std::size_t hash = 0;
  for (const auto part : parts) hash = (hash ^ part) * 0x9E3779B97F4A7C15ULL;
  return hash;
}

Groups::Groups(Program& program, const std::vector<const Dimension*>& dimensions) {
  for (const auto* dimension : dimensions) dimensions_.emplace_back(program, *dimension);
  hours_ = program.hours();
  are_of_hours_ =
      std::all_of(dimensions_.begin(), dimensions_.end(), [](const DimensionCodes& one) { return one.is_of_hour(); });
  for (std::size_t d = 0; dimensions_.size() == 2 && d < 2; ++d)
    if (dimensions_[d].numbered_column() && dimensions_[1 - d].is_of_hour()) beside_hours_ = d;
  room_.assign(dimensions.size(), std::vector<std::uint32_t>(kBatchRows));
}

std::uint32_t Groups::size() const {
  if (dimensions_.empty()) return 1;
  return dimensions_.size() == 1 ? dimensions_[0].size() : static_cast<std::uint32_t>(parts_.size());
}

std::optional<std::uint32_t> Groups::only_column() const {
  return dimensions_.size() == 1 ? dimensions_[0].numbered_column() : std::nullopt;
}

const std::uint32_t* Groups::of_codes(std::uint8_t width) {
  const auto& only = dimensions_[0];
  if (only.follows_codes()) return nullptr;
  auto& of_codes = of_codes_[width - 1];
  if (!of_codes.empty()) return of_codes.data();
  const std::uint32_t none = width == 1 ? UINT8_MAX : UINT16_MAX;
  of_codes.assign(none + 1, 0);
  for (std::uint32_t code = 0; code < std::min(none, kFewTexts); ++code) of_codes[code] = only.number_of(code);
  return of_codes.data();
}

std::uint32_t Groups::of_parts(const Parts& parts) {
  if (dimensions_.size() == 1) return parts[0];
  const auto [found, is_new] = known_.try_emplace(parts, parts_.size());
  if (is_new) parts_.push_back(parts);
  return found->second;
}

// Which of the chosen rows are of each hour.
template <typename Take>
void Groups::each_run(Batch& batch, const Chosen& chosen, Take take) {
  std::size_t from = 0;
  for (const auto& run : hours_->of(batch)) {
    const auto* end = chosen.rows + chosen.count;
    const auto to = chosen.is_all
                        ? run.end
                        : static_cast<std::size_t>(std::lower_bound(chosen.rows + from, end, run.end) - chosen.rows);
    if (to > from) take(run, from, to);
    from = to;
  }
}

void Groups::read_by_hours(Batch& batch, const Chosen& chosen, std::uint32_t* groups) {
  wanted_.resize(dimensions_.size());
  each_run(batch, chosen, [&](const HourRun& run, std::size_t from, std::size_t to) {
    for (std::size_t d = 0; d < dimensions_.size(); ++d) wanted_[d] = dimensions_[d].of_hour(run.moment);
    std::fill(groups + from, groups + to, of_parts(wanted_));
  });
}

// The rows of an hour: by the codes of the column as they lie.
template <typename Code>
void Groups::read_beside_hours(Batch& batch, const Code* codes, const Chosen& chosen, std::uint32_t* groups) {
  constexpr auto kNull = std::numeric_limits<Code>::max();
  const auto& column = dimensions_[*beside_hours_];
  auto& hours = dimensions_[1 - *beside_hours_];
  each_run(batch, chosen, [&, none = column.texts().size()](const HourRun& run, std::size_t from, std::size_t to) {
    const auto hour = hours.of_hour(run.moment);
    if (hour >= of_hour_.size()) of_hour_.resize(hour + 1);
    auto& of_text = of_hour_[hour];
    of_text.resize(none + 1);
    const auto read = [&, of_text = of_text.data()](std::size_t i, std::size_t row) {
      const auto text = codes[row] == kNull ? none : codes[row];
      auto& group = of_text[text];
      if (group == 0) {
        wanted_[*beside_hours_] = column.number_of(text);
        wanted_[1 - *beside_hours_] = hour;
        group = of_parts(wanted_) + 1;
      }
      groups[i] = group - 1;
    };
    if (chosen.is_all)
      for (auto i = from; i < to; ++i) read(i, i);
    else
      for (auto i = from; i < to; ++i) read(i, chosen.rows[i]);
  });
}

// False: its codes do not lie so.
bool Groups::read_beside_hours(Batch& batch, const Chosen& chosen, std::uint32_t* groups) {
  const auto column = *dimensions_[*beside_hours_].numbered_column();
  const auto width = batch.segment().columns[column].head().width;
  if (width != 1 && width != 2) return false;
  const auto* codes = batch.codes(column);
  wanted_.resize(2);
  if (width == 1)
    read_beside_hours(batch, codes, chosen, groups);
  else
    read_beside_hours(batch, reinterpret_cast<const std::uint16_t*>(codes), chosen, groups);
  return true;
}

void Groups::grow_pairs(std::uint32_t first, std::uint32_t second) {
  const auto rows = std::max(pair_rows_, std::bit_ceil(first + 1)),
             columns = std::max(pair_columns_, std::bit_ceil(second + 1));
  std::vector<std::uint32_t> grown(std::size_t{rows} * columns, 0);
  for (std::size_t row = 0; row < pair_rows_; ++row)
    std::copy_n(pairs_.data() + row * pair_columns_, pair_columns_, grown.data() + row * columns);
  pairs_ = std::move(grown);
  pair_rows_ = rows;
  pair_columns_ = columns;
}

// Of two dimensions whose numbers are small.
void Groups::pair_up(std::size_t count, std::uint32_t* groups) {
  const auto *first = room_[0].data(), *second = room_[1].data();
  auto* pairs = pairs_.data();
  for (std::size_t i = 0; i < count; ++i) {
    auto& pair = pairs[first[i] * pair_columns_ + second[i]];
    if (pair == 0) {
      wanted_[0] = first[i];
      wanted_[1] = second[i];
      pair = of_parts(wanted_) + 1;
    }
    groups[i] = pair - 1;
  }
}

void Groups::read(Batch& batch, const Chosen& chosen, std::uint32_t* groups) {
  if (dimensions_.empty()) return std::fill_n(groups, chosen.count, 0U), void();
  if (are_of_hours_) return read_by_hours(batch, chosen, groups);
  if (dimensions_.size() == 1) return dimensions_[0].read(batch, chosen, groups);
  if (beside_hours_ && read_beside_hours(batch, chosen, groups)) return;
  for (std::size_t d = 0; d < dimensions_.size(); ++d)
    if (dimensions_[d].is_of_hour())
      each_run(batch, chosen, [&](const HourRun& run, std::size_t from, std::size_t to) {
        std::fill(room_[d].begin() + from, room_[d].begin() + to, dimensions_[d].of_hour(run.moment));
      });
    else
      dimensions_[d].read(batch, chosen, room_[d].data());
  wanted_.resize(dimensions_.size());
  if (dimensions_.size() == 2) {
    const auto first = dimensions_[0].size(), second = dimensions_[1].size();
    if (first > pair_rows_ || second > pair_columns_)
      if (std::uint64_t{std::bit_ceil(first)} * std::bit_ceil(second) <= kPairsAtMost)
        grow_pairs(first - 1, second - 1);
    if (first <= pair_rows_ && second <= pair_columns_) return pair_up(chosen.count, groups);
  }
  for (std::size_t i = 0; i < chosen.count; ++i) {
    for (std::size_t d = 0; d < dimensions_.size(); ++d) wanted_[d] = room_[d][i];
    groups[i] = of_parts(wanted_);
  }
}

RowIds Groups::ids(std::uint32_t group) const {
  RowIds ids;
  for (std::size_t d = 0; d < dimensions_.size(); ++d)
    ids.push_back(dimensions_[d].id(dimensions_.size() == 1 ? group : parts_[group][d]));
  return ids;
}

std::uint64_t Groups::key(std::uint32_t group) {
  std::uint64_t key = 0;
  for (std::size_t d = 0; d < dimensions_.size(); ++d)
    key = key << 32 | dimensions_[d].key(dimensions_.size() == 1 ? group : parts_[group][d]);
  return key;
}

std::uint32_t Groups::group_of_key(std::uint64_t key) {
  wanted_.resize(dimensions_.size());
  for (std::size_t d = dimensions_.size(); d-- > 0; key >>= 32)
    wanted_[d] = dimensions_[d].code_of_key(static_cast<std::uint32_t>(key));
  return dimensions_.empty() ? 0 : of_parts(wanted_);
}

std::uint32_t Groups::group_of(const Groups& other, std::uint32_t group) {
  wanted_.resize(dimensions_.size());
  for (std::size_t d = 0; d < dimensions_.size(); ++d) {
    const auto code = dimensions_.size() == 1 ? group : other.parts_[group][d];
    wanted_[d] = dimensions_[d].code_of(other.dimensions_[d], code);
  }
  return dimensions_.empty() ? 0 : of_parts(wanted_);
}

}  // namespace hkl
