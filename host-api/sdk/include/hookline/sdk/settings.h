// Settings are a plain struct with defaults and one line for each field; the
// JSON Schema, its checks and the parsing come from these.
//
//   struct Settings {
//     std::string_view host;
//     std::int64_t port = 5038;
//     hookline::Duration deadline{4 * 3600 * 1000};
//     hookline::Texts trunks;
//   };
//   HOOKLINE_SETTINGS(Settings,
//     HOOKLINE_FIELD(host, "Name or address of the PBX").required(),
//     HOOKLINE_FIELD(port, "Its port").range(1, 65535),
//     HOOKLINE_FIELD(deadline, "Time to call back").positive(),
//     HOOKLINE_FIELD(trunks, "Names of trunks"))
//
// Types: bool, std::int64_t, double, std::string_view, Duration ("4h" in the
// YAML), Texts, TextMap (names, each with a list). Texts live as long as the
// instance. A struct may inherit fields that several plugins share.
#pragma once

#include <array>
#include <cmath>
#include <deque>
#include <tuple>

#include "hookline/sdk/json.h"

namespace hookline {

// One field: what the schema says of it.
template <typename Settings, typename T>
struct Field {
  std::string_view name;
  T Settings::*member;
  std::string_view help;
  bool is_required = false, is_secret = false, is_file = false, is_positive = false, has_range = false;
  std::int64_t least = 0, most = 0;
  Texts words;         // the only values there are; of a list, of its items
  Texts placeholders;  // what a text may name between { and }

