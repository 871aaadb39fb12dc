#include "reports/members.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "values/words.h"

namespace hkl {
namespace {

const nlohmann::json kNoMembers = nlohmann::json::object();

bool is_id(std::string_view text) {
  const auto is_allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z' && std::all_of(text.begin(), text.end(), is_allowed);
}

// "column 12: …", as every error of the language begins.
DefinitionFault fault_at(std::string place, const std::string& text) {
  static constexpr std::string_view kColumn = "column ";
  DefinitionFault fault{std::move(place), 0, text};
  const auto* begin = text.data() + kColumn.size();
  if (!text.starts_with(kColumn)) return fault;
  const auto read = std::from_chars(begin, text.data() + text.size(), fault.column);
  fault.text = text.substr(static_cast<std::size_t>(read.ptr - text.data()) + 2);
  return fault;
}

}  // namespace

std::string DefinitionFault::str() const {
  const auto where = path.empty() ? "the definition" : path;
  return column == 0 ? fmt::format("{}: {}", where, text) : fmt::format("{}, column {}: {}", where, column, text);
}

Members::Members(const nlohmann::json& object, std::string path, Complaints& complaints)
    : object_(object.is_object() ? object : kNoMembers), path_(std::move(path)), complaints_(complaints) {
  if (!object.is_object()) complaints_.push_back({path_, 0, "an object is needed here"});
}

std::string Members::place(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

void Members::complain(std::string_view name, std::string_view text) {
  complaints_.push_back({place(name), 0, std::string(text)});
}

const nlohmann::json* Members::member(const char* name) {
  asked_.emplace_back(name);
  const auto found = object_.find(name);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

std::string Members::text(const char* name, bool is_needed) {
  const auto* found = member(name);
  if (found == nullptr) {
    if (is_needed) complain(name, "is missing");
    return {};
  }
  if (found->is_string()) return found->get<std::string>();
  complain(name, "a text is needed here");
  return {};
}

std::string Members::id() {
  auto id = text("id", true);
  if (!id.empty() && !is_id(id))
    complain("id", fmt::format("\"{}\" is no id; take small letters, digits and underscores", id));
  return id;
}

LocalText Members::local_text(const char* name, bool is_needed) {
  const auto* found = member(name);
  if (found == nullptr) {
    if (is_needed) complain(name, "is missing");
    return {};
  }
  if (found->is_string()) return {found->get<std::string>(), found->get<std::string>()};
  if (!found->is_object()) {
    complain(name, "a text or {\"ru\": …, \"en\": …} is needed here");
    return {};
  }
  Members languages(*found, place(name), complaints_);
  LocalText text{languages.text("ru", true), languages.text("en", true)};
  languages.no_others();
  return text;
}

bool Members::yes(const char* name) {
  const auto* given = member(name);
  if (given == nullptr) return false;
  if (!given->is_boolean()) complain(name, "has to be true or false");
  return given->is_boolean() && given->get<bool>();
}

std::vector<std::string> Members::texts(const char* name) {
  std::vector<std::string> found;
  const auto* array = member(name);
  if (array == nullptr) return found;
  if (!array->is_array()) {
    complain(name, "a list of texts is needed here");
    return found;
  }
  for (const auto& item : *array)
    if (item.is_string())
      found.push_back(item.get<std::string>());
    else
      complain(name, "a list of texts is needed here");
  return found;
}

WordTexts Members::words(const char* name) {
  WordTexts found;
  const auto* given = member(name);
  if (given == nullptr) return found;
  Members texts(*given, place(name), complaints_);
  if (given->is_object())
    for (const auto& [word, text] : given->items()) found[word] = texts.local_text(word.c_str(), true);
  return found;
}

std::vector<Members> Members::objects(const char* name) {
  std::vector<Members> found;
  const auto* array = member(name);
  if (array == nullptr) return found;
  if (!array->is_array()) {
    complain(name, "a list is needed here");
    return found;
  }
  for (std::size_t i = 0; i < array->size(); ++i)
    found.emplace_back((*array)[i], fmt::format("{}[{}]", place(name), i), complaints_);
  return found;
}

void Members::no_others() {
  for (const auto& [name, value] : object_.items()) {
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    const auto nearest = nearest_word(name, asked_.data(), asked_.size());
    complain(name, nearest.empty() ? "there is no such member"
                                   : fmt::format("there is no such member; did you mean \"{}\"?", nearest));
  }
}

NodePtr Members::checked(const char* name, const Scope& scope, bool is_needed, Check check) {
  const auto* found = member(name);
  if (found == nullptr || !found->is_string()) {
    text(name, is_needed);  // for its complaint
    return nullptr;
  }
  auto node = check(found->get_ref<const std::string&>(), scope);
  if (node) return std::move(*node);
  if (const auto& text = node.error().text; !text.empty()) complaints_.push_back(fault_at(place(name), text));
  return nullptr;
}

NodePtr Members::expression(const char* name, const Scope& scope) {
  return checked(name, scope, true, checked_expression);
}

NodePtr Members::condition(const char* name, const Scope& scope, bool is_needed) {
  return checked(name, scope, is_needed, checked_condition);
}

}  // namespace hkl
