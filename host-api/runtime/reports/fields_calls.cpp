// The fields of calls and of their legs.
#include "reports/field_marks.h"
#include "reports/field_words.h"
#include "reports/fields.h"
#include "reports/fields_visits.h"

namespace hkl {
namespace {

const auto kDirections = [] { return words_until(Direction::internal); };
const auto kQualities = [] { return words_until(Quality::unsorted); };

// Who talked or dialled or, if nobody answered, rang (metrics §4); of a call told without legs, whose it is.
constexpr std::string_view kTookPart =
    "(SELECT l.employee FROM call_legs l WHERE l.call = c.id AND l.employee IS NOT NULL AND (l.outcome = 'answered' OR "
    "c.outcome IS NOT 'answered' OR l.employee IS c.employee) UNION SELECT c.employee WHERE c.employee IS NOT NULL) s "
    "WHERE 1";

std::vector<Field> identity_fields() {
  return {
      {"id", Type::text, "c.id", "Звонок", "Call"},
      {"source", Type::text, "c.source", "Источник событий", "Source"},
      {"direction", Type::text, "c.direction", "Направление", "Direction", kDirections()},
      {"inbound", Type::boolean, "c.direction = 'in'", "Входящий", "Inbound"},
      {"outbound", Type::boolean, "c.direction = 'out'", "Исходящий", "Outbound"},
      {"call_type", Type::text, "c.call_type", "Тип звонка", "Call type", words_until(CallType::unknown)},
      {"request", Type::text, "c.request", "Заказ звонка", "Request"},
      {"client_number", Type::text, "c.client_number", "Номер абонента", "Client"},
      {"client_raw", Type::text, "json_extract(c.body, '$.client_raw')", "Номер как прислан", "Client as sent"},
      {"client_name", Type::text, "c.client_name", "Имя абонента", "Client's name"},
      {"line", Type::text, "c.line", "Виртуальный номер", "Line", {}, NameOf::line},
      {"contact", Type::text, "c.contact", "Контакт", "Contact"},
      {"inquiry", Type::text, "c.inquiry", "Обращение", "Inquiry"},
      {"lead", Type::text, "c.lead", "Заявка", "Lead"},
      {"visit", Type::text, "c.visit", "Посещение", "Visit"},
      {"tags",
       Type::set,
       "call_tags s WHERE s.call = c.id",
       "Теги",
       "Tags",
       {},
       NameOf::nobody,
       ByCredit::no,
       SetStore::rows,
       "s.tag"},
  };
}

std::vector<Field> course_fields() {
  return {
      {"started_at", Type::time, "c.started_ms", "Дата и время", "Started"},
      {"offered_at", Type::time, "c.offered_ms", "Предложен людям", "Offered"},
      {"answered_at", Type::time, "c.answered_ms", "Отвечен", "Answered at"},
      {"ended_at", Type::time, "c.ended_ms", "Закончен", "Ended"},
      {"outcome", Type::text, "c.outcome", "Статус звонка", "Outcome", words_until(Outcome::unsuccessful)},
      {"answered", Type::boolean, "c.outcome = 'answered'", "Состоялся", "Answered"},
      {"missed", Type::boolean, "c.outcome = 'missed'", "Пропущенный", "Missed"},
      {"unsuccessful", Type::boolean, "c.outcome = 'unsuccessful'", "Неуспешный", "Unsuccessful"},
      {"finish_reason", Type::text, "c.finish_reason", "Причина завершения", "Finish reason",
       words_until(Reason::unknown)},
      {"result", Type::text, "c.result", "Итог по АТС", "Result"},
      {"hung_up_by", Type::text, "c.hung_up_by", "Кто разорвал", "Hung up by", words_until(By::system)},
      {"wait_s", Type::duration, "c.wait_ms", "Ожидание ответа, с", "Wait, s"},
      {"queue_wait_s", Type::duration, "c.queue_wait_ms", "Ожидание людей, с", "Queue wait, s"},
      {"talk_s", Type::duration, "c.talk_ms", "Разговор, с", "Talk, s"},
      {"connected_s", Type::duration, "c.connected_ms", "На связи, с", "Connected, s"},
      {"clean_talk_s", Type::duration, "c.clean_talk_ms", "Чистый разговор, с", "Clean talk, s"},
      // Talk of all our people with holds and after-call work, at most acw_max_s of each leg (metrics §1.4.5, §8.2).
      {"handled_s", Type::duration,
       "(SELECT SUM(COALESCE(s.talk_ms, 0) + MIN(COALESCE(json_extract(c.body, '$.legs[' || s.n || '].acw_s') * 1000, "
       "0), 600000)) FROM call_legs s WHERE s.call = c.id AND s.outcome = 'answered' AND (s.kind = 'employee' OR "
       "(s.kind = 'external' AND s.employee IS NOT NULL)))",
       "Работа со звонком, с", "Handled, s"},
      // With credit first and last the whole talk_s, with each the employee's own leg_talk_s (metrics §1.5.3).
      {"credited_talk_s",
       Type::duration,
       "c.talk_ms",
       "Засчитанный разговор, с",
       "Credited talk, s",
       {},
       NameOf::nobody,
       ByCredit::talk},
      // Who answered first or dialled; with credit each a call is also others'.
      {"credited_first",
       Type::boolean,
       "1",
       "Ответил первым или звонил",
       "Answered first or dialled",
       {},
       NameOf::nobody,
       ByCredit::first},
      {"departments",
       Type::set,
       "c.started_ms",
       "Отделы",
       "Departments",
       {},
       NameOf::department,
       ByCredit::employee,
       SetStore::departments},
      {"incomplete", Type::boolean, "c.incomplete", "Записан не целиком", "Incomplete"},
      {"employee", Type::text, "c.employee", "Сотрудник", "Employee", {}, NameOf::employee, ByCredit::employee},
      {"extension",
       Type::text,
       "c.extension",
       "Внутренний номер",
       "Extension",
       {},
       NameOf::nobody,
       ByCredit::extension},
      {"employees",
       Type::set,
       "call_legs s WHERE s.call = c.id AND s.employee IS NOT NULL",
       "Все сотрудники",
       "All employees",
       {},
       NameOf::nobody,
       ByCredit::no,
       SetStore::rows,
       "s.employee"},
      {"people",
       Type::set,
       std::string(kTookPart),
       "Участники",
       "Who took part",
       {},
       NameOf::employee,
       ByCredit::no,
       SetStore::rows,
       "s.employee"},
      {"people_departments",
       Type::set,
       "c.started_ms",
       "Отделы участников",
       "Departments of those who took part",
       {},
       NameOf::department,
       ByCredit::no,
       SetStore::departments,
       "s.employee",
       std::string(kTookPart)},
      {"recordings", Type::text,
       "(SELECT NULLIF(GROUP_CONCAT(j.value, ' '), '') FROM json_each(c.body, '$.recordings') j)", "Запись разговора",
       "Recordings"},
      // What became of each leg, with the seconds from the call's beginning in which it went on.
      {"legs", Type::text,
       "(SELECT GROUP_CONCAT(one, '; ') FROM (SELECT s.kind || COALESCE(' ' || COALESCE(s.extension, s.name), '') || "
       "COALESCE(' ' || s.outcome, '') || COALESCE(' ' || ((s.started_ms - c.started_ms) / 1000) || '–' || "
       "((s.ended_ms - c.started_ms) / 1000) || ' s', '') AS one FROM call_legs s WHERE s.call = c.id ORDER BY s.n))",
       "Плечи", "Legs"},
      {.name = "lead_amount",
       .type = Type::money,
       .sql = lead_value("amount", "c.lead"),
       .ru = "Сумма сделки",
       .en = "Amount of its lead",
       .currency = lead_value("currency", "c.lead")},
      {"queue", Type::text, "c.queue", "Очередь", "Queue"},
      {"rating", Type::integer, "c.rating", "Оценка", "Rating"},
  };
}

// What follows from the contact's other calls and from its leads.
std::vector<Field> fact_fields() {
  return {
      {"quality", Type::text, "c.quality", "Качество", "Quality", kQualities()},
      {"is_target", Type::boolean, "c.quality IS NOT 'non_target'", "Не отмечен нецелевым", "Not marked non-target"},
      {"advertising", Type::boolean, "c.advertising", "Рекламный", "Advertising"},
      // No contact: never first, unique or called back (metrics §1.6.4).
      {"is_counted", Type::boolean, "c.is_counted", "Есть контакт", "Has a contact"},
      {"since_previous_s", Type::duration, "c.gap_any_ms", "После прошлого звонка, с", "Since the previous call, s"},
      {"since_previous_inbound_s", Type::duration, "c.gap_inbound_ms", "После прошлого входящего, с",
       "Since the previous inbound call, s"},
      {"called_back", Type::boolean, "(c.outcome = 'missed' AND c.called_back_ms IS NOT NULL)", "Перезвонили",
       "Called back"},
      {"called_back_at", Type::time, "c.called_back_ms", "Когда перезвонили", "Called back at"},
      {"called_back_by", Type::text, "c.called_back_by", "Кто перезвонил", "Called back by", {}, NameOf::employee},
      {"called_back_direction", Type::text, "c.called_back_direction", "Направление перезвона",
       "Direction of the call back", kDirections()},
      {"next_inbound_at", Type::time, "c.next_inbound_ms", "Следующий входящий", "Next inbound call"},
      // Who calls often (metrics §8.5): the shortest time in which the contact made three inbound calls, this one among
      // them; nothing of one that is non-target, and where there are no three.
      {"three_inbound_s", Type::duration, "c.three_inbound_ms", "Три входящих подряд за, с",
       "Three inbound calls within, s"},
      // Consecutive misses of one contact with no talk between begin with this one (metrics §8.4).
      {"begins_episode", Type::boolean, "c.begins_episode", "Начинает серию пропущенных",
       "Begins an episode of misses"},
      {"phone_rang", Type::boolean,
       "EXISTS(SELECT 1 FROM call_legs s WHERE s.call = c.id AND s.kind IN ('employee', 'external') AND s.outcome IN "
       "('no_answer', 'cancelled', 'rejected', 'elsewhere'))",
       "Телефон звонил", "A phone rang"},
      {"member_busy", Type::boolean,
       "EXISTS(SELECT 1 FROM call_legs s WHERE s.call = c.id AND s.kind = 'employee' AND s.outcome = 'busy')",
       "Кто-то был занят", "A member was busy"},
      {"line_closed", Type::boolean, std::string(kLineClosedMark), "Линия закрыта", "Line closed"},
      {"nobody_there", Type::boolean,
       "(EXISTS(SELECT 1 FROM call_legs s WHERE s.call = c.id AND s.outcome IN ('no_staff', 'unavailable')) AND NOT "
       "EXISTS(SELECT 1 FROM call_legs s WHERE s.call = c.id AND s.kind <> 'ivr' AND s.outcome NOT IN ('no_staff', "
       "'unavailable')))",
       "Никого не было", "Nobody was there"},
      {"tried_back_at", Type::time, "c.tried_back_ms", "Первая попытка перезвонить", "First attempt to call back"},
      {"made_lead", Type::text, "c.made_lead", "Созданная заявка", "Lead made by it"},
      {"made_lead_stage",
       Type::text,
       lead_value("stage", "c.made_lead"),
       "Этап созданной заявки",
       "Stage of the lead made by it",
       {},
       NameOf::stage},
      {"made_lead_groups",
       Type::set,
       lead_value("stage_groups", "c.made_lead"),
       "Группы этапа созданной заявки",
       "Stage groups of the lead made by it",
       {},
       NameOf::nobody,
       ByCredit::no,
       SetStore::piped},
      {"lead_stage", Type::text, lead_value("stage", "c.lead"), "Этап заявки", "Stage of its lead", {}, NameOf::stage},
      {"lead_groups",
       Type::set,
       lead_value("stage_groups", "c.lead"),
       "Группы этапа заявки",
       "Stage groups of its lead",
       {},
       NameOf::nobody,
       ByCredit::no,
       SetStore::piped},
  };
}

// A call seen as one entry to people; of queues see queue_entries_entity().
std::vector<Field> entry_fields() {
  return {
      {"entry_answered", Type::boolean, "c.outcome = 'answered'", "Вход отвечен", "Entry answered"},
      {"entry_abandoned", Type::boolean, "(c.outcome = 'missed' AND c.hung_up_by = 'client')", "Вход брошен",
       "Entry abandoned"},
      {"entry_outcome", Type::text, "c.outcome", "Итог входа", "Outcome of the entry"},
      {"entry_wait_s", Type::duration, "c.queue_wait_ms", "Ожидание входа, с", "Wait of the entry, s"},
  };
}

std::vector<Field> call_fields() {
  auto fields = identity_fields();
  for (auto more : {course_fields(), fact_fields(), visit_fields(), entry_fields()})
    fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

// The same of an entry to a queue; in the total row a call counts once, as a
// whole, and waits from its first entry (metrics §8.1).
std::vector<Field> queue_entry_fields() {
  auto fields = call_fields();
  const std::pair<std::string_view, const char*> kOfEntry[] = {
      {"queue", "g.name"},
      {"entry_answered", "(CASE WHEN g.n IS NULL THEN c.outcome = 'answered' ELSE g.outcome = 'answered' END)"},
      {"entry_abandoned",
       "(CASE WHEN g.n IS NULL THEN c.outcome = 'missed' AND c.hung_up_by = 'client' ELSE g.outcome = 'abandoned' "
       "END)"},
      {"entry_outcome", "COALESCE(g.outcome, c.outcome)"},
      {"entry_wait_s",
       "(CASE WHEN g.n IS NULL THEN c.queue_wait_ms ELSE COALESCE(g.answered_ms, g.ended_ms) - g.started_ms END)"}};
  for (auto& field : fields)
    for (const auto& [name, sql] : kOfEntry)
      if (field.name == name) {
        field.total_sql = field.sql;
        field.sql = sql;
      }
  return fields;
}

std::vector<Field> leg_fields() {
  std::vector<Field> fields = {
      {"kind", Type::text, "g.kind", "Операция", "Kind", words_until(LegKind::voicemail)},
      {"name", Type::text, "g.name", "Название", "Name"},
      {"leg_extension", Type::text, "g.extension", "Внутренний номер плеча", "Extension of the leg"},
      {"leg_employee", Type::text, "g.employee", "Сотрудник плеча", "Employee of the leg", {}, NameOf::employee},
      {"leg_started_at", Type::time, "g.started_ms", "Начало плеча", "Leg started"},
      {"leg_answered_at", Type::time, "g.answered_ms", "Ответ на плече", "Leg answered"},
      {"leg_ended_at", Type::time, "g.ended_ms", "Конец плеча", "Leg ended"},
      {"leg_talk_s", Type::duration, "g.talk_ms", "Разговор на плече, с", "Talk of the leg, s"},
      {"leg_cause", Type::text, "json_extract(c.body, '$.legs[' || g.n || '].cause')", "Причина по АТС",
       "Cause by the PBX"},
      {"leg_number", Type::text, "CAST(g.n + 1 AS TEXT)", "Плечо", "Leg"},
      {"leg_outcome", Type::text, "g.outcome", "Итог плеча", "Outcome of the leg", words_until(LegOutcome::moved)},
  };
  for (auto& field : call_fields()) {
    field.by_credit = ByCredit::no;  // a leg is its own employee's
    if (field.set == SetStore::departments) field.set_value = "g.employee";
    if (field.name == "credited_first") continue;
    if (field.name != "credited_talk_s") fields.push_back(std::move(field));
  }
  return fields;
}

constexpr const char* kCallAliases = "SELECT a.call FROM call_aliases a WHERE a.alias = ?";

}  // namespace

const Entity& calls_entity() {
  static const Entity entity = {.name = "calls",
                                .singular = "call",
                                .from = "calls c",
                                .id = "c.id",
                                .time = "c.started_ms",
                                .time_field = "started_at",
                                .tie = "",
                                .body = "c.body",
                                .in_reports = "c.is_over = 1 AND c.direction IS NOT 'internal'",
                                .in_lists = "c.is_over = 1",
                                .aliases = kCallAliases,
                                .columns = {"started_at", "direction", "client_number", "line", "employee", "extension",
                                            "outcome", "finish_reason", "wait_s", "talk_s", "id"},
                                .fields = call_fields()};
  return entity;
}

const Entity& calls_with_ongoing_entity() {
  static const Entity entity = [] {
    auto made = calls_entity();
    made.name = "calls_with_ongoing";
    made.in_reports = "c.direction IS NOT 'internal'";
    made.in_lists.clear();
    return made;
  }();
  return entity;
}

const Entity& queue_entries_entity() {
  static const Entity entity = {
      .name = "queue_entries",
      .singular = "call",
      .from = "calls c LEFT JOIN call_legs g ON g.call = c.id AND g.kind = 'queue'",
      .id = "c.id",
      .time = "c.started_ms",
      .time_field = "started_at",
      .tie = "IFNULL(g.n, -1)",
      .body = "c.body",
      .in_reports = "c.is_over = 1 AND c.direction IS NOT 'internal'",
      .in_lists = "c.is_over = 1",
      .in_totals = "(g.n IS NULL OR g.n = (SELECT MIN(f.n) FROM call_legs f WHERE f.call = c.id AND f.kind = 'queue'))",
      .aliases = kCallAliases,
      .columns = calls_entity().columns,
      .fields = queue_entry_fields()};
  return entity;
}

const Entity& legs_entity() {
  static const Entity entity = {
      .name = "legs",
      .singular = "call",
      .from = "calls c JOIN call_legs g ON g.call = c.id",
      .id = "c.id",
      .time = "c.started_ms",
      .time_field = "started_at",
      .tie = "g.n",
      .body = "c.body",
      .in_reports = "c.is_over = 1 AND c.direction IS NOT 'internal'",
      .in_lists = "c.is_over = 1",
      .aliases = kCallAliases,
      .columns = {"leg_started_at", "kind", "name", "leg_extension", "leg_employee", "leg_outcome", "leg_talk_s", "id"},
      .fields = leg_fields()};
  return entity;
}

}  // namespace hkl
