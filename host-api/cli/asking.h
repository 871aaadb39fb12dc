// The options of the commands that list and report.
#pragma once

#include <string>
#include <vector>

#include "common.h"

namespace cli {

// Which records, in what form, to where.
struct ListOptions {
  CommonOptions common;
  std::string from, to, where, format = "table", out;
};
void describe_list(CLI::App& command, ListOptions& options);

struct ReportOptions : ListOptions {
  std::string report, drill, sort, compare;
  std::vector<std::string> settings;
  bool is_explained = false;
};
void describe_report(CLI::App& command, ReportOptions& options);

}  // namespace cli
