// `hookline plugins`: what is loaded, and what its sources sent that it does not know.
#include <Poco/Data/Session.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/runtime.h"
#include "contacts/access.h"
#include "endpoints/unknown_input.h"
#include "plugins/texts.h"
#include "reports/access_rows.h"
#include "reports/mask.h"

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

using UnknownBySource = std::map<std::string, std::vector<UnknownKind>>;

Json unknown_json(const UnknownBySource& unknown) {
  auto list = Json::array();
  for (const auto& [source, kinds] : unknown)
    for (const auto& kind : kinds)
      list.push_back({{"source", source},
                      {"kind", kind.kind},
                      {"count", kind.count},
                      {"first_at", iso_utc(kind.first_at)},
                      {"last_at", iso_utc(kind.last_at)},
                      {"latest", kind.sample.empty() ? Json() : Json(kind.sample)}});
  return list;
}

// The latest of each as one line: its whole text is in the JSON.
std::string unknown_text(const UnknownBySource& unknown) {
  std::string text;
  for (const auto& [source, kinds] : unknown)
    for (const auto& kind : kinds) {
      text += fmt::format("    not understood, {}: {}, {} time{}, last {}\n", source, kind.kind, kind.count,
                          kind.count == 1 ? "" : "s", iso_utc(kind.last_at));
      if (!kind.sample.empty()) text += fmt::format("      {}\n", one_line(kind.sample, 200));
    }
  return text;
}

}  // namespace

Result<std::map<std::string, std::vector<UnknownKind>>> Runtime::unknown_input(const std::string& plugin,
                                                                               const Asker& asker) {
  std::map<std::string, std::vector<UnknownKind>> unknown;
  if (!store_) return unknown;
  auto session = reader();
  if (!session) return fail(session.error());
  try {
    Sql sql(**session);
    for (const auto& entry : config_.sources) {
      if (entry.plugin != plugin) continue;
      for (const auto& [place, value] : marks_of(sql, entry.name))
        if (auto kind = read_unknown(place, value)) {
          if (is_masked(asker.access.get())) kind->sample = masked(kind->sample);
          unknown[entry.name].push_back(std::move(*kind));
        }
    }
    return unknown;
  } catch (const SqlError& error) {
    return fail(error.error().in(store_->path()));
  }
}

Done Runtime::list_plugins(const std::string& format, const Asker& asker, const hkl_writer& writer) {
  if (auto may = check_right(asker.access.get(), "settings.view"); !may) return may;
  if (format != "json" && format != "table" && !format.empty())
    return fail(HKL_INVALID, fmt::format("plugins are listed as table or json, not as \"{}\"", format));
  if (format == "json") {
    auto list = Json::array();
    for (const auto& note : loaded_->catalogue->notes()) {
      auto unknown = unknown_input(note.id, asker);
      if (!unknown) return fail(unknown.error());
      list.push_back({{"id", note.id},
                      {"version", note.version},
                      {"author", note.author},
                      {"licence", note.licence},
                      {"summary", note.summary},
                      {"interfaces", note.interfaces},
                      {"needs", note.needs},
                      {"flags", note.flags},
                      {"file", note.file},
                      {"settings", Json::parse(note.settings_schema)},
                      {"unknown", unknown_json(*unknown)}});
    }
    return write_text(writer, list.dump(2) + "\n");
  }
  for (const auto& note : loaded_->catalogue->notes()) {
    std::string text = fmt::format("{} {}  {}\n    {}; {}; {}\n", note.id, note.version, note.summary,
                                   joined(note.interfaces), note.licence, note.file);
    const auto schema = Json::parse(note.settings_schema);
    const auto properties = schema.value("properties", Json::object());
    const auto required = schema.value("required", Json::array());
    for (const auto& [name, setting] : properties.items()) {
      const bool is_required = std::find(required.begin(), required.end(), name) != required.end();
      text += fmt::format("    {}: {}{}\n", name, setting.value("description", ""),
                          is_required                   ? " (required)"
                          : setting.contains("default") ? fmt::format(" (default {})", setting["default"].dump())
                                                        : "");
    }
    const auto unknown = unknown_input(note.id, asker);
    if (!unknown) return fail(unknown.error());
    text += unknown_text(*unknown);
    if (auto written = write_text(writer, text); !written) return written;
  }
  for (const auto& refusal : loaded_->catalogue->refusals())
    if (auto written = write_text(writer, "left out: " + refusal + "\n"); !written) return written;
  return {};
}

}  // namespace hkl
