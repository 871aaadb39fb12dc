#include "reports/calendar_text.h"

#include <nlohmann/json.hpp>

namespace hkl {
namespace {

using nlohmann::json;

json spans_json(const std::vector<Calendar::Span>& spans) {
  auto list = json::array();
  for (const auto& span : spans) list.push_back({span.start, span.end});
  return list;
}

std::vector<Calendar::Span> spans_of(const json& list) {
  std::vector<Calendar::Span> spans;
  for (const auto& one : list) spans.push_back({one[0].get<int>(), one[1].get<int>()});
  return spans;
}

}  // namespace

std::string calendar_text(const Calendar& calendar) {
  auto week = json::array(), exceptions = json::array();
  for (const auto& day : calendar.week) week.push_back(spans_json(day));
  for (const auto& [day, spans] : calendar.exceptions)
    exceptions.push_back({day.time_since_epoch().count(), spans_json(spans)});
  return json{{"zone", calendar.timezone}, {"week", week}, {"exceptions", exceptions}}.dump();
}

Calendar calendar_of_text(std::string_view text) {
  const auto told = json::parse(text);
  Calendar calendar;
  calendar.timezone = told.at("zone").get<std::string>();
  for (std::size_t i = 0; i < 7; ++i) calendar.week[i] = spans_of(told.at("week").at(i));
  for (const auto& one : told.at("exceptions"))
    calendar.exceptions[std::chrono::sys_days(std::chrono::days(one[0].get<int>()))] = spans_of(one[1]);
  return calendar;
}

}  // namespace hkl
