// The rows of a query, batch by batch: which are asked about, which group each
// is in, and what it answers to the conditions.
#pragma once

#include <map>

#include "columns/cells.h"
#include "columns/groups.h"
#include "columns/scan_spec.h"

namespace hkl {

// The answers of each row of a batch to so many questions at most, a bit for each.
constexpr std::size_t kQuestionBits = 16;
using QuestionBits = std::array<std::uint16_t, kBatchRows>;

// What rows answer: their class and, where rows are asked, more questions.
class Combinations {
 public:
  explicit Combinations(const ScanSpec& spec);
  // The number of a row's combination; new ones get the next.
  std::uint32_t of(std::uint32_t code, std::uint64_t questions);
  // The same of the chosen rows of a batch, where few enough are possible: classes in `codes` become numbers.
  // `questions`: of all rows of the batch.
  bool has_table() const { return !table_.empty(); }
  void number(const QuestionBits& questions, const Chosen& chosen, std::uint32_t* codes);
  std::uint32_t of_answers(std::uint64_t answers, std::uint64_t questions);
  std::uint32_t size() const { return static_cast<std::uint32_t>(seen_.size()); }
  std::uint64_t answers(std::uint32_t number) const { return seen_[number].first; }
  std::uint64_t questions(std::uint32_t number) const { return seen_[number].second; }

 private:
  const ClassSet* set_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> seen_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint32_t> known_;
  static constexpr std::uint32_t kNoNumber = UINT32_MAX;
  std::vector<std::uint32_t> table_;  // by code << questions
  std::size_t shift_ = 0;
};

class RowReader {
 public:
  // `pool`: for texts that are no column's. Both outlive this.
  RowReader(const ScanSpec& spec, Dictionary& pool);
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;

  // Goes to rows [first, first + count) of a segment, which has its class codes: those of them that are asked about.
  Chosen choose(const Segment& segment, std::uint32_t first, std::uint32_t count);
  // Then of each of them its group and combination.
  void read(const Segment& segment, const Chosen& chosen);
  // Or where its cell begins. Nothing: to find that takes more than two codes.
  std::optional<DirectCells> direct_cells(const Segment& segment, CellShape shape);
  const std::uint32_t* groups_of_rows() const { return groups_of_.data(); }
  const std::uint32_t* combinations_of_rows() const { return combinations_of_.data(); }

  Batch& batch() { return batch_; }
  const Batch& batch() const { return batch_; }
  Program& program() { return program_; }
  Groups& groups() { return groups_; }
  const Groups& groups() const { return groups_; }
  Combinations& combinations() { return combinations_; }
  const Combinations& combinations() const { return combinations_; }
  std::uint64_t rows_read() const { return read_; }

 private:
  Chosen choose_all(std::size_t count);
  Chosen choose_all_but_shared(std::size_t count);
  const std::uint8_t* codes_of(const NarrowColumn& classes);
  void read_classes(const Segment& segment, const Chosen& chosen);
  void ask(const Chosen& chosen);

  const ScanSpec& spec_;
  Batch batch_;
  Program program_;
  Groups groups_;
  Combinations combinations_;
  std::vector<MaskFn> filters_, questions_;
  std::uint64_t read_ = 0;
  std::vector<NarrowColumn::KnownCode>
      shared_;  // rows of the batch with shares of their own, which are not of this scan
  std::array<std::uint16_t, kBatchRows> rows_{};
  bool are_rows_all_ = false;
  std::array<std::uint32_t, kBatchRows> groups_of_{}, combinations_of_{};
  QuestionBits asked_{};
  std::array<std::uint64_t, kBatchRows> many_asked_{};  // where they do not fit
  Mask mask_, room_;
};

}  // namespace hkl
