// «Отчёт по звонкам» in the report language (metrics §3). The defaults that a
// config may set are written here as they are without one.
#pragma once

#include <string_view>

namespace calls_by_manager {

inline constexpr std::string_view kDefinition = R"json({
  "id": "calls-by-manager",
  "title": {"ru": "Отчёт по звонкам", "en": "Calls by manager"},
  "rows": "calls",
  "credit": {"default": "first", "allowed": ["first", "last", "each"]},

  "options": [
    {"id": "hide_missed", "type": "bool", "default": false,
     "title": {"ru": "Не показывать пропущенные и неуспешные", "en": "Hide missed and unsuccessful calls"},
     "help": {"ru": "Такие звонки не входят ни в один столбец; столбцов, которые считают только пропущенные, нет",
              "en": "They enter no column, and the columns that count missed calls alone are not shown"}},
    {"id": "by_extension", "type": "bool", "default": false,
     "title": {"ru": "Группировать по внутренним номерам", "en": "Group by extension"},
     "help": {"ru": "Строка для каждого номера менеджера", "en": "A row for each extension of a manager"}},
    {"id": "first_call", "type": "bool", "default": false,
     "title": {"ru": "Первый звонок", "en": "First call"},
     "help": {"ru": "В отчёт входят только первые звонки контактов", "en": "Only first calls of contacts enter the report"}},
    {"id": "first_gap_days", "type": "number", "default": null,
     "title": {"ru": "Период без звонков, дней", "en": "Days without calls"},
     "help": {"ru": "Звонок первый и тогда, когда прошлый был больше стольких дней назад",
              "en": "A call is also first when the previous one began more than so many days before"}},
    {"id": "first_counts", "type": "enum", "values": ["any", "in"], "default": "any",
     "title": {"ru": "Какие звонки были раньше", "en": "Which calls come before the first"},
     "help": {"ru": "any: первый – до него не было ни входящих, ни исходящих; in: не было входящих",
              "en": "any: first is a call with none before it, in or out; in: with no inbound one"}},
    {"id": "callback_within", "type": "duration", "default": null,
     "title": {"ru": "Перезвонить за", "en": "Called back within"},
     "help": {"ru": "4h: поговорили не позже чем через столько после пропущенного; пусто – когда угодно",
              "en": "4h: the talk began no later than that after the missed call; empty: whenever"}},
    {"id": "minutes", "type": "enum", "values": ["floor_sum", "floor_each", "ceil_each"], "default": "floor_sum",
     "title": {"ru": "Как считать минуты", "en": "How minutes are counted"},
     "help": {"ru": "floor_sum: полные минуты всех разговоров вместе; floor_each: каждого разговора; ceil_each: неполная минута за полную",
              "en": "floor_sum: whole minutes of all talk together; floor_each: of each talk; ceil_each: a begun minute is a minute"}}
  ],

  "terms": [
    {"id": "first", "expr": "is_counted and ((option.first_counts = 'any' and (since_previous_s is null or since_previous_s > option.first_gap_days * 1d)) or (option.first_counts = 'in' and (since_previous_inbound_s is null or since_previous_inbound_s > option.first_gap_days * 1d)))"},
    {"id": "is_called_back", "expr": "called_back and (option.callback_within is null or called_back_at - ended_at <= option.callback_within)"},
    {"id": "target_missed_call", "expr": "missed and is_target"},
    {"id": "makes_lead", "expr": "made_lead is not null"}
  ],

  "where": [
    {"expr": "answered", "when": "option.hide_missed"},
    {"expr": "first", "when": "option.first_call"}
  ],

  "dimensions": [
    {"id": "manager", "expr": "employee",
     "title": {"ru": "Менеджер", "en": "Manager"},
     "empty": {"ru": "Не назначен", "en": "Not assigned"},
     "definition": {"ru": "Кому засчитан звонок: кто первым ответил или кто звонил (credit: last – кто ответил последним, each – все, кто отвечал); пропущенный – чей телефон звонил последним. «Не назначен» – АТС не сказала кто, номер ничей или звонили сразу несколько",
                    "en": "Whom the call is credited to: who answered first or dialled (credit: last – who answered last, each – all who answered); a missed call – whose phone was tried last. Not assigned: the PBX does not say who, the extension is nobody's, or several rang together"}},
    {"id": "extension", "expr": "extension", "when": "option.by_extension",
     "title": {"ru": "Внутренний номер", "en": "Extension"},
     "definition": {"ru": "Внутренний номер, по которому засчитан звонок; пусто, если его нет",
                    "en": "The extension the credit comes from; empty if there is none"}}
  ],

