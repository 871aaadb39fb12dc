#include "config/entries.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "config/settings.h"
#include "hookline/lead_classifier.h"
#include "hookline/pbx_adapter.h"
#include "hookline/report.h"
#include "hookline/task_rule.h"

namespace hkl {
namespace {

// Whose records come through the C API, files and HTTP (DESIGN section 9).
constexpr const char* kCanonical = "canonical";

struct Section {
  const char *name, *interface, *thing;
};
constexpr Section kSections[] = {
    {"sources", HKL_PBX_ADAPTER_V1, "PBX adapter"},
    {"classifiers", HKL_LEAD_CLASSIFIER_V1, "lead classifier"},
    {"tasks", HKL_TASK_RULE_V1, "task rule"},
    {"reports", HKL_REPORT_V1, "report"},
};
constexpr const Section &kSources = kSections[0], &kClassifiers = kSections[1], &kTasks = kSections[2],
                        &kReports = kSections[3];

bool offers(const PluginFacts& facts, const char* interface) {
  return std::find(facts.interfaces.begin(), facts.interfaces.end(), interface) != facts.interfaces.end();
}

class EntryReader {
 public:
  EntryReader(const ConfigReading& reading, const FindPlugin& find_plugin, const Config& config)
      : reading_(reading), find_plugin_(find_plugin), config_(config) {}

  std::vector<PluginEntry> section(const Section& section) {
    std::vector<PluginEntry> entries;
    std::map<std::string, TreePath> first;
    for (std::size_t i = 0; i < reading_.count({section.name}); ++i) {
      const auto where = TreePath{section.name} / i;
      auto entry = read(section, where);
      check_once(where, entry, first);
      entries.push_back(std::move(entry));
    }
    return entries;
  }

  std::vector<SourceEntry> sources() {
    std::vector<SourceEntry> entries;
    std::map<std::string, TreePath> first;
    for (std::size_t i = 0; i < reading_.count({kSources.name}); ++i) {
      const auto where = TreePath{kSources.name} / i;
      SourceEntry entry{read(kSources, where)};
      entry.name = reading_.text(where / "name");
      const auto [before, is_new] = first.try_emplace(entry.name, where);
      if (!is_new && !entry.name.empty())
        reading_.complain(where / "name", fmt::format("there is a source \"{}\" in {} already; give each its own "
                                                      "name (and one `pbx`, if they watch one PBX)",
                                                      entry.name, reading_.spot(before->second, where)));
      entry.pbx = reading_.text(where / "pbx", entry.name);
      entry.history = reading_.flag(where / "history", entry.plugin == kCanonical);
      entry.clock_receipt = reading_.text(where / "clock") == "receipt";
      check_zone(reading_, where / "timezone");
      check_region(reading_, where / "phone_region");
      entry.timezone = reading_.text(where / "timezone", config_.timezone);
      entry.region = reading_.text(where / "phone_region");
      if (const auto folder = reading_.text(where / "record"); !folder.empty()) entry.record = reading_.beside(folder);
      entry.public_url = reading_.text(where / "public_url");
      // The schema has judged it.
      if (const auto span = parse_duration(reading_.text(where / "close_after"))) entry.close_after = *span;
      entries.push_back(std::move(entry));
    }
    settle_regions(entries);
    return entries;
  }

 private:
  PluginEntry read(const Section& section, const TreePath& where) {
    PluginEntry entry;
    const auto place = place_of(reading_.root, where);
    entry.line = place.line;
    entry.file = place.file ? *place.file : "";
    entry.plugin = reading_.text(where / "plugin");
    entry.id = reading_.text(where / "id", entry.plugin);
    entry.isolated = reading_.text(where / "isolation") == "process";
    // Whatever the schema complained of is not taken.
    if (const auto span = parse_duration(reading_.text(where / "limits" / "call"))) entry.call_limit = *span;
    const auto memory = reading_.text(where / "limits" / "memory_mib");
    (void)std::from_chars(memory.data(), memory.data() + memory.size(), entry.memory_mib);
    if (entry.plugin.empty()) return entry;  // the schema has complained
    const auto facts = find_plugin_(config_.plugin_folders, entry.plugin);
    if (!facts) {
      reading_.complain(where / "plugin", facts.error().text);
    } else if (!offers(*facts, section.interface)) {
      tell_wrong_kind(section, where / "plugin", entry.plugin, *facts);
    } else {
      auto settings = read_settings(reading_, where, entry.plugin, facts->settings_schema);
      entry.settings_json = std::move(settings.json);
      entry.secrets = std::move(settings.secrets);
      entry.contents = std::move(settings.contents);
    }
    return entry;
  }

  void tell_wrong_kind(const Section& section, const TreePath& where, const std::string& plugin,
                       const PluginFacts& facts) const {
    for (const auto& other : kSections)
      if (offers(facts, other.interface))
        return reading_.complain(where, fmt::format("\"{}\" is no {}, it is a {}; move this entry to \"{}\"", plugin,
                                                    section.thing, other.thing, other.name));
    reading_.complain(
        where, fmt::format("\"{}\" is no {}; it offers {}", plugin, section.thing, fmt::join(facts.interfaces, ", ")));
  }

  void check_once(const TreePath& where, const PluginEntry& entry, std::map<std::string, TreePath>& first) const {
    if (entry.id.empty()) return;
    const auto [before, is_new] = first.try_emplace(entry.id, where);
    if (is_new) return;
    const bool has_own = reading_.at(where / "id") != nullptr;
    reading_.complain(where / (has_own ? "id" : "plugin"),
                      fmt::format("the entry in {} has the id \"{}\" too; give this one an id of its own",
                                  reading_.spot(before->second, where), entry.id));
  }

  // Calls of one PBX are read by one country's rules, whichever source saw them.
  void settle_regions(std::vector<SourceEntry>& entries) const {
    std::map<std::string, std::size_t> told;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const auto& entry = entries[i];
      if (entry.region.empty()) continue;
      const auto [before, is_new] = told.try_emplace(entry.pbx, i);
      const auto& other = entries[before->second];
      if (other.region == entry.region) continue;
      const auto sources = TreePath{kSources.name}, where = sources / i / "phone_region";
      reading_.complain(where, fmt::format("\"{}\" has {} for the same PBX ({}); its numbers are read by one country's "
                                           "rules, so write the same in both",
                                           other.name, other.region, reading_.spot(sources / before->second, where)));
    }
    for (auto& entry : entries) {
      const auto other = told.find(entry.pbx);
      if (entry.region.empty())
        entry.region = other == told.end() ? config_.phone_region : entries[other->second].region;
    }
  }

  const ConfigReading& reading_;
  const FindPlugin& find_plugin_;
  const Config& config_;
};

}  // namespace

void read_entries(const ConfigReading& reading, const FindPlugin& find_plugin, Config& config) {
  EntryReader entries(reading, find_plugin, config);
  config.sources = entries.sources();
  config.classifiers = entries.section(kClassifiers);
  config.tasks = entries.section(kTasks);
  config.reports = entries.section(kReports);
}

}  // namespace hkl
