// A row of a report as people read it: the words of the records in their
// language. JSON and CSV keep the words themselves.
#pragma once

#include <string>

#include "reports/figures.h"

namespace hkl {

// Which way the calls of the row went, where one of its columns tells; else "".
std::string direction_of(const Plan& plan, const ReportRow& row);

std::string shown_dimension(const Plan& plan, const ReportRow& row, std::size_t index);

// A figure of the measure of that number. `direction`: of its row.
Figure for_people(const Plan& plan, std::size_t measure, const Figure& figure, const std::string& direction);

}  // namespace hkl
