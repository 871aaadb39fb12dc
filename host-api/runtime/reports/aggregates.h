// The aggregates of measures as columns of one SELECT, and the figures that
// the host makes from what comes back.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reports/compile.h"
#include "reports/definition.h"

namespace hkl {

// One shown cell. `parts`: numerator and denominator of an average or a rate.
struct Figure {
  std::optional<Rational> value;  // empty: null, "—"
  std::optional<std::pair<Rational, Rational>> parts;
  std::optional<std::string> text;  // of only()
  std::string currency;             // of money
};

// What one aggregate goes over.
struct AggregateRows {
  SqlText condition;  // of its `where`; empty: all rows
  SqlNumber value;    // what is summed; empty for count and distinct
};
AggregateRows rows_of_aggregate(const Node& aggregate, const RowCompiler& compiler);

// What one column of the SELECT holds, in words of the language: what an engine
// other than SQL computes.
struct ColumnPart {
  enum class Kind : std::uint8_t {
    count,     // rows
    known,     // rows whose value is known
    sum,       // null where no value is known
    least,     // of numbers
    greatest,  // of numbers
    distinct,  // different known values
    least_text,
    greatest_text,
    currency  // of money: SQL alone
  };
  Kind kind = Kind::count;
  const Node* value = nullptr;  // none for count
  const Node* where = nullptr;  // or null
};

// What a column of one row came to: nothing, a whole number or a text. SQL tells numbers as texts too.
using ReadCell = std::variant<std::monostate, std::int64_t, std::unique_ptr<const std::string>>;
ReadCell cell_of(std::optional<std::string> text);

class Aggregates {
 public:
  // The surroundings are asked only while measures are added.
  explicit Aggregates(const RowSurroundings& surroundings) : compiler_(surroundings), with_(surroundings) {}

  // Notes the aggregates of the next measure; equal ones are one column.
  void add(const Node& measure);

  // For SELECT, in this order; percentiles are not among them.
  const std::vector<SqlText>& columns() const { return columns_; }
  // The same, one for each of columns().
  const std::vector<ColumnPart>& parts() const { return parts_; }

  // A percentile is read by a statement of its own, nearest rank: the value
  // whose place among the sorted ones is the smallest at or above p percent.
  struct Percentile {
    std::size_t column;  // where its value goes, after all of columns()
    SqlText value, condition;
    Rational percentage;       // 0: unknown, so is the percentile
    const Node* of = nullptr;  // the aggregate
  };
  std::vector<Percentile> percentiles() const;

  // How many columns and percentiles a row has.
  std::size_t width() const { return columns_.size() + percentiles_.size(); }
  // columns() and percentiles of one row, as they came.
  using Read = std::span<const ReadCell>;
  // What total() and company() stand for, by their nodes; empty in the total row.
  using Totals = std::map<const Node*, std::optional<Rational>>;
  // Of the measure that was added as that number.
  Result<Figure> figure(std::size_t measure, Read read, const Totals& totals) const;
  // Whether a measure asks for what total() or company() stands for.
  bool asks_for(std::string_view function) const { return asked_for_.contains(function); }
  // The values of the nodes of one function in it.
  Done collect(std::size_t measure, std::string_view function, Read read, Totals& totals) const;

 private:
  // The columns of one aggregate node.
  struct Slot {
    std::size_t column = 0;      // sum, count, min, max; or its place among percentiles
    std::size_t count = 0;       // of avg
    std::size_t currencies = 0;  // of money: least and greatest code, two columns
    std::int64_t den = 1;
    bool is_money = false, is_average = false, is_percentile = false, is_sum = false;
    bool is_plain() const { return den == 1 && !is_money && !is_average && !is_percentile; }
  };
  // A measure taken apart once, so that no row has to look for anything in it.
  struct Formula {
    enum class Kind : std::uint8_t { only, aggregate, negate, arithmetic, total, floor, ceil, coalesce, constant };
    Kind kind = Kind::constant;
    const Node* node = nullptr;
    Slot slot;                         // of an aggregate
    std::optional<Rational> constant;  // of a constant
    bool has_aggregate = false;
    std::vector<Formula> parts;
  };
  Formula formula_of(const Node& node);
  Done collect(const Formula& formula, std::string_view function, Read read, Totals& totals) const;
  Slot slot_of(const Node& aggregate);
  std::size_t column(const SqlText& sql, ColumnPart part);
  class Maker;

  RowCompiler compiler_;
  const RowSurroundings& with_;
  std::vector<SqlText> columns_;
  std::vector<ColumnPart> parts_;
  std::vector<Percentile> percentiles_;
  std::vector<Formula> formulas_;
  std::set<std::string, std::less<>> asked_for_;  // total, company
};

}  // namespace hkl
