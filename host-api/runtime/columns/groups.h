// The rows of a report as small numbers: which group a row of a batch is in.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "columns/program.h"
#include "reports/definition.h"
#include "reports/row_key.h"

namespace hkl {

// One dimension: its value of each row as a dense number, 0 for nothing.
class DimensionCodes {
 public:
  DimensionCodes(Program& program, const Dimension& dimension);

  // Of each chosen row.
  void read(Batch& batch, const Chosen& chosen, std::uint32_t* codes);
  // Whether the number follows from the row's hour; then that of a moment, or of none.
  bool is_of_hour() const { return of_moment_ != nullptr; }
  std::uint32_t of_hour(Maybe moment);
  std::uint32_t size() const { return static_cast<std::uint32_t>(raw_.size()); }
  // The column whose every text has a number, where it is one; then the number of each of its codes, which
  // of all past the texts is 0.
  std::optional<std::uint32_t> numbered_column() const { return has_all_ ? column_ : std::nullopt; }
  const Dictionary& texts() const { return *texts_; }
  std::uint32_t number_of(std::uint32_t text) const { return text < texts_->size() ? of_text_[text] : 0; }
  // Each has the number after its code's: none of the texts is empty.
  bool follows_codes() const { return size() == texts_->size() + 1; }
  // What a number stands for: the code of a text or a whole number.
  std::int64_t raw(std::uint32_t code) const { return raw_[code]; }
  std::uint32_t code_of_raw(std::int64_t raw);
  // What a number is in the key of a cube, the same in every scan of a table; and back.
  std::uint32_t key(std::uint32_t code);
  std::uint32_t code_of_key(std::uint32_t key);
  // The number here of what is `code` in another scan.
  std::uint32_t code_of(const DimensionCodes& other, std::uint32_t code);
  std::optional<std::string> id(std::uint32_t code) const;

 private:
  std::uint32_t text_code(std::uint32_t text);
  void read_column(Batch& batch, const Chosen& chosen, std::uint32_t* codes);
  void number_all_texts();

  NumberFn run_;
  OfMoment of_moment_;
  const Dictionary* texts_ = nullptr;  // null: whole numbers
  Dictionary* pool_ = nullptr;         // the same, where it is the thread's own
  SharedTexts* key_texts_ = nullptr;
  std::unordered_map<std::uint32_t, std::uint32_t> key_of_, code_of_;  // of texts of the pool
  std::optional<std::uint32_t> column_;
  Numbers room_;
  std::vector<std::int64_t> raw_ = {0};
  std::vector<std::uint32_t> of_text_;  // text → number; kUnseen
  bool has_all_ = false;                // every text has its number, and one more place stands for none
  std::unordered_map<std::int64_t, std::uint32_t> of_number_;
};

// The combination of all dimensions.
class Groups {
 public:
  Groups(Program& program, const std::vector<const Dimension*>& dimensions);

  // The group of each chosen row; none where there are no dimensions: all 0.
  void read(Batch& batch, const Chosen& chosen, std::uint32_t* groups);
  std::uint32_t size() const;
  // Where the groups are the texts of one column, and few: that column. Then the group of each of its codes as they lie
  // in one byte or two; none: the next number, and 0 for the greatest code.
  std::optional<std::uint32_t> only_column() const;
  const std::uint32_t* of_codes(std::uint8_t width);
  RowIds ids(std::uint32_t group) const;
  // Of at most two dimensions: the same in every scan of a table.
  std::uint64_t key(std::uint32_t group);
  std::uint32_t group_of_key(std::uint64_t key);
  // The same group of another scan.
  std::uint32_t group_of(const Groups& other, std::uint32_t group);

 private:
  using Parts = std::vector<std::uint32_t>;
  std::uint32_t of_parts(const Parts& parts);
  template <typename Take>
  void each_run(Batch& batch, const Chosen& chosen, Take take);
  void read_by_hours(Batch& batch, const Chosen& chosen, std::uint32_t* groups);
  bool read_beside_hours(Batch& batch, const Chosen& chosen, std::uint32_t* groups);
  template <typename Code>
  void read_beside_hours(Batch& batch, const Code* codes, const Chosen& chosen, std::uint32_t* groups);
  void pair_up(std::size_t count, std::uint32_t* groups);
  void grow_pairs(std::uint32_t first, std::uint32_t second);
  struct HashParts {
    std::size_t operator()(const Parts& parts) const;
  };
  std::vector<DimensionCodes> dimensions_;
  bool are_of_hours_ = false;  // all of them
  std::shared_ptr<HourRuns> hours_;
  std::vector<Parts> parts_;  // by group; where there are several dimensions
  std::unordered_map<Parts, std::uint32_t, HashParts> known_;
  // Of two small dimensions: group + 1 by both numbers, those of the first `pair_rows_` by `pair_columns_`.
  std::vector<std::uint32_t> pairs_;
  std::uint32_t pair_rows_ = 0, pair_columns_ = 0;
  std::optional<std::size_t> beside_hours_;  // of two, where the other is of hours: that one, a column of few texts
  std::vector<std::vector<std::uint32_t>> of_hour_;  // then by the hour's number and the text: group + 1; 0: not yet
  std::vector<std::vector<std::uint32_t>> room_;
  Parts wanted_;
  std::array<std::vector<std::uint32_t>, 2> of_codes_;  // of one byte, of two; empty: not asked yet
};

}  // namespace hkl