  "measures": [
    {"id": "minutes", "type": "integer",
     "title": {"ru": "Минут всего", "en": "Minutes"},
     "expr": "floor(sum(credited_talk_s) / 60)", "formula": "floor(sum(talk_s) / 60)",
     "definition": {"ru": "Полные минуты всех разговоров вместе", "en": "Whole minutes of all talk together"},
     "cases": [
       {"when": "option.minutes = 'floor_each'",
        "expr": "sum(floor(credited_talk_s / 60))", "formula": "sum(floor(talk_s / 60))",
        "definition": {"ru": "Сумма полных минут каждого разговора", "en": "The whole minutes of each talk, added up"}},
       {"when": "option.minutes = 'ceil_each'",
        "expr": "sum(ceil(credited_talk_s / 60))", "formula": "sum(ceil(talk_s / 60))",
        "definition": {"ru": "Сумма минут каждого разговора, неполная минута считается полной",
                       "en": "The minutes of each talk, a begun one counted as whole, added up"}}
     ]},
    {"id": "calls", "type": "integer", "expr": "count()",
     "title": {"ru": "Звонков всего", "en": "Calls"},
     "definition": {"ru": "Внешние звонки: входящие и исходящие, с любым исходом", "en": "External calls: in and out, whatever came of them"}},
    {"id": "out", "type": "integer", "expr": "count() where outbound",
     "title": {"ru": "В т.ч. исходящих", "en": "Of them out"},
     "definition": {"ru": "Из всех звонков – исходящие", "en": "Of all calls, those that an employee made"}},
    {"id": "in", "type": "integer", "expr": "count() where inbound",
     "title": {"ru": "В т.ч. входящих", "en": "Of them in"},
     "definition": {"ru": "Из всех звонков – входящие", "en": "Of all calls, those that a client made"}},
    {"id": "target", "type": "integer", "expr": "count() where is_target",
     "title": {"ru": "Целевых звонков всего", "en": "Target calls"},
     "definition": {"ru": "Звонки, не отмеченные нецелевыми; повторные, непроверенные и неразобранные входят",
                    "en": "Calls that are not non-target; repeated, unverified and unsorted ones are in"}},
    {"id": "target_out", "type": "integer", "expr": "count() where is_target and outbound",
     "title": {"ru": "В т.ч. целевых исходящих", "en": "Of them target out"},
     "definition": {"ru": "Из целевых – исходящие", "en": "Of target calls, those that an employee made"}},
    {"id": "target_in", "type": "integer", "expr": "count() where is_target and inbound",
     "title": {"ru": "В т.ч. целевых входящих", "en": "Of them target in"},
     "definition": {"ru": "Из целевых – входящие", "en": "Of target calls, those that a client made"}},
    {"id": "first_unique_target", "type": "integer", "expr": "count() where first and is_target",
     "title": {"ru": "Первых уникальных целевых", "en": "First unique target"},
     "definition": {"ru": "Первые звонки контактов (раньше не было ни одного внешнего, ни входящего, ни исходящего), если они не нецелевые; если первый звонок был спамом, второй первым не становится",
                    "en": "First calls of contacts (no external call before, in or out) that are not non-target; if the first call was spam, the second does not become first"}},
    {"id": "target_missed", "type": "integer", "expr": "count() where target_missed_call", "when": "not option.hide_missed",
     "title": {"ru": "Целевых пропущенных", "en": "Target missed"},
     "definition": {"ru": "Пропущенные, не отмеченные нецелевыми", "en": "Missed calls that are not non-target"}},
    {"id": "target_called_back", "type": "integer", "expr": "count() where target_missed_call and is_called_back", "when": "not option.hide_missed",
     "title": {"ru": "Целевых перезвонили", "en": "Target called back"},
     "definition": {"ru": "Из целевых пропущенных – те, после которых с контактом поговорили: перезвонили мы или он сам, хотя бы и после периода отчёта",
                    "en": "Of target missed calls, those after which the contact and the company talked, whoever called and even after the period"}},
    {"id": "called_back", "type": "integer", "expr": "count() where missed and is_called_back", "when": "not option.hide_missed",
     "title": {"ru": "Перезвонили", "en": "Called back"},
     "definition": {"ru": "Все пропущенные, и нецелевые тоже, после которых с контактом поговорили",
                    "en": "All missed calls, also non-target ones, after which the contact and the company talked"}},
    {"id": "leads", "type": "integer", "expr": "count() where makes_lead",
     "title": {"ru": "Создано заявок", "en": "Leads created"},
     "definition": {"ru": "Заявки, созданные этими звонками, на каком бы этапе и у кого бы они сейчас ни были; объединённые и удалённые не считаются",
                    "en": "Leads made by these calls, whatever their stage and whoever has them now; merged and deleted ones are not counted"}},
    {"id": "leads_by_missed", "type": "integer", "expr": "count() where makes_lead and target_missed_call", "when": "not option.hide_missed",
     "title": {"ru": "Создано заявок по пропущенным звонкам", "en": "Leads by missed calls"},
     "definition": {"ru": "Из созданных заявок – созданные целевыми пропущенными звонками", "en": "Of leads created, those made by target missed calls"}},
    {"id": "leads_in_work", "type": "integer", "expr": "count() where makes_lead and made_lead_groups = 'in_work'",
     "title": {"ru": "Заявки в работе +", "en": "Leads in work +"},
     "definition": {"ru": "Из созданных заявок – те, что сейчас на этапе группы «в работе» (in_work)",
                    "en": "Of leads created, those now in a stage of the group in_work"}}
  ],

  "filters": [
    {"id": "manager", "expr": "employee",
     "title": {"ru": "По менеджеру", "en": "By manager"},
     "help": {"ru": "Звонки, засчитанные выбранным; «-» – не назначенные", "en": "Calls credited to the chosen ones; - for those not assigned"}}
  ],

  "sort": ["manager", "extension"]
})json";

}  // namespace calls_by_manager
