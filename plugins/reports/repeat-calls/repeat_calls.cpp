// First-call resolution, and who calls often (metrics §8.5).
#include "hookline/sdk/plugin.h"
#include "hookline/sdk/report_defaults.h"

namespace {

constexpr std::string_view kCredits[] = {"last", "first"};
struct Settings {
  std::string_view credit = "last";
  double repeat_days = 7;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(credit, "Whom a call counts for").one_of(kCredits),
                  HOOKLINE_FIELD(repeat_days, "Who calls again within so many days was not helped").positive())

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "repeat-calls",
  "title": {"ru": "Повторные звонки и FCR", "en": "Repeat calls and FCR"},
  "rows": "calls",
  "credit": {"default": "last", "allowed": ["last", "first"]},
  "options": [
    {"id": "show", "type": "enum", "values": ["fcr", "callers"], "default": "fcr", "title": {"ru": "Показать", "en": "Show"}, "help": {"ru": "fcr: решено ли с первого звонка; callers: кто звонит чаще всех", "en": "fcr: whether the first call settled it; callers: who calls most often"}},
    {"id": "repeat_days", "type": "number", "default": 7, "title": {"ru": "Дней", "en": "Days"}}],
  "terms": [
    {"id": "pending", "expr": "ended_at + option.repeat_days * 1d > now()"},
    {"id": "again", "expr": "next_inbound_at is not null and next_inbound_at <= ended_at + option.repeat_days * 1d"}],
  "where": [
    {"expr": "inbound and answered and is_target and is_counted", "when": "option.show = 'fcr'"},
    {"expr": "three_inbound_s <= option.repeat_days * 1d", "when": "option.show = 'callers'"}],
  "dimensions": [
    {"id": "contact", "expr": "contact", "when": "option.show = 'callers'",
     "title": {"ru": "Контакт", "en": "Contact"},
     "definition": {"ru": "Кто не меньше трёх раз звонил за repeat_days дней", "en": "Who made at least three inbound calls within repeat_days"}},
    {"id": "employee", "expr": "employee", "when": "option.show = 'fcr'",
     "title": {"ru": "Сотрудник", "en": "Employee"}, "empty": {"ru": "Не назначен", "en": "Not assigned"},
     "definition": {"ru": "Кто закончил разговор с клиентом (credit: first – кто первым ответил)", "en": "Who finished with the client (credit: first – who answered first)"}}],
  "measures": [
    {"id": "client", "type": "text", "expr": "only(client_number)", "when": "option.show = 'callers'",
     "title": {"ru": "Номер абонента", "en": "Client"},
     "definition": {"ru": "Номер, с которого звонили; пусто, если с разных", "en": "The number of the calls; empty if they differ"}},
    {"id": "calls", "type": "integer", "expr": "count()",
     "cases": [{"when": "option.show = 'callers'", "expr": "count()",
       "definition": {"ru": "Входящие, не нецелевые, каких три или больше за repeat_days дней", "en": "Inbound calls that are not non-target, three or more of them within repeat_days"}}],
     "title": {"ru": "Звонков", "en": "Calls"},
     "definition": {"ru": "Отвеченные входящие, не нецелевые, от известных контактов", "en": "Answered inbound calls of known contacts that are not non-target"}},
    {"id": "answered", "type": "integer", "expr": "count() where answered", "when": "option.show = 'callers'",
     "title": {"ru": "Принято", "en": "Answered"},
     "definition": {"ru": "Из них отвеченные", "en": "Of them, those answered"}},
    {"id": "last_call", "type": "time", "expr": "max(started_at)", "when": "option.show = 'callers'",
     "title": {"ru": "Последний звонок", "en": "Last call"},
     "definition": {"ru": "Когда начался последний", "en": "When the last of them began"}},
    {"id": "resolved", "type": "integer", "when": "option.show = 'fcr'", "expr": "count() where not pending and not again",
     "title": {"ru": "Решено", "en": "Resolved"},
     "definition": {"ru": "Контакт не звонил снова", "en": "The contact did not call again"}},
    {"id": "repeated", "type": "integer", "when": "option.show = 'fcr'", "expr": "count() where not pending and again",
     "title": {"ru": "Повторено", "en": "Repeated"},
     "definition": {"ru": "Контакт снова позвонил за repeat_days дней", "en": "The contact called again within repeat_days"}},
    {"id": "pending", "type": "integer", "when": "option.show = 'fcr'", "expr": "count() where pending",
     "title": {"ru": "Рано судить", "en": "Pending"},
     "definition": {"ru": "Звонки моложе repeat_days дней", "en": "Calls younger than repeat_days"}},
    {"id": "fcr", "type": "percent", "when": "option.show = 'fcr'", "expr": "(count() where not pending and not again) / (count() where not pending)",
     "title": {"ru": "FCR, %", "en": "FCR, %"},
     "definition": {"ru": "Решено ÷ (решено + повторено)", "en": "Resolved ÷ (resolved + repeated)"}}],
  "filters": [
    {"id": "employee", "expr": "employee", "title": {"ru": "Сотрудник", "en": "Employee"}},
    {"id": "department", "expr": "departments", "title": {"ru": "Отдел", "en": "Department"}}],
  "sort": ["employee", "-calls"]
})json";

class RepeatCalls final : public hookline::Report<Settings> {
 public:
  std::string definition() override {
    return hookline::ReportDefaults(kDefinition)
        .credit(settings().credit)
        .number("repeat_days", settings().repeat_days)
        .text();
  }
};

}  // namespace

HOOKLINE_PLUGIN(RepeatCalls, {"repeat-calls", "1.0.0", "Hookline", "Apache-2.0",
                              "Calls that were resolved at once, and those that were not"})
