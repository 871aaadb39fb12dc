// The fields of inquiries, leads, tasks and contacts.
#include "reports/field_marks.h"
#include "reports/field_words.h"
#include "reports/fields.h"

namespace hkl {
namespace {

std::vector<Field> inquiry_fields() {
  return {
      {"id", Type::text, "c.id", "Обращение", "Inquiry"},
      {"kind", Type::text, "c.kind", "Тип", "Kind", words_until(InquiryKind::chat)},
      // As a head of a call centre reads it (metrics §7.2): nobody took a call to a common number.
      {"came_as",
       Type::text,
       "(CASE WHEN c.kind = 'call' AND (SELECT k.outcome FROM calls k WHERE k.id = c.call) = 'missed' THEN "
       "'unanswered_call' ELSE c.kind END)",
       "Тип",
       "Type",
       {"call", "unanswered_call", "request", "manual", "chat"}},
      {"at", Type::time, "c.at_ms", "Время", "Time"},
      {"contact", Type::text, "c.contact", "Контакт", "Contact"},
      {"call", Type::text, "c.call", "Звонок", "Call"},
      {"direction", Type::text, "c.direction", "Направление", "Direction", words_until(Direction::internal)},
      {"number", Type::text, "c.number", "Номер", "Number"},
      {"email", Type::text, "c.email", "Почта", "E-mail"},
      {"text", Type::text, "c.text", "Текст", "Text"},
      {"visitor", Type::text, "c.visitor", "Посетитель", "Visitor"},
      {"taken_at", Type::time, "c.taken_ms", "Взято", "Taken at"},
      {"taken_by", Type::text, "c.taken_by", "Кто взял", "Taken by", {}, NameOf::employee},
      {"taken_how", Type::text, "c.taken_how", "Как взято", "Taken how", {"talked", "opened", "assigned"}},
      {"lead", Type::text, "c.lead", "Заявка", "Lead"},
      {"lead_title", Type::text,
       "NULLIF(TRIM(COALESCE(" + lead_value("title", "c.lead") + ", '') || ' ' || COALESCE(" +
           lead_value("note", "c.lead") + ", '')), '')",
       "Название заявки", "Title of the lead"},
      {"call_talk_s", Type::duration, "(SELECT k.talk_ms FROM calls k WHERE k.id = c.call)", "Разговор, с", "Talk, s"},
      {"call_result", Type::text, "(SELECT COALESCE(k.result, k.outcome) FROM calls k WHERE k.id = c.call)",
       "Результат", "Result"},
      {"recordings", Type::text,
       "(SELECT NULLIF(GROUP_CONCAT(j.value, ' '), '') FROM calls k, json_each(k.body, '$.recordings') j WHERE k.id = "
       "c.call)",
       "Запись разговора", "Recordings"},
      {"departments",
       Type::set,
       "COALESCE(c.taken_ms, c.at_ms)",
       "Отделы",
       "Departments",
       {},
       NameOf::department,
       ByCredit::no,
       SetStore::departments,
       "c.taken_by"},
      {"lead_responsible",
       Type::text,
       lead_value("responsible", "c.lead"),
       "Ответственный",
       "Responsible",
       {},
       NameOf::employee},
      {"lead_stage", Type::text, lead_value("stage", "c.lead"), "Этап", "Stage", {}, NameOf::stage},
      {"lead_groups",
       Type::set,
       lead_value("stage_groups", "c.lead"),
       "Группы этапа",
       "Stage groups",
       {},
       NameOf::nobody,
       ByCredit::no,
       SetStore::piped},
      {"lead_funnel", Type::text, lead_value("funnel", "c.lead"), "Воронка", "Funnel", {}, NameOf::funnel},
      {"lead_tags",
       Type::set,
       "json_each(" + lead_value("body", "c.lead") + ", '$.tags') s WHERE 1",
       "Теги заявки",
       "Tags of the lead",
       {},
       NameOf::nobody,
       ByCredit::no,
       SetStore::rows,
       "s.value"},
      {"office", Type::text, std::string(kTakerOfficeMark), "Офис", "Office", {}, NameOf::office},
      {"ad_source", Type::text, "c.ad_source", "Рекламный источник", "Ad source", {}, NameOf::ad_source},
      {"ad_source_group", Type::text, std::string(kSourceGroupMark), "Группа источников", "Group of the ad source"},
      {"ad_source_tags",
       Type::set,
       std::string(kSourceTagsMark),
       "Теги источника",
       "Tags of the ad source",
       {},
       NameOf::nobody,
       ByCredit::no,
       SetStore::piped},
      // A call came through its source.
      {"channel", Type::text, "COALESCE(c.channel, (SELECT k.source FROM calls k WHERE k.id = c.call))", "Канал",
       "Channel"},
      {"object", Type::text, "c.object", "Объект", "Object"},
      {"quality", Type::text, "c.quality", "Качество", "Quality", words_until(Quality::unsorted)},
      {"advertising", Type::boolean, "c.advertising", "Рекламное", "Advertising"},
      {"why", Type::text, "c.why", "Почему", "Why"},
      {"by_hand", Type::boolean, "c.by_hand", "Отмечено вручную", "Marked by hand"},
  };
}

// Who was responsible when the lead became an order or a sale, or closed: as
// the last change before tells, else the first after, else as it is now.
std::string responsible_at_close() {
  const std::string moment =
      "strftime('%Y-%m-%dT%H:%M:%fZ', COALESCE(CASE WHEN c.sale_ms < c.order_ms THEN c.sale_ms ELSE c.order_ms END, "
      "c.sale_ms, c.closed_ms) / 1000.0, 'unixepoch')";
  const auto change = [&](const char* member, const char* op, const char* order) {
    return std::string("(SELECT json_extract(r.body, '$.") + member +
           "') FROM records r WHERE r.anchor = 'lead:' || c.id AND r.type = 'lead_change' AND r.deleted_ms IS NULL AND "
           "json_extract(r.body, '$.field') = 'responsible' AND json_extract(r.body, '$.at') " +
           op + " " + moment + " ORDER BY json_extract(r.body, '$.at') " + order + ", r.id " + order + " LIMIT 1)";
  };
  return "COALESCE(" + change("to", "<=", "DESC") + ", " + change("from", ">", "ASC") + ", c.responsible)";
}

std::vector<Field> lead_fields() {
  return {
      {"id", Type::text, "c.id", "Заявка", "Lead"},
      {"contact", Type::text, "c.contact", "Контакт", "Contact"},
      {"kind", Type::text, "c.kind", "Тип", "Kind"},
      {"title", Type::text, "c.title", "Название", "Title"},
      {"note", Type::text, "c.note", "Примечание", "Note"},
      {"funnel", Type::text, "c.funnel", "Воронка", "Funnel", {}, NameOf::funnel},
      {"stage", Type::text, "c.stage", "Этап", "Stage", {}, NameOf::stage},
      {"groups",
       Type::set,
       "c.stage_groups",
       "Группы этапа",
       "Stage groups",
       {},
       NameOf::nobody,
       ByCredit::no,
       SetStore::piped},
      {"responsible", Type::text, "c.responsible", "Ответственный", "Responsible", {}, NameOf::employee},
      {"at_close",
       Type::text,
       responsible_at_close(),
       "Вёл при закрытии",
       "Had it when it closed",
       {},
       NameOf::employee},
      {"ad_source", Type::text, "c.ad_source", "Рекламный источник", "Ad source", {}, NameOf::ad_source},
      {"object", Type::text, "c.object", "Объект", "Object"},
      {"created_at", Type::time, "c.created_ms", "Создана", "Created"},
      {"created_by", Type::text, "c.created_by", "Чем создана", "Created by", words_until(InquiryKind::chat)},
      {"creator", Type::text, "c.creator", "Кто создал", "Creator", {}, NameOf::employee},
      {"inquiry", Type::text, "c.inquiry", "Обращение", "Inquiry"},
      {"call", Type::text, "c.call", "Звонок", "Call"},
      {"order_at", Type::time, "c.order_ms", "Стала заказом", "Order at"},
      {"sale_at", Type::time, "c.sale_ms", "Стала продажей", "Sale at"},
      {"closed_at", Type::time, "c.closed_ms", "Закрыта", "Closed"},
      {"merged_into", Type::text, "c.merged_into", "Слита с", "Merged into"},
      {.name = "amount",
       .type = Type::money,
       .sql = "c.amount",
       .ru = "Сумма",
       .en = "Amount",
       .currency = "c.currency"},
      {"currency", Type::text, "c.currency", "Валюта", "Currency"},
  };
}

std::vector<Field> task_fields() {
  const std::string state = "CASE WHEN c.state = 'open' AND c.deadline_ms < :now: THEN 'overdue' ELSE c.state END";
  return {
      {"id", Type::text, "c.id", "Задача", "Task"},
      {"kind", Type::text, "c.kind", "Вид", "Kind"},
      {"rule", Type::text, "c.rule", "Правило", "Rule"},
      {"title", Type::text, "c.title", "Название", "Title"},
      {"contact", Type::text, "c.contact", "Контакт", "Contact"},
      {"lead", Type::text, "c.lead", "Заявка", "Lead"},
      {"call", Type::text, "c.call", "Звонок", "Call"},
      {"assignee", Type::text, "c.assignee", "Исполнитель", "Assignee", {}, NameOf::employee},
      {"created_at", Type::time, "c.created_ms", "Создана", "Created"},
      {"deadline_at", Type::time, "c.deadline_ms", "Срок", "Deadline"},
      {"done_at", Type::time, "c.done_ms", "Сделана", "Done"},
      {"done_by", Type::text, "c.done_by", "Кто сделал", "Done by", {}, NameOf::employee},
      {"done_call", Type::text, "c.done_call", "Каким звонком сделана", "Done by the call"},
      {"state", Type::text, state, "Состояние", "State", {"open", "done", "overdue", "cancelled"}},
      {"why", Type::text, "c.why", "Почему", "Why"},
  };
}

std::vector<Field> contact_fields() {
  const auto names = [](const char* name, const char* kind, const char* ru, const char* en) {
    return Field{name,
                 Type::set,
                 std::string("contact_names s WHERE s.contact = c.id AND s.kind = '") + kind + "'",
                 ru,
                 en,
                 {},
                 NameOf::nobody,
                 ByCredit::no,
                 SetStore::rows,
                 "s.name"};
  };
  return {
      {"id", Type::text, "c.id", "Контакт", "Contact"},
      {"name", Type::text, "c.name", "Имя", "Name"},
      {"made_at", Type::time, "c.made_ms", "Появился", "First seen"},
      {"merged_into", Type::text, "c.merged_into", "Слит с", "Merged into"},
      {"first_number", Type::text,
       "(SELECT MIN(n.name) FROM contact_names n WHERE n.contact = c.id AND n.kind = 'number')", "Номер", "Number"},
      names("numbers", "number", "Номера", "Numbers"),
      names("emails", "email", "Почта", "E-mails"),
      names("visitors", "visitor", "Посетители", "Visitors"),
  };
}

}  // namespace

const Entity& inquiries_entity() {
  static const Entity entity = {.name = "inquiries",
                                .singular = "inquiry",
                                .from = "inquiries c",
                                .id = "c.id",
                                .time = "c.at_ms",
                                .time_field = "at",
                                .tie = "",
                                .body = "c.body",
                                .in_reports = "",
                                .in_lists = "",
                                .aliases = "",
                                .columns = {"at", "kind", "direction", "contact", "number", "quality", "advertising",
                                            "taken_at", "taken_by", "ad_source", "lead", "id"},
                                .fields = inquiry_fields()};
  return entity;
}

const Entity& leads_entity() {
  static const Entity entity = {.name = "leads",
                                .singular = "lead",
                                .from = "leads c",
                                .id = "c.id",
                                .time = "c.created_ms",
                                .time_field = "created_at",
                                .tie = "",
                                .body = shown_body("lead"),
                                .in_reports = "c.is_deleted = 0 AND c.merged_into IS NULL",
                                .in_lists = "c.is_deleted = 0",
                                .aliases = "SELECT x.id FROM crm_ids x WHERE x.entity = 'lead' AND x.crm_id = ?",
                                .columns = {"created_at", "kind", "contact", "funnel", "stage", "responsible",
                                            "ad_source", "amount", "currency", "closed_at", "id"},
                                .fields = lead_fields()};
  return entity;
}

const Entity& tasks_entity() {
  static const Entity entity = {.name = "tasks",
                                .singular = "task",
                                .from = "tasks c",
                                .id = "c.id",
                                .time = "c.created_ms",
                                .time_field = "created_at",
                                .tie = "",
                                .body = shown_body("task"),
                                .in_reports = "",
                                .in_lists = "",
                                .aliases = "SELECT x.id FROM crm_ids x WHERE x.entity = 'task' AND x.crm_id = ?",
                                .columns = {"created_at", "state", "title", "contact", "assignee", "deadline_at",
                                            "done_at", "call", "lead", "id"},
                                .fields = task_fields()};
  return entity;
}

const Entity& contacts_entity() {
  static const Entity entity = {.name = "contacts",
                                .singular = "contact",
                                .from = "contacts c",
                                .id = "c.id",
                                .time = "c.made_ms",
                                .time_field = "made_at",
                                .tie = "",
                                .body = shown_body("contact"),
                                .in_reports = "c.merged_into IS NULL",
                                .in_lists = "",
                                .aliases = "SELECT x.id FROM crm_ids x WHERE x.entity = 'contact' AND x.crm_id = ?",
                                .columns = {"made_at", "name", "first_number", "merged_into", "id"},
                                .fields = contact_fields()};
  return entity;
}

}  // namespace hkl
