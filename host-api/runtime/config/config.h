// The YAML of an admin, read and judged: what a runtime is made of.
//
// ConfigReading never stops at the first fault: all complaints come at once, each
// with its place and the way out. Nothing of a plugin runs for it; settings
// are judged by the schema in the plugin's note.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/field_map.h"
#include "config/retention.h"
#include "config/schedules.h"
#include "contacts/access.h"
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

struct YamlNode;

// One entry that names a plugin.
struct PluginEntry {
  std::string id;      // the entry's own, else the plugin's
  std::string plugin;  // id of the plugin
  bool isolated = false;
  Millis call_limit{5000};           // of one call of it
  std::uint64_t memory_mib = 512;    // of its process, where it has one
  std::string settings_json;         // canonical, defaults filled in, secrets and files resolved
  std::vector<std::string> secrets;  // values that no log may show
  // Settings that may be a file of their own, with the place of every value; by name.
  std::map<std::string, std::shared_ptr<const YamlNode>> contents;
  int line = 0;  // of the entry, for messages
  std::string file;
};

struct SourceEntry : PluginEntry {
  std::string name, pbx;  // pbx: its own name unless set
  bool history = false;
  bool clock_receipt = false;    // `clock: receipt`
  std::string timezone, region;  // of the source, else the config's
  std::string record;            // folder for captures of what comes in, or empty
  std::string public_url;
  Millis close_after{4 * 3600 * 1000};  // a call of which nothing was heard for so long is over
};

// How HTTP is served; only where the section is there or the host says so.
struct HttpConfig {
  bool is_set = false;
  HttpSettings settings;
  std::size_t refusals_per_minute = 60;
};

// Where entities are sent; only where the section says so.
struct CrmWebhook {
  std::string url;
  std::vector<std::string> keys;  // raw; the first is the newest; never logged
  std::string ca_file;            // PEM whom to trust in place of the system's authorities
  Millis timeout{10000};
  std::vector<std::string> entities;       // empty: all
  std::map<std::string, FieldMap> fields;  // by entity; without one the record goes as it is
};

struct CrmConfig {
  // Addresses of cards with {id}; empty: the CRM has none.
  struct Links {
    std::string contact, lead;
  } links;
  std::optional<CrmWebhook> webhook;
};

struct Config {
  std::string path;       // of the main file
  std::string store_url;  // "sqlite:hookline.db", relative to the main file
  std::uint64_t lookup_memory_mib = 512;
  std::string timezone = "UTC", phone_region, language = "en";
  std::vector<std::string> plugin_folders;  // absolute
  std::vector<SourceEntry> sources;
  std::vector<PluginEntry> classifiers, tasks, reports;
  std::map<std::string, Calendar> calendars;
  Directory::Parts directory;
  LeadPolicy leads;
  HttpConfig http;
  CrmConfig crm;
  AccessRules access;
  ScheduleConfig schedules;
  std::string recordings_folder;  // absolute; empty: there is none
  RetentionConfig retention;
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
