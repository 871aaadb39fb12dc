#include "documents.h"

#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>

namespace fuzz {
namespace {

using Json = nlohmann::json;

Json scalar(const YAML::Node& node) {
  const auto& text = node.Scalar();
  if (node.Tag() == "!") return text;  // quoted
  if (text == "true" || text == "false") return text == "true";
  const bool is_number = !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
  if (is_number && (text.size() == 1 || text.front() != '0')) return std::stoi(text);
  return text;
}

Json json_of(const YAML::Node& node) {
  if (node.IsScalar()) return scalar(node);
  if (node.IsSequence()) {
    auto list = Json::array();
    for (const auto& item : node) list.push_back(json_of(item));
    return list;
  }
  if (!node.IsMap()) return nullptr;
  auto map = Json::object();
  for (const auto& member : node) map[member.first.Scalar()] = json_of(member.second);
  return map;
}

}  // namespace

std::string settings_with(const std::string& member, const std::string& name, bool is_open) {
  auto document = json_of(YAML::LoadFile(std::string(HKL_CONFIG_FOLDER "/") + name + ".yaml"));
  Json settings = {{"secrets", Json::object()}, {"timezone", "UTC"}, {"region", "RU"}};
  const auto asked = document.value("settings", Json::object());
  for (const auto& [setting, about] : asked.items())
    if (about.value("secret", false)) settings["secrets"][setting] = "hl-secret-" + setting;
  if (is_open) document["auth"] = Json::array({{{"open", true}}});
  settings[member] = std::move(document);
  return settings.dump();
}

}  // namespace fuzz
