// One measure of a report as bars, in SVG.
#pragma once

#include <string>

#include "reports/figures.h"
#include "reports/plan.h"

namespace hkl {

// Of the measure that the rows are sorted by, else of the first one that is a
// number: a bar for each row in the report's order, at most forty of them; a
// line says how many more there are. Every bar carries its name and its figure
// as text, so that nothing is told by length or colour alone.
std::string chart_svg(const Plan& plan, const ReportRows& report);

}  // namespace hkl
