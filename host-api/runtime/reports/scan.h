// Reports that are no grouped aggregate: their plugin sees contacts or
// employees one by one and makes the rows itself (hookline/report.h). All else,
// settings, names, rendering, drilling, is as for every report.
#pragma once

#include "contacts/report_scan.h"
#include "reports/drill.h"
#include "reports/figures.h"
#include "reports/plan.h"
#include "reports/reading.h"
#include "reports/report.h"

namespace hkl {

// HKL_UNSUPPORTED: the report cannot be asked by a condition; HKL_AUTH: nor by a
// role that does not see everybody.
Done check_scan(const Plan& plan);

// The rows as the plugin gives them, in its order; the row "total" apart. Only
// what the plan's condition and role leave counts.
Result<ReportRows> scan_rows(const Plan& plan, const ReportSurroundings& with, Reading& reading);

// The rows behind one figure, as the plugin names them. HKL_NOT_FOUND: no such
// measure.
Result<DrillRows> scan_drill(const Plan& plan, const DrillAddress& address, const std::vector<SqlText>& columns,
                             const ReportSurroundings& with, Reading& reading);

// HKL_NOT_FOUND: no row has this key; names the nearest.
Done check_scan_key(const Plan& plan, const std::string& key, const ReportSurroundings& with, Reading& reading);

}  // namespace hkl
