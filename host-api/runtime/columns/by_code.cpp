#include "columns/by_code.h"

#include <algorithm>

namespace hkl {
namespace {

// Tables of more codes leave the near cache, and take longer to make than they save.
constexpr std::uint64_t kCodesAtMost = 16'384;

// How many codes a column can hold; nothing: more than a table is made for.
std::optional<std::size_t> code_count(const NarrowHead& head) {
  if (head.width == 0 || head.width > 2 || head.base < 0) return std::nullopt;
  const auto last = static_cast<std::uint64_t>(head.greatest - head.base) / static_cast<std::uint64_t>(head.scale);
  if (head.greatest < head.base || last >= kCodesAtMost) return std::nullopt;
  return static_cast<std::size_t>(last + 1);
}

template <typename Code>
void look_up(const std::uint8_t* bytes, const ByCode::Answers& answers, std::size_t count, Numbers& out) {
  const auto* codes = reinterpret_cast<const Code*>(bytes);
  for (std::size_t i = 0; i < count; ++i) {
    const auto place = answers.place(codes[i]);
    out.values[i] = answers.values[place];
    out.known[i] = answers.known[place];
  }
}

template <typename Code>
void look_up_small(const std::uint8_t* bytes, const std::vector<std::int32_t>& answers, std::size_t count,
                   std::int32_t* __restrict out) {
  const auto* codes = reinterpret_cast<const Code*>(bytes);
  const auto* values = answers.data();
  const auto last = static_cast<std::uint32_t>(answers.size() - 1);
  for (std::size_t i = 0; i < count; ++i) out[i] = values[std::min<std::uint32_t>(codes[i], last)];
}

// Between each and the next, all of them known but the last, which is of no code.
std::optional<std::int64_t> step_of(const ByCode::Answers& answers) {
  const auto codes = answers.values.size() - 1;
  if (answers.known[codes] != 0 || codes < 2) return std::nullopt;
  std::int64_t step = 0;
  for (std::size_t code = 0; code < codes; ++code) {
    std::int64_t difference = step;
    if (code > 0 && __builtin_sub_overflow(answers.values[code], answers.values[code - 1], &difference))
      return std::nullopt;
    if (code == 1) step = difference;
    if (difference != step || answers.known[code] == 0) return std::nullopt;
  }
  return step;
}

}  // namespace

ByCode::ByCode(NumberFn run, std::uint32_t column, bool is_text, std::size_t columns)
    : run_(std::move(run)), column_(column), is_text_(is_text), batch_(columns) {}

const ByCode::Answers* ByCode::of(const Segment& segment) {
  const auto& head = segment.columns[column_].head();
  const auto codes = code_count(head);
  if (!codes) return nullptr;
  const bool is_known = head.base == base_ && head.scale == scale_ && *codes < answers_.values.size();
  if (is_known) return &answers_;
  try {
    compute(head, *codes);
  } catch (const NotInColumns&) {
    scale_ = 0;
    return nullptr;  // asked of each row, it says itself what it cannot
  }
  return &answers_;
}

// The expression runs over a segment whose rows hold each code once, and nothing once.
void ByCode::compute(const NarrowHead& head, std::size_t codes) {
  std::vector<std::int64_t> values(codes + 1, 0);
  std::vector<std::uint8_t> known(codes + 1, 1);
  for (std::size_t code = 0; code < codes; ++code)
    values[code] = head.base + head.scale * static_cast<std::int64_t>(code);
  known[codes] = 0;
  Segment all;
  all.rows = static_cast<std::uint32_t>(codes + 1);
  all.columns.resize(column_ + 1);
  all.columns[column_] = NarrowColumn::plain_of(values, known, is_text_);
  answers_ = {};
  for (std::uint32_t first = 0; first < all.rows; first += kBatchRows) {
    const auto count = std::min<std::uint32_t>(kBatchRows, all.rows - first);
    batch_.move_to(all, first, count);
    run_(batch_, room_);
    answers_.values.insert(answers_.values.end(), room_.values.begin(), room_.values.begin() + count);
    answers_.known.insert(answers_.known.end(), room_.known.begin(), room_.known.begin() + count);
  }
  for (const auto value : answers_.values)
    answers_.greatest = std::max(answers_.greatest, value < 0 ? -(value + 1) : value);
  answers_.step = step_of(answers_);
  if (answers_.greatest < INT32_MAX)
    for (std::size_t code = 0; code < answers_.values.size(); ++code)
      answers_.small.push_back(answers_.known[code] == 0 ? kUnknownSmall
                                                         : static_cast<std::int32_t>(answers_.values[code]));
  base_ = head.base;
  scale_ = head.scale;
}

std::optional<NarrowHead> ByCode::line(const Segment& segment) {
  const auto* answers = of(segment);
  if (answers == nullptr || !answers->step) return std::nullopt;
  auto head = segment.columns[column_].head();
  head.base = answers->values[0];
  head.scale = *answers->step;
  head.greatest = answers->greatest;
  return head;
}

void ByCode::read(Batch& batch, Numbers& out) {
  const auto* answers = of(batch.segment());
  if (answers == nullptr) return run_(batch, out);
  const auto* from = batch.codes(column_);
  if (const auto head = line(batch.segment()))
    return widen(*head, from, batch.count(), out.values.data(), out.known.data());
  if (batch.segment().columns[column_].head().width == 1)
    look_up<std::uint8_t>(from, *answers, batch.count(), out);
  else
    look_up<std::uint16_t>(from, *answers, batch.count(), out);
}

bool ByCode::read_small(Batch& batch, std::int32_t* out) {
  const auto* answers = of(batch.segment());
  if (answers == nullptr || answers->small.empty()) return false;
  const auto* from = batch.codes(column_);
  if (batch.segment().columns[column_].head().width == 1)
    look_up_small<std::uint8_t>(from, answers->small, batch.count(), out);
  else
    look_up_small<std::uint16_t>(from, answers->small, batch.count(), out);
  return true;
}

}  // namespace hkl
