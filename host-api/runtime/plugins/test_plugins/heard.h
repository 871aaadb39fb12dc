// An entry of the YAML for a test plugin, and what its instance logs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugins/instances.h"
#include "plugins/test_plugins/plugin_folder.h"

namespace hkl {

struct Heard {
  std::vector<std::string> lines;  // without the component in front

  InstanceEntry entry(const std::string& settings = "{}", std::vector<std::string> secrets = {}) {
    InstanceEntry entry;
    entry.id = "entry";
    entry.settings_json = settings;
    entry.surroundings.component = "entry";
    entry.surroundings.secrets = std::move(secrets);
    entry.surroundings.log = [this](std::uint32_t, const std::string& line) {
      lines.push_back(line.starts_with("entry: ") ? line.substr(7) : line);
    };
    return entry;
  }
};

// Makes an instance of a test plugin: make_classifier, make_task_rule, ….
template <typename Make>
auto instance_of(const std::string& plugin, InstanceEntry entry, Make make) -> decltype(make({}, entry)) {
  auto file = open_test_plugin(plugin);
  if (!file) return fail(file.error());
  return make(std::move(*file), std::move(entry));
}

}  // namespace hkl
