// The reports of a config: from plugins and from the YAML itself.
#include <fmt/format.h>

#include "api/custom_report.h"
#include "api/runtime.h"
#include "pipeline/employee_times.h"

namespace hkl {

Done Loaded::make_reports() {
  for (const auto& entry : config.reports) {
    if (entry.plugin == kCustom) {
      auto read = read_custom_report(entry);
      if (!read.complaints.empty()) return fail(HKL_BAD_SETTINGS, read.complaints.front().str());
      reports[entry.id] = std::move(read.report);
      continue;
    }
    auto file = plugin_of(entry, entry.id);
    if (!file) return fail(file.error());
    auto document = report_definition(*file, instance_of(entry));
    if (!document) return fail(document.error());
    auto report = parse_report(entry.id, *document);
    if (!report) return fail(report.error().in(fmt::format("report {}", entry.id)));
    reports[entry.id] = std::move(*report);
    scans[entry.id] = [this, file = *file, entry](const std::string& params) {
      return begin_scan(file, instance_of(entry), params);
    };
  }
  return {};
}

// The plugin's own scan, fed from the store; empty where no plugin makes the report.
ScanParts Runtime::scan_parts(const std::string& id) {
  ScanParts parts;
  const auto scan = loaded_->scans.find(id);
  if (scan == loaded_->scans.end()) return parts;
  parts.begin = scan->second;
  parts.feed = [this](const ScanRange& range, Poco::Data::Session& session, ReportScan& scan) -> Done {
    const auto people = directory();
    if (!people) return fail(people.error());
    ScanPeriod period;
    if (range.from) period.from_ms = ms_of(*range.from);
    if (range.to) period.to_ms = ms_of(*range.to);
    period.now_ms = ms_of(range.now);
    period.counted = range.counted ? &*range.counted : nullptr;
    period.access = range.access;
    try {
      Sql sql(session);
      return range.over == ScanOver::contacts ? each_contact(sql, **people, period, scan)
                                              : each_employee(sql, **people, config_.calendars, period, scan);
    } catch (const SqlError& error) {
      return fail(error.error().in(store_->path()));
    }
  };
  return parts;
}

}  // namespace hkl
