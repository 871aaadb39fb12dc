#include "columns/row_reader.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace hkl {
namespace {

// Combinations below this are numbered by a table of sixteen megabytes at most.
constexpr std::size_t kTableBits = 22;

MaskFn any_of(std::vector<MaskFn> parts) {
  const auto room = std::make_shared<Mask>();
  return [parts = std::move(parts), room](Batch& batch, Mask& out) {
    std::fill_n(out.holds.data(), batch.count(), 0);
    for (const auto& part : parts) {
      part(batch, *room);
      out |= *room;
    }
  };
}

// Of all places, as each mask has.
void put_answers(const Mask& mask, unsigned question, QuestionBits& bits) {
  const auto* __restrict holds = mask.holds.data();
  auto* __restrict of = bits.data();
  if (question == 0)
    for (std::size_t i = 0; i < kBatchRows; ++i) of[i] = holds[i];
  else
    for (std::size_t i = 0; i < kBatchRows; ++i) of[i] |= static_cast<std::uint16_t>(holds[i] << question);
}

}  // namespace

Combinations::Combinations(const ScanSpec& spec) : set_(spec.classes), shift_(spec.questions.nodes.size()) {
  const auto classes = set_ == nullptr ? std::size_t{1} : set_->size();
  // Without questions a combination is a class, under the same number.
  if (shift_ == 0)
    for (std::uint32_t code = 0; code < classes; ++code)
      seen_.emplace_back(set_ == nullptr ? 0 : set_->answers(code), 0);
  else if (shift_ <= kQuestionBits && (classes << shift_) <= (std::size_t{1} << kTableBits))
    table_.assign(classes << shift_, kNoNumber);
}

std::uint32_t Combinations::of_answers(std::uint64_t answers, std::uint64_t questions) {
  const auto [found, is_new] = known_.try_emplace({answers, questions}, size());
  if (is_new) seen_.emplace_back(answers, questions);
  return found->second;
}

std::uint32_t Combinations::of(std::uint32_t code, std::uint64_t questions) {
  return of_answers(set_ == nullptr ? 0 : set_->answers(code), questions);
}

void Combinations::number(const QuestionBits& questions, const Chosen& chosen, std::uint32_t* codes) {
  const auto* bits = questions.data();
  if (chosen.is_all)
    each_of(chosen.count, [=, shift = shift_](std::size_t i) { codes[i] = codes[i] << shift | bits[i]; });
  else
    for (std::size_t i = 0; i < chosen.count; ++i) codes[i] = codes[i] << shift_ | bits[chosen.rows[i]];
  const auto mask = (std::uint32_t{1} << shift_) - 1;
  for (std::size_t i = 0; i < chosen.count; ++i) {
    auto& number = table_[codes[i]];
    if (number == kNoNumber) number = of(codes[i] >> shift_, codes[i] & mask);
    codes[i] = number;
  }
}

RowReader::RowReader(const ScanSpec& spec, Dictionary& pool)
    : spec_(spec),
      batch_(column_count(spec.table->schema())),
      program_(*spec.table, spec.with, spec.credited, pool),
      groups_(program_, spec.dimensions),
      combinations_(spec) {
  for (const auto* filter : spec.filters) filters_.push_back(program_.condition(*filter));
  for (const auto& choice : spec.choices) {
    std::vector<MaskFn> any;
    for (const auto* one : choice) any.push_back(program_.condition(*one));
    filters_.push_back(any_of(std::move(any)));
  }
  for (const auto* question : spec.questions.nodes) questions_.push_back(program_.condition(*question));
}

