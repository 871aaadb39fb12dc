// Lists of many rows, written part by part: a report with one row for each call
// takes some kilobytes a row, and who exports a year has a million of them.
#pragma once

#include "reports/figures.h"
#include "reports/plan.h"

namespace hkl {

struct ListLimits {
  std::int64_t rows_of_a_part = 20'000;
  std::int64_t rows_in_order = 300'000;  // more are not held in memory
};

// The plan's period in parts with few rows each, in the order to show; one part:
// the list is short, or no list. HKL_RESOURCE: it is long, and in an order that
// is not that of time, so all of it would have to be held.
Result<std::vector<Bounds>> parts_of_list(const Plan& plan, Reading& reading, const ListLimits& limits = {});

// Runs the plan part by part and hands the rows over in the order to show; then
// the total of all.
Done compute_parts(Plan& plan, const std::vector<Bounds>& parts, const Answering& with, const TakeRow& take,
                   ReportRow& total);

}  // namespace hkl
