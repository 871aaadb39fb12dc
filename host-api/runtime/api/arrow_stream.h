// A finished report as an Arrow C stream: one batch, one column for each
// column of the report, typed by its kind.
#pragma once

#include <string>

#include "hookline/arrow.h"
#include "values/result.h"

namespace hkl {

// `report_json`: as `hookline report --format json` prints it. The stream owns
// all it hands out; schema, arrays and stream are released apart, in any order.
Done arrow_stream_of_report(const std::string& report_json, ArrowArrayStream& out);

}  // namespace hkl
