// What each employee did in a period: talks, after-call work, presence and
// open time of the calendar, as reports that scan see it (hookline/report.h).
//
// One employee in memory at a time. One thread; throws SqlError.
#pragma once

#include <map>
#include <string>

#include "pipeline/timelines.h"
#include "services/calendar.h"

namespace hkl {

// Legs that nobody is mapped to first, then employees in the order of their
// ids. An error of the scan ends it and is returned.
Done each_employee(Sql& sql, const Directory& directory, const std::map<std::string, Calendar>& calendars,
                   const ScanPeriod& period, ReportScan& scan);

}  // namespace hkl
