#include "reports/description.h"

#include <algorithm>

#include "canonical/json_text.h"
#include "reports/names.h"
#include "reports/option_definition.h"
#include "reports/plan.h"
#include "reports/shown.h"

namespace hkl {
namespace {

OrderedJson local(const LocalText& text, const std::string& language) { return text_json(text.in(language)); }

bool is_list(const Plan& plan) {
  return std::any_of(plan.dimensions.begin(), plan.dimensions.end(), [](const auto* d) { return is_single(*d); });
}

OrderedJson column(const Dimension& dimension, const std::string& language, bool is_shown) {
  return {{"id", dimension.id},
          {"title", local(dimension.title, language)},
          {"kind", "dimension"},
          {"type", word(dimension.expr->type == Type::integer ? Display::integer : Display::text)},
          {"definition", local(dimension.definition, language)},
          {"formula", text_json(dimension.formula)},
          {"group", nullptr},
          {"shown", is_shown}};
}

OrderedJson column(const Measure& measure, const Way& way, const std::string& language, bool is_shown) {
  return {{"id", measure.id},
          {"title", local(measure.title, language)},
          {"kind", "measure"},
          {"type", word(measure.display)},
          {"definition", local(way.definition, language)},
          {"formula", text_json(way.formula)},
          {"group", text_json(measure.each)},
          {"shown", is_shown}};
}

OrderedJson columns(const Definition& definition, const Plan& plan) {
  auto list = OrderedJson::array();
  std::vector<std::string_view> named;
  const auto is_new = [&](std::string_view id) {
    if (std::find(named.begin(), named.end(), id) != named.end()) return false;
    named.push_back(id);
    return true;
  };
  for (const auto* dimension : plan.dimensions)
    if (is_new(dimension->id) && !dimension->is_hidden) list.push_back(column(*dimension, plan.language, true));
  for (const auto& planned : plan.measures)
    if (is_new(planned.measure->id)) list.push_back(column(*planned.measure, *planned.way, plan.language, true));
  for (const auto& dimension : definition.dimensions)
    if (!dimension.is_hidden && is_new(dimension.id)) list.push_back(column(dimension, plan.language, false));
  for (const auto& measure : definition.measures)
    if (measure.each.empty() && is_new(measure.id))
      list.push_back(column(measure, measure.ways.back(), plan.language, false));
  return list;
}

std::string type_word(const Option& option) {
  if (!option.values.empty()) return "enum";
  if (option.is_list) return "numbers";
  if (option.is_texts) return "texts";
  if (option.is_calendar) return "calendar";
  if (option.type == Type::duration) return "duration";
  if (option.type == Type::boolean) return "bool";
  return option.type == Type::decimal ? "number" : "text";
}

struct EveryReports {
  const char *id, *type;
  LocalText title, help;
  std::vector<std::string> values;
  OrderedJson default_value;
};

// What every report takes beside its own, in the order of a form.
std::vector<EveryReports> of_every_report(const Definition& definition, const std::string& zone) {
  std::vector<EveryReports> all = {{"timezone",
                                    "text",
                                    {"Часовой пояс", "Time zone"},
                                    {"Чьи дни и часы: Europe/Moscow", "Whose days and hours: Europe/Moscow"},
                                    {},
                                    zone}};
  if (definition.scan == ScanOver::nothing) {
    std::vector<std::string> groups = {std::string(kNoTimeGroup)};
    groups.insert(groups.end(), time_groups().begin(), time_groups().end());
    all.push_back({"time_group",
                   "enum",
                   {"По времени", "By time"},
                   {"Каждая строка – по отрезкам времени", "Parts each row by stretches of time"},
                   groups,
                   std::string(kNoTimeGroup)});
  }
  const bool is_of_people = std::any_of(definition.dimensions.begin(), definition.dimensions.end(),
                                        [](const Dimension& one) { return one.name_of == NameOf::employee; });
  if (definition.scan == ScanOver::nothing && is_of_people)
    all.push_back({"show_empty",
                   "bool",
                   {"И те, у кого ничего нет", "Also those who have nothing"},
                   {"В отчёте по сотрудникам", "In a report by employee"},
                   {},
                   false});
  if (!takes_hours(definition)) return all;
  all.push_back({"day_start",
                 "text",
                 {"Время суток с", "Time of day from"},
                 {"09:00; начатое не раньше; в поясе отчёта", "09:00; what began then or later, in the report's zone"},
                 {},
                 nullptr});
  all.push_back({"day_end",
                 "text",
                 {"Время суток до", "Time of day to"},
                 {"18:00; начатое раньше; если до начала – через полночь",
                  "18:00; what began earlier; before the start: over midnight"},
                 {},
                 nullptr});
  all.push_back({"week_days",
                 "text",
                 {"Дни недели", "Days of the week"},
                 {"mon-fri или sat,sun: в какие дни начато", "mon-fri or sat,sun: on which it began"},
                 {},
                 nullptr});
  return all;
}

OrderedJson options(const Definition& definition, const std::string& language, const std::string& zone) {
  auto list = OrderedJson::array();
  for (const auto& option : definition.options)
    list.push_back({{"id", option.id},
                    {"title", local(option.title, language)},
                    {"help", local(option.help, language)},
                    {"type", type_word(option)},
                    {"values", option.values},
                    {"default", option_json(option, option.default_value)}});
  for (const auto& one : of_every_report(definition, zone))
    list.push_back({{"id", one.id},
                    {"title", local(one.title, language)},
                    {"help", local(one.help, language)},
                    {"type", one.type},
                    {"values", one.values},
                    {"default", one.default_value}});
  if (definition.credits.empty()) return list;
  std::vector<std::string> rules;
  for (const auto rule : definition.credits) rules.emplace_back(word(rule));
  list.push_back({{"id", "credit"},
                  {"title", language == "ru" ? "Кому засчитан звонок" : "Whom a call falls to"},
                  {"help", nullptr},
                  {"type", "enum"},
                  {"values", rules},
                  {"default", word(definition.default_credit)}});
  return list;
}

template <typename Record>
void add_named(const std::vector<Record>& records, NameOf what, const Directory& directory, OrderedJson& list) {
  for (const auto& record : records)
    list.push_back({{"id", record.id}, {"title", shown_name(what, record.id, &directory)}});
}

// Those who left are in results, and in lists to choose from where that is asked for (metrics §1.5.6).
void add_employees(const ReportSurroundings& with, OrderedJson& list) {
  const auto& employees = with.directory->parts().employees;
  add_named(employees, NameOf::employee, *with.directory, list);
  for (std::size_t i = 0; i < employees.size(); ++i)
    if (employees[i].dismissed_at && *employees[i].dismissed_at <= with.now) list[i]["has_left"] = true;
}

// What a filter takes, as far as that is settled.
OrderedJson values(const Filter& filter, const ReportSurroundings& with) {
  const auto* directory = with.directory;
  auto list = OrderedJson::array();
  if (filter.expr->kind == NodeKind::field)
    for (const auto word : filter.expr->field->words) list.push_back({{"id", word}, {"title", word}});
  if (directory == nullptr) return list;
  const auto& parts = directory->parts();
  switch (filter.name_of) {
    case NameOf::employee:
      add_employees(with, list);
      break;
    case NameOf::department:
      add_named(parts.departments, filter.name_of, *directory, list);
      break;
    case NameOf::office:
      add_named(parts.offices, filter.name_of, *directory, list);
      break;
    case NameOf::line:
      add_named(parts.lines, filter.name_of, *directory, list);
      break;
    case NameOf::ad_source:
      add_named(parts.ad_sources, filter.name_of, *directory, list);
      break;
    case NameOf::funnel:
      add_named(parts.funnels, filter.name_of, *directory, list);
      break;
    case NameOf::stage:
      for (const auto& funnel : parts.funnels.empty() ? std::vector{directory->default_funnel()} : parts.funnels)
        add_named(funnel.stages, filter.name_of, *directory, list);
      break;
    case NameOf::nobody:
      break;
  }
  return list;
}

std::string type_word(const Filter& filter) {
  switch (filter.expr->type) {
    case Type::integer:
      return "integer";
    case Type::decimal:
      return "number";
    case Type::duration:
      return "duration";
    case Type::money:
      return "money";
    default:
      return "text";
  }
}

// How a number is asked for, unless the report says it itself.
OrderedJson help(const Filter& filter, const std::string& language) {
  const LocalText of_number = {"10, от 10: 10.., до 20: ..20, от 10 до 20: 10..20", "10, or 10.., ..20, 10..20"};
  const bool is_told = !filter.help.ru.empty() || !is_numeric(filter.expr->type);
  return local(is_told ? filter.help : of_number, language);
}

OrderedJson filters(const Definition& definition, const ReportSurroundings& with) {
  auto list = OrderedJson::array();
  for (const auto& filter : definition.filters)
    list.push_back({{"id", filter.id},
                    {"title", local(filter.title, with.language)},
                    {"help", help(filter, with.language)},
                    {"type", type_word(filter)},
                    {"values", values(filter, with)}});
  return list;
}

}  // namespace

Result<OrderedJson> described(const Report& report, const ReportSurroundings& with) {
  const auto& definition = report.definition();
  const auto plan = make_plan(definition, {}, with);
  if (!plan) return fail(plan.error());
  return OrderedJson{{"id", definition.id},
                     {"title", local(definition.title, with.language)},
                     {"kind", is_list(*plan) ? "list" : "table"},
                     {"rows", definition.rows->name},
                     {"columns", columns(definition, *plan)},
                     {"options", options(definition, with.language, with.timezone)},
                     {"filters", filters(definition, with)}};
}

}  // namespace hkl
