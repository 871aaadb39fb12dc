// What a query asks of the columns: the plan taken apart once, for all threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "columns/classes.h"
#include "columns/table.h"
#include "reports/engine.h"

namespace hkl {

struct ShareSpecs;

struct ScanSpec {
  ScanSpec();
  ScanSpec(ScanSpec&&) noexcept;
  ScanSpec& operator=(ScanSpec&&) noexcept;
  ~ScanSpec();

  // What one column of the answer is: rows counted, or values of them.
  struct Part {
    ColumnPart::Kind kind = ColumnPart::Kind::count;
    ClassExpr rows;                  // which rows it goes over
    std::optional<std::size_t> sum;  // of `values`
    const Node* value = nullptr;     // of what is neither counted nor summed
  };
  struct Percentile {
    ClassExpr rows;
    const Node* value = nullptr;
    Rational percentage;
  };

  const Table* table = nullptr;
  CreditedTo credited = CreditedTo::first;
  RowSurroundings with;
  ClassSet* classes = nullptr;  // null: every condition is asked of each row
  std::vector<NodePtr> made;
  std::vector<const Node*> filters;               // asked of each row before it is counted
  std::vector<std::vector<const Node*>> choices;  // the same; of each at least one holds
  std::vector<ClassExpr> where;                   // asked of its class
  RowQuestions questions;
  std::vector<const Dimension*> dimensions;
  std::vector<Part> parts;
  std::vector<Percentile> percentiles;
  std::vector<const Node*> values;  // what is summed
  std::int64_t first_ms = kNoTime;  // rows of [first_ms, end_ms)
  std::optional<std::int64_t> end_ms;
  std::int64_t change = 0;  // the table's, when this was made
  // With credit each, what is asked of calls with shares of their own (shares.h), which are none of the rows here; else
  // null.
  std::unique_ptr<ShareSpecs> shares;
  // What the cubes are known by that answer the query: with credit each those of calls with one share, then of shares
  // by group and of shares in all. Empty: not all that is asked can be added up beforehand.
  std::vector<std::string> keys;
  // Whether it is the same for another period and moment, with `renew`.
  bool is_lasting = false;

  void renew(const Plan& of);
  // Why no faster path was taken, in one sentence.
  std::string path_reason() const;
  // Whether the cubes of whole segments can answer; then what they are known by.
  std::optional<std::string> cube_key() const;
  bool is_summed_only() const;  // counts and sums, nothing else
  // What a dimension is known by in a cube; nothing: its values are no column's, and not the clock's.
  std::optional<std::string> cube_name(const Dimension& dimension) const;
};

// Of calls with shares of their own. They count once in each row of the answer that a share is in, and once in the
// total.
struct ShareSpecs {
  ScanSpec asked;  // its filters and choices are asked of each share
  std::optional<ScanSpec>
      grouped;    // the rest, of a call's shares by what rows are grouped by; none: no rows are wanted
  ScanSpec once;  // the rest, of all of a call's shares together
  bool by_employee = false, by_extension = false;  // what a call's shares in `grouped` are one row for each of
};

// Throws NotInColumns.
ScanSpec scan_spec(const Table& table, ClassSets& sets, const Plan& plan, const Aggregates* aggregates,
                   AnswerScope scope);

// The rows behind a figure are those of its one part. Throws NotInColumns.
ScanSpec drill_spec(const Table& table, ClassSets& sets, const Plan& plan, const DrillRequest& request);

}  // namespace hkl