Chosen RowReader::choose(const Segment& segment, std::uint32_t first, std::uint32_t count) {
  batch_.move_to(segment, first, count);
  read_ += count;
  if (spec_.credited == CreditedTo::each)
    segment.columns[spec_.table->shares_column()].known_codes(first, count, shared_);
  if (filters_.empty() && segment.dead == 0) return shared_.empty() ? choose_all(count) : choose_all_but_shared(count);
  if (segment.dead != 0) std::copy_n(segment.is_alive.data() + first, count, mask_.holds.data());
  for (const auto& filter : filters_) {
    const bool is_first = segment.dead == 0 && &filter == filters_.data();
    filter(batch_, is_first ? mask_ : room_);
    if (!is_first) mask_ &= room_;
  }
  for (const auto& one : shared_) mask_.holds[one.row - first] = 0;
  if (std::memchr(mask_.holds.data(), 0, count) == nullptr) return choose_all(count);
  are_rows_all_ = false;
  std::size_t found = 0;
  for (std::size_t i = 0; i < count; ++i) {
    rows_[found] = static_cast<std::uint16_t>(i);
    found += mask_.holds[i];
  }
  return {rows_.data(), found, false};
}

Chosen RowReader::choose_all(std::size_t count) {
  // Their places stand there from the last batch, if that was whole.
  if (!are_rows_all_) std::iota(rows_.begin(), rows_.end(), std::uint16_t{0});
  are_rows_all_ = true;
  return {rows_.data(), count, true};
}

// The rows between them, stretch by stretch.
Chosen RowReader::choose_all_but_shared(std::size_t count) {
  are_rows_all_ = false;
  std::size_t found = 0, from = 0;
  const auto take_until = [&](std::size_t end) {
    std::iota(rows_.begin() + found, rows_.begin() + found + (end - from), static_cast<std::uint16_t>(from));
    found += end - from;
    from = end + 1;
  };
  for (const auto& one : shared_) take_until(one.row - batch_.first());
  take_until(count);
  return {rows_.data(), found, false};
}

void RowReader::read(const Segment& segment, const Chosen& chosen) {
  groups_.read(batch_, chosen, groups_of_.data());
  read_classes(segment, chosen);
  if (!questions_.empty()) ask(chosen);
}

std::optional<DirectCells> RowReader::direct_cells(const Segment& segment, CellShape shape) {
  const auto column = groups_.only_column();
  if (!column || !questions_.empty() || spec_.classes == nullptr) return std::nullopt;
  const auto& classes = segment.classes.at(spec_.classes->number());
  const auto width = segment.columns[*column].head().width, class_width = classes.head().width;
  if (width < 1 || width > 2 || class_width < 1 || class_width > 2) return std::nullopt;
  return DirectCells{batch_.codes(*column), codes_of(classes), width, class_width, groups_.of_codes(width), shape};
}

const std::uint8_t* RowReader::codes_of(const NarrowColumn& classes) {
  batch_.note_bytes(std::uint64_t{batch_.count()} * classes.head().width);
  batch_.fetch_next(classes);
  return classes.plain(batch_.first());
}

void RowReader::read_classes(const Segment& segment, const Chosen& chosen) {
  if (spec_.classes == nullptr) return std::fill_n(combinations_of_.data(), chosen.count, 0U), void();
  const auto& classes = segment.classes.at(spec_.classes->number());
  const auto* codes = codes_of(classes);
  if (chosen.is_all)
    widen_codes(classes.head(), codes, chosen.count, combinations_of_.data());
  else
    widen_codes(classes.head(), codes, {chosen.rows, chosen.count}, combinations_of_.data());
}

// The conditions that no class answers.
void RowReader::ask(const Chosen& chosen) {
  if (combinations_.has_table()) {
    for (unsigned question = 0; question < questions_.size(); ++question) {
      questions_[question](batch_, room_);
      put_answers(room_, question, asked_);
    }
    return combinations_.number(asked_, chosen, combinations_of_.data());
  }
  std::fill_n(many_asked_.data(), chosen.count, 0);
  for (std::size_t question = 0; question < questions_.size(); ++question) {
    questions_[question](batch_, room_);
    for (std::size_t i = 0; i < chosen.count; ++i) many_asked_[i] |= std::uint64_t{room_.holds[rows_[i]]} << question;
  }
  for (std::size_t i = 0; i < chosen.count; ++i)
    combinations_of_[i] = combinations_.of(combinations_of_[i], many_asked_[i]);
}

}  // namespace hkl
