// Weekday by hour (metrics §8.3). The two hours of a clock set back fall in one cell.
#include "hookline/sdk/plugin.h"
#include "hookline/sdk/report_defaults.h"

namespace {

struct Settings {
  double threshold_s = 20;
  double short_abandon_s = 5;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(threshold_s, "Answered so soon is in time, s"),
                  HOOKLINE_FIELD(short_abandon_s, "Who gives up so soon is short, s"))

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "heat-map",
  "title": {"ru": "Тепловая карта звонков", "en": "Heat map of calls"},
  "rows": "calls",
  "options": [
    {"id": "direction", "type": "enum", "values": ["in", "out", "all"], "default": "in", "title": {"ru": "Направление", "en": "Direction"}},
    {"id": "per", "type": "enum", "values": ["period", "day"], "default": "period", "title": {"ru": "За", "en": "Per"}},
    {"id": "threshold_s", "type": "number", "default": 20, "title": {"ru": "Порог, с", "en": "Threshold, s"}},
    {"id": "short_abandon_s", "type": "number", "default": 5, "title": {"ru": "Короткий звонок, с", "en": "Short call, s"}}],
  "terms": [
    {"id": "is_short", "expr": "missed and hung_up_by = 'client' and queue_wait_s <= option.short_abandon_s"}],
  "where": [
    {"expr": "option.direction = 'all' or option.direction = direction"}],
  "dimensions": [
    {"id": "weekday", "expr": "weekday(started_at)",
     "title": {"ru": "День недели", "en": "Weekday"},
     "definition": {"ru": "Понедельник – 1", "en": "Monday is 1"}},
    {"id": "hour", "expr": "hour_of_day(started_at)",
     "title": {"ru": "Час", "en": "Hour"},
     "definition": {"ru": "Час начала звонка в поясе отчёта", "en": "Hour of the call's start in the report's zone"}}],
  "measures": [
    {"id": "calls", "type": "integer", "expr": "count()",
     "title": {"ru": "Звонков", "en": "Calls"},
     "definition": {"ru": "Звонки, начатые в этот час", "en": "Calls that began in this hour"}},
    {"id": "calls_per_day", "type": "decimal", "expr": "count() / max(period_days(started_at))", "when": "option.per = 'day'",
     "title": {"ru": "Звонков за день", "en": "Calls a day"},
     "definition": {"ru": "Звонки ÷ число таких дней недели в периоде; в итоге – ÷ все дни", "en": "Calls ÷ such weekdays in the period; in the total, ÷ all days"}},
    {"id": "missed", "type": "integer", "expr": "count() where missed",
     "title": {"ru": "Пропущено", "en": "Missed"},
     "definition": {"ru": "Из них пропущенные", "en": "Of them, missed"}},
    {"id": "missed_share", "type": "percent", "expr": "(count() where missed) / count()",
     "title": {"ru": "Доля пропущенных", "en": "Missed share"},
     "definition": {"ru": "Пропущенные ÷ все", "en": "Missed ÷ all"}},
    {"id": "average_wait_s", "type": "seconds", "expr": "avg(wait_s) where inbound",
     "title": {"ru": "Среднее ожидание, с", "en": "Average wait, s"},
     "definition": {"ru": "Среднее ожидание входящих", "en": "Mean wait of inbound calls"}},
    {"id": "service_level", "type": "percent", "expr": "(count() where answered and queue_wait_s <= option.threshold_s) / (count() where offered_at is not null and not is_short)",
     "title": {"ru": "Уровень сервиса", "en": "Service level"},
     "definition": {"ru": "Отвечено за порог ÷ (предложено − короткие)", "en": "Answered within the threshold ÷ (offered − short abandons)"}}],
  "filters": [
    {"id": "line", "expr": "line", "title": {"ru": "Номер", "en": "Line"}},
    {"id": "employee", "expr": "employee", "title": {"ru": "Сотрудник", "en": "Employee"}},
    {"id": "department", "expr": "departments", "title": {"ru": "Отдел", "en": "Department"}}]
})json";

class HeatMap final : public hookline::Report<Settings> {
 public:
  std::string definition() override {
    return hookline::ReportDefaults(kDefinition)
        .number("threshold_s", settings().threshold_s)
        .number("short_abandon_s", settings().short_abandon_s)
        .text();
  }
};

}  // namespace

HOOKLINE_PLUGIN(HeatMap, {"heat-map", "1.0.0", "Hookline", "Apache-2.0", "Calls and missed calls by weekday and hour"})
