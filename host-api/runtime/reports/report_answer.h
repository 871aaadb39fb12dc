// The figures of a report in each of the formats: JSON, NDJSON, an aligned
// table, CSV, XLSX, a page to print, a chart.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hookline/types.h"
#include "reports/figures.h"
#include "reports/plan.h"

namespace hkl {

// What was asked, for people: the period, the zone, options and filters.
std::vector<std::pair<std::string, std::string>> asked_texts(const Plan& plan);

// One report as it is written: first begin(), then the rows in the order to show,
// then the total. Takes no more memory for a million rows than for ten, but for a
// table and a chart, which have to see all. The plan and the writer outlive it.
class ReportWriter {
 public:
  static std::unique_ptr<ReportWriter> of(const Plan& plan, const std::string& format, const hkl_writer& writer);
  virtual ~ReportWriter() = default;
  virtual Done begin() = 0;
  virtual Done row(ReportRow& row) = 0;  // which may be moved away
  virtual Done end(const ReportRow& total) = 0;
};

Done write_report(const Plan& plan, ReportRows report, const std::string& format, const hkl_writer& writer);

}  // namespace hkl
