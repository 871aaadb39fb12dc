// Runs a plan: the rows of the report with their figures, and the total.
#pragma once

#include <string>
#include <vector>

#include "reports/aggregates.h"
#include "reports/plan.h"
#include "reports/reading.h"
#include "reports/row_key.h"

namespace hkl {

struct ReportRow {
  std::string key;
  RowIds ids;                      // one for each shown dimension
  std::vector<std::string> shown;  // their names; empty: nothing to show
  std::vector<Figure> figures;     // one for each shown measure
};

struct ReportRows {
  std::vector<ReportRow> rows;  // in the order to show
  ReportRow total;              // from the rows of data, not from the shown figures
};

Result<ReportRows> compute(const Plan& plan, Reading& reading);

// The keys of all rows there are, for finding the one that was meant.
Result<std::vector<std::string>> row_keys(const Plan& plan, Reading& reading);

}  // namespace hkl
