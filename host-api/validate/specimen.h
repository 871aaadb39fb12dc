// The candidate as checks meet it, step by step, by the runtime's own judging:
// each function goes as far as it says and throws std::runtime_error with the
// reason where it cannot, which only a check that skipped its `after` sees.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "check.h"
#include "plugins/elf_file.h"
#include "plugins/instances.h"
#include "plugins/plugin_file.h"
#include "plugins/tables.h"

namespace hkl::validate {

std::string image_of(const Candidate& candidate);
ElfFile elf_of(const Candidate& candidate);
PluginNote note_of(const Candidate& candidate);
nlohmann::json schema_of(const Candidate& candidate);
MappedPlugin mapped(const Candidate& candidate);
std::shared_ptr<PluginFile> opened(const Candidate& candidate);

// A file by its own descriptor, uncopied and unjudged, for checks that watch the
// object itself or close what they opened.
std::shared_ptr<PluginFile> file_over(PluginNote note, const hkl_plugin* descriptor);

// Settings that satisfy the schema: the user's, else the defaults with a made
// value for each that has none. Made secrets contain kSecret.
inline constexpr const char* kSecret = "s3cr3t-0f-the-v4lidator";
std::string sample_settings(const Candidate& candidate);

// What the plugin logged, unmasked, and an entry that logs there.
struct Log {
  std::vector<std::string> lines;
};
// It has one calendar, kOffice: open on Monday to Friday from nine to six.
inline constexpr const char* kOffice = "office";
inline constexpr const char* kOfficeZone = "Europe/Berlin";
InstanceEntry entry_for(const Candidate& candidate, const std::string& settings, Log* log = nullptr);

// The first kind it offers, such as "hookline.pbx-adapter/1"; empty: none that this host knows.
std::string kind_of(const PluginNote& note);

// create … destroy with everything between that its kind has and that needs no
// facts: endpoints, a connection, a report's definition. The first failure.
Done live_once(const Candidate& candidate, const std::shared_ptr<PluginFile>& file, const InstanceEntry& entry);

}  // namespace hkl::validate
