#include "api/custom_report.h"

#include <fmt/format.h>

#include "config/yaml_tree.h"

namespace hkl {
namespace {

// "measures[3].expr" as the steps to it.
TreePath steps_of(const std::string& path) {
  TreePath steps;
  std::string step;
  const auto end_step = [&] {
    if (!step.empty()) steps.push_back(std::exchange(step, {}));
  };
  for (const char c : path)
    if (c == '.' || c == '[' || c == ']')
      end_step();
    else
      step += c;
  end_step();
  return steps;
}

// Of an expression on one line the column within it is one of the file; one
// that goes over several lines begins somewhere below its key.
Complaint complaint_of(const PluginEntry& entry, const YamlNode& root, const DefinitionFault& fault) {
  const auto path = steps_of(fault.path);
  auto place = place_of(root, path);
  const auto* node = node_at(root, path);
  const bool is_on_one_line = node != nullptr && node->text.find('\n') == std::string::npos;
  if (fault.column == 0 || !is_on_one_line)
    return complaint_at(place, fmt::format("report {}: {}", entry.id, fault.str()));
  place = node->place;
  place.column += fault.column - 1 + (node->is_plain ? 0 : 1);  // after the quotation mark
  return complaint_at(place, fmt::format("report {}: {}: {}", entry.id, fault.path, fault.text));
}

}  // namespace

const char* const kCustomSettings = R"({"type": "object", "required": ["definition"], "properties": {"definition": {
  "type": ["string", "object"], "contentFile": true,
  "description": "the report: a YAML file, or the definition itself in the report language"}}})";

CustomReport read_custom_report(const PluginEntry& entry) {
  CustomReport read;
  const auto definition = nlohmann::json::parse(entry.settings_json).at("definition");
  std::vector<DefinitionFault> faults;
  auto report = parse_report(entry.id, definition.dump(), &faults);
  const auto content = entry.contents.find("definition");
  if (report) read.report = std::move(*report);
  for (const auto& fault : faults)
    read.complaints.push_back(content == entry.contents.end() ? Complaint{entry.file, entry.line, 1, fault.str()}
                                                              : complaint_of(entry, *content->second, fault));
  if (report && is_scan(*read.report)) {
    const auto place = content == entry.contents.end() ? Place{} : place_of(*content->second, {"scan"});
    read.complaints.push_back(
        complaint_at(place, fmt::format("report {}: scan: only a plugin can look at contacts one by one", entry.id)));
    read.report = nullptr;
  }
  return read;
}

}  // namespace hkl
