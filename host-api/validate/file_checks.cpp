// S: the file alone; nothing in it runs.
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <tuple>

#include "config/schema_check.h"
#include "config/settings.h"
#include "hookline/plugin.h"
#include "plugins/note.h"
#include "specimen.h"

namespace hkl::validate {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

// The error as a sentence of a check, without the file's name in front.
Outcome judged(const Candidate& candidate, const Error& error) {
  const auto front = candidate.file + ": ";
  return fails(error.text.starts_with(front) ? error.text.substr(front.size()) : error.text);
}

template <typename T>
Outcome outcome_of(const Candidate& candidate, const Result<T>& result) {
  return result ? pass() : judged(candidate, result.error());
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

Outcome whole_file(const Candidate& candidate) {
  const auto image = read_plugin_file(candidate.file);
  // Who owns it and who may write it is S10's.
  if (!image && image.error().status == HKL_AUTH) return pass();
  if (!image) return judged(candidate, image.error());
  return outcome_of(candidate, read_elf(*image));
}

Outcome note_is_legal(const Candidate& candidate) {
  const auto elf = elf_of(candidate);
  const auto head = read_note_head(candidate.file, elf);
  if (!head) return judged(candidate, head.error());
  // Another version may write its manifest in another form: S04 names it.
  if (!judge_version(*head)) return pass();
  return outcome_of(candidate, read_note_manifest(elf, *head));
}

Outcome one_door(const Candidate& candidate) {
  const auto elf = elf_of(candidate);
  auto strangers = elf.exports;
  // What is shared by accident is S08's.
  for (const auto& name : elf.unique)
    strangers.erase(std::remove(strangers.begin(), strangers.end(), name), strangers.end());
  strangers.erase(std::remove(strangers.begin(), strangers.end(), HKL_PLUGIN_SYMBOL), strangers.end());
  if (strangers.empty()) return pass();
  std::sort(strangers.begin(), strangers.end());
  const auto count = strangers.size();
  if (count > 10) strangers.resize(10);
  return fails(fmt::format("exports {} symbols besides " HKL_PLUGIN_SYMBOL ": {}; build it with hidden visibility and "
                           "the version script of hookline_add_plugin()",
                           count, joined(strangers)));
}

Outcome version_fits(const Candidate& candidate) {
  const auto elf = elf_of(candidate);
  const auto head = read_note_head(candidate.file, elf);
  if (!head) return judged(candidate, head.error());
  if (auto version = judge_version(*head); !version) return judged(candidate, version.error());
  const auto note = read_note_manifest(elf, *head);
  return note ? outcome_of(candidate, judge_needs(*note)) : judged(candidate, note.error());
}

Outcome entry_is_data(const Candidate& candidate) { return outcome_of(candidate, judge_entry(elf_of(candidate))); }

bool is_snake_case(const std::string& name) {
  return !name.empty() && 'a' <= name[0] && name[0] <= 'z' && std::all_of(name.begin(), name.end(), [](char c) {
    return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '_';
  });
}

// JSON itself lets a name stand twice, and a reader sees the last one alone.
std::string twin_in(const std::string& manifest) {
  std::vector<std::set<std::string>> open;
  std::string twin;
  std::ignore = json::parse(manifest, [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end && !open.empty()) open.pop_back();
    if (event == json::parse_event_t::key && !open.empty() && !open.back().insert(value.get<std::string>()).second) {
      twin = value.get<std::string>();
    }
    return true;
  });
  return twin;
}

std::string fault_of_setting(const std::string& name, const json& about) {
  constexpr const char* kTypes[] = {"string", "integer", "number", "boolean", "array", "object"};
  if (!is_snake_case(name)) return "its name is not snake_case";
  if (!about.is_object()) return "it is no schema";
  if (about.value("description", json()).is_string() == false || about["description"].get<std::string>().empty())
    return "it has no description";
  if (about.contains("type")) {
    const auto& type = about["type"];
    const bool is_known = type.is_string() && std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
    if (!is_known && !type.is_array()) return fmt::format("{} is no type of JSON Schema", type.dump());
  }
  if (about.contains("minimum") && about.contains("maximum") && about["minimum"] > about["maximum"])
    return "its minimum is above its maximum";
  if (!about.contains("default")) return {};
  std::vector<Complaint> complaints;
  check_schema(about["default"], about, YamlNode{}, {}, "the plugin", complaints);
  return complaints.empty() ? std::string() : "its default breaks its own schema: " + complaints.front().text;
}

Outcome schema_is_legal(const Candidate& candidate) {
  const auto elf = elf_of(candidate);
  if (const auto twin = twin_in(std::string(manifest_of(elf))); !twin.empty())
    return fails(fmt::format("\"{}\" stands twice in one object of the manifest", twin));
  const auto schema = schema_of(candidate);
  if (schema.value("type", "object") != "object") return fails("the settings' schema is not that of an object");
  if (const auto fault = schema_fault(schema); !fault.empty())
    return fails("the settings' schema is no JSON Schema: " + fault);
  const auto settings = schema.value("properties", json::object());
  if (!settings.is_object()) return fails("\"properties\" of the settings' schema is no object");
  for (const auto& [name, about] : settings.items()) {
    if (const auto fault = fault_of_setting(name, about); !fault.empty())
      return fails(fmt::format("setting \"{}\": {}", name, fault));
  }
  for (const auto& name : schema.value("required", json::array())) {
    if (!name.is_string() || !settings.contains(name.get<std::string>()))
      return fails(fmt::format("{} is required and is no setting", name.dump()));
  }
  std::vector<Complaint> complaints;
  check_schema(json::parse(sample_settings(candidate)), schema, YamlNode{}, {}, "the plugin", complaints);
  if (complaints.empty() || !candidate.settings_json.empty()) return pass();
  return {Verdict::warn, "values made for its required settings do not satisfy the schema (" + complaints.front().text +
                             "); give real ones with --settings"};
}

// The loader looks for libraries as it would for the plugin itself, in a child
// of this check's own, since their constructors run.
std::string missing_library(const ElfFile& elf) {
  for (const auto& library : elf.needed) {
    bool is_there = ::dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL) != nullptr;
    for (const auto& folder : elf.run_path) is_there = is_there || fs::exists(fs::path(folder) / library);
    if (!is_there) return library;
  }
  return {};
}

