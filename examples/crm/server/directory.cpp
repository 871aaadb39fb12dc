#include "directory.h"

#include <hookline/pbx_adapter.h>
#include <hookline/pbx_http.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <map>
#include <set>
#include <sstream>

namespace crm {
namespace {

using Json = nlohmann::ordered_json;

const std::map<std::string, const char*> kLists = {{"employee", "employees"},   {"department", "departments"},
                                                   {"office", "offices"},       {"line", "lines"},
                                                   {"ad_source", "ad_sources"}, {"funnel", "funnels"}};

// The stages that hold without `funnels` (MacroCRM's).
Json default_funnel() {
  Json stages = Json::array();
  const auto stage = [&](const char* id, const char* ru, const char* en, const char* group) {
    stages.push_back({{"id", id}, {"name", ru}, {"name_en", en}, {"groups", Json::array()}});
    if (*group != '\0') stages.back()["groups"].push_back(group);
  };
  stage("unsorted", "Неразобранное", "Unsorted", "");
  stage("check", "Проверка", "Check", "in_work");
  stage("selection", "Подбор", "Selection", "in_work");
  stage("booking", "Бронь", "Booking", "in_work");
  stage("deal_open", "Сделка в работе", "Deal open", "in_work");
  stage("deal_done", "Сделка проведена", "Deal done", "closed_successfully");
  stage("postponed", "Отложено", "Postponed", "");
  stage("non_target", "Нецелевой", "Non-target", "closed_unsuccessfully");
  stage("refusal", "Отказ", "Refusal", "closed_unsuccessfully");
  return {{"id", "sales"}, {"name", "Продажи"}, {"stages", stages}};
}

Json from_yaml(const YAML::Node& node) {
  if (node.IsSequence()) {
    auto list = Json::array();
    for (const auto& item : node) list.push_back(from_yaml(item));
    return list;
  }
  if (node.IsMap()) {
    auto object = Json::object();
    for (const auto& item : node) object[item.first.as<std::string>()] = from_yaml(item.second);
    return object;
  }
  if (!node.IsScalar()) return nullptr;
  const auto& text = node.Scalar();
  if (node.Tag() == "!" || text.empty()) return text;
  if (text == "true" || text == "false") return text == "true";
  return text;
}

// A PBX and the plugin that speaks with it.
struct Source {
  std::string pbx, plugin;
};

void add_yaml(Json& found, std::vector<Source>& sources, const std::string& file, int depth) {
  const auto root = YAML::LoadFile(file);
  for (const auto& source : root["sources"]) {
    const auto plugin = source["plugin"].as<std::string>("");
    sources.push_back({source["pbx"].as<std::string>(source["name"].as<std::string>(plugin)), plugin});
  }
  for (const auto& [type, list] : kLists) {
    if (!root[list] || !root[list].IsSequence()) continue;
    for (auto entry : from_yaml(root[list])) {
      entry["by_hand"] = true;
      found[list].push_back(entry);
    }
  }
  // Kept for as long as its items are looked at.
  const auto locale = root["locale"] ? from_yaml(root["locale"]) : Json();
  for (const auto& [key, value] : locale.items()) found["locale"][key] = value;
  constexpr int kDeepest = 5;  // an include of itself ends
  if (!root["include"] || depth >= kDeepest) return;
  for (const auto& name : root["include"])
    add_yaml(found, sources, (std::filesystem::path(file).parent_path() / name.as<std::string>()).string(), depth + 1);
}

void add_records(Json& found, const std::string& ndjson) {
  std::istringstream lines(ndjson);
  for (std::string line; std::getline(lines, line);) {
    auto record = Json::parse(line, nullptr, false);
    if (!record.is_object()) continue;
    const auto type = record.value("type", "");
    const auto list = kLists.find(type);
    if (list != kLists.end()) found[list->second].push_back(std::move(record));
  }
}

// PBXs that take orders of calls, as far as their plugins say so.
Json orderable(const std::vector<Source>& sources, Hookline& hookline) {
  auto list = Json::array();
  const auto plugins = Json::parse(hookline.answer("GET", "/api/v1/plugins", "", "").body, nullptr, false);
  if (!plugins.is_array()) return list;
  std::set<std::string> takes;
  for (const auto& plugin : plugins)
    for (const auto& offered : plugin["interfaces"])
      if (offered == HKL_PBX_ORIGINATE_V1 || offered == HKL_PBX_HTTP_ORIGINATE_V1) takes.insert(plugin["id"]);
  for (const auto& source : sources)
    if (takes.contains(source.plugin)) list.push_back(source.pbx);
  return list;
}

}  // namespace

Json read_directory(const std::string& config, Hookline& hookline) {
  Json found = {{"locale", {{"timezone", "UTC"}, {"language", "en"}}}};
  for (const auto& [type, list] : kLists) found[list] = Json::array();
  std::vector<Source> sources;
  add_yaml(found, sources, config, 0);
  found["can_order"] = orderable(sources, hookline);
  add_records(found, hookline.exported({"employee", "department", "office", "line", "ad_source", "funnel"}));
  if (found["funnels"].empty()) found["funnels"].push_back(default_funnel());
  return found;
}

}  // namespace crm
