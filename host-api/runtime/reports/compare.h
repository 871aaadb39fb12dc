// The figures of the period before, beside those of the period asked for.
#pragma once

#include "reports/figures.h"
#include "reports/plan.h"

namespace hkl {

// The period before: as many whole months where both ends are the first of a
// month, as many days where both are midnight, else as long a time. In the
// plan's zone, so a week has seven days though a clock was changed in it.
// HKL_INVALID: the period has no beginning or no end.
Result<Bounds> period_before(const Plan& plan);

// Fills in `before` of the rows that were there then, and of the total. `was`
// is the same plan over the period before.
void put_before(const ReportRows& was, ReportRows& report);

}  // namespace hkl