Outcome libraries_are_there(const Candidate& candidate) {
  const auto elf = elf_of(candidate);
  if (const auto linking = judge_libraries(elf); !linking) return judged(candidate, linking.error());
  if (const auto library = missing_library(elf); !library.empty())
    return fails(
        fmt::format("needs the library {}, which is not there; install it or link it into the plugin", library));
  return pass();
}

Outcome built_to_be_loaded(const Candidate& candidate) {
  const auto elf = elf_of(candidate);
  if (const auto code = judge_code(elf); !code) return judged(candidate, code.error());
  if (elf.static_tls == 0) return pass();
  return {Verdict::warn, fmt::format("keeps {} bytes of thread-local memory with -ftls-model=initial-exec, of which a "
                                     "process has little to give; build it without that option",
                                     elf.static_tls)};
}

Outcome path_hygiene(const Candidate& candidate) {
  const auto image = read_plugin_file(candidate.file);
  if (!image) return judged(candidate, image.error());
  std::error_code failed;
  const auto real = fs::canonical(candidate.file, failed);
  const auto folder = fs::canonical(fs::absolute(candidate.file).parent_path(), failed);
  if (!failed && real.parent_path() != folder)
    return fails(fmt::format("is a link that leaves its folder, to {}; copy the file itself", real.string()));
  return pass();
}

}  // namespace

std::vector<Check> file_checks() {
  return {
      {"S01", Level::quick, "a whole shared object of this machine", "R2", {}, whole_file},
      // Before all that read the file, as the loader does.
      {"S10", Level::standard, "owner, mode and place are acceptable", "R13", {"S01"}, path_hygiene},
      {"S02", Level::quick, "one legal note with a manifest", "R2", {"S01", "S10"}, note_is_legal},
      {"S03", Level::quick, "exports the entry and nothing else", "R1", {"S01", "S10"}, one_door},
      {"S04", Level::quick, "wants nothing newer than this host", "R3", {"S02"}, version_fits},
      {"S05", Level::quick, "the entry is constant data as large as it says", "R1, R4", {"S02", "S04"}, entry_is_data},
      {"S06",
       Level::quick,
       "the settings' schema is legal and explains itself",
       "R14",
       {"S02", "S04"},
       schema_is_legal},
      {"S07", Level::standard, "what it links is there and is no runtime", "R13", {"S02", "S04"}, libraries_are_there},
      {"S08",
       Level::standard,
       "nothing shared by accident, no writable code, no early thread-local memory",
       "R12, R13",
       {"S02", "S04"},
       built_to_be_loaded},
  };
}

}  // namespace hkl::validate
