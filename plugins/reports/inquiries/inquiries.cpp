// The list of inquiries for heads (metrics §7).
#include "hookline/sdk/plugin.h"
#include "hookline/sdk/report_defaults.h"

namespace {

constexpr std::string_view kManagers[] = {"taker", "responsible"};
struct Settings {
  std::string_view manager_by = "taker";
};

}  // namespace

HOOKLINE_SETTINGS(
    Settings, HOOKLINE_FIELD(manager_by, "Whom the column of managers shows, unless asked otherwise").one_of(kManagers))

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "inquiries",
  "title": {"ru": "Список лидов", "en": "Inquiries"},
  "rows": "inquiries",
  "options": [
    {"id": "non_advertising", "type": "bool", "default": false, "title": {"ru": "Нерекламные", "en": "Non-advertising"}},
    {"id": "manager_by", "type": "enum", "values": ["taker", "responsible"], "default": "taker", "title": {"ru": "Привязка менеджера к лиду", "en": "Manager is"}},
    {"id": "date_by", "type": "enum", "values": ["arrival", "taking"], "default": "arrival", "title": {"ru": "Группировка по дате", "en": "Date is"}}],
  "terms": [
    {"id": "the_manager", "expr": "if(option.manager_by = 'responsible', lead_responsible, taken_by)"}],
  "period": [
    {"expr": "in_period(taken_at)", "when": "option.date_by = 'taking'"}],
  "where": [
    {"expr": "advertising", "when": "not option.non_advertising"}],
  "dimensions": [
    {"id": "inquiry_id", "expr": "id",
     "title": {"ru": "Обращение", "en": "Inquiry"}, "hidden": true}],
  "measures": [
    {"id": "time", "type": "time", "expr": "min(at)",
     "title": {"ru": "Время", "en": "Time"},
     "definition": {"ru": "Начало звонка или время заявки", "en": "When the call began or the request came"}},
    {"id": "name", "type": "text", "expr": "only(coalesce(lead_title, if(not advertising and lead is null, '#', number)))",
     "title": {"ru": "Имя", "en": "Name"},
     "definition": {"ru": "Название заявки; без неё – номер, у нерекламного – #", "en": "Title of the lead; without one the number, # if not advertising"}},
    {"id": "stage", "type": "text", "expr": "only(lead_stage)",
     "title": {"ru": "Этап", "en": "Stage"},
     "definition": {"ru": "Этап заявки сейчас", "en": "Stage of the lead now"}},
    {"id": "number", "type": "text", "expr": "only(number)",
     "title": {"ru": "Звонок/Заявка", "en": "Call/request"},
     "definition": {"ru": "Номер, который в нём дан; пусто, если не дан", "en": "The number given in it; empty if none was"}},
    {"id": "duration_s", "type": "seconds", "expr": "sum_known(call_talk_s)",
     "title": {"ru": "Длительность, с", "en": "Duration, s"},
     "definition": {"ru": "Разговор, только у звонков", "en": "Talk, of calls only"}},
    {"id": "recording", "type": "text", "expr": "only(recordings)",
     "title": {"ru": "Запись", "en": "Recording"},
     "definition": {"ru": "Ссылки на записи разговора", "en": "Links of the call's recordings"}},
    {"id": "ad_source", "type": "text", "expr": "only(ad_source)",
     "title": {"ru": "Источник", "en": "Source"},
     "definition": {"ru": "Источник самого обращения, не заявки", "en": "The inquiry's own source, not the lead's"}},
    {"id": "result", "type": "text", "expr": "only(call_result)",
     "title": {"ru": "Результат", "en": "Result"},
     "definition": {"ru": "Итог словами АТС", "en": "The outcome in the PBX's words"}},
    {"id": "manager", "type": "text", "expr": "only(taken_by)",
     "title": {"ru": "Менеджер", "en": "Manager"},
     "definition": {"ru": "Кто взял обращение", "en": "Who took it"},
     "cases": [
       {"when": "option.manager_by = 'responsible'", "expr": "only(lead_responsible)", "definition": {"ru": "Ответственный за заявку", "en": "Who is responsible for the lead"}}]},
    {"id": "highlighted", "type": "integer", "expr": "count() where taken_by is not null and lead_responsible is not null and taken_by != lead_responsible",
     "title": {"ru": "Выделено", "en": "Highlighted"},
     "definition": {"ru": "1: взял один, отвечает другой", "en": "1: one took it, another is responsible"}},
    {"id": "type", "type": "text", "expr": "only(came_as)",
     "title": {"ru": "Тип", "en": "Type"},
     "definition": {"ru": "Как пришло: звонок сотруднику, неотвеченный звонок, с сайта, создан сотрудником, чат", "en": "How it came: a call to an employee, an unanswered call, from the site, made by an employee, chat"}},
    {"id": "department", "type": "text", "expr": "only(departments)",
     "title": {"ru": "Отдел", "en": "Department"},
     "definition": {"ru": "Отделы того, кто взял, на то время", "en": "Departments of who took it, at that time"}},
    {"id": "office", "type": "text", "expr": "only(office)",
     "title": {"ru": "Офис", "en": "Office"},
     "definition": {"ru": "Офис того, кто взял", "en": "Office of who took it"}},
    {"id": "quality", "type": "text", "expr": "only(quality)",
     "title": {"ru": "Качество", "en": "Quality"},
     "definition": {"ru": "Отметка вручную или первое подошедшее правило", "en": "The mark by hand, or the first rule that applies"}},
    {"id": "channel", "type": "text", "expr": "only(channel)",
     "title": {"ru": "Канал", "en": "Channel"},
     "definition": {"ru": "Интеграция, через которую пришло", "en": "The integration it came through"}},
    {"id": "object", "type": "text", "expr": "only(object)",
     "title": {"ru": "Объект", "en": "Object"},
     "definition": {"ru": "Объект, если карточка заявки открыта из этого обращения", "en": "The object, if the lead card was opened from this inquiry"}},
    {"id": "inquiries", "type": "integer", "expr": "count()",
     "title": {"ru": "Обращений", "en": "Inquiries"},
     "definition": {"ru": "Обращение – одна строка", "en": "An inquiry is one row"}}],
  "filters": [
    {"id": "type", "expr": "kind", "title": {"ru": "Тип обращений", "en": "Type"}},
    {"id": "quality", "expr": "quality", "title": {"ru": "Качество", "en": "Quality"}},
    {"id": "manager", "expr": "the_manager", "title": {"ru": "Менеджеры", "en": "Managers"}},
    {"id": "department", "expr": "departments", "title": {"ru": "Отделы", "en": "Departments"}},
    {"id": "ad_source", "expr": "ad_source", "title": {"ru": "Источники", "en": "Sources"}},
    {"id": "ad_source_group", "expr": "ad_source_group", "title": {"ru": "Группы источников", "en": "Source groups"}},
    {"id": "ad_source_tags", "expr": "ad_source_tags", "title": {"ru": "Теги источников", "en": "Tags of sources"}},
    {"id": "tags", "expr": "lead_tags", "title": {"ru": "Теги заявки", "en": "Tags of the lead"}},
    {"id": "office", "expr": "office", "title": {"ru": "Офисы", "en": "Offices"}},
    {"id": "funnel", "expr": "lead_funnel", "title": {"ru": "Воронки", "en": "Funnels"}},
    {"id": "channel", "expr": "channel", "title": {"ru": "Каналы", "en": "Channels"}},
    {"id": "stage", "expr": "lead_stage", "title": {"ru": "Этапы", "en": "Stages"}},
    {"id": "stage_group", "expr": "lead_groups", "title": {"ru": "Группы этапов", "en": "Stage groups"}},
    {"id": "direction", "expr": "direction", "title": {"ru": "Направление звонка", "en": "Direction"}}],
  "sort": ["-time"]
})json";

class Inquiries final : public hookline::Report<Settings> {
 public:
  std::string definition() override {
    return hookline::ReportDefaults(kDefinition).word("manager_by", settings().manager_by).text();
  }
};

}  // namespace

HOOKLINE_PLUGIN(Inquiries, {"inquiries", "1.0.0", "Hookline", "Apache-2.0",
                            "One row for each inquiry: calls, requests, chats, made by hand"})
