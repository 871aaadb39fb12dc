// The small transformations of a profile: what stands behind " > ".
#include <algorithm>
#include <cmath>
#include <map>
#include <regex>

#include "expression.h"
#include "fact.h"
#include "hookline/sdk/endings.h"
#include "time_text.h"

namespace profile {
namespace {

// Most steps look at their value alone.
using PlainStep = std::function<Json(const Json&)>;

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// "0:01:05", "1'05", "65" as seconds.
Json seconds_of(const std::string& text) {
  double total = 0, part = 0;
  bool has_digit = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      part = part * 10 + (c - '0');
      has_digit = true;
    } else if (c == ':' || c == '\'') {
      total = (total + part) * 60;
      part = 0;
    } else if (c != '"' && c != ' ') {
      return {};
    }
  }
  return has_digit ? Json(total + part) : Json();
}

// Words in which a switch says that a number is hidden.
bool is_withheld_word(const std::string& text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9') || text[0] == '+') return false;
  const auto word = lower(text);
  for (const auto* known :
       {"anonymous", "private", "unknown", "unavailable", "restricted", "withheld", "blocked", "hidden"})
    if (word == known) return true;
  return false;
}

bool are_digits(const std::string& text) {
  return text.size() >= 8 && text[0] != '0' && text.find_first_not_of("0123456789") == std::string::npos;
}

// `is_whole`: the vendor writes the country's code always and the plus never.
PlainStep phone_step(const Vocabulary& words, bool is_whole) {
  return [&words, is_whole](const Json& value) -> Json {
    auto text = text_of(value).substr(0, 200);
    if (is_withheld_word(text) || std::find(words.withheld.begin(), words.withheld.end(), text) != words.withheld.end())
      return {};
    const auto* phone = words.host.find<hkl_host_phone>(HKL_HOST_PHONE_V1);
    hkl_phone out{};
    out.struct_size = sizeof out;
    const auto read = [&](const std::string& number) {
      return phone != nullptr &&
             phone->normalise(words.host.get(), hookline::str(number), hookline::str(words.region), &out) == HKL_OK;
    };
    if (is_whole && are_digits(text) && read("+" + text) && out.is_valid != 0) return std::string(out.e164);
    return read(text) ? Json(std::string(out.e164)) : Json();
  };
}

const Json& table_of(const std::string& name, const Vocabulary& words, const Place& place) {
  static const Json none = Json::object();
  const auto& tables = words.tables == nullptr ? none : *words.tables;
  const auto found = tables.find(name);
  if (found != tables.end() && found->is_object()) return *found;
  std::vector<std::string> known;
  for (const auto& [table, rows] : tables.items()) known.push_back(table);
  place.fail_unknown("table", name, known);
}

// Rows of a table by the whole word in any case, else that of "*". The table
// outlives it.
class Rows {
 public:
  explicit Rows(const Json& table) {
    if (!table.is_object()) return;
    for (const auto& [name, row] : table.items()) rows_.emplace(lower(name), &row);
  }
  Json of(const std::string& word) const {
    auto found = rows_.find(lower(word));
    if (found == rows_.end()) found = rows_.find("*");
    return found == rows_.end() ? Json() : *found->second;
  }

 private:
  std::map<std::string, const Json*> rows_;
};

// By the longest key that begins the word: 1129 is of class 112.
Json class_of(const Json& table, const std::string& word) {
  const Json* best = nullptr;
  std::size_t size = 0;
  for (const auto& [name, row] : table.items())
    if (name != "*" && word.starts_with(name) && name.size() >= size) {
      best = &row;
      size = name.size();
    }
  return best != nullptr ? *best : table.value("*", Json());
}

// "$NAME": the expression is a setting.
PlainStep regex_step(const std::string& given, const Vocabulary& words, const Place& place) {
  const bool is_setting = given[0] == '$' && words.settings != nullptr && words.settings->contains(given.substr(1));
  const auto text = is_setting ? text_of((*words.settings)[given.substr(1)]) : given;
  try {
    return [regex = std::regex(text)](const Json& value) -> Json {
      const auto whole = text_of(value).substr(0, 1000);  // the library's matcher recurses
      std::smatch found;
      if (!std::regex_search(whole, found, regex)) return {};
      return found.size() > 1 ? found[1].str() : found[0].str();
    };
  } catch (const std::regex_error& e) {
    place.fail("\"" + text + "\" is no regular expression: " + e.what());
  }
}

// What the word says of an end, as `reason` takes it; `leg` is the outcome of a leg.
PlainStep ending_step(const std::string& vocabulary, const Place& place) {
  if (!hookline::has_endings(vocabulary)) {
    std::vector<std::string> known;
    for (const auto& row : hookline::endings::kRows)
      if (known.empty() || known.back() != row.vocabulary) known.emplace_back(row.vocabulary);
    place.fail_unknown("vocabulary", vocabulary, known);
  }
  return [vocabulary](const Json& value) {
    auto out = Json::object();
    const auto put = [&](const char* name, const std::string& word) {
      if (!word.empty()) out[name] = word;
    };
    const auto& ending = hookline::ending_of(vocabulary, text_of(value));
    put("leg", leg_outcome_word(ending.outcome));
    for (std::uint32_t direction = HKL_DIRECTION_IN; direction <= HKL_DIRECTION_INTERNAL; ++direction) {
      put(direction_word(direction).c_str(), reason_word(hookline::reason_of(ending, direction)));
      put(("by_" + direction_word(direction)).c_str(), party_word(hookline::ended_by(ending, direction)));
    }
    if (ending.of_employee == ending.of_client) put("any", reason_word(ending.of_client));
    return out;
  };
}

