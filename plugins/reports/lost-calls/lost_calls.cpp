// Missed calls by what became of them (metrics §4.3; lost_cause: §8.9).
#include "hookline/sdk/plugin.h"
#include "hookline/sdk/report_defaults.h"

namespace {

constexpr std::string_view kIvrOnly[] = {"include", "exclude"};
struct Settings {
  double short_abandon_s = 5;
  std::string_view ivr_only = "include";
  hookline::Duration callback_within;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(short_abandon_s, "Who gives up so soon is short, s"),
                  HOOKLINE_FIELD(ivr_only, "Whether those who gave up in the menu count").one_of(kIvrOnly),
                  HOOKLINE_FIELD(callback_within, "How soon a talk has to begin to be a call back; 0s: whenever"))

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "lost-calls",
  "title": {"ru": "Потерянные звонки", "en": "Lost calls"},
  "rows": "calls",
  "options": [
    {"id": "by", "type": "enum", "values": ["finish_reason", "lost_cause", "employee", "line", "hour"], "default": "finish_reason", "title": {"ru": "Группировать", "en": "Group by"}},
    {"id": "ivr_only", "type": "enum", "values": ["include", "exclude"], "default": "include", "title": {"ru": "Бросившие в меню", "en": "Who gave up in the menu"}},
    {"id": "short_abandon_s", "type": "number", "default": 5, "title": {"ru": "Короткий звонок, с", "en": "Short call, s"}},
    {"id": "callback_within", "type": "duration", "title": {"ru": "Перезвонить за", "en": "Called back within"}, "help": {"ru": "4h: поговорили не позже чем через столько; пусто – когда угодно", "en": "4h: the talk began no later than that after the call; empty: whenever"}}],
  "terms": [
    {"id": "is_called_back", "expr": "called_back and (option.callback_within is null or called_back_at - ended_at <= option.callback_within)"},
    {"id": "dropped_in_ivr", "expr": "offered_at is null and hung_up_by = 'client'"},
    {"id": "cause", "expr": "if(line_closed, 'outside_hours', hung_up_by = 'client' and coalesce(queue_wait_s, wait_s) <= option.short_abandon_s, 'short', dropped_in_ivr, 'ivr_drop', finish_reason in ('limit', 'finance', 'security'), 'refused', finish_reason in ('network', 'technical', 'not_configured'), 'fault', nobody_there, 'no_staff', not phone_rang and (member_busy or queue is not null), 'all_busy', phone_rang, 'not_picked_up', 'unknown')"}],
  "where": [
    {"expr": "missed"},
    {"expr": "not dropped_in_ivr", "when": "option.ivr_only = 'exclude'"}],
  "dimensions": [
    {"id": "reason", "expr": "finish_reason",
     "title": {"ru": "Причина завершения", "en": "Finish reason"},
     "definition": {"ru": "Чем кончился звонок: событие, которое завершило его для клиента", "en": "What ended the call for the client"},
     "cases": [
       {"when": "option.by = 'lost_cause'", "expr": "cause", "title": {"ru": "Почему потерян", "en": "Cause"},
        "words": {"outside_hours": {"ru": "Нерабочее время", "en": "Outside hours"}, "short": {"ru": "Короткий", "en": "Short"},
                  "ivr_drop": {"ru": "Положил трубку в меню", "en": "Gave up in the menu"}, "refused": {"ru": "Не принят", "en": "Refused"},
                  "fault": {"ru": "Неполадки", "en": "Fault"}, "no_staff": {"ru": "Никого на месте", "en": "No staff"},
                  "all_busy": {"ru": "Все заняты", "en": "All busy"}, "not_picked_up": {"ru": "Не взяли трубку", "en": "Not picked up"},
                  "unknown": {"ru": "Неизвестно", "en": "Unknown"}}},
       {"when": "option.by = 'employee'", "expr": "employee", "title": {"ru": "Сотрудник", "en": "Employee"}, "empty": {"ru": "Не назначен", "en": "Not assigned"}},
       {"when": "option.by = 'line'", "expr": "line", "title": {"ru": "Номер", "en": "Line"}},
       {"when": "option.by = 'hour'", "expr": "hour_of_day(started_at)", "title": {"ru": "Час", "en": "Hour"}}]}],
  "measures": [
    {"id": "calls", "type": "integer", "expr": "count()",
     "title": {"ru": "Потеряно", "en": "Lost"},
     "definition": {"ru": "Входящие звонки, на которые не ответил человек", "en": "Inbound calls that no person answered"}},
    {"id": "share", "type": "percent", "expr": "count() / total(count())",
     "title": {"ru": "Доля", "en": "Share"},
     "definition": {"ru": "Доля от всех потерянных", "en": "Share of all lost calls"}},
    {"id": "called_back", "type": "integer", "expr": "count() where is_called_back",
     "title": {"ru": "Перезвонили", "en": "Called back"},
     "definition": {"ru": "Из них те, после которых с контактом поговорили", "en": "Of them, those after which the contact and the company talked"}},
    {"id": "average_wait_s", "type": "seconds", "expr": "avg(wait_s)",
     "title": {"ru": "Среднее ожидание, с", "en": "Average wait, s"},
     "definition": {"ru": "Сколько в среднем ждал клиент, с меню", "en": "How long clients waited on average, the menu included"}},
    {"id": "staff_shortage", "type": "percent", "expr": "(count() where cause = 'all_busy') / (count() where cause != 'short')",
     "title": {"ru": "Не хватило людей", "en": "Staff shortage"},
     "definition": {"ru": "Все были заняты ÷ (потеряно − короткие)", "en": "All busy ÷ (lost − short)"}},
    {"id": "discipline", "type": "percent", "expr": "(count() where cause = 'not_picked_up') / (count() where cause != 'short')",
     "title": {"ru": "Не взяли трубку", "en": "Not picked up"},
     "definition": {"ru": "Телефон звонил, и никто не взял ÷ (потеряно − короткие)", "en": "A phone rang and nobody took it ÷ (lost − short)"}}],
  "filters": [
    {"id": "quality", "expr": "quality", "title": {"ru": "Качество", "en": "Quality"}},
    {"id": "employee", "expr": "employee", "title": {"ru": "Сотрудник", "en": "Employee"}},
    {"id": "department", "expr": "departments", "title": {"ru": "Отдел", "en": "Department"}}],
  "sort": ["-calls"]
})json";

class LostCalls final : public hookline::Report<Settings> {
 public:
  std::string definition() override {
    return hookline::ReportDefaults(kDefinition)
        .number("short_abandon_s", settings().short_abandon_s)
        .word("ivr_only", settings().ivr_only)
        .duration_or_none("callback_within", settings().callback_within)
        .text();
  }
};

}  // namespace

HOOKLINE_PLUGIN(LostCalls,
                {"lost-calls", "1.0.0", "Hookline", "Apache-2.0", "Missed calls by the reason why they were lost"})
