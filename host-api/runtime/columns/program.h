// Expressions of the report language over columns, a batch at a time.
//
// Each rule here is that of reports/compile.h, so that the answer is SQL's:
// numbers are whole over a denominator known beforehand, null compares with
// nothing but is unlike everything, a condition is true or not. What leaves 64
// bits is not computed here: NotInColumns, and SQL says what to do about it.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "columns/by_code.h"
#include "columns/hour_runs.h"
#include "columns/table.h"
#include "reports/compile.h"
#include "reports/fields.h"

namespace hkl {

// What is asked of the rows' own time, asked of one moment: all rows of its hour share it.
using OfMoment = std::function<Maybe(std::int64_t)>;

// Which rows are asked: how fields that depend on the credit are read of them.
enum class CreditedTo : std::uint8_t {
  first,
  last,
  each,   // with credit each, calls whose one share is that of `first` (shares.h)
  shares  // with credit each, rows of shares (share_rows.h)
};

// Beside the columns of a schema rows of shares have these: talk of the share, and whether it is of who was first.
inline std::uint32_t share_talk_column(const Schema& schema) {
  return static_cast<std::uint32_t>(schema.columns().size());
}
inline std::uint32_t share_first_column(const Schema& schema) { return share_talk_column(schema) + 1; }
inline std::size_t column_count(const Schema& schema) { return schema.columns().size() + 2; }

// An integer for each row, over `den` > 0.
struct NumberExpr {
  NumberFn run;
  std::int64_t den = 1;
  std::optional<std::uint32_t> column;  // where it is a column as it lies
  struct Less {
    std::uint32_t column, beyond;
  };
  std::optional<Less> less;         // where it is one less what is known of another
  std::shared_ptr<ByCode> by_code;  // where it reads one column alone
  // Where it follows from the codes of one column: the column's numbers, or those by its codes, times a factor. Unlike
  // the above it is still known when two numbers were brought over one denominator.
  struct OfCodes {
    std::uint32_t column;
    std::shared_ptr<ByCode> by_code = nullptr;
    std::int64_t factor = 1;
  };
  std::optional<OfCodes> of_codes;
  Maybe constant;  // where it is one for all rows
  bool is_constant = false;
  OfMoment of_moment;

  // The column that it is in this segment, as it lies.
  std::optional<std::uint32_t> column_in(const Segment& segment) const {
    return less && segment.columns[less->beyond].head().is_null != 0 ? less->column : column;
  }
};

// A text for each row: the code of a dictionary.
struct TextExpr {
  NumberFn run;
  const Dictionary* texts = nullptr;
  std::optional<std::uint32_t> column;
  std::optional<std::string> constant;
  bool is_constant = false;
  OfMoment of_moment;
};

class Program {
 public:
  // All outlive the program and what it makes. `pool` takes texts that are no column's; one thread's.
  Program(const Table& table, const RowSurroundings& with, CreditedTo credited, Dictionary& pool)
      : table_(table),
        with_(with),
        credited_(credited),
        hours_(std::make_shared<HourRuns>(table.time_column(), ZoneClock::of(with.zone))),
        pool_(pool) {}

  // All throw NotInColumns.
  MaskFn condition(const Node& node);
  NumberExpr number(const Node& node);
  TextExpr text(const Node& node);
  // A condition's value: 0, 1 or, of a field, unknown.
  NumberFn truth(const Node& node);
  // Whether a value is there.
  MaskFn known(const Node& node);
  Dictionary& pool() { return pool_; }
  const Table& table() const { return table_; }
  std::shared_ptr<HourRuns> hours() { return hours_; }
  // Whether any of it keeps texts in the pool, whose codes are this thread's own.
  bool uses_pool() const { return uses_pool_; }
  void forget_pool_use() { uses_pool_ = false; }
  // What it reads of a row.
  const std::set<std::uint32_t>& columns_read() const { return columns_read_; }

 private:
  // Numbers
  NumberExpr computed(const Node& node);
  NumberExpr with_rest(const RestField& field);
  NumberExpr constant_number(const Node& node);
  NumberExpr arithmetic(const Node& node);
  NumberExpr function_number(const Node& node);
  NumberExpr coalesced_number(const Node& node);
  NumberExpr chosen_number(const Node& node);
  // In whole milliseconds, as the clock's functions take it. No `run`: it leaves 64 bits.
  struct Moment {
    NumberFn run;
    bool is_of_rows = false;  // the time that rows are in order of
  };
  Moment milliseconds(const Node& node);
  NumberExpr clock_number(const Node& node);
  NumberExpr time_of_day(Moment moment) const;
  NumberExpr open_time(const Node& node);
  std::uint32_t column_of(const Field& field);
  std::uint32_t reading(std::uint32_t column) { return *columns_read_.insert(column).first; }
  std::uint32_t reading(std::string_view name) { return reading(table_.schema().at(name)); }
  NumberExpr credited_talk();

  // Texts
  TextExpr field_text(const Node& node);
  TextExpr clock_text(const Node& node);
  TextExpr first_known_text(const Node& node);
  TextExpr chosen_text(const Node& node);
  NumberFn pooled(TextExpr text);
  TextExpr last_credited(std::string_view field, std::string_view last);
  std::string piped_text(std::string_view kept) const;

  // Conditions
  MaskFn all_or_any(const Node& node);
  MaskFn compared(const std::string& op, const Node& left, const Node& right);
  MaskFn compared_numbers(const std::string& op, NumberExpr left, NumberExpr right);
  MaskFn compared_texts(const std::string& op, TextExpr left, TextExpr right);
  MaskFn compared_truths(const std::string& op, const Node& left, const Node& right);
  MaskFn among(const Node& node);
  MaskFn contains(const Node& node);
  MaskFn set_has(const Node& set, const Node& text, bool is_part);
  // Null: of any department.
  MaskFn is_member(const Field& set, const std::string* department);
  MaskFn in_period(const Node& node);
  MaskFn spelled(const SpelledField& field);
  NumberFn line_closed();
  MaskFn text_test(TextExpr text, std::function<bool(std::string_view)> test, bool of_null);

  template <typename Expr>
  Expr of_clock(Expr expr, Moment moment, OfMoment asked);

  const Table& table_;
  const RowSurroundings& with_;
  CreditedTo credited_;
  std::set<std::uint32_t> columns_read_;
  std::shared_ptr<HourRuns> hours_;
  Dictionary& pool_;
  bool uses_pool_ = false;
  bool is_within_table_ = false;  // part of an expression that gets a table by code
};

// Whether a function of a moment is the same for its whole hour.
bool is_clock_function(std::string_view name);
// One value for all rows.
NumberExpr of_constant(Maybe value, std::int64_t den);
// A times b for every row; both known at compile time to fit. NotInColumns where it leaves 64 bits.
NumberFn scaled(NumberFn run, std::int64_t factor);
// Over one denominator, as compile.cpp brings them together.
bool bring_together(NumberExpr& a, NumberExpr& b);
// Of two, by + - or *. NotInColumns where it leaves 64 bits.
NumberExpr combined(char op, NumberExpr left, NumberExpr right);
// Cut to whole numbers, as hkl_floor and hkl_ceil do.
NumberFn rounded(NumberExpr number, bool is_up);

MaskFn constant_mask(bool holds);
MaskFn negated(MaskFn inner);

}  // namespace hkl