PlainStep setting_step(const std::string& name, const Vocabulary& words, const Place& place) {
  if (words.settings == nullptr || !words.settings->contains(name)) {
    std::vector<std::string> known;
    if (words.settings != nullptr)
      for (const auto& [setting, value] : words.settings->items()) known.push_back(setting);
    place.fail_unknown("setting", name, known);
  }
  return [rows = Rows((*words.settings)[name])](const Json& value) { return rows.of(text_of(value)); };
}

Json reversed_key(const Json& map, const std::string& word) {
  if (map.is_object())
    for (const auto& [name, value] : map.items())
      if (text_of(value) == word) return name;
  return {};
}

Step time_step(const std::string& format, const Vocabulary& words, const Place& place) {
  if (!is_time_format(format))
    place.fail_unknown("time format", format, {"unix", "unix_ms", "unix_us", "iso", "rfc2822", "local", "%Y-%m-%d…"});
  return [&words, format](const Json& value, const Scope& scope) -> Json {
    const auto at = read_time(text_of(value), format, {words.timezone, scope.request.received_ms}, words.host);
    return at ? Json(*at) : Json();
  };
}

Step clock_step(const std::string& format, const Vocabulary& words, const Place& place) {
  if (!is_clock_format(format))
    place.fail_unknown("clock format", format, {"unix", "unix_ms", "iso", "%Y-%m-%d %H:%M:%S"});
  return [&words, format](const Json& value, const Scope&) -> Json {
    const auto at = number_of(value);
    auto text = at ? write_time(*at, format, words.timezone, words.host) : std::nullopt;
    return text ? Json(std::move(*text)) : Json();
  };
}

PlainStep plain_step(std::string_view text, const Vocabulary& words, const Place& place) {
  const auto colon = text.find(':');
  const std::string name(text.substr(0, colon));
  const std::string argument(colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1));
  const bool has_argument = !argument.empty();
  const auto needs = [&] {
    if (!has_argument) place.fail("step \"" + name + "\" wants something behind a colon");
  };
  const auto number_step = [](double (*change)(double)) {
    return [change](const Json& value) -> Json {
      const auto number = number_of(value);
      return number ? Json(change(*number)) : Json();
    };
  };
  if (name == "num") return number_step([](double n) { return n; });
  if (name == "int") return number_step([](double n) { return std::trunc(n); });
  if (name == "lower") return [](const Json& value) { return Json(lower(text_of(value))); };
  if (name == "hms") return [](const Json& value) { return seconds_of(text_of(value)); };
  if (name == "phone") {
    if (has_argument && argument != "+") place.fail("write phone, or phone:+ where the country's code is always there");
    return phone_step(words, has_argument);
  }
  if (name == "json") {
    return [](const Json& value) {
      auto inner = Json::parse(text_of(value), nullptr, false);
      return inner.is_discarded() ? Json() : inner;
    };
  }
  if (name == "div") {
    needs();
    const auto by = number_of(argument);
    if (!by || *by == 0) place.fail("\"" + argument + "\" is no number to divide by");
    return [by = *by](const Json& value) {
      const auto number = number_of(value);
      return number ? Json(*number / by) : Json();
    };
  }
  if (name == "null_if") {
    return [list = split(argument, "|")](const Json& value) {
      return std::find(list.begin(), list.end(), text_of(value)) != list.end() ? Json() : value;
    };
  }
  if (name == "ending") return needs(), ending_step(argument, place);
  if (name == "re") return needs(), regex_step(argument, words, place);
  if (name == "split") {
    needs();
    return [argument](const Json& value) {
      auto list = Json::array();
      if (value.is_array()) return value;
      for (auto& part : split(text_of(value), argument)) list.push_back(std::move(part));
      return list;
    };
  }
  if (name == "map" || name == "class") {
    needs();
    const auto& table = table_of(argument, words, place);
    if (name == "class") return [&table](const Json& value) { return class_of(table, text_of(value)); };
    return [rows = Rows(table)](const Json& value) { return rows.of(text_of(value)); };
  }
  if (name == "setting") return needs(), setting_step(argument, words, place);
  if (name == "setting_of") {
    needs();
    setting_step(argument, words, place);
    return [&map = (*words.settings)[argument]](const Json& value) { return reversed_key(map, text_of(value)); };
  }
  if (name == "time" || name == "clock") needs();
  place.fail_unknown("step", name,
                     {"clock", "num", "int", "lower", "hms", "phone", "json", "div", "null_if", "re", "split", "map",
                      "class", "setting", "setting_of", "time", "ending"});
}

}  // namespace

Step make_step(std::string_view text, const Vocabulary& words, const Place& place) {
  constexpr std::string_view kTime = "time:";
  if (text.starts_with(kTime) && text.size() > kTime.size())
    return time_step(std::string(text.substr(kTime.size())), words, place);
  constexpr std::string_view kClock = "clock:";
  if (text.starts_with(kClock) && text.size() > kClock.size())
    return clock_step(std::string(text.substr(kClock.size())), words, place);
  return [step = plain_step(text, words, place)](const Json& value, const Scope&) { return step(value); };
}

}  // namespace profile
