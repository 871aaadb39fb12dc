#include "canonical/field_reader.h"

#include <fmt/format.h>

namespace hkl {
namespace {

const nlohmann::json kNull;
const nlohmann::json kEmptyList = nlohmann::json::array();

std::string shortened(std::string text) {
  if (text.size() <= 60) return text;
  text.resize(57);
  return text + "…";
}

}  // namespace

FieldReader::FieldReader(const nlohmann::json& object, std::string where) : object_(object), where_(std::move(where)) {}

void FieldReader::fault(const std::string& name, const std::string& what) {
  if (fault_) return;
  const auto path = where_.empty() ? name : where_ + "." + name;
  fault_ = fmt::format("{}: {}", path, what);
}

const nlohmann::json* FieldReader::member(const char* name) {
  known_.insert(name);
  const auto found = object_.find(name);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

bool FieldReader::has(const char* name) const {
  const auto found = object_.find(name);
  return found != object_.end() && !found->is_null();
}

void FieldReader::wrong_type(const char* name, const char* wanted, const nlohmann::json& given) {
  fault(name, fmt::format("expected {}, found {}", wanted,
                          shortened(given.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace))));
}

std::string FieldReader::text(const char* name) {
  const auto* value = member(name);
  if (value == nullptr) return {};
  if (value->is_string()) return value->get<std::string>();
  if (value->is_number_integer()) return value->dump();
  wrong_type(name, "a text", *value);
  return {};
}

std::string FieldReader::needed_text(const char* name) {
  auto value = text(name);
  if (value.empty()) fault(name, "is missing; this record means nothing without it");
  return value;
}

std::vector<std::string> FieldReader::texts(const char* name) {
  std::vector<std::string> found;
  for (const auto& value : list(name)) {
    if (value.is_string()) {
      found.push_back(value.get<std::string>());
    } else if (value.is_number_integer()) {
      found.push_back(value.dump());
    } else {
      wrong_type(name, "a list of texts", value);
      return {};
    }
  }
  return found;
}

std::optional<Instant> FieldReader::time(const char* name) {
  const auto* value = member(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    wrong_type(name, "a time such as \"2026-03-02T09:15:00Z\"", *value);
    return std::nullopt;
  }
  const auto at = parse_iso(value->get<std::string>());
  if (!at) {
    fault(name, at.error().text);
    return std::nullopt;
  }
  return *at;
}

std::optional<Instant> FieldReader::needed_time(const char* name) {
  auto at = time(name);
  if (!at) fault(name, "is missing; this record means nothing without it");
  return at;
}

std::optional<Millis> FieldReader::seconds(const char* name) {
  const auto* value = member(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) {
    wrong_type(name, "a number of seconds", *value);
    return std::nullopt;
  }
  const auto span = millis_of_seconds(value->get<double>());
  if (!span || *span < Millis(0)) {
    fault(name, "is no duration; seconds are 0 or more");
    return std::nullopt;
  }
  return *span;
}

std::optional<std::int64_t> FieldReader::integer(const char* name, std::int64_t least, std::int64_t most) {
  const auto* value = member(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_integer()) {
    wrong_type(name, "a whole number", *value);
    return std::nullopt;
  }
  const auto number = value->get<std::int64_t>();
  if (number < least || number > most) {
    fault(name, fmt::format("{} is not between {} and {}", number, least, most));
    return std::nullopt;
  }
  return number;
}

bool FieldReader::flag(const char* name, bool otherwise) {
  const auto* value = member(name);
  if (value == nullptr) return otherwise;
  if (!value->is_boolean()) wrong_type(name, "true or false", *value);
  return value->is_boolean() ? value->get<bool>() : otherwise;
}

void FieldReader::no_such_word(const char* name, const std::string& given, const std::vector<std::string_view>& words) {
  const auto near = nearest_word(given, words.data(), words.size());
  fault(name, near.empty() ? fmt::format("\"{}\" is none of: {}", shortened(given), fmt::join(words, ", "))
                           : fmt::format("there is no \"{}\"; did you mean \"{}\"?", shortened(given), near));
}

std::string FieldReader::one_of(const char* name, std::initializer_list<std::string_view> words) {
  auto given = text(name);
  if (given.empty() || std::find(words.begin(), words.end(), given) != words.end()) return given;
  no_such_word(name, given, words);
  return {};
}

const nlohmann::json& FieldReader::raw(const char* name) {
  const auto* value = member(name);
  return value == nullptr ? kNull : *value;
}

const nlohmann::json& FieldReader::list(const char* name) {
  const auto* value = member(name);
  if (value == nullptr) return kEmptyList;
  if (value->is_array()) return *value;
  wrong_type(name, "a list", *value);
  return kEmptyList;
}

std::optional<std::string> FieldReader::finish() {
  if (fault_) return fault_;
  std::vector<std::string_view> known(known_.begin(), known_.end());
  for (const auto& [name, value] : object_.items()) {
    if (known_.contains(name)) continue;
    const auto near = nearest_word(name, known.data(), known.size());
    fault(name, near.empty() ? "there is no such field; take it out"
                             : fmt::format("there is no such field; did you mean \"{}\"?", near));
    return fault_;
  }
  return std::nullopt;
}

}  // namespace hkl
