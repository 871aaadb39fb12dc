// The aggregates of measures as columns of one SELECT, and the figures that
// the host makes from what comes back.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
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

class Aggregates {
 public:
  Aggregates(const RowSurroundings& surroundings) : compiler_(surroundings), with_(surroundings) {}

  // Notes the aggregates of a measure; equal ones are one column.
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

  // columns() and percentiles of one row, as they came.
  using Read = std::vector<std::optional<std::string>>;
  // What total() and company() stand for, by their nodes; empty in the total row.
  using Totals = std::map<const Node*, std::optional<Rational>>;
  Result<Figure> figure(const Node& measure, const Read& read, const Totals& totals) const;
  // The values of the nodes of one function below a measure.
  Done collect(const Node& measure, std::string_view function, const Read& read, Totals& totals) const;

 private:
  // The columns of one aggregate node.
  struct Slot {
    std::size_t column = 0;      // sum, count, min, max; or its place among percentiles
    std::size_t count = 0;       // of avg
    std::size_t currencies = 0;  // of money: least and greatest code, two columns
    std::int64_t den = 1;
    bool is_money = false, is_average = false, is_percentile = false, is_text = false;
  };
  void add_aggregate(const Node& aggregate);
  std::size_t column(const SqlText& sql, ColumnPart part);
  class Maker;

  RowCompiler compiler_;
  const RowSurroundings& with_;
  std::vector<SqlText> columns_;
  std::vector<ColumnPart> parts_;
  std::vector<Percentile> percentiles_;
  std::unordered_map<const Node*, Slot> slots_;
};

}  // namespace hkl
