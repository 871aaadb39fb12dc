// What a report can be asked, for pages and programs: its columns with their
// definitions, its options and its filters with the values they take.
#pragma once

#include <nlohmann/json.hpp>

#include "reports/report.h"

namespace hkl {

// {"id", "title", "kind": "table|list", "rows", "columns", "options", "filters", "credit"}.
// Columns are those of the default options first, then, with "shown": false,
// those that other options show.
Result<nlohmann::ordered_json> described(const Report& report, const ReportSurroundings& surroundings);

}  // namespace hkl
