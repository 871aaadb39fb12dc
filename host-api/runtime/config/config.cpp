#include "config/config.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <tuple>

#include "canonical/parts.h"
#include "config/access.h"
#include "config/calendars.h"
#include "config/crm.h"
#include "config/directory_records.h"
#include "config/entries.h"
#include "config/http.h"
#include "config/leads.h"
#include "config/retention.h"
#include "config/schema_check.h"
#include "config/yaml_files.h"
#include "config_schema.h"

namespace hkl {
namespace {

const nlohmann::json& core_schema() {
  static const auto schema = nlohmann::json::parse(kEmbedded[0].text);
  return schema;
}

void read_locale(const ConfigReading& reading, Config& config) {
  check_zone(reading, {"locale", "timezone"});
  check_region(reading, {"locale", "phone_region"});
  config.timezone = reading.text({"locale", "timezone"}, config.timezone);
  config.phone_region = reading.text({"locale", "phone_region"}, config.phone_region);
  config.language = reading.text({"locale", "language"}, config.language);
}

void read_folders(const ConfigReading& reading, const std::string& default_plugin_folder, Config& config) {
  const TreePath where = {"plugins", "folders"};
  const auto folders = reading.texts(where);
  for (std::size_t i = 0; i < folders.size(); ++i) {
    auto folder = reading.beside(folders[i]);
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored))
      reading.complain(where / i, fmt::format("there is no folder {}; make it or correct the name", folder));
    config.plugin_folders.push_back(std::move(folder));
  }
  if (config.plugin_folders.empty()) config.plugin_folders.push_back(default_plugin_folder);
}

template <typename Record>
OrderedJson printed(const std::vector<Record>& records) {
  auto list = OrderedJson::array();
  for (const auto& record : records) list.push_back(to_json(record));
  return list;
}

OrderedJson printed(const std::vector<PluginEntry>& entries) {
  auto list = OrderedJson::array();
  for (const auto& entry : entries) list.push_back({entry.id, entry.plugin, entry.settings_json});
  return list;
}

OrderedJson printed(const std::vector<Calendar::Span>& spans) {
  auto list = OrderedJson::array();
  for (const auto& span : spans) list.push_back({span.start, span.end});
  return list;
}

OrderedJson printed(const std::map<std::string, Calendar>& calendars) {
  auto all = OrderedJson::object();
  for (const auto& [name, calendar] : calendars) {
    auto week = OrderedJson::array(), exceptions = OrderedJson::array();
    for (const auto& day : calendar.week) week.push_back(printed(day));
    for (const auto& [date, spans] : calendar.exceptions)
      exceptions.push_back({date.time_since_epoch().count(), printed(spans)});
    all[name] = {calendar.timezone, week, exceptions};
  }
  return all;
}

OrderedJson printed(const LeadPolicy& leads) {
  return {static_cast<int>(leads.when), leads.create_at,     leads.distribution,   leads.fan,
          leads.stage_missed,           leads.stage_fan,     leads.stage_answered, leads.anonymous_creates,
          leads.outgoing_creates,       leads.bind_to_taker, leads.sticky_days};
}

// All that steps 4 to 10 of a call's way rest upon (DESIGN section 4). Reports,
// folders and what a connection needs change no stored figure.
std::string fingerprint_of(const Config& config) {
  auto regions = OrderedJson::object();
  for (const auto& source : config.sources) regions[source.pbx] = source.region;
  const auto& d = config.directory;
  const OrderedJson all = {config.timezone,
                           config.phone_region,
                           regions,
                           printed(config.classifiers),
                           printed(config.tasks),
                           printed(config.calendars),
                           printed(config.leads),
                           printed(d.employees),
                           printed(d.departments),
                           printed(d.offices),
                           printed(d.ad_sources),
                           printed(d.lines),
                           printed(d.funnels)};
  const auto text = dumped(all);
  const auto hash = XXH3_128bits(text.data(), text.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

// In the order of the files, the main one first.
void put_in_order(std::vector<Complaint>& complaints, const std::string& main_file) {
  const auto key = [&](const Complaint& c) { return std::tie(c.file, c.line, c.column); };
  std::stable_sort(complaints.begin(), complaints.end(), [&](const Complaint& a, const Complaint& b) {
    const bool a_main = a.file == main_file, b_main = b.file == main_file;
    return a_main != b_main ? a_main : key(a) < key(b);
  });
}

}  // namespace

ReadConfig read_config(const std::string& path, const FindPlugin& find_plugin,
                       const std::string& default_plugin_folder) {
  ReadConfig read;
  const auto root = read_yaml_files(path, read.complaints);
  const ConfigReading reading{root, path, read.complaints};
  if (root.kind != YamlNode::Kind::map) {
    if (read.complaints.empty())
      read.complaints.push_back(complaint_at(root.place, "holds no keys; begin with `hookline: 1`"));
    return read;
  }
  const auto value = json_for(root, core_schema());
  check_schema(value, core_schema(), root, {}, "", read.complaints);
  Config config;
  config.path = path;
  config.store_url = reading.text({"store", "url"}, "sqlite:hookline.db");
  if (const auto memory = reading.text({"store", "lookup_memory_mib"}); !memory.empty())
    (void)std::from_chars(memory.data(), memory.data() + memory.size(), config.lookup_memory_mib);
  read_locale(reading, config);
  read_folders(reading, default_plugin_folder, config);
  read_entries(reading, find_plugin, config);
  config.calendars = read_calendars(reading, config.timezone);
  config.directory = read_directory(reading, value);
  config.leads = read_leads(reading, Directory(config.directory));
  config.http = read_http(reading);
  config.crm = read_crm(reading);
  config.access = read_access(reading, Directory(config.directory));
  const auto recordings = reading.text({"recordings", "folder"});
  if (!recordings.empty()) config.recordings_folder = reading.beside(recordings);
  config.retention = read_retention(reading);
  config.schedules = read_schedules(reading, config.access);
  put_in_order(read.complaints, path);
  if (!read.complaints.empty()) return read;
  config.fingerprint = fingerprint_of(config);
  read.config = std::move(config);
  return read;
}

}  // namespace hkl
