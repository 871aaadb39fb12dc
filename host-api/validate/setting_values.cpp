#include "setting_values.h"

#include <cstdint>

#include "config/schema_check.h"
#include "config/settings.h"

namespace hkl::validate {
namespace {

using nlohmann::json;

bool satisfies(const json& value, const json& schema) {
  std::vector<Complaint> complaints;
  check_schema(value, schema, YamlNode{}, {}, "the plugin", complaints);
  return complaints.empty();
}

std::string type_of(const json& about) {
  return about.contains("type") && about["type"].is_string() ? about["type"].get<std::string>() : "";
}

using Named = std::pair<std::string, json>;

std::vector<Named> texts_for(const json& about) {
  const auto format = about.value("format", std::string());
  if (format == "duration") return {{"0s", "0s"}, {"1ms", "1ms"}, {"ten years", "87600h"}};
  const auto longest = about.value("maxLength", std::size_t{64 * 1024});
  return {{"an empty text", ""},
          {"64 KiB of text", std::string(std::min<std::size_t>(longest, 64 * 1024), 'x')},
          {"unusual Unicode", "\u202e\u0416\u0438\u200d\U0001F469\u200d\U0001F527\ufeff\u0007\u00a0"},
          {"quotes and escapes", "\"\\\n\t{}[]'%s%n"}};
}

std::vector<Named> numbers_for(const json& about) {
  constexpr std::int64_t kMost = (std::int64_t{1} << 53) - 1;  // what JSON's doubles hold
  return {{"its lowest value", about.contains("minimum") ? about["minimum"] : json(-kMost)},
          {"its highest value", about.contains("maximum") ? about["maximum"] : json(kMost)},
          {"zero", 0}};
}

std::vector<Named> lists_for(const json& about) {
  auto many = json::array();
  const auto inner = type_of(about.value("items", json::object()));
  for (int i = 0; i < 1000; ++i)
    many.push_back(inner == "integer" || inner == "number" ? json(i) : json("item " + std::to_string(i)));
  return {{"an empty list", json::array()}, {"a list of a thousand", many}};
}

std::vector<Named> values_for(const json& about) {
  if (about.contains("enum")) {
    std::vector<Named> out;
    for (const auto& one : about["enum"]) out.emplace_back(one.dump(), one);
    return out;
  }
  const auto type = type_of(about);
  if (type == "string") return texts_for(about);
  if (type == "integer" || type == "number") return numbers_for(about);
  if (type == "boolean") return {{"true", true}, {"false", false}};
  if (type == "array") return lists_for(about);
  return {{"an empty object", json::object()}};
}

json other_value(const json& usual, const json& about) {
  if (about.contains("enum")) {
    for (const auto& one : about["enum"])
      if (one != usual) return one;
    return usual;
  }
  if (about.value("format", std::string()) == "duration") return "77s";
  if (usual.is_boolean()) return !usual.get<bool>();
  if (usual.is_number_integer())
    return satisfies(usual.get<std::int64_t>() + 1, about) ? json(usual.get<std::int64_t>() + 1)
                                                           : json(usual.get<std::int64_t>() - 1);
  if (usual.is_number()) return usual.get<double>() / 2;
  if (usual.is_string()) return usual.get<std::string>() + "-2";
  return usual;
}

}  // namespace

std::vector<SettingValue> values_at_the_ends(const json& schema) {
  std::vector<SettingValue> out;
  const auto properties = schema.value("properties", json::object());
  for (const auto& [name, about] : properties.items()) {
    for (auto& [which, value] : values_for(about))
      if (satisfies(value, about)) out.push_back({name, which, std::move(value)});
  }
  return out;
}

std::vector<json> other_settings(const json& usual, const json& schema) {
  std::vector<json> out;
  auto all = usual;
  const auto properties = schema.value("properties", json::object());
  for (const auto& [name, about] : properties.items()) {
    if (!usual.contains(name)) continue;
    const auto value = other_value(usual[name], about);
    if (value == usual[name] || !satisfies(value, about)) continue;
    all[name] = value;
    auto one = usual;
    one[name] = value;
    out.push_back(std::move(one));
  }
  if (out.size() > 1) out.insert(out.begin(), std::move(all));
  return out;
}

}  // namespace hkl::validate