  constexpr Field required() const {
    Field f = *this;
    f.is_required = true;
    return f;
  }
  // Its value is hidden from every log and error.
  constexpr Field secret() const {
    Field f = *this;
    f.is_secret = true;
    return f;
  }
  // It names a YAML file, which arrives as its content.
  constexpr Field file() const {
    Field f = *this;
    f.is_file = true;
    return f;
  }
  constexpr Field positive() const {
    Field f = *this;
    f.is_positive = true;
    return f;
  }
  constexpr Field range(std::int64_t from, std::int64_t to) const {
    Field f = *this;
    f.has_range = true;
    f.least = from;
    f.most = to;
    return f;
  }
  template <std::size_t N>
  constexpr Field one_of(const std::string_view (&list)[N]) const {
    Field f = *this;
    f.words = {list, N};
    return f;
  }
  template <std::size_t N>
  constexpr Field placeholders_of(const std::string_view (&list)[N]) const {
    Field f = *this;
    f.placeholders = {list, N};
    return f;
  }
};

template <typename Settings, typename Owner, typename T>
constexpr Field<Settings, T> field(std::string_view name, T Owner::*member, std::string_view help) {
  return {name, member, help, false, false, false, false, false, 0, 0, {}, {}};
}

// Specialised by HOOKLINE_SETTINGS.
template <typename Settings>
struct SettingsOf;

struct NoSettings {};
template <>
struct SettingsOf<NoSettings> {
  static constexpr std::tuple<> fields{};
};

#define HOOKLINE_FIELD(name_, help_) ::hookline::field<Self>(#name_, &Self::name_, help_)
#define HOOKLINE_SETTINGS(Settings_, ...)                   \
  template <>                                               \
  struct hookline::SettingsOf<Settings_> {                  \
    using Self = Settings_;                                 \
    static constexpr auto fields = std::tuple{__VA_ARGS__}; \
  };

// --- Schema, written at compile time ------------------------------------------

// Counts first, then writes: a constexpr function cannot grow a buffer.
struct Pen {
  char* out = nullptr;
  std::size_t size = 0;
  constexpr void put(char c) {
    if (out != nullptr) out[size] = c;
    ++size;
  }
  constexpr void put(std::string_view text) {
    for (const char c : text) put(c);
  }
  constexpr void quoted(std::string_view text) {
    put('"');
    for (const char c : text) {
      if (c == '"' || c == '\\') put('\\');
      put(c == '\n' ? ' ' : c);
    }
    put('"');
  }
  constexpr void number(std::int64_t value) {
    if (value < 0) put('-');
    std::uint64_t rest = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    char digits[20] = {};
    int count = 0;
    do {
      digits[count++] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    while (count > 0) put(digits[--count]);
  }
  // To three decimals, as people write settings.
  constexpr void decimal(double value) {
    if (value < 0) {
      put('-');
      value = -value;
    }
    const auto thousandths = static_cast<std::int64_t>(value * 1000 + 0.5);  // NOLINT: lround is not constexpr
    number(thousandths / 1000);
    put('.');
    put(static_cast<char>('0' + thousandths / 100 % 10));
    put(static_cast<char>('0' + thousandths / 10 % 10));
    put(static_cast<char>('0' + thousandths % 10));
  }
  constexpr void duration(std::int64_t ms) {
    constexpr std::pair<std::int64_t, std::string_view> kUnits[] = {
        {86400000, "d"}, {3600000, "h"}, {60000, "m"}, {1000, "s"}};
    for (const auto& unit : kUnits) {
      if (ms == 0 || ms % unit.first != 0) continue;
      number(ms / unit.first);
      put(unit.second);
      return;
    }
    number(ms);
    put("ms");
  }
};

constexpr void put_type(Pen& pen, bool) { pen.put(R"("type":"boolean")"); }
constexpr void put_type(Pen& pen, std::int64_t) { pen.put(R"("type":"integer")"); }
constexpr void put_type(Pen& pen, double) { pen.put(R"("type":"number")"); }
constexpr void put_type(Pen& pen, std::string_view) { pen.put(R"("type":"string","maxLength":4096)"); }
constexpr void put_type(Pen& pen, Duration) {
  pen.put(R"("type":"string","format":"duration","pattern":"^([0-9]+([.][0-9]+)?(ms|s|m|h|d))+$")");
}
constexpr void put_type(Pen& pen, Texts) { pen.put(R"("type":"array","items":{"type":"string","maxLength":4096})"); }
constexpr void put_type(Pen& pen, TextMap) {
  pen.put(R"("type":"object","additionalProperties":{)");
  put_type(pen, Texts{});
  pen.put('}');
}

constexpr void put_value(Pen& pen, bool value) { pen.put(value ? "true" : "false"); }
constexpr void put_value(Pen& pen, std::int64_t value) { pen.number(value); }
constexpr void put_value(Pen& pen, double value) { pen.decimal(value); }
constexpr void put_value(Pen& pen, std::string_view value) { pen.quoted(value); }
constexpr void put_value(Pen& pen, Duration value) {
  pen.put('"');
  pen.duration(value.ms);
  pen.put('"');
}
constexpr void put_value(Pen& pen, Texts values) {
  pen.put('[');
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) pen.put(',');
    pen.quoted(values[i]);
  }
  pen.put(']');
}
constexpr void put_value(Pen& pen, TextMap map) {
  pen.put('{');
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (i > 0) pen.put(',');
    pen.quoted(map[i].name);
    pen.put(':');
    put_value(pen, map[i].texts);
  }
  pen.put('}');
}

template <typename Settings, typename T>
constexpr void put_field(Pen& pen, const Field<Settings, T>& field, const Settings& defaults, bool is_first) {
  if (!is_first) pen.put(',');
  pen.quoted(field.name);
  pen.put(":{");
  if (field.is_file) {
    pen.put(R"("type":["string","object","array"],"contentFile":true)");
  } else if (std::is_same_v<T, Texts> && !field.words.empty()) {
    pen.put(R"("type":"array","items":{"type":"string","enum":)");
    put_value(pen, field.words);
    pen.put('}');
  } else {
    put_type(pen, T{});
  }
  pen.put(R"(,"description":)");
  pen.quoted(field.help);
  if (!field.is_required) {
    pen.put(R"(,"default":)");
    put_value(pen, defaults.*field.member);
  }
  if (field.has_range) {
    pen.put(R"(,"minimum":)");
    pen.number(field.least);
    pen.put(R"(,"maximum":)");
    pen.number(field.most);
  }
  if (field.is_positive) pen.put(R"(,"positive":true)");
  if (field.is_secret) pen.put(R"(,"secret":true)");
  if (!std::is_same_v<T, Texts> && !field.words.empty()) {
    pen.put(R"(,"enum":)");
    put_value(pen, field.words);
  }
  if (!field.placeholders.empty()) {
    pen.put(R"(,"placeholders":)");
    put_value(pen, field.placeholders);
  }
  pen.put('}');
}

