#include "reports/option_definition.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/settings.h"
#include "reports/shown.h"
#include "values/instant.h"

namespace hkl {
namespace {

void read_default(Option& option, Members& member) {
  const auto* given = member.member("default");
  if (given == nullptr) {
    if (option.type == Type::boolean) option.default_value = false;
    if (!option.values.empty()) option.default_value = option.values.front();
    if (option.is_calendar) option.default_value = std::string(kWallClock);
    return;
  }
  if (option.is_list) {
    std::string text;
    for (const auto& one : *given) text += (text.empty() ? "" : ",") + one.dump();
    if (!given->is_array() || !numbers_of(text)) member.complain("default", kNumbersHelp);
    option.default_value = text;
  } else if (option.type == Type::boolean && given->is_boolean()) {
    option.default_value = given->get<bool>();
  } else if (option.type == Type::decimal && given->is_number()) {
    if (const auto number = parse_number(given->dump()))
      option.default_value = *number;
    else
      member.complain("default", "this number has too many digits");
  } else if (option.type == Type::duration && given->is_string()) {
    const auto span = duration_of(given->get<std::string>());
    if (span)
      option.default_value = *span;
    else
      member.complain("default", span.error().text);
  } else if (option.type == Type::text && given->is_string()) {
    option.default_value = given->get<std::string>();
    const auto& values = option.values;
    if (!values.empty() && std::find(values.begin(), values.end(), given->get<std::string>()) == values.end())
      member.complain("default", "is none of the values");
  } else if (option.type != Type::null) {
    member.complain("default", "does not fit the type");
  }
}

}  // namespace

Option option_of(Members& member) {
  Option option;
  option.id = member.id();
  option.title = member.local_text("title", true);
  option.help = member.local_text("help");
  const auto type = member.text("type", true);
  option.values = member.texts("values");
  if (type == "bool") option.type = Type::boolean;
  if (type == "number") option.type = Type::decimal;
  if (type == "duration") option.type = Type::duration;
  option.is_list = type == "numbers";
  option.is_texts = type == "texts";
  option.is_calendar = type == "calendar";
  if (option.is_list || option.is_texts || option.is_calendar || type == "text" || type == "enum")
    option.type = Type::text;
  if (option.type == Type::null && !type.empty())
    member.complain(
        "type",
        fmt::format("\"{}\" is no type of an option; take bool, number, numbers, duration, enum, text, texts or "
                    "calendar",
                    type));
  if ((type == "enum") != !option.values.empty())
    member.complain("values", type == "enum" ? "an enum needs its values" : "only an enum has values");
  read_default(option, member);
  member.no_others();
  return option;
}

Result<Rational> duration_of(const std::string& text) {
  const auto span = parse_duration(text);
  if (!span) return fail(span.error());
  const auto seconds = fraction(span->count(), 1000);
  if (span->count() < 0 || !seconds)
    return fail(HKL_INVALID, fmt::format("\"{}\" is before the moment it is counted from", text));
  return *seconds;
}

nlohmann::ordered_json option_json(const Option& option, const Value& value) {
  if (const auto* yes = std::get_if<bool>(&value)) return *yes;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  const auto* number = std::get_if<Rational>(&value);
  if (number == nullptr) return nullptr;
  if (option.type != Type::duration) return number_json(*number);
  for (const auto& [seconds, unit] : {std::pair{86'400, "d"}, {3'600, "h"}, {60, "m"}, {1, "s"}})
    if (number->den == 1 && number->num % seconds == 0) return fmt::format("{}{}", number->num / seconds, unit);
  return fmt::format("{}ms", number->num * (1000 / number->den));
}

}  // namespace hkl
