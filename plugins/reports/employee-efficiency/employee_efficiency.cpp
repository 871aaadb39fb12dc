// Ringostat's report on employees' work (metrics §5.1).
#include "hookline/sdk/plugin.h"
#include "hookline/sdk/report_defaults.h"

namespace {

constexpr std::string_view kCredits[] = {"each", "first", "last"};
struct Settings {
  std::string_view credit = "each";
  double long_talk_s = 30;
  std::int64_t unique_gap_days = 0;
};

}  // namespace

HOOKLINE_SETTINGS(
    Settings, HOOKLINE_FIELD(credit, "Whom a call counts for").one_of(kCredits),
    HOOKLINE_FIELD(long_talk_s, "A longer talk is long, s"),
    HOOKLINE_FIELD(unique_gap_days, "A call is unique again after so many days; 0: never").range(0, 36500))

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "employee-efficiency",
  "title": {"ru": "Отчет об эффективности работы сотрудников", "en": "Employee efficiency"},
  "rows": "calls",
  "credit": {"default": "each", "allowed": ["each", "first", "last"]},
  "options": [
    {"id": "long_talk_s", "type": "number", "default": 30, "title": {"ru": "Долгий разговор, с", "en": "Long talk, s"}},
    {"id": "unique_gap_days", "type": "number", "default": null, "title": {"ru": "Период без звонков, дней", "en": "Days without calls"}}],
  "terms": [
    {"id": "unique", "expr": "inbound and is_counted and (since_previous_inbound_s is null or since_previous_inbound_s > option.unique_gap_days * 1d)"}],
  "dimensions": [
    {"id": "employee", "expr": "employee",
     "title": {"ru": "Сотрудник", "en": "Employee"}, "empty": {"ru": "Не назначен", "en": "Not assigned"},
     "definition": {"ru": "Чья это работа; «Не назначен» – номер ничей", "en": "Whose work it is; Not assigned: the extension is nobody's"}}],
  "measures": [
    {"id": "accepted", "type": "integer", "expr": "count() where inbound and answered",
     "title": {"ru": "Принято", "en": "Accepted"},
     "definition": {"ru": "Входящие, в которых сотрудник говорил", "en": "Inbound calls in which the employee talked"}},
    {"id": "unique_accepted", "type": "integer", "expr": "count() where unique and answered and credited_first",
     "title": {"ru": "Из них уникальных", "en": "Unique accepted"},
     "definition": {"ru": "Уникальные звонки, на которые сотрудник ответил первым", "en": "Unique calls that the employee was the first to answer"}},
    {"id": "unique_in_period", "type": "integer", "expr": "company(count() where unique)",
     "title": {"ru": "Уникальных за период", "en": "Unique in period"},
     "definition": {"ru": "Все уникальные звонки компании за период, отвеченные и нет", "en": "All unique calls of the company in the period, answered or not"}},
    {"id": "average_wait_s", "type": "seconds", "expr": "avg(wait_s) where inbound and answered and credited_first",
     "title": {"ru": "Среднее ожидание, с", "en": "Average wait, s"},
     "definition": {"ru": "Сколько ждали клиенты, которым сотрудник ответил первым", "en": "How long clients waited whom the employee was the first to answer"}},
    {"id": "outgoing", "type": "integer", "expr": "count() where outbound and credited_first",
     "title": {"ru": "Исходящих", "en": "Outgoing"},
     "definition": {"ru": "Звонки, которые набрал сотрудник", "en": "Calls that the employee dialled"}},
    {"id": "unique_numbers", "type": "integer", "expr": "distinct(client_number) where outbound and credited_first",
     "title": {"ru": "На уникальные номера", "en": "Unique numbers"},
     "definition": {"ru": "Разные номера среди набранных", "en": "Distinct numbers among those dialled"}},
    {"id": "long_talks", "type": "integer", "expr": "count() where outbound and credited_first and talk_s > option.long_talk_s",
     "title": {"ru": "Долгих разговоров", "en": "Long talks"},
     "definition": {"ru": "Исходящие с разговором строго дольше long_talk_s (30 с)", "en": "Outgoing calls with a talk strictly longer than long_talk_s (30 s)"}},
    {"id": "talk_s", "type": "seconds", "expr": "sum(credited_talk_s)",
     "title": {"ru": "Всего разговоров, с", "en": "Talk, s"},
     "definition": {"ru": "Собственное время разговоров сотрудника, входящих и исходящих", "en": "The employee's own time of talk, in and out"}},
    {"id": "average_talk_s", "type": "seconds", "expr": "avg(credited_talk_s) where answered",
     "title": {"ru": "Средний разговор, с", "en": "Average talk, s"},
     "definition": {"ru": "Время разговоров на состоявшийся звонок", "en": "Talk for each answered call"}}],
  "filters": [
    {"id": "department", "expr": "departments", "title": {"ru": "Отдел", "en": "Department"}},
    {"id": "employee", "expr": "employee", "title": {"ru": "Сотрудник", "en": "Employee"}}]
})json";

class EmployeeEfficiency final : public hookline::Report<Settings> {
 public:
  std::string definition() override {
    return hookline::ReportDefaults(kDefinition)
        .credit(settings().credit)
        .number("long_talk_s", settings().long_talk_s)
        .number_or_never("unique_gap_days", settings().unique_gap_days)
        .text();
  }
};

}  // namespace

HOOKLINE_PLUGIN(EmployeeEfficiency, {"employee-efficiency", "1.0.0", "Hookline", "Apache-2.0",
                                     "What each employee answered, dialled and talked"})
