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

// Most steps look at their value alone, and put what they make of it into the room.
using PlainStep = std::function<Node(Node, Room&)>;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = lower(c);
  return out;
}

// "0:01:05", "1'05", "65" as seconds.
Node seconds_of(std::string_view text) {
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
  return has_digit ? Node::number(total + part) : Node();
}

// Words in which a switch says that a number is hidden.
bool is_withheld_word(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9') || text[0] == '+') return false;
  for (const std::string_view known :
       {"anonymous", "private", "unknown", "unavailable", "restricted", "withheld", "blocked", "hidden"})
    if (std::equal(text.begin(), text.end(), known.begin(), known.end(), [](char a, char b) { return lower(a) == b; }))
      return true;
  return false;
}

bool are_digits(std::string_view text) {
  return text.size() >= 8 && text[0] != '0' && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// `is_whole`: the vendor writes the country's code always and the plus never.
PlainStep phone_step(const Vocabulary& words, bool is_whole) {
  return [&words, is_whole, phone = words.host.find<hkl_host_phone>(HKL_HOST_PHONE_V1)](Node value,
                                                                                        Room& room) -> Node {
    const Text whole(value);
    const auto text = whole.view().substr(0, 200);
    if (is_withheld_word(text) || std::find(words.withheld.begin(), words.withheld.end(), text) != words.withheld.end())
      return {};
    hkl_phone out{};
    out.struct_size = sizeof out;
    const auto read = [&](std::string_view number) {
      return phone != nullptr &&
             phone->normalise(words.host.get(), hookline::str(number), hookline::str(words.region), &out) == HKL_OK;
    };
    if (is_whole && are_digits(text) && read(room.join({"+", text})) && out.is_valid != 0) return room.text(out.e164);
    return read(text) ? room.text(out.e164) : Node();
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

// Rows of a table by the whole word in any case, else that of "*".
class Rows {
 public:
  Rows(const Json& table, Room& constants) {
    if (!table.is_object()) return;
    for (const auto& [name, row] : table.items()) rows_.emplace(lower(name), constants.node_of(row));
  }
  Node of(std::string_view word) const {
    auto found = rows_.find(word);
    if (found == rows_.end()) found = rows_.find(std::string_view("*"));
    return found == rows_.end() ? Node() : found->second;
  }

 private:
  // A word is asked for as it came.
  struct InAnyCase {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const {
      return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                          [](char x, char y) { return lower(x) < lower(y); });
    }
  };
  std::map<std::string, Node, InAnyCase> rows_;
};

// By the longest key that begins the word: 1129 is of class 112.
Node class_of(Node table, std::string_view word) {
  const Member* best = nullptr;
  for (const auto& row : table.members())
    if (row.name != "*" && word.starts_with(row.name) && (best == nullptr || row.name.size() >= best->name.size()))
      best = &row;
  return best != nullptr ? best->value : table["*"];
}

// "$NAME": the expression is a setting.
PlainStep regex_step(const std::string& given, const Vocabulary& words, const Place& place) {
  const bool is_setting = given[0] == '$' && words.settings != nullptr && words.settings->contains(given.substr(1));
  const auto text = is_setting ? text_of((*words.settings)[given.substr(1)]) : given;
  try {
    return [regex = std::regex(text)](Node value, Room& room) -> Node {
      const Text text(value);
      const auto whole = text.view().substr(0, 1000);  // the library's matcher recurses
      std::match_results<std::string_view::const_iterator> found;
      if (!std::regex_search(whole.begin(), whole.end(), found, regex)) return {};
      return room.text(found.size() > 1 ? found[1].str() : found[0].str());
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
  return [vocabulary](Node value, Room& room) {
    auto out = Node::map({});
    const auto put = [&](std::string_view name, const std::string& word) {
      if (!word.empty()) room.member(out, name) = Node::text(word);
    };
    const auto& ending = hookline::ending_of(vocabulary, Text(value));
    put("leg", leg_outcome_word(ending.outcome));
    for (std::uint32_t direction = HKL_DIRECTION_IN; direction <= HKL_DIRECTION_INTERNAL; ++direction) {
      put(direction_word(direction), reason_word(hookline::reason_of(ending, direction)));
      put(room.join({"by_", direction_word(direction)}), party_word(hookline::ended_by(ending, direction)));
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
  return [rows = Rows((*words.settings)[name], *words.constants)](Node value, Room&) { return rows.of(Text(value)); };
}

Node reversed_key(Node map, std::string_view word) {
  if (map.is_map())
    for (const auto& [name, value] : map.members())
      if (Text(value).view() == word) return Node::text(name);
  return {};
}

Step time_step(const std::string& format, const Vocabulary& words, const Place& place) {
  if (!is_time_format(format))
    place.fail_unknown("time format", format, {"unix", "unix_ms", "unix_us", "iso", "rfc2822", "local", "%Y-%m-%d…"});
  return [&words, format](Node value, const Scope& scope) -> Node {
    const auto at = read_time(Text(value), format, {words.timezone, scope.request.received_ms}, words.host);
    return at ? Node::number(*at) : Node();
  };
}

Step clock_step(const std::string& format, const Vocabulary& words, const Place& place) {
  if (!is_clock_format(format))
    place.fail_unknown("clock format", format, {"unix", "unix_ms", "iso", "%Y-%m-%d %H:%M:%S"});
  return [&words, format](Node value, const Scope& scope) -> Node {
    const auto at = number_of(value);
    const auto text = at ? write_time(*at, format, words.timezone, words.host) : std::nullopt;
    return text ? scope.room.text(*text) : Node();
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
    return [change](Node value, Room&) -> Node {
      const auto number = number_of(value);
      return number ? Node::number(change(*number)) : Node();
    };
  };
  if (name == "num") return number_step([](double n) { return n; });
  if (name == "int") return number_step([](double n) { return std::trunc(n); });
  if (name == "lower") return [](Node value, Room& room) { return room.text(lower(Text(value).view())); };
  if (name == "hms") return [](Node value, Room&) { return seconds_of(Text(value)); };
  if (name == "phone") {
    if (has_argument && argument != "+") place.fail("write phone, or phone:+ where the country's code is always there");
    return phone_step(words, has_argument);
  }
  if (name == "json") {
    return [](Node value, Room& room) {
      auto inner = Json::parse(Text(value).view(), nullptr, false);
      return inner.is_discarded() || is_deep(inner) ? Node() : room.node_of_kept(std::move(inner));
    };
  }
  if (name == "div") {
    needs();
    const auto by = number_of(Node::text(argument));
    if (!by || *by == 0) place.fail("\"" + argument + "\" is no number to divide by");
    return [by = *by](Node value, Room&) {
      const auto number = number_of(value);
      return number ? Node::number(*number / by) : Node();
    };
  }
  if (name == "null_if") {
    return [list = split(argument, "|")](Node value, Room&) {
      return std::find(list.begin(), list.end(), Text(value).view()) != list.end() ? Node() : value;
    };
  }
  if (name == "ending") return needs(), ending_step(argument, place);
  if (name == "re") return needs(), regex_step(argument, words, place);
  if (name == "split") {
    needs();
    return [argument](Node value, Room& room) {
      if (value.is_list()) return value;
      const auto parts = split(Text(value), argument);
      const auto list = room.nodes(parts.size());
      std::transform(parts.begin(), parts.end(), list.begin(), [&](const auto& part) { return room.text(part); });
      return Node::list(list);
    };
  }
  if (name == "map" || name == "class") {
    needs();
    const auto& table = table_of(argument, words, place);
    auto& constants = *words.constants;
    if (name == "class")
      return [rows = constants.node_of(table)](Node value, Room&) { return class_of(rows, Text(value)); };
    return [rows = Rows(table, constants)](Node value, Room&) { return rows.of(Text(value)); };
  }
  if (name == "setting") return needs(), setting_step(argument, words, place);
  if (name == "setting_of") {
    needs();
    setting_step(argument, words, place);
    return [map = words.constants->node_of((*words.settings)[argument])](Node value, Room&) {
      return reversed_key(map, Text(value));
    };
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
  return [step = plain_step(text, words, place)](Node value, const Scope& scope) { return step(value, scope.room); };
}

}  // namespace profile
