// The contacts of a store with all that happened to them, one by one, as
// reports that scan see them (hookline/report.h).
//
// Reads alone, one contact in memory at a time. One thread; throws SqlError.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_set>

#include "contacts/access.h"
#include "contacts/directory.h"
#include "contacts/report_scan.h"
#include "store/sql.h"

namespace hkl {

// Half-open; an empty end is without bound.
struct ScanPeriod {
  std::optional<std::int64_t> from_ms, to_ms;
  std::int64_t now_ms = 0;
  const std::unordered_set<std::string>* counted = nullptr;  // the calls that count, by id; null: all
  const Access* access = nullptr;                            // whose employees are shown; null: all
};

// Calls of nobody first, by time; visitors who are no contact's; then the contacts with an inquiry in the
// period, by id, and those with visits alone. An error of the scan ends it and is returned.
Done each_contact(Sql& sql, const Directory& directory, const ScanPeriod& period, ReportScan& scan);

}  // namespace hkl
