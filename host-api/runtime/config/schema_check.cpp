#include "config/schema_check.h"

#include <fmt/format.h>

#include <algorithm>
// Else it ends the process at what it cannot read, which is a stranger's text.
#define VALIJSON_USE_EXCEPTIONS 1
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "config/schema_words.h"
#include "values/instant.h"
#include "values/words.h"

namespace hkl {
namespace {

using nlohmann::json;

// valijson's context: "<root>", then `["name"]` or "[0]".
TreePath path_of(const std::vector<std::string>& context) {
  TreePath path;
  for (const auto& step : context) {
    if (step == "<root>") continue;
    auto text = step;
    if (text.starts_with("[")) text = text.substr(1, text.size() - 2);
    if (text.starts_with("\"")) text = text.substr(1, text.size() - 2);
    path.push_back(std::move(text));
  }
  return path;
}

// Says only that something below is wrong, which is said where it is.
bool is_wrapper(const std::string& description) {
  constexpr const char* kBegins[] = {"Failed to validate against schema", "Failed to validate item",
                                     "Failed to validate against child", "Failed to validate against additional",
                                     "Failed to validate against any"};
  return std::any_of(std::begin(kBegins), std::end(kBegins),
                     [&](const char* begin) { return description.starts_with(begin); });
}

const json* resolved(const json& schema, const json& root) {
  const auto ref = schema.find("$ref");
  if (ref == schema.end()) return &schema;
  if (!ref->is_string() || !ref->get_ref<const std::string&>().starts_with("#/")) return nullptr;
  const json::json_pointer pointer(ref->get<std::string>().substr(1));
  return root.contains(pointer) ? &root.at(pointer) : nullptr;
}

// What judges a member or item: its own schema, else that of all others.
const json* below(const json& schema, const std::string& step, bool is_item, const json& root) {
  const json* next = nullptr;
  const auto named = schema.find("properties");
  if (is_item) {
    const auto items = schema.find("items");
    if (items != schema.end() && items->is_object()) next = &*items;
  } else if (named != schema.end() && named->contains(step)) {
    next = &(*named)[step];
  } else if (const auto others = schema.find("additionalProperties"); others != schema.end() && others->is_object()) {
    next = &*others;
  }
  return next == nullptr ? nullptr : resolved(*next, root);
}

bool is_later(const json& schema) { return schema.contains("notYet") && schema["notYet"] == true; }

// What YAML reads as a number may be one of the words that are allowed: 7E1.
bool could_be(const json& value, const json& schema) {
  const auto words = schema.find("enum");
  return fits_type(value, schema) &&
         (words == schema.end() || std::find(words->begin(), words->end(), value) != words->end());
}

json fitted(const YamlNode& node, const json* schema, const json& root) {
  if (schema == nullptr) return json_of(node);
  switch (node.kind) {
    case YamlNode::Kind::null:
      return nullptr;
    case YamlNode::Kind::scalar: {
      auto value = json_of(node);
      if (!could_be(value, *schema) && could_be(json(node.text), *schema)) return node.text;
      return value;
    }
    case YamlNode::Kind::list: {
      auto list = json::array();
      for (const auto& item : node.items) list.push_back(fitted(item, below(*schema, {}, true, root), root));
      return list;
    }
    case YamlNode::Kind::map:
      break;
  }
  auto object = json::object();
  for (const auto& member : node.members)
    object[member.name] = fitted(member.value, below(*schema, member.name, false, root), root);
  return object;
}

const json* value_at(const json& value, const TreePath& path) {
  const auto* at = &value;
  for (const auto& step : path) {
    if (at->is_array() && std::stoul(step) < at->size()) {
      at = &(*at)[std::stoul(step)];
    } else if (at->is_object() && at->contains(step)) {
      at = &(*at)[step];
    } else {
      return nullptr;
    }
  }
  return at;
}

class Judge {
 public:
  Judge(const json& value, const json& schema, const YamlNode& root, const TreePath& at, const std::string& plugin,
        std::vector<Complaint>& complaints)
      : value_(value), schema_(schema), root_(root), at_(at), plugin_(plugin), complaints_(complaints) {}

  void run() {
    try {
      judge();
    } catch (const std::exception& error) {  // also a pattern that is none, which is met with the first text
      complain({},
               fmt::format("the schema of these settings cannot be read ({}); ask the plugin's author", error.what()));
    }
  }

 private:
  void judge() {
    valijson::Schema compiled;
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_), compiled);
    valijson::Validator validator;
    valijson::ValidationResults results;
    valijson::adapters::NlohmannJsonAdapter target(value_);
    if (!validator.validate(compiled, target, &results)) {
      valijson::ValidationResults::Error error;
      while (results.popError(error))
        if (!is_wrapper(error.description)) tell(path_of(error.context), error.description);
    }
    check_own_keywords(value_, schema_, {});
  }

  TreePath whole(const TreePath& path) const {
    auto all = at_;
    all.insert(all.end(), path.begin(), path.end());
    return all;
  }

  // A sentence that names the thing itself.
  void say(const TreePath& path, std::string text) {
    const auto place = place_of(root_, whole(path));
    for (const auto& other : complaints_)
      if (other.line == place.line && other.column == place.column && other.text == text) return;
    complaints_.push_back(complaint_at(place, std::move(text)));
  }
  // A sentence about the thing at the path.
  void complain(const TreePath& path, const std::string& text) {
    if (!plugin_.empty())
      return say(path, path.empty() ? fmt::format("{}: {}", plugin_, text)
                                    : fmt::format("{}, setting \"{}\": {}", plugin_, path_text(path), text));
    const auto name = path_text(whole(path));
    say(path, name.empty() ? text : fmt::format("{}: {}", name, text));
  }

