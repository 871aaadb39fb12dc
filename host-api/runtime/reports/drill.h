// The rows behind one figure of a report (metrics §1.8.2).
#pragma once

#include <string>

#include "reports/engine.h"
#include "reports/page.h"
#include "reports/plan.h"
#include "reports/row_key.h"

namespace hkl {

// SQL of the rows behind `measure` in the row `key`.
struct DrillRows {
  SqlText rows;             // in no order: x0, x1 … and the row's place
  std::size_t columns = 0;  // how many x there are
  bool is_rate = false;
  // What an engine is asked to find the rows; empty: SQL alone can.
  std::optional<DrillRequest> request;
  // Of these rows of the store alone.
  void narrow(const std::vector<FoundRows::Row>& to);

  // Newest first, ties by id, after `mark` where there is one. Columns: those
  // that were asked for, then 1 or 0: whether the row counts (it does not where
  // only the denominator of a rate counts it), then its place.
  SqlText sql(const std::optional<PageMark>& mark) const;
  SqlText count() const;
};
// HKL_NOT_FOUND: no such measure; HKL_INVALID: a key of another shape.
Result<DrillRows> drill_rows(const Plan& plan, const DrillAddress& address, const std::vector<SqlText>& columns);

// DrillRows::rows of these columns: one row for each distinct `thing`, its
// first (metrics §1.8.2); with an empty one all of them.
SqlText named_rows(const Entity& entity, const std::vector<SqlText>& columns, const SqlText& thing,
                   const SqlText& from);

// Rows of fields for `columns` of drill_rows(), over the plan's own rows.
SqlText column_sql(const Field& field, const RowSurroundings& surroundings);

}  // namespace hkl
