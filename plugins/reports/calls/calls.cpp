// CoMagic's list of calls (metrics §4). The legs of a call: hookline calls --where "id = '…'" --format json.
#include "hookline/sdk/plugin.h"
#include "hookline/sdk/report_defaults.h"

namespace {

struct Settings {
  double quality_talk_s = 30;
  std::int64_t unique_gap_days = 0;
};

}  // namespace

HOOKLINE_SETTINGS(
    Settings, HOOKLINE_FIELD(quality_talk_s, "A talk of quality is so long, s"),
    HOOKLINE_FIELD(unique_gap_days, "A call is unique again after so many days; 0: never").range(0, 36500))

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "calls",
  "title": {"ru": "Отчет «Звонки»", "en": "Calls"},
  "rows": "calls",
  "rows_when": [{"rows": "calls_with_ongoing", "when": "option.include_ongoing"}],
  "options": [
    {"id": "tab", "type": "enum", "values": ["all", "in", "out", "sites"], "default": "all", "title": {"ru": "Вкладка", "en": "Tab"}},
    {"id": "kind", "type": "enum", "values": ["all", "unique", "repeat", "target", "non_target", "lost", "quality"], "default": "all", "title": {"ru": "Вид обращений", "en": "Kind"}},
    {"id": "quality_talk_s", "type": "number", "default": 30, "title": {"ru": "Качественный разговор, с", "en": "Quality talk, s"}},
    {"id": "quality_tags", "type": "texts", "title": {"ru": "Теги качественных", "en": "Tags of quality calls"}, "help": {"ru": "Вместо длины разговора", "en": "In place of the length of the talk"}},
    {"id": "unique_gap_days", "type": "number", "title": {"ru": "Уникальный после, дней", "en": "Unique after, days"}},
    {"id": "include_ongoing", "type": "bool", "title": {"ru": "И те, что идут", "en": "Also calls that go on"}, "help": {"ru": "Звонки, которые ещё не закончились: конца и итога у них нет", "en": "Calls that are not over: without an end and an outcome"}},
    {"id": "group_by", "type": "enum", "values": ["none", "employee", "line", "day", "hour", "weekday", "status", "finish_reason", "source", "campaign", "region"], "default": "none", "title": {"ru": "Группировать", "en": "Group by"}}],
  "terms": [
    {"id": "is_unique", "expr": "inbound and is_counted and (since_previous_inbound_s is null or since_previous_inbound_s > option.unique_gap_days * 1d)"},
    {"id": "is_quality", "expr": "answered and is_target and if(option.quality_tags is null, talk_s >= option.quality_talk_s, tags in (option.quality_tags))"},
    {"id": "of_kind", "expr": "option.kind = 'all' or (option.kind = 'unique' and is_unique) or (option.kind = 'repeat' and not is_unique) or (option.kind = 'target' and quality = 'target') or (option.kind = 'non_target' and quality = 'non_target') or (option.kind = 'lost' and missed) or (option.kind = 'quality' and is_quality)"},
    {"id": "in_tab", "expr": "option.tab = 'all' or option.tab = direction or (option.tab = 'sites' and (visit is not null or call_type in ('tracking_static', 'tracking_dynamic')))"}],
  "where": [
    {"expr": "in_tab and of_kind"}],
  "dimensions": [
    {"id": "call", "expr": "id", "when": "option.group_by = 'none'",
     "title": {"ru": "Звонок", "en": "Call"}, "hidden": true},
    {"id": "group", "expr": "employee", "when": "option.group_by = 'employee'",
     "title": {"ru": "Сотрудник", "en": "Employee"}, "empty": {"ru": "Не назначен", "en": "Not assigned"},
     "cases": [
       {"when": "option.group_by = 'line'", "expr": "line", "title": {"ru": "Виртуальный номер", "en": "Line"}},
       {"when": "option.group_by = 'day'", "expr": "day(started_at)", "title": {"ru": "День", "en": "Day"}},
       {"when": "option.group_by = 'hour'", "expr": "hour_of_day(started_at)", "title": {"ru": "Час", "en": "Hour"}},
       {"when": "option.group_by = 'weekday'", "expr": "weekday(started_at)", "title": {"ru": "День недели", "en": "Weekday"}},
       {"when": "option.group_by = 'status' and option.tab = 'in'", "expr": "outcome", "title": {"ru": "Статус звонка", "en": "Status"},
        "words": {"answered": {"ru": "Принятый", "en": "answered"}}},
       {"when": "option.group_by = 'status' and option.tab = 'out'", "expr": "outcome", "title": {"ru": "Статус звонка", "en": "Status"},
        "words": {"answered": {"ru": "Состоявшийся", "en": "answered"}}},
       {"when": "option.group_by = 'status'", "expr": "outcome", "title": {"ru": "Статус звонка", "en": "Status"}},
       {"when": "option.group_by = 'finish_reason'", "expr": "finish_reason", "title": {"ru": "Причина завершения", "en": "Finish reason"}},
       {"when": "option.group_by = 'source'", "expr": "visit_source", "title": {"ru": "Источник", "en": "Source"}},
       {"when": "option.group_by = 'campaign'", "expr": "visit_campaign", "title": {"ru": "Рекламная кампания", "en": "Campaign"}},
       {"when": "option.group_by = 'region'", "expr": "region", "title": {"ru": "Регион номера", "en": "Region"}}]}],
  "measures": [
    {"id": "time", "type": "time", "expr": "min(started_at)", "when": "option.group_by = 'none'",
     "title": {"ru": "Дата и время", "en": "Time"},
     "definition": {"ru": "Начало звонка", "en": "When the call began"}},
    {"id": "direction", "type": "text", "expr": "only(direction)", "when": "option.group_by = 'none'",
     "title": {"ru": "Направление", "en": "Direction"},
     "definition": {"ru": "Со стороны компании", "en": "From the company's side"}},
    {"id": "client", "type": "text", "expr": "only(client_number)", "when": "option.group_by = 'none'",
     "title": {"ru": "Номер абонента", "en": "Client"},
     "definition": {"ru": "Номер клиента в E.164", "en": "The client's number in E.164"}},
    {"id": "line", "type": "text", "expr": "only(line)", "when": "option.group_by = 'none'",
     "title": {"ru": "Виртуальный номер", "en": "Line"},
     "definition": {"ru": "Номер компании, который набрали или показали", "en": "The company's number that was dialled or shown"}},
    {"id": "employee", "type": "text", "expr": "only(employee)", "when": "option.group_by = 'none'",
     "title": {"ru": "Сотрудник", "en": "Employee"},
     "definition": {"ru": "Кто ответил первым или звонил", "en": "Who answered first or dialled"}},
    {"id": "status", "type": "text", "expr": "only(outcome)", "when": "option.group_by = 'none'",
     "title": {"ru": "Статус звонка", "en": "Status"},
     "definition": {"ru": "Входящий – принятый или потерянный, исходящий – состоявшийся или несостоявшийся (answered, missed, unsuccessful)", "en": "Inbound: answered or missed; outbound: answered or unsuccessful"}},
    {"id": "call_type", "type": "text", "expr": "only(call_type)", "when": "option.group_by = 'none'",
     "title": {"ru": "Тип звонка", "en": "Call type"},
     "definition": {"ru": "Как звонок пришёл", "en": "How it came"}},
    {"id": "finish_reason", "type": "text", "expr": "only(finish_reason)", "when": "option.group_by = 'none'",
     "title": {"ru": "Причина завершения", "en": "Finish reason"},
     "definition": {"ru": "Чем кончился звонок", "en": "What ended the call"}},
    {"id": "wait_s", "type": "seconds", "expr": "sum_known(wait_s)", "when": "option.group_by = 'none'",
     "title": {"ru": "Ожидание ответа, с", "en": "Wait, s"},
     "definition": {"ru": "От начала до ответа человека или до конца", "en": "From the beginning to a person's answer, or to the end"}},
    {"id": "talk_s", "type": "seconds", "expr": "sum_known(talk_s)",
     "when": "option.group_by = 'none'", "title": {"ru": "Разговор, с", "en": "Talk, s"},
     "definition": {"ru": "От ответа до конца", "en": "From the answer to the end"}},
    {"id": "rating", "type": "decimal", "expr": "avg(rating)",
     "title": {"ru": "Оценка", "en": "Rating"},
     "definition": {"ru": "Оценка клиента; в итоге – среднее оценённых", "en": "The client's mark; in the total, the mean of those rated"}},
    {"id": "rated", "type": "integer", "expr": "count() where rating is not null", "when": "option.group_by != 'none'",
     "title": {"ru": "Оценённых", "en": "Rated"},
     "definition": {"ru": "Сколько звонков оценено: по ним средняя оценка", "en": "How many calls are rated: the mean rating is of them"}},
    {"id": "recording", "type": "text", "expr": "only(recordings)", "when": "option.group_by = 'none'",
     "title": {"ru": "Запись разговора", "en": "Recording"},
     "definition": {"ru": "Ссылки на записи по порядку плеч", "en": "Links of the recordings, in leg order"}},
    {"id": "tags", "type": "text", "expr": "only(tags)", "when": "option.group_by = 'none'",
     "title": {"ru": "Теги", "en": "Tags"},
     "definition": {"ru": "Теги звонка", "en": "Tags of the call"}},
    {"id": "quality", "type": "text", "expr": "only(quality)", "when": "option.group_by = 'none'",
     "title": {"ru": "Качество", "en": "Quality"},
     "definition": {"ru": "Что сказал классификатор", "en": "What the classifier says"}},
    {"id": "lead_stage", "type": "text", "expr": "only(lead_stage)", "when": "option.group_by = 'none'",
     "title": {"ru": "Этап заявки", "en": "Stage"},
     "definition": {"ru": "Этап заявки звонка сейчас", "en": "Stage of the call's lead now"}},
    {"id": "source", "type": "text", "expr": "only(visit_source)", "when": "option.group_by = 'none'",
     "title": {"ru": "Источник", "en": "Source"},
     "definition": {"ru": "Посещение перед звонком, последнее непрямое за 30 дней; без посещений – источник линии", "en": "Of the last visit that is not direct in the 30 days before the call; without visits, of the line's source"}},
    {"id": "medium", "type": "text", "expr": "only(visit_medium)", "when": "option.group_by = 'none'",
     "title": {"ru": "Канал", "en": "Medium"},
     "definition": {"ru": "Посещение перед звонком, последнее непрямое за 30 дней; без посещений – источник линии", "en": "Of the last visit that is not direct in the 30 days before the call; without visits, of the line's source"}},
    {"id": "campaign", "type": "text", "expr": "only(visit_campaign)", "when": "option.group_by = 'none'",
     "title": {"ru": "Рекламная кампания", "en": "Campaign"},
     "definition": {"ru": "Посещение перед звонком, последнее непрямое за 30 дней; без посещений – источник линии", "en": "Of the last visit that is not direct in the 30 days before the call; without visits, of the line's source"}},
    {"id": "keyword", "type": "text", "expr": "only(visit_keyword)", "when": "option.group_by = 'none'",
     "title": {"ru": "Ключевое слово", "en": "Keyword"},
     "definition": {"ru": "Посещение перед звонком, последнее непрямое за 30 дней; без посещений – источник линии", "en": "Of the last visit that is not direct in the 30 days before the call; without visits, of the line's source"}},
    {"id": "region", "type": "text", "expr": "only(region)", "when": "option.group_by = 'none'",
     "title": {"ru": "Регион номера", "en": "Region"},
     "definition": {"ru": "По плану нумерации", "en": "By the numbering plan"}},
    {"id": "city", "type": "text", "expr": "only(visit_city)", "when": "option.group_by = 'none'",
     "title": {"ru": "Город посещения", "en": "City"},
     "definition": {"ru": "По адресу посещения", "en": "By the visit's address"}},
    {"id": "visit_tags", "type": "text", "expr": "only(visit_tags)", "when": "option.group_by = 'none'",
     "title": {"ru": "UTM- и OS-метки", "en": "UTM and OS tags"},
     "definition": {"ru": "Как в зачтённом посещении", "en": "As in the credited visit"}},
    {"id": "visits", "type": "integer", "expr": "sum(visits)", "when": "option.group_by = 'none'",
     "title": {"ru": "Посещений", "en": "Visits"},
     "definition": {"ru": "Посещения контакта за 30 дней до звонка", "en": "The contact's visits in the 30 days before the call"}},
    {"id": "amount", "type": "money", "expr": "sum_once(lead_amount, lead)",
     "title": {"ru": "Сумма сделки", "en": "Amount"},
     "definition": {"ru": "Сумма заявки звонка сейчас; в итоге каждая заявка – раз", "en": "Amount of the call's lead now; the total has each lead once"}},
    {"id": "total_talk_s", "type": "seconds", "expr": "sum(talk_s)",
     "title": {"ru": "Общее время разговоров, с", "en": "Total talk, s"},
     "definition": {"ru": "Сумма разговоров", "en": "Sum of talks"}},
    {"id": "average_wait_s", "type": "seconds", "expr": "avg(wait_s)", "when": "option.group_by != 'none'",
     "title": {"ru": "Среднее ожидание, с", "en": "Average wait, s"},
     "definition": {"ru": "От начала до ответа или конца, в среднем", "en": "From the beginning to the answer or the end, on average"}},
    {"id": "accepted", "type": "integer", "expr": "count() where inbound and answered",
     "title": {"ru": "Принято звонков", "en": "Accepted"},
     "definition": {"ru": "Отвеченные входящие", "en": "Answered inbound calls"}},
    {"id": "calls", "type": "integer", "expr": "count()",
     "title": {"ru": "Звонков", "en": "Calls"},
     "definition": {"ru": "Звонок – одна строка", "en": "A call is one row"}}],
  "filters": [
    {"id": "employee", "expr": "people", "title": {"ru": "Сотрудник", "en": "Employee"}},
    {"id": "group", "expr": "people_departments", "title": {"ru": "Группа", "en": "Group"}},
    {"id": "status", "expr": "outcome", "title": {"ru": "Статус звонка", "en": "Status"}},
    {"id": "call_type", "expr": "call_type", "title": {"ru": "Тип звонка", "en": "Call type"}},
    {"id": "finish_reason", "expr": "finish_reason", "title": {"ru": "Причина завершения", "en": "Finish reason"}},
    {"id": "rating", "expr": "rating", "title": {"ru": "Оценка", "en": "Rating"}},
    {"id": "tags", "expr": "tags", "title": {"ru": "Теги", "en": "Tags"}},
    {"id": "line", "expr": "line", "title": {"ru": "Виртуальный номер", "en": "Line"}},
    {"id": "client", "expr": "client_number", "title": {"ru": "Номер абонента", "en": "Client"}},
    {"id": "quality", "expr": "quality", "title": {"ru": "Качество", "en": "Quality"}},
    {"id": "direction", "expr": "direction", "title": {"ru": "Направление", "en": "Direction"}},
    {"id": "credited", "expr": "employee", "title": {"ru": "Сотрудник в колонке", "en": "Employee of the column"}},
    {"id": "source", "expr": "visit_source", "title": {"ru": "Источник", "en": "Source"}},
    {"id": "medium", "expr": "visit_medium", "title": {"ru": "Канал", "en": "Medium"}},
    {"id": "campaign", "expr": "visit_campaign", "title": {"ru": "Рекламная кампания", "en": "Campaign"}},
    {"id": "keyword", "expr": "visit_keyword", "title": {"ru": "Ключевое слово", "en": "Keyword"}},
    {"id": "region", "expr": "region", "title": {"ru": "Регион номера", "en": "Region"}},
    {"id": "city", "expr": "visit_city", "title": {"ru": "Город посещения", "en": "City"}},
    {"id": "lead_stage", "expr": "lead_stage", "title": {"ru": "Этап заявки", "en": "Stage"}},
    {"id": "wait_s", "expr": "wait_s", "title": {"ru": "Ожидание ответа, с", "en": "Wait, s"}},
    {"id": "talk_s", "expr": "talk_s", "title": {"ru": "Длительность разговора, с", "en": "Talk, s"}},
    {"id": "visits", "expr": "visits", "title": {"ru": "Посещений", "en": "Visits"}},
    {"id": "amount", "expr": "lead_amount", "title": {"ru": "Сумма сделки", "en": "Amount"},
     "help": {"ru": "В копейках, как в JSON: 10000000.. – от 100 000 рублей", "en": "In minor units, as in JSON: 10000000.. is 100,000.00 or more"}},
    {"id": "recording", "expr": "recordings", "title": {"ru": "Запись разговора", "en": "Recording"},
     "help": {"ru": "!- – с записью, - – без записи", "en": "!- for calls with one, - for those without"}},
    {"id": "visit_tags", "expr": "visit_tags", "title": {"ru": "UTM- и OS-метки", "en": "UTM and OS tags"},
     "help": {"ru": "~utm_term – с такой меткой", "en": "~utm_term for those with that tag"}}],
  "sort": ["-time"]
})json";

class Calls final : public hookline::Report<Settings> {
 public:
  std::string definition() override {
    return hookline::ReportDefaults(kDefinition)
        .number("quality_talk_s", settings().quality_talk_s)
        .number_or_never("unique_gap_days", settings().unique_gap_days)
        .text();
  }
};

}  // namespace

HOOKLINE_PLUGIN(Calls,
                {"calls", "1.0.0", "Hookline", "Apache-2.0", "One row for each call, with tabs, kinds and filters"})
