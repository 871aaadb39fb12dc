#include "config/schema_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "config/schema_check.h"
#include "values/words.h"

namespace hkl {
namespace {

using nlohmann::json;

const char* type_words(const std::string& type) {
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  if (type == "boolean") return "true or false";
  if (type == "string") return "a text";
  if (type == "array") return "a list";
  if (type == "object") return "a map of names to values";
  return "nothing";
}

std::vector<std::string> types_of(const json& schema) {
  const auto type = schema.find("type");
  if (type == schema.end()) return {};
  if (type->is_string()) return {type->get<std::string>()};
  return type->get<std::vector<std::string>>();
}

std::string wanted_type(const json& schema) {
  std::vector<std::string> words;
  for (const auto& type : types_of(schema)) words.emplace_back(type_words(type));
  return fmt::format("{}", fmt::join(words, " or "));
}

bool has_type(const json& value, const std::string& type) {
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "string") return value.is_string();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  return value.is_null();
}

std::string as_word(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

std::string enum_words(const json& schema, const json& value, const std::string& found, const std::string& hint) {
  std::vector<std::string> words;
  for (const auto& one : schema["enum"]) words.push_back(as_word(one));
  const auto given = as_word(value);
  for (const auto& later : schema.value("notYet", json::array()))
    if (value == later)
      return fmt::format("\"{}\" is not in this version yet; known: {}{}", given, fmt::join(words, ", "), hint);
  if (value.is_string() && !found.empty()) {
    const std::vector<std::string_view> known(words.begin(), words.end());
    const auto nearest = nearest_word(given, known.data(), known.size());
    if (!nearest.empty()) return fmt::format("there is no \"{}\"; did you mean \"{}\"?{}", given, nearest, hint);
  }
  return fmt::format("expected {}{}{}", fmt::join(words, " or "), found, hint);
}

std::string range_words(const json& schema) {
  return fmt::format("expected a number{}{}", schema.contains("minimum") ? " from " + schema["minimum"].dump() : "",
                     schema.contains("maximum") ? " to " + schema["maximum"].dump() : "");
}

}  // namespace

bool fits_type(const json& value, const json& schema) {
  const auto types = types_of(schema);
  return types.empty() ||
         std::any_of(types.begin(), types.end(), [&](const std::string& type) { return has_type(value, type); });
}

std::string shown(const json& value) {
  if (value.is_null()) return "nothing";
  auto text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() <= 60) return text;
  auto end = std::size_t{57};
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not within a letter
  return text.substr(0, end) + "…";
}

std::string schema_words(const json& schema, const json& value, bool is_secret, const std::string& otherwise) {
  const auto help = schema.value("description", "");
  const auto hint = help.empty() ? "" : " (" + help + ")";
  const auto found = is_secret ? std::string() : ", found " + shown(value);
  if (!fits_type(value, schema)) return fmt::format("expected {}{}{}", wanted_type(schema), found, hint);
  if (schema.contains("enum")) return enum_words(schema, value, found, hint);
  if (value.is_number() && (schema.contains("minimum") || schema.contains("maximum")))
    return range_words(schema) + found + hint;
  if (schema.value("format", "") == "duration")
    return fmt::format("expected a duration such as 4h, 90s or 1h30m{}{}", found, hint);
  if (value.is_string() && schema.contains("minLength") && value.get_ref<const std::string&>().empty())
    return fmt::format("must not be empty{}", hint);
  if (value.is_string() && schema.contains("maxLength") &&
      value.get_ref<const std::string&>().size() > schema["maxLength"].get<std::size_t>())
    return fmt::format("is longer than {} characters{}", schema["maxLength"].dump(), hint);
  if (value.is_string() && schema.contains("pattern"))
    return fmt::format("{} is not written as it must be{}", is_secret ? "this" : shown(value), hint);
  if (value.is_array() && schema.contains("minItems") && value.size() < schema["minItems"].get<std::size_t>())
    return value.empty()
               ? fmt::format("the list is empty{}", hint)
               : fmt::format("has {} items, at least {} are needed{}", value.size(), schema["minItems"].dump(), hint);
  if (value.is_array() && schema.contains("maxItems"))
    return fmt::format("has {} items, at most {} are allowed{}", value.size(), schema["maxItems"].dump(), hint);
  return otherwise + hint;
}

std::string no_such(const std::string& thing, const std::string& given, const std::vector<std::string>& known) {
  constexpr std::size_t kMostListed = 12;
  const std::vector<std::string_view> words(known.begin(), known.end());
  const auto nearest = nearest_word(given, words.data(), words.size());
  auto text = fmt::format("there is no {} \"{}\"", thing, given);
  if (!nearest.empty()) return text + fmt::format("; did you mean \"{}\"?", nearest);
  if (known.empty()) return text;
  const auto shown_count = std::min(known.size(), kMostListed);
  return text + fmt::format("; known: {}{}", fmt::join(words.begin(), words.begin() + shown_count, ", "),
                            shown_count < known.size() ? ", …" : "");
}

}  // namespace hkl