template <typename Settings>
constexpr void put_schema(Pen& pen) {
  constexpr Settings defaults{};
  pen.put(R"({"type":"object","additionalProperties":false,"properties":{)");
  bool is_first = true;
  std::apply([&](const auto&... field) { ((put_field(pen, field, defaults, is_first), is_first = false), ...); },
             SettingsOf<Settings>::fields);
  pen.put(R"(},"required":[)");
  is_first = true;
  const auto require = [&](const auto& field) {
    if (!field.is_required) return;
    if (!is_first) pen.put(',');
    is_first = false;
    pen.quoted(field.name);
  };
  std::apply([&](const auto&... field) { (require(field), ...); }, SettingsOf<Settings>::fields);
  pen.put("]}");
}

// --- Parsing ---------------------------------------------------------------------

// Keeps the texts that settings point to.
class SettingsText {
 public:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  Texts keep(std::vector<std::string_view> list) {
    auto& kept = lists_.emplace_back(std::move(list));
    return {kept.data(), kept.size()};
  }
  TextMap keep(std::vector<NamedTexts> map) {
    auto& kept = maps_.emplace_back(std::move(map));
    return {kept.data(), kept.size()};
  }

 private:
  std::deque<std::string> texts_;
  std::deque<std::vector<std::string_view>> lists_;
  std::deque<std::vector<NamedTexts>> maps_;
};

// "4h", "1h30m", "1.5h", "500ms" as milliseconds; throws Failure.
inline std::int64_t parse_duration(std::string_view text) {
  const auto bad = [whole = std::string(text)] {
    return Failure(HKL_BAD_SETTINGS, "\"" + whole + "\" is no duration; write it as 4h, 90s or 1h30m");
  };
  double total = 0;
  if (text.empty()) throw bad();
  while (!text.empty()) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) throw bad();
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    static constexpr std::pair<std::string_view, double> kUnits[] = {
        {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    bool is_known = false;
    for (const auto& unit : kUnits) {
      if (text.substr(0, unit.first.size()) != unit.first) continue;
      total += value * unit.second;
      text.remove_prefix(unit.first.size());
      is_known = true;
      break;
    }
    if (!is_known) throw bad();
  }
  return static_cast<std::int64_t>(std::llround(total));
}

inline void read_value(const Json& json, bool& out, SettingsText&) { out = json.boolean(); }
inline void read_value(const Json& json, std::int64_t& out, SettingsText&) { out = json.integer(); }
inline void read_value(const Json& json, double& out, SettingsText&) { out = json.number(); }
inline void read_value(const Json& json, std::string_view& out, SettingsText& texts) { out = texts.keep(json.text()); }
inline void read_value(const Json& json, Duration& out, SettingsText&) { out.ms = parse_duration(json.text()); }
inline void read_value(const Json& json, Texts& out, SettingsText& texts) {
  std::vector<std::string_view> list;
  for (const auto& item : json.list()) list.push_back(texts.keep(item.text()));
  out = texts.keep(std::move(list));
}
inline void read_value(const Json& json, TextMap& out, SettingsText& texts) {
  std::vector<NamedTexts> map;
  for (const auto& [name, value] : json.object()) {
    auto& entry = map.emplace_back();
    entry.name = texts.keep(name);
    read_value(value, entry.texts, texts);
  }
  out = texts.keep(std::move(map));
}

// The host checked it against the schema; what it may not know is asked here.
template <typename Settings>
Settings parse_settings(std::string_view text, SettingsText& texts) {
  const auto json = Json::parse(text);
  if (json.kind() != Json::Kind::object) throw Failure(HKL_BAD_SETTINGS, "settings: expected an object");
  Settings settings{};
  const auto read = [&](const auto& field) {
    const auto& value = json[std::string(field.name)];
    if (!value.is_null()) {
      read_value(value, settings.*field.member, texts);
    } else if (field.is_required) {
      throw Failure(HKL_BAD_SETTINGS, "the setting \"" + std::string(field.name) + "\" is missing");
    }
  };
  std::apply([&](const auto&... field) { (read(field), ...); }, SettingsOf<Settings>::fields);
  return settings;
}

}  // namespace hookline
