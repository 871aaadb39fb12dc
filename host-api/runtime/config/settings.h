// The settings of one plugin entry: judged by the schema in the plugin's note,
// then as the plugin gets them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/reading.h"

namespace hkl {

struct PluginSettings {
  std::string json = "{}";           // defaults filled in, files replaced by their content
  std::vector<std::string> secrets;  // values that no log may show
  std::map<std::string, std::shared_ptr<const YamlNode>> contents;  // of settings that may be files
};

// `where`: of the entry; its settings stand at `settings`. `schema_text`: JSON
// Schema. Complains of what the schema refuses, of a file that cannot be read
// and of a calendar (`working_hours`) that the config does not have. A
// `language` that is not set is the locale's, where the plugin has that word.
PluginSettings read_settings(const ConfigReading& reading, const TreePath& where, const std::string& plugin,
                             const std::string& schema_text);

// Sets what is left out and has a default in the schema, at every depth.
void fill_defaults(nlohmann::json& value, const nlohmann::json& schema);

}  // namespace hkl
