// The rows behind one figure of a report (metrics §1.8.2).
#pragma once

#include <string>

#include "reports/plan.h"
#include "reports/row_key.h"

namespace hkl {

// SQL of the rows behind `measure` in the row `key`, newest first, ties by id.
struct DrillRows {
  // Columns: those that were asked for, then 1 or 0: whether the row counts (it
  // does not where only the denominator of a rate counts it).
  SqlText sql;
  bool is_rate = false;
};
// HKL_NOT_FOUND: no such measure; HKL_INVALID: a key of another shape.
Result<DrillRows> drill_rows(const Plan& plan, const DrillAddress& address, const std::vector<SqlText>& columns);

// Rows of fields for `columns` of drill_rows(), over the plan's own rows.
SqlText column_sql(const Field& field, const RowSurroundings& surroundings);

}  // namespace hkl
