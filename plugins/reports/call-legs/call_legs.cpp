// What happened within calls, leg by leg (metrics §4: the detail of a call).
#include "hookline/sdk/plugin.h"

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "call-legs",
  "title": {"ru": "Звонок по плечам", "en": "Legs of calls"},
  "rows": "legs",
  "dimensions": [
    {"id": "call", "expr": "id", "title": {"ru": "Звонок", "en": "Call"}},
    {"id": "leg", "expr": "leg_number", "title": {"ru": "Плечо", "en": "Leg"}, "definition": {"ru": "По порядку времени", "en": "In time order"}}],
  "measures": [
    {"id": "started", "type": "time", "expr": "min(leg_started_at)", "title": {"ru": "С", "en": "From"}, "definition": {"ru": "Начало плеча", "en": "When the leg began"}},
    {"id": "ended", "type": "time", "expr": "max(leg_ended_at)", "title": {"ru": "По", "en": "To"}, "definition": {"ru": "Конец плеча", "en": "When the leg ended"}},
    {"id": "operation", "type": "text", "expr": "only(kind)", "title": {"ru": "Операция", "en": "Operation"}, "definition": {"ru": "Меню, очередь, группа, сотрудник, внешний телефон, почта", "en": "Menu, queue, group, employee, outside phone, mailbox"}},
    {"id": "name", "type": "text", "expr": "only(name)", "title": {"ru": "Название", "en": "Name"}, "definition": {"ru": "Меню или очереди", "en": "Of the menu or queue"}},
    {"id": "employee", "type": "text", "expr": "only(leg_employee)", "title": {"ru": "Сотрудник", "en": "Employee"}, "definition": {"ru": "Чей номер был тогда", "en": "Whose extension it was then"}},
    {"id": "extension", "type": "text", "expr": "only(leg_extension)", "title": {"ru": "Внутренний номер", "en": "Extension"}},
    {"id": "rang_s", "type": "seconds", "expr": "sum_known(coalesce(leg_answered_at, leg_ended_at) - leg_started_at)", "title": {"ru": "Звонил, с", "en": "Rang, s"}, "definition": {"ru": "До ответа или до конца", "en": "To the answer, or to the end"}},
    {"id": "talk_s", "type": "seconds", "expr": "sum_known(leg_talk_s) where leg_outcome = 'answered'", "title": {"ru": "Разговор, с", "en": "Talk, s"}, "definition": {"ru": "Связан с клиентом", "en": "Connected with the client"}},
    {"id": "outcome", "type": "text", "expr": "only(leg_outcome)", "title": {"ru": "Итог", "en": "Outcome"}, "definition": {"ru": "Ответил или почему не ответил", "en": "Answered, or why not"}},
    {"id": "cause", "type": "text", "expr": "only(leg_cause)", "title": {"ru": "Причина по АТС", "en": "Cause by the PBX"}, "definition": {"ru": "Словами АТС", "en": "In the PBX's words"}},
    {"id": "legs", "type": "integer", "expr": "count()", "title": {"ru": "Плеч", "en": "Legs"}}],
  "filters": [
    {"id": "call", "expr": "id", "title": {"ru": "Звонок", "en": "Call"}},
    {"id": "employee", "expr": "leg_employee", "title": {"ru": "Сотрудник", "en": "Employee"}},
    {"id": "operation", "expr": "kind", "title": {"ru": "Операция", "en": "Operation"}},
    {"id": "outcome", "expr": "leg_outcome", "title": {"ru": "Итог", "en": "Outcome"}}],
  "sort": ["started", "leg"]
})json";

class CallLegs final : public hookline::Report<hookline::NoSettings> {
 public:
  std::string definition() override { return std::string(kDefinition); }
};

}  // namespace

HOOKLINE_PLUGIN(CallLegs, {"call-legs", "1.0.0", "Hookline", "Apache-2.0",
                           "Every leg of calls: who, when, and why it was not answered"})
