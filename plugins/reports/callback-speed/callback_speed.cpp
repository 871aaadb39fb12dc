// Episodes of misses and how they ended (metrics §8.4).
#include "hookline/sdk/plugin.h"
#include "hookline/sdk/report_defaults.h"

namespace {

struct Settings {
  std::string_view clock = "wall";
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(clock, "wall, or a calendar whose open time alone counts"))

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "callback-speed",
  "title": {"ru": "Скорость перезвона", "en": "Callback speed"},
  "rows": "calls",
  "options": [
    {"id": "within_min", "type": "numbers", "default": [5, 15, 30, 60, 240], "title": {"ru": "Пороги, мин", "en": "Thresholds, min"}},
    {"id": "clock", "type": "calendar", "title": {"ru": "Часы", "en": "Clock"}, "help": {"ru": "wall или рабочие часы из calendars", "en": "wall, or working hours of calendars"}},
    {"id": "by", "type": "enum", "values": ["employee", "line", "day", "hour"], "default": "employee", "title": {"ru": "Группировать", "en": "Group by"}}],
  "terms": [
    {"id": "to_attempt_s", "expr": "open_time(ended_at, tried_back_at, option.clock)"},
    {"id": "to_contact_s", "expr": "open_time(ended_at, called_back_at, option.clock)"},
    {"id": "tried", "expr": "tried_back_at is not null and (called_back_at is null or tried_back_at <= called_back_at)"}],
  "where": [
    {"expr": "begins_episode"}],
  "dimensions": [
    {"id": "group", "expr": "employee",
     "title": {"ru": "Сотрудник", "en": "Employee"}, "empty": {"ru": "Не назначен", "en": "Not assigned"},
     "definition": {"ru": "Чей телефон звонил последним", "en": "Whose phone was tried last"},
     "cases": [
       {"when": "option.by = 'line'", "expr": "line", "title": {"ru": "Номер", "en": "Line"}},
       {"when": "option.by = 'day'", "expr": "day(started_at)", "title": {"ru": "День", "en": "Day"}},
       {"when": "option.by = 'hour'", "expr": "hour_of_day(started_at)", "title": {"ru": "Час", "en": "Hour"}}]}],
  "measures": [
    {"id": "episodes", "type": "integer", "expr": "count()",
     "title": {"ru": "Серий", "en": "Episodes"},
     "definition": {"ru": "Пропущенные подряд от одного контакта, без разговора между ними; считаются по первому", "en": "Consecutive misses of one contact with no talk between; counted at the first"}},
    {"id": "attempted", "type": "integer", "expr": "count() where tried",
     "title": {"ru": "Пытались", "en": "Attempted"},
     "definition": {"ru": "Исходящая попытка была до разговора или им и стала", "en": "There was an outgoing attempt before the talk, or it was the talk"}},
    {"id": "contacted", "type": "integer", "expr": "count() where called_back",
     "title": {"ru": "Поговорили", "en": "Contacted"},
     "definition": {"ru": "После пропущенного состоялся разговор", "en": "A talk followed the miss"}},
    {"id": "by_us", "type": "integer", "expr": "count() where called_back_direction = 'out'",
     "title": {"ru": "Дозвонились мы", "en": "By us"},
     "definition": {"ru": "Разговор начали мы", "en": "We called"}},
    {"id": "by_client", "type": "integer", "expr": "count() where called_back_direction = 'in'",
     "title": {"ru": "Дозвонился клиент", "en": "By the client"},
     "definition": {"ru": "Клиент позвонил сам", "en": "The client called again"}},
    {"id": "still_open", "type": "integer", "expr": "count() where called_back_at is null",
     "title": {"ru": "Без ответа", "en": "Still open"},
     "definition": {"ru": "Разговора не было до сих пор", "en": "No talk so far"}},
    {"id": "attempt_within", "type": "percent", "expr": "(count() where tried and to_attempt_s <= option.within_min * 60) / count()", "each": "within_min",
     "title": {"ru": "Попытка за, мин", "en": "Attempt within, min"},
     "definition": {"ru": "Доля серий с попыткой за столько минут, включительно", "en": "Share of episodes with an attempt within so many minutes"}},
    {"id": "contact_within", "type": "percent", "expr": "(count() where to_contact_s <= option.within_min * 60) / count()", "each": "within_min",
     "title": {"ru": "Разговор за, мин", "en": "Contact within, min"},
     "definition": {"ru": "Доля серий с разговором за столько минут, включительно", "en": "Share of episodes with a talk within so many minutes"}},
    {"id": "by_us_within", "type": "percent", "expr": "(count() where called_back_direction = 'out' and to_contact_s <= option.within_min * 60) / count()", "each": "within_min",
     "title": {"ru": "Дозвонились за, мин", "en": "By us within, min"},
     "definition": {"ru": "То же, если позвонили мы", "en": "The same where we called"}},
    {"id": "by_client_within", "type": "percent", "expr": "(count() where called_back_direction = 'in' and to_contact_s <= option.within_min * 60) / count()", "each": "within_min",
     "title": {"ru": "Дозвонился клиент за, мин", "en": "By the client within, min"},
     "definition": {"ru": "То же, если клиент позвонил сам", "en": "The same where the client called"}},
    {"id": "median_attempt_s", "type": "seconds", "expr": "percentile(to_attempt_s, 50) where tried",
     "title": {"ru": "Медиана до попытки, с", "en": "Median to attempt, s"},
     "definition": {"ru": "От конца пропущенного, ближайший ранг", "en": "From the end of the miss, nearest rank"}},
    {"id": "p90_attempt_s", "type": "seconds", "expr": "percentile(to_attempt_s, 90) where tried",
     "title": {"ru": "90-й перцентиль до попытки, с", "en": "90th percentile to attempt, s"},
     "definition": {"ru": "От конца пропущенного, ближайший ранг", "en": "From the end of the miss, nearest rank"}},
    {"id": "median_contact_s", "type": "seconds", "expr": "percentile(to_contact_s, 50)",
     "title": {"ru": "Медиана до разговора, с", "en": "Median to contact, s"},
     "definition": {"ru": "От конца пропущенного, ближайший ранг", "en": "From the end of the miss, nearest rank"}},
    {"id": "p90_contact_s", "type": "seconds", "expr": "percentile(to_contact_s, 90)",
     "title": {"ru": "90-й перцентиль, с", "en": "90th percentile, s"},
     "definition": {"ru": "От конца пропущенного, ближайший ранг", "en": "From the end of the miss, nearest rank"}}],
  "filters": [
    {"id": "employee", "expr": "employee", "title": {"ru": "Сотрудник", "en": "Employee"}},
    {"id": "department", "expr": "departments", "title": {"ru": "Отдел", "en": "Department"}},
    {"id": "line", "expr": "line", "title": {"ru": "Номер", "en": "Line"}}]
})json";

class CallbackSpeed final : public hookline::Report<Settings> {
 public:
  std::string definition() override {
    return hookline::ReportDefaults(kDefinition).word("clock", settings().clock).text();
  }
};

}  // namespace

HOOKLINE_PLUGIN(CallbackSpeed,
                {"callback-speed", "1.0.0", "Hookline", "Apache-2.0", "How soon missed clients were tried and reached"})
