// What was asked of a report with --set: options, filters, credit.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "reports/chosen_filter.h"
#include "reports/day_hours.h"
#include "reports/definition.h"
#include "reports/evaluate.h"
#include "reports/reading.h"

namespace hkl {

struct Settings {
  CreditRule credit = CreditRule::first;
  OptionValues options;  // every option of the report, `credit` too
  std::vector<ChosenFilter> filters;
  bool show_empty = false;
  std::string time_group;  // a function of the language, such as "day"; empty: rows are not parted by time
  std::string timezone;    // empty: the surroundings'
  DayHours hours;
};

// "10,20,30": at most thirty numbers above 0; HKL_INVALID.
Result<std::vector<Rational>> numbers_of(const std::string& text);
inline constexpr const char* kNumbersHelp = "numbers above 0 are needed, with commas between them, thirty at most";

// The words of `time_group`, and the one that parts nothing.
inline constexpr std::string_view kNoTimeGroup = "none";
const std::vector<std::string>& time_groups();

// HKL_NOT_FOUND: no such option, filter, employee; HKL_INVALID: a value that
// does not fit. Both name the nearest right word.
Result<Settings> read_settings(const Definition& definition, const std::map<std::string, std::string>& given);

// A calendar that the config does not have. HKL_NOT_FOUND names the nearest.
Done check_calendars(const Definition& definition, const Settings& settings,
                     const std::map<std::string, Calendar>* calendars);

// A misspelled employee in a filter is an error, one who is only in the data
// (a mapping since removed) is not.
Done check_people(const Settings& settings, const Directory* directory, Reading& reading);

}  // namespace hkl
