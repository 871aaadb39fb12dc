#include "reports/settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/option_definition.h"
#include "services/zone.h"
#include "values/words.h"

namespace hkl {
namespace {

std::string did_you_mean(std::string_view wanted, const std::vector<std::string_view>& known) {
  const auto nearest = nearest_word(wanted, known.data(), known.size());
  return nearest.empty() ? std::string() : fmt::format("; did you mean \"{}\"?", nearest);
}

Result<bool> yes_or_no(const std::string& name, const std::string& text) {
  if (text == "true" || text == "yes" || text == "1" || text == "on") return true;
  if (text == "false" || text == "no" || text == "0" || text == "off") return false;
  return fail(HKL_INVALID, fmt::format("{}={}: take true or false", name, text));
}

Result<Value> option_value(const Option& option, const std::string& text) {
  if (option.type == Type::boolean) {
    const auto yes = yes_or_no(option.id, text);
    if (!yes) return fail(yes.error());
    return Value(*yes);
  }
  if (option.is_list) {
    const auto numbers = numbers_of(text);
    if (!numbers) return fail(Error(numbers.error()).in(option.id + "=" + text));
    return Value(text);
  }
  if (text.empty() && option.values.empty()) return Value();
  if (option.type == Type::decimal) {
    const auto number = parse_number(text);
    if (!number) return fail(HKL_INVALID, fmt::format("{}={}: a number is needed", option.id, text));
    return Value(*number);
  }
  if (option.type == Type::duration) {
    const auto span = duration_of(text);
    if (!span) return fail(Error(span.error()).in(option.id));
    return Value(*span);
  }
  if (option.values.empty()) return Value(text);
  auto chosen = one_of(option.id, text, option.values);
  if (!chosen) return fail(chosen.error());
  return Value(std::move(*chosen));
}

class SettingsReader {
 public:
  explicit SettingsReader(const Definition& definition) : definition_(definition) {
    settings_.credit = definition.default_credit;
    for (const auto& option : definition.options) settings_.options[option.id] = option.default_value;
  }

  Result<Settings> run(const std::map<std::string, std::string>& given) {
    for (const auto& [name, text] : given)
      if (auto done = read(name, text); !done) return fail(done.error());
    if (auto done = settings_.hours.check(); !done) return fail(done.error());
    if (!definition_.credits.empty()) settings_.options["credit"] = std::string(word(settings_.credit));
    return std::move(settings_);
  }

 private:
  Done read(const std::string& name, const std::string& text) {
    if (name == "credit" && !definition_.credits.empty()) return read_credit(text);
    if (name == "timezone") return read_zone(text);
    if (name == "time_group" && text == kNoTimeGroup) {
      settings_.time_group.clear();
      return {};
    }
    if (name == "time_group") {
      const auto group = one_of(name, text, time_groups());
      if (!group) return fail(group.error());
      settings_.time_group = *group == "hour" ? "clock_hour" : *group;
      return {};
    }
    if (name == "show_empty") {
      const auto yes = yes_or_no(name, text);
      if (!yes) return fail(yes.error());
      settings_.show_empty = *yes;
      return {};
    }
    const auto is_of_hours = settings_.hours.read(name, text);
    if (!is_of_hours) return fail(is_of_hours.error());
    if (*is_of_hours) return {};
    for (const auto& option : definition_.options) {
      if (option.id != name) continue;
      auto value = option_value(option, text);
      if (!value) return fail(value.error());
      settings_.options[name] = std::move(*value);
      return {};
    }
    for (const auto& filter : definition_.filters) {
      if (filter.id != name) continue;
      auto chosen = chosen_filter(filter, text);
      if (!chosen) return fail(chosen.error());
      settings_.filters.push_back(std::move(*chosen));
      return {};
    }
    return no_such(name);
  }

  Done read_credit(const std::string& text) {
    std::vector<std::string> words;
    for (const auto credit : definition_.credits) words.emplace_back(word(credit));
    const auto chosen = one_of("credit", text, words);
    if (!chosen) return fail(chosen.error());
    for (const auto credit : definition_.credits)
      if (word(credit) == *chosen) settings_.credit = credit;
    return {};
  }

