#include "columns/groups.h"

#include <algorithm>

namespace hkl {
namespace {

constexpr std::uint32_t kUnseen = UINT32_MAX;
// Pairs of numbers below this are looked up in a table of a megabyte.
constexpr std::uint32_t kSmall = 512;

}  // namespace

DimensionCodes::DimensionCodes(Program& program, const Dimension& dimension) {
  const Node& node = *dimension.expr;
  if (node.type == Type::text) {
    auto text = program.text(node);
    texts_ = text.texts;
    if (texts_ == &program.pool()) pool_ = &program.pool();
    column_ = text.column;
    run_ = std::move(text.run);
    of_moment_ = std::move(text.of_moment);
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

std::uint32_t DimensionCodes::of_hour(Maybe moment) {
  const auto value = moment ? of_moment_(*moment) : Maybe();
  return value ? code_of_raw(*value) : 0;
}

// A column's codes as they lie: no value is widened.
void DimensionCodes::read_column(Batch& batch, std::uint32_t* codes) {
  const auto& column = batch.segment().columns[*column_];
  column.read_codes(batch.first(), batch.count(), codes);
  batch.note_bytes(std::uint64_t{batch.count()} * column.head().width);
  if (of_text_.size() < texts_->size()) of_text_.resize(texts_->size(), kUnseen);
  const auto* known = of_text_.data();
  bool has_new = false;
  for (std::size_t i = 0; i < batch.count(); ++i) {
    if (codes[i] == NarrowColumn::kNoCode) {
      codes[i] = 0;
      continue;
    }
    const auto code = known[codes[i]];
    has_new |= code == kUnseen;
    codes[i] = code == kUnseen ? codes[i] | 0x80000000U : code;
  }
  if (!has_new) return;
  for (std::size_t i = 0; i < batch.count(); ++i)
    if ((codes[i] & 0x80000000U) != 0) codes[i] = text_code(codes[i] & 0x7fffffffU);
}

void DimensionCodes::read(Batch& batch, std::uint32_t* codes) {
  if (column_) return read_column(batch, codes);
  run_(batch, room_);
  std::int64_t last = 0;
  std::uint32_t last_code = kUnseen;
  for (std::size_t i = 0; i < batch.count(); ++i) {
    if (room_.known[i] == 0) {
      codes[i] = 0;
      continue;
    }
    if (last_code == kUnseen || room_.values[i] != last) last_code = code_of_raw(last = room_.values[i]);
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
  room_.assign(dimensions.size(), std::vector<std::uint32_t>(kBatchRows));
  if (dimensions.size() == 2) pairs_.assign(std::size_t{kSmall} * kSmall, 0);
}

std::uint32_t Groups::size() const {
  if (dimensions_.empty()) return 1;
  return dimensions_.size() == 1 ? dimensions_[0].size() : static_cast<std::uint32_t>(parts_.size());
}

std::uint32_t Groups::of_parts(const Parts& parts) {
  if (dimensions_.size() == 1) return parts[0];
  const auto [found, is_new] = known_.try_emplace(parts, parts_.size());
  if (is_new) parts_.push_back(parts);
  return found->second;
}

void Groups::read_by_hours(Batch& batch, std::uint32_t* groups) {
  wanted_.resize(dimensions_.size());
  std::uint32_t from = 0;
  for (const auto& run : hours_->of(batch)) {
    for (std::size_t d = 0; d < dimensions_.size(); ++d) wanted_[d] = dimensions_[d].of_hour(run.moment);
    std::fill(groups + from, groups + run.end, of_parts(wanted_));
    from = run.end;
  }
}

void Groups::read(Batch& batch, std::uint32_t* groups) {
  if (dimensions_.empty()) return std::fill_n(groups, batch.count(), 0U), void();
  if (are_of_hours_) return read_by_hours(batch, groups);
  if (dimensions_.size() == 1) return dimensions_[0].read(batch, groups);
  for (std::size_t d = 0; d < dimensions_.size(); ++d) dimensions_[d].read(batch, room_[d].data());
  wanted_.resize(dimensions_.size());
  for (std::size_t i = 0; i < batch.count(); ++i) {
    const bool is_small = dimensions_.size() == 2 && room_[0][i] < kSmall && room_[1][i] < kSmall;
    auto* pair = is_small ? &pairs_[room_[0][i] * kSmall + room_[1][i]] : nullptr;
    if (pair != nullptr && *pair != 0) {
      groups[i] = *pair - 1;
      continue;
    }
    for (std::size_t d = 0; d < dimensions_.size(); ++d) wanted_[d] = room_[d][i];
    groups[i] = of_parts(wanted_);
    if (pair != nullptr) *pair = groups[i] + 1;
  }
}

RowIds Groups::ids(std::uint32_t group) const {
  RowIds ids;
  for (std::size_t d = 0; d < dimensions_.size(); ++d)
    ids.push_back(dimensions_[d].id(dimensions_.size() == 1 ? group : parts_[group][d]));
  return ids;
}

std::uint64_t Groups::key(std::uint32_t group) const {
  std::uint64_t key = 0;
  for (std::size_t d = 0; d < dimensions_.size(); ++d) {
    const auto code = dimensions_.size() == 1 ? group : parts_[group][d];
    key = key << 32 | (code == 0 ? kUnseen : static_cast<std::uint32_t>(dimensions_[d].raw(code)));
  }
  return key;
}

std::uint32_t Groups::group_of_key(std::uint64_t key) {
  wanted_.resize(dimensions_.size());
  for (std::size_t d = dimensions_.size(); d-- > 0; key >>= 32) {
    const auto raw = static_cast<std::uint32_t>(key);
    wanted_[d] = raw == kUnseen ? 0 : dimensions_[d].code_of_raw(raw);
  }
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
