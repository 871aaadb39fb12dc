// CoMagic's list of calls (metrics §4). The legs of a call: hookline calls --where "id = '…'" --format json.
#include "hookline/sdk/plugin.h"

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "calls",
  "title": {"ru": "Отчет «Звонки»", "en": "Calls"},
  "rows": "calls",
  "options": [
    {"id": "tab", "type": "enum", "values": ["all", "in", "out", "sites"], "default": "all", "title": {"ru": "Вкладка", "en": "Tab"}},
    {"id": "kind", "type": "enum", "values": ["all", "unique", "repeat", "target", "non_target", "lost", "quality"], "default": "all", "title": {"ru": "Вид обращений", "en": "Kind"}},
    {"id": "quality_talk_s", "type": "number", "default": 30, "title": {"ru": "Качественный разговор, с", "en": "Quality talk, s"}}],
  "terms": [
    {"id": "is_unique", "expr": "inbound and is_counted and since_previous_inbound_s is null"},
    {"id": "of_kind", "expr": "option.kind = 'all' or (option.kind = 'unique' and is_unique) or (option.kind = 'repeat' and not is_unique) or (option.kind = 'target' and quality = 'target') or (option.kind = 'non_target' and quality = 'non_target') or (option.kind = 'lost' and missed) or (option.kind = 'quality' and answered and is_target and talk_s >= option.quality_talk_s)"},
    {"id": "in_tab", "expr": "option.tab = 'all' or option.tab = direction or (option.tab = 'sites' and (visit is not null or call_type in ('tracking_static', 'tracking_dynamic')))"}],
  "where": [
    {"expr": "in_tab and of_kind"}],
  "dimensions": [
    {"id": "call", "expr": "id",
     "title": {"ru": "Звонок", "en": "Call"}, "hidden": true}],
  "measures": [
    {"id": "time", "type": "time", "expr": "min(started_at)",
     "title": {"ru": "Дата и время", "en": "Time"},
     "definition": {"ru": "Начало звонка", "en": "When the call began"}},
    {"id": "direction", "type": "text", "expr": "only(direction)",
     "title": {"ru": "Направление", "en": "Direction"},
     "definition": {"ru": "Со стороны компании", "en": "From the company's side"}},
    {"id": "client", "type": "text", "expr": "only(client_number)",
     "title": {"ru": "Номер абонента", "en": "Client"},
     "definition": {"ru": "Номер клиента в E.164", "en": "The client's number in E.164"}},
    {"id": "line", "type": "text", "expr": "only(line)",
     "title": {"ru": "Виртуальный номер", "en": "Line"},
     "definition": {"ru": "Номер компании, который набрали или показали", "en": "The company's number that was dialled or shown"}},
    {"id": "employee", "type": "text", "expr": "only(employee)",
     "title": {"ru": "Сотрудник", "en": "Employee"},
     "definition": {"ru": "Кто ответил первым или звонил", "en": "Who answered first or dialled"}},
    {"id": "status", "type": "text", "expr": "only(outcome)",
     "title": {"ru": "Статус звонка", "en": "Status"},
     "definition": {"ru": "answered – состоялся, missed – потерян, unsuccessful – несостоявшийся", "en": "answered, missed or unsuccessful"}},
    {"id": "call_type", "type": "text", "expr": "only(call_type)",
     "title": {"ru": "Тип звонка", "en": "Call type"},
     "definition": {"ru": "Как звонок пришёл", "en": "How it came"}},
    {"id": "finish_reason", "type": "text", "expr": "only(finish_reason)",
     "title": {"ru": "Причина завершения", "en": "Finish reason"},
     "definition": {"ru": "Чем кончился звонок", "en": "What ended the call"}},
    {"id": "wait_s", "type": "seconds", "expr": "sum_known(wait_s)",
     "title": {"ru": "Ожидание ответа, с", "en": "Wait, s"},
     "definition": {"ru": "От начала до ответа человека или до конца", "en": "From the beginning to a person's answer, or to the end"}},
    {"id": "talk_s", "type": "seconds", "expr": "sum_known(talk_s)",
     "title": {"ru": "Разговор, с", "en": "Talk, s"},
     "definition": {"ru": "От ответа до конца", "en": "From the answer to the end"}},
    {"id": "rating", "type": "decimal", "expr": "avg(rating)",
     "title": {"ru": "Оценка", "en": "Rating"},
     "definition": {"ru": "Оценка клиента; в итоге – среднее оценённых", "en": "The client's mark; in the total, the mean of those rated"}},
    {"id": "recording", "type": "text", "expr": "only(recordings)",
     "title": {"ru": "Запись разговора", "en": "Recording"},
     "definition": {"ru": "Ссылки на записи по порядку плеч", "en": "Links of the recordings, in leg order"}},
    {"id": "tags", "type": "text", "expr": "only(tags)",
     "title": {"ru": "Теги", "en": "Tags"},
     "definition": {"ru": "Теги звонка", "en": "Tags of the call"}},
    {"id": "quality", "type": "text", "expr": "only(quality)",
     "title": {"ru": "Качество", "en": "Quality"},
     "definition": {"ru": "Что сказал классификатор", "en": "What the classifier says"}},
    {"id": "lead_stage", "type": "text", "expr": "only(lead_stage)",
     "title": {"ru": "Этап заявки", "en": "Stage"},
     "definition": {"ru": "Этап заявки звонка сейчас", "en": "Stage of the call's lead now"}},
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
    {"id": "quality", "expr": "quality", "title": {"ru": "Качество", "en": "Quality"}}],
  "sort": ["-time"]
})json";

class Calls final : public hookline::Report<hookline::NoSettings> {
 public:
  std::string definition() override { return std::string(kDefinition); }
};

}  // namespace

HOOKLINE_PLUGIN(Calls,
                {"calls", "1.0.0", "Hookline", "Apache-2.0", "One row for each call, with tabs, kinds and filters"})
