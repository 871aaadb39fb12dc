#include "config/settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/schema_check.h"
#include "config/yaml_files.h"

namespace hkl {
namespace {

using nlohmann::json;

// Settings whose meaning the core knows, whichever plugin has them.
constexpr const char *kCalendarSetting = "working_hours", *kLanguageSetting = "language";
constexpr const char *kGivenToSetting = "given_to", *kEscalateToSetting = "escalate_to";

const json& properties_of(const json& schema) {
  static const auto kNoProperties = json::object();
  const auto found = schema.find("properties");
  return found != schema.end() && found->is_object() ? *found : kNoProperties;
}

// Unknown keys are errors also where the plugin's author forgot to say so.
void close_schema(json& schema) {
  if (!schema.contains("additionalProperties") && !schema.contains("patternProperties"))
    schema["additionalProperties"] = false;
}

void collect_texts(const json& value, std::vector<std::string>& into) {
  if (value.is_string() && !value.get_ref<const std::string&>().empty()) into.push_back(value.get<std::string>());
  if (!value.is_structured()) return;
  for (const auto& one : value) collect_texts(one, into);
}

void collect_secrets(const json& value, const json& schema, std::vector<std::string>& into) {
  if (!schema.is_object()) return;
  if (schema.value("secret", false)) return collect_texts(value, into);
  if (value.is_object())
    for (const auto& [name, about] : properties_of(schema).items())
      if (value.contains(name)) collect_secrets(value[name], about, into);
  if (value.is_array() && schema.contains("items"))
    for (const auto& item : value) collect_secrets(item, schema["items"], into);
}

// What came from !secret is one whatever the schema thinks of it.
void collect_secrets(const YamlNode& node, std::vector<std::string>& into) {
  if (node.is_secret && !node.text.empty()) into.push_back(node.text);
  for (const auto& item : node.items) collect_secrets(item, into);
  for (const auto& member : node.members) collect_secrets(member.value, into);
}

class SettingsReader {
 public:
  SettingsReader(const ConfigReading& reading, TreePath where, const std::string& plugin, json schema)
      : reading_(reading), where_(std::move(where)), plugin_(plugin), schema_(std::move(schema)) {}

  PluginSettings read() {
    const auto* node = reading_.at(where_);
    if (node != nullptr && node->kind != YamlNode::Kind::map) return {};  // the core's schema has complained
    close_schema(schema_);
    auto value = node == nullptr ? json::object() : json_for(*node, schema_);
    check_schema(value, schema_, reading_.root, where_, plugin_, reading_.complaints);
    if (where_.front() == "tasks") take_task_defaults(value);
    for (const auto& [name, about] : properties_of(schema_).items()) {
      if (about.is_object() && about.value("contentFile", false)) take_file(value, name, about);
      if (name == kCalendarSetting) check_calendar(value, name, about);
      if (name == kLanguageSetting) take_language(value, name, about);
      if (name == kGivenToSetting || name == kEscalateToSetting) check_employee(value, name);
    }
    check_defaults();
    fill_defaults(value, schema_);
    PluginSettings settings;
    settings.contents = std::move(contents_);
    collect_secrets(value, schema_, settings.secrets);
    if (node != nullptr) collect_secrets(*node, settings.secrets);
    std::sort(settings.secrets.begin(), settings.secrets.end());
    settings.secrets.erase(std::unique(settings.secrets.begin(), settings.secrets.end()), settings.secrets.end());
    settings.json = value.dump(-1, ' ', false, json::error_handler_t::replace);
    return settings;
  }

 private:
  // What the author wrote there reaches the plugin unseen by anybody.
  void check_defaults() const {
    if (!schema_fault(schema_).empty()) return;  // told already
    // Judged within the whole, as a part may refer to another, but alone.
    json whole = {{"type", "object"}};
    for (const char* part : {"properties", "definitions", "$defs", "$schema"})
      if (schema_.contains(part)) whole[part] = schema_[part];
    for (const auto& [name, about] : properties_of(schema_).items()) {
      if (!about.is_object() || !about.contains("default")) continue;
      std::vector<Complaint> complaints;
      const auto value = json::object({{name, about["default"]}});
      check_schema(value, whole, YamlNode{}, {}, plugin_, complaints);
      if (complaints.empty()) continue;
      auto entry = where_;
      entry.back() = "plugin";
      reading_.complain(entry, fmt::format("the default of its setting \"{}\" breaks its own schema ({}); ask the "
                                           "plugin's author",
                                           name, complaints.front().text));
    }
  }

