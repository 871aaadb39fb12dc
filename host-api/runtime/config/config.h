// The YAML of an admin, read and judged: what a runtime is made of.
//
// Reading never stops at the first fault: all complaints come at once, each
// with its place and the way out. Nothing of a plugin runs for it; settings
// are judged by the schema in the plugin's note.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contacts/derive.h"
#include "contacts/directory.h"
#include "http/server.h"
#include "services/calendar.h"
#include "values/result.h"

namespace hkl {

// "hookline.yaml:7:5: …" (a file beside the main one is named by its path).
struct Complaint {
  std::string file;
  int line = 0, column = 0;
  std::string text;
  std::string str() const;
};

// One entry that names a plugin.
struct PluginEntry {
  std::string id;      // the entry's own, else the plugin's
  std::string plugin;  // id of the plugin
  bool isolated = false;
  std::string settings_json;         // canonical, defaults filled in, secrets and files resolved
  std::vector<std::string> secrets;  // values that no log may show
  int line = 0;                      // of the entry, for messages
  std::string file;
};

struct SourceEntry : PluginEntry {
  std::string name, pbx;  // pbx: its own name unless set
  bool history = false;
  bool clock_receipt = false;    // `clock: receipt`
  std::string timezone, region;  // of the source, else the config's
  std::string record;            // folder for captures of what comes in, or empty
  std::string public_url;
};

// How HTTP is served; only where the section is there or the host says so.
struct HttpConfig {
  bool is_set = false;
  HttpSettings settings;
  std::size_t refusals_per_minute = 60;
};

struct Config {
  std::string path;       // of the main file
  std::string store_url;  // "sqlite:hookline.db", relative to the main file
  std::string timezone = "UTC", phone_region, language = "en";
  std::vector<std::string> plugin_folders;  // absolute
  std::vector<SourceEntry> sources;
  std::vector<PluginEntry> classifiers, tasks, reports;
  std::map<std::string, Calendar> calendars;
  Directory::Parts directory;
  LeadPolicy leads;
  HttpConfig http;
  std::string fingerprint;  // changes when anything that derives figures changes
};

// Tells of a plugin by its id: its settings schema (JSON text), and whether it
// exists and offers an interface. Given by the loader; a test gives a table.
struct PluginFacts {
  std::vector<std::string> interfaces;
  std::string settings_schema;  // JSON
};
using FindPlugin = std::function<Result<PluginFacts>(const std::vector<std::string>& folders, const std::string& id)>;

struct ReadConfig {
  std::optional<Config> config;  // nothing when there is any complaint
  std::vector<Complaint> complaints;
};

// Reads `path`, follows `include` and !include, takes ${ENV} and !secret.
// `default_plugin_folder`: looked through when the config names none.
ReadConfig read_config(const std::string& path, const FindPlugin& find_plugin,
                       const std::string& default_plugin_folder);

}  // namespace hkl
