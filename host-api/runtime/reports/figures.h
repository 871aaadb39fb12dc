// Runs a plan: the rows of the report with their figures, and the total.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/aggregates.h"
#include "reports/engine.h"
#include "reports/plan.h"
#include "reports/reading.h"
#include "reports/row_key.h"

namespace hkl {

struct KeptPlan;

struct ReportRow {
  std::string key;
  RowIds ids;                      // one for each shown dimension
  std::vector<std::string> shown;  // their names; empty: nothing to show
  std::vector<Figure> figures;     // one for each shown measure
  std::vector<Figure> before;      // of the period before; empty: there was no such row, or nobody asked
};

struct ReportRows {
  std::vector<ReportRow> rows;  // in the order to show
  ReportRow total;              // from the rows of data, not from the shown figures
};

// Who answers: the engine where there is one and it can, else SQL.
struct Answering {
  Reading& reading;
  Engine* engine = nullptr;
  PathTaken* taken = nullptr;  // or null
  KeptPlan* kept = nullptr;    // that the plan is of, where what is made for it is to be kept; or null
};

// Whether a function of that name stands anywhere in an expression.
bool uses_function(const Node& node, std::string_view name);

// Takes a row; what it holds may be moved away.
using TakeRow = std::function<Done(ReportRow& row)>;

// Hands over the rows in the order to show, each when it is made; `total` is there before the first.
Done compute(const Plan& plan, const Answering& with, const TakeRow& take, ReportRow& total);
// All of them.
Result<ReportRows> compute(const Plan& plan, const Answering& with);

// The keys of all rows there are, for finding the one that was meant.
Result<std::vector<std::string>> row_keys(const Plan& plan, const Answering& with);

}  // namespace hkl