  void take_file(json& value, const std::string& name, const json& about) {
    const auto given = value.find(name);
    if (given == value.end()) return;
    if (!given->is_string() || given->get_ref<const std::string&>().empty()) {
      if (const auto* inline_node = reading_.at(where_ / name))
        contents_[name] = std::make_shared<YamlNode>(*inline_node);
      return;
    }
    const auto place = place_of(reading_.root, where_ / name);
    const auto before = reading_.complaints.size();
    const auto content = read_yaml_beside(reading_.path, given->get<std::string>(), place, reading_.complaints);
    if (reading_.complaints.size() > before) return;
    if (content.kind != YamlNode::Kind::map && content.kind != YamlNode::Kind::list) {
      reading_.complaints.push_back(complaint_at(
          content.place, fmt::format("{} wants a map or list here, found {}", plugin_,
                                     content.kind == YamlNode::Kind::null ? "nothing" : "a single value")));
      return;
    }
    *given = json_for(content, about);
    check_schema(*given, about, content, {}, plugin_, reading_.complaints);
    contents_[name] = std::make_shared<YamlNode>(content);
  }

  // Unless told otherwise a plugin speaks the language of the config, if it can.
  void take_language(json& value, const std::string& name, const json& about) const {
    const json language = reading_.text({"locale", "language"}, Config{}.language);
    const auto words = about.find("enum");
    if (value.contains(name) || words == about.end()) return;
    if (std::find(words->begin(), words->end(), language) != words->end()) value[name] = language;
  }

  // What `task_defaults` says once for all rules that have such a setting.
  void take_task_defaults(json& value) const {
    const auto* defaults = reading_.at({"task_defaults"});
    if (defaults == nullptr || defaults->kind != YamlNode::Kind::map) return;
    const auto properties = properties_of(schema_);
    for (const auto& member : defaults->members)
      if (properties.contains(member.name) && !value.contains(member.name)) value[member.name] = json_of(member.value);
  }

  void check_calendar(const json& value, const std::string& name, const json& about) const {
    const auto given = value.find(name);
    if (given == value.end() || !given->is_string() || given->get_ref<const std::string&>().empty()) return;
    if (about.contains("default") && *given == about["default"]) return;  // the plugin's word for none
    const auto calendar = given->get<std::string>();
    std::vector<std::string> known;
    if (const auto* section = reading_.at({"calendars"}))
      for (const auto& member : section->members) known.push_back(member.name);
    if (std::find(known.begin(), known.end(), calendar) != known.end()) return;
    auto text = fmt::format("{}, setting \"{}\": {}", plugin_, name, no_such("calendar", calendar, known));
    if (known.empty()) text += "; write it under calendars";
    reading_.complaints.push_back(complaint_at(place_of(reading_.root, where_ / name), std::move(text)));
  }

  // An employee may also come as a record later.
  void check_employee(const json& value, const std::string& name) const {
    const auto given = value.find(name);
    if (reading_.at({"employees"}) == nullptr || given == value.end() || !given->is_string()) return;
    const auto employee = given->get<std::string>();
    const auto known = reading_.ids("employees");
    if (employee.empty() || std::find(known.begin(), known.end(), employee) != known.end()) return;
    reading_.complaints.push_back(
        complaint_at(place_of(reading_.root, where_ / name),
                     fmt::format("{}, setting \"{}\": {}", plugin_, name, no_such("employee", employee, known))));
  }

  const ConfigReading& reading_;
  TreePath where_;
  const std::string& plugin_;
  json schema_;
  std::map<std::string, std::shared_ptr<const YamlNode>> contents_;
};

}  // namespace

void fill_defaults(json& value, const json& schema) {
  if (!value.is_object()) return;
  for (const auto& [name, about] : properties_of(schema).items()) {
    if (!about.is_object()) continue;
    if (!value.contains(name) && about.contains("default")) value[name] = about["default"];
    if (!value.contains(name)) continue;
    fill_defaults(value[name], about);
    if (value[name].is_array() && about.contains("items"))
      for (auto& item : value[name]) fill_defaults(item, about["items"]);
  }
}

PluginSettings read_settings(const ConfigReading& reading, const TreePath& where, const std::string& plugin,
                             const std::string& schema_text) {
  // A plugin's schema is a stranger's: it may be JSON and yet no schema.
  try {
    return SettingsReader(reading, where / "settings", plugin, json::parse(schema_text)).read();
  } catch (const json::exception& error) {
    reading.complain(where / "plugin", fmt::format("the settings schema of {} cannot be read ({}); ask its author",
                                                   plugin, error.what()));
    return {};
  }
}

}  // namespace hkl
