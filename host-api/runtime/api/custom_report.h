// Reports written in the YAML itself: entries of the built-in plugin `custom`,
// whose setting `definition` is a file or a map in the report language.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "reports/report.h"

namespace hkl {

inline constexpr const char* kCustom = "custom";
// JSON Schema of its settings.
extern const char* const kCustomSettings;

// Complaints point at file, line and column within the expression.
struct CustomReport {
  std::shared_ptr<const Report> report;  // null where there is any complaint
  std::vector<Complaint> complaints;
};
CustomReport read_custom_report(const PluginEntry& entry);

}  // namespace hkl