  Done read_zone(const std::string& text) {
    if (const auto known = to_local(Instant{}, text); !known) return fail(Error(known.error()).in("timezone=" + text));
    settings_.timezone = text;
    return {};
  }

  Done no_such(const std::string& name) const {
    std::vector<std::string_view> known = {"timezone", "show_empty", "time_group"};
    known.insert(known.end(), std::begin(kDayHours), std::end(kDayHours));
    if (!definition_.credits.empty()) known.emplace_back("credit");
    for (const auto& option : definition_.options) known.emplace_back(option.id);
    for (const auto& filter : definition_.filters) known.emplace_back(filter.id);
    return fail(HKL_NOT_FOUND, fmt::format("report {} has no option or filter \"{}\"{}", definition_.id, name,
                                           did_you_mean(name, known)));
  }

  const Definition& definition_;
  Settings settings_;
};

Result<bool> is_in_data(const std::string& employee, Reading& reading) {
  bool is_there = false;
  SqlText sql = "SELECT 1 FROM call_credits WHERE employee = ";
  const auto done = reading.each(sql + SqlText::value(employee) + " LIMIT 1", 1, [&](const RowTexts&) -> Done {
    is_there = true;
    return {};
  });
  if (!done) return fail(done.error());
  return is_there;
}

Done check_departments(const Settings& settings, const Directory& directory) {
  std::vector<std::string_view> known;
  for (const auto& department : directory.parts().departments) known.emplace_back(department.id);
  for (const auto& chosen : settings.filters) {
    if (chosen.filter->name_of != NameOf::department) continue;
    for (const auto& text : chosen.named())
      if (directory.department(text) == nullptr)
        return fail(HKL_NOT_FOUND, fmt::format("there is no department \"{}\"{}", text, did_you_mean(text, known)));
  }
  return {};
}

}  // namespace

Result<std::vector<Rational>> numbers_of(const std::string& text) {
  constexpr std::size_t kMost = 30;
  std::vector<Rational> numbers;
  for (const auto& part : parted_texts(text)) {
    const auto number = parse_number(part);
    if (!number || number->num <= 0 || numbers.size() == kMost) return fail(HKL_INVALID, kNumbersHelp);
    if (std::find(numbers.begin(), numbers.end(), *number) == numbers.end()) numbers.push_back(*number);
  }
  if (numbers.empty()) return fail(HKL_INVALID, kNumbersHelp);
  return numbers;
}

const std::vector<std::string>& time_groups() {
  static const std::vector<std::string> words = {"hour",    "day",  "week",    "month",
                                                 "quarter", "year", "weekday", "hour_of_day"};
  return words;
}

Done check_calendars(const Definition& definition, const Settings& settings,
                     const std::map<std::string, Calendar>* calendars) {
  std::vector<std::string_view> known = {kWallClock};
  if (calendars != nullptr)
    for (const auto& [name, calendar] : *calendars) known.emplace_back(name);
  for (const auto& option : definition.options) {
    const auto* name = option.is_calendar ? std::get_if<std::string>(&settings.options.at(option.id)) : nullptr;
    if (name == nullptr || std::find(known.begin(), known.end(), *name) != known.end()) continue;
    return fail(HKL_NOT_FOUND,
                fmt::format("{}: there is no calendar \"{}\"{}", option.id, *name, did_you_mean(*name, known)));
  }
  return {};
}

Result<Settings> read_settings(const Definition& definition, const std::map<std::string, std::string>& given) {
  return SettingsReader(definition).run(given);
}

Done check_people(const Settings& settings, const Directory* directory, Reading& reading) {
  if (directory == nullptr) return {};
  if (auto departments = check_departments(settings, *directory); !departments) return departments;
  std::vector<std::string_view> known;
  for (const auto& employee : directory->parts().employees) known.emplace_back(employee.id);
  for (const auto& chosen : settings.filters) {
    if (chosen.filter->name_of != NameOf::employee) continue;
    for (const auto& text : chosen.named()) {
      if (directory->employee(text) != nullptr) continue;
      const auto is_there = is_in_data(text, reading);
      if (!is_there) return fail(is_there.error());
      if (!*is_there)
        return fail(HKL_NOT_FOUND, fmt::format("there is no employee \"{}\"{}", text, did_you_mean(text, known)));
    }
  }
  return {};
}

}  // namespace hkl