  void tell(const TreePath& path, const std::string& description) {
    const auto* schema = subschema(schema_, path);
    const auto* value = value_at(value_, path);
    if (schema == nullptr || value == nullptr) return complain(path, description);
    if (description.starts_with("Missing required property")) return tell_missing(path, *schema, *value);
    if (description.starts_with("Object contains a property")) return tell_unknown(path, *schema, *value);
    // valijson's idea of a moment is another than parse_iso's, which decides below.
    if (schema->value("format", "") == "date-time" && fits_type(*value, *schema)) return;
    complain(path, schema_words(*schema, *value, is_secret(path, *schema), description));
  }

  bool is_secret(const TreePath& path, const json& schema) const {
    const auto* node = node_at(root_, whole(path));
    return schema.value("secret", false) || (node != nullptr && node->is_secret);
  }

  void tell_missing(const TreePath& path, const json& schema, const json& value) {
    for (const auto& needed : schema.value("required", json::array())) {
      const auto name = needed.get<std::string>();
      if (value.contains(name)) continue;
      const auto* about = subschema(schema_, path / name);
      const auto help = about == nullptr ? "" : about->value("description", "");
      const auto hint = help.empty() ? "" : ": " + help;
      if (!plugin_.empty() && path.empty()) {
        say(path, fmt::format("{} needs the setting \"{}\"{}", plugin_, name, hint));
      } else {
        complain(path, fmt::format("\"{}\" is missing{}", name, hint));
      }
    }
  }

  void tell_unknown(const TreePath& path, const json& schema, const json& value) {
    std::vector<std::string> names;
    const auto properties = schema.value("properties", json::object());
    for (const auto& [name, about] : properties.items())
      if (!is_later(about)) names.push_back(name);
    for (const auto& [name, one] : value.items()) {
      if (properties.contains(name)) continue;
      const std::vector<std::string_view> known(names.begin(), names.end());
      const auto nearest = nearest_word(name, known.data(), known.size());
      const auto advice = !nearest.empty() ? fmt::format("did you mean \"{}\"?", nearest)
                          : names.empty()  ? std::string("take it out")
                                           : fmt::format("known: {}", fmt::join(names, ", "));
      if (!plugin_.empty() && path.empty()) {
        say(path / name, fmt::format("{} has no setting \"{}\"; {}", plugin_, name, advice));
      } else {
        complain(path / name, fmt::format("there is no \"{}\" here; {}", name, advice));
      }
    }
  }

  // What JSON Schema has no word for.
  void check_own_keywords(const json& value, const json& schema, const TreePath& path) {
    const auto* about = resolved(schema, schema_);
    if (about == nullptr) return;
    if (is_later(*about)) return complain(path, "this version of Hookline does not have it yet; take it out");
    if (about->value("positive", false)) check_positive(value, *about, path);
    if (about->contains("placeholders") && value.is_string()) check_placeholders(value, (*about)["placeholders"], path);
    if (about->value("format", "") == "date-time" && value.is_string())
      if (const auto at = parse_iso(value.get<std::string>()); !at) complain(path, at.error().text);
    if (value.is_object())
      for (const auto& [name, one] : value.items())
        if (const auto* part = below(*about, name, false, schema_)) check_own_keywords(one, *part, path / name);
    if (value.is_array())
      for (std::size_t i = 0; i < value.size(); ++i)
        if (const auto* part = below(*about, {}, true, schema_)) check_own_keywords(value[i], *part, path / i);
  }

  // "Call {clinet} back": every word between braces is known.
  void check_placeholders(const std::string& text, const json& known, const TreePath& path) {
    for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
      const auto close = text.find('}', open);
      if (close == std::string::npos)
        return complain(path, fmt::format("\"{{\" is not closed by \"}}\" in \"{}\"", text));
      const auto word = text.substr(open + 1, close - open - 1);
      if (std::find(known.begin(), known.end(), word) == known.end())
        complain(path, no_such("field", word, known.get<std::vector<std::string>>()));
    }
  }

  void check_positive(const json& value, const json& about, const TreePath& path) {
    const auto help = about.value("description", "");
    const auto hint = help.empty() ? "" : " (" + help + ")";
    if (value.is_number() && value.get<double>() <= 0)
      complain(path, fmt::format("expected a number above 0, found {}{}", shown(value), hint));
    if (!value.is_string() || about.value("format", "") != "duration") return;
    const auto span = parse_duration(value.get<std::string>());
    if (span && span->count() <= 0)
      complain(path, fmt::format("expected a duration above nothing, found {}{}", shown(value), hint));
  }

  const json &value_, &schema_;
  const YamlNode& root_;
  const TreePath& at_;
  const std::string& plugin_;
  std::vector<Complaint>& complaints_;
};

}  // namespace

json json_for(const YamlNode& node, const json& schema) { return fitted(node, resolved(schema, schema), schema); }

const json* subschema(const json& schema, const TreePath& path) {
  const auto* at = resolved(schema, schema);
  for (const auto& step : path) {
    if (at == nullptr) return nullptr;
    const bool is_number = !step.empty() && step.find_first_not_of("0123456789") == std::string::npos;
    const auto* next = below(*at, step, false, schema);
    at = next == nullptr && is_number ? below(*at, step, true, schema) : next;
  }
  return at;
}

std::string schema_fault(const json& schema) {
  try {
    valijson::Schema compiled;
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), compiled);
    return {};
  } catch (const std::exception& error) {
    return error.what();
  }
}

void check_schema(const json& value, const json& schema, const YamlNode& root, const TreePath& at,
                  const std::string& plugin, std::vector<Complaint>& complaints) {
  Judge(value, schema, root, at, plugin, complaints).run();
}

}  // namespace hkl
