// Service level with its five formulas, ASA, AHT, abandon rate (metrics §8.1, §8.2).
#include "hookline/sdk/plugin.h"
#include "hookline/sdk/report_defaults.h"

namespace {

constexpr std::string_view kVariants[] = {"less_short", "of_offered", "of_answered", "answered_and_abandoned",
                                          "early_forgiven"};
struct Settings {
  std::int64_t threshold_s = 20;
  std::string_view sl_variant = "less_short";
  double short_abandon_s = 5;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(threshold_s, "Answered so soon is in time, s").range(1, 86400),
                  HOOKLINE_FIELD(sl_variant, "Formula of the service level").one_of(kVariants),
                  HOOKLINE_FIELD(short_abandon_s, "Who gives up so soon is short, s"))

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "service-level",
  "title": {"ru": "Уровень сервиса", "en": "Service level"},
  "rows": "calls",
  "rows_when": [{"rows": "queue_entries", "when": "option.by = 'queue'"}],
  "options": [
    {"id": "threshold_s", "type": "numbers", "default": [20], "title": {"ru": "Порог, с", "en": "Threshold, s"}},
    {"id": "sl_variant", "type": "enum", "values": ["less_short", "of_offered", "of_answered", "answered_and_abandoned", "early_forgiven"], "default": "less_short", "title": {"ru": "Формула", "en": "Formula"}},
    {"id": "short_abandon_s", "type": "number", "default": 5, "title": {"ru": "Короткий звонок, с", "en": "Short call, s"}},
    {"id": "by", "type": "enum", "values": ["none", "day", "month", "weekday", "hour", "queue", "line"], "default": "day", "title": {"ru": "Группировать", "en": "Group by"}}],
  "terms": [
    {"id": "reached", "expr": "entry_answered"},
    {"id": "gave_up", "expr": "entry_abandoned"},
    {"id": "is_short", "expr": "gave_up and entry_wait_s <= option.short_abandon_s"}],
  "where": [
    {"expr": "inbound and offered_at is not null"}],
  "dimensions": [
    {"id": "group", "expr": "queue", "when": "option.by = 'queue'",
     "title": {"ru": "Очередь", "en": "Queue"}, "empty": {"ru": "Без очереди", "en": "No queue"},
     "definition": {"ru": "Очередь входа: звонок, вошедший дважды, – два входа; в итоге звонок считается раз, с первым входом", "en": "Queue of the entry: a call that enters twice is two entries; the total counts a call once, at its first entry"},
     "cases": [
       {"when": "option.by = 'day'", "expr": "day(started_at)", "title": {"ru": "День", "en": "Day"}},
       {"when": "option.by = 'month'", "expr": "month(started_at)", "title": {"ru": "Месяц", "en": "Month"}},
       {"when": "option.by = 'hour'", "expr": "hour_of_day(started_at)", "title": {"ru": "Час", "en": "Hour"}},
       {"when": "option.by = 'line'", "expr": "line", "title": {"ru": "Номер", "en": "Line"}},
       {"when": "option.by = 'weekday'", "expr": "if(weekday(started_at) = 1, '1', weekday(started_at) = 2, '2', weekday(started_at) = 3, '3', weekday(started_at) = 4, '4', weekday(started_at) = 5, '5', weekday(started_at) = 6, '6', '7')", "title": {"ru": "День недели", "en": "Weekday"}}]}],
  "measures": [
    {"id": "offered", "type": "integer", "expr": "count()",
     "title": {"ru": "Предложено", "en": "Offered"},
     "definition": {"ru": "Входящие, которые просили человека: дошли до очереди или телефона", "en": "Inbound calls that asked for people: they reached a queue or a phone"}},
    {"id": "answered", "type": "integer", "expr": "count() where reached",
     "title": {"ru": "Отвечено", "en": "Answered"},
     "definition": {"ru": "Из них отвеченные человеком", "en": "Of them, answered by a person"}},
    {"id": "abandoned", "type": "integer", "expr": "count() where gave_up",
     "title": {"ru": "Брошено", "en": "Abandoned"},
     "definition": {"ru": "Клиент положил трубку, не дождавшись", "en": "The client hung up before an answer"}},
    {"id": "short", "type": "integer", "expr": "count() where is_short",
     "title": {"ru": "Коротких", "en": "Short"},
     "definition": {"ru": "Брошенные не позже short_abandon_s (5 с)", "en": "Abandoned within short_abandon_s (5 s)"}},
    {"id": "system_ended", "type": "integer", "expr": "count() where not reached and not gave_up",
     "title": {"ru": "Завершено системой", "en": "Ended by the system"},
     "definition": {"ru": "Не отвечены, и завершил их не клиент; из очереди – по времени, без людей, отказом или переводом", "en": "Not answered, and not ended by the client; of a queue, timed out, left without people, refused or moved"}},
    {"id": "timed_out", "type": "integer", "expr": "count() where entry_outcome = 'timed_out'", "when": "option.by = 'queue'",
     "title": {"ru": "Вышло время", "en": "Timed out"},
     "definition": {"ru": "Входы, у которых вышло время очереди", "en": "Entries whose queue's time ran out"}},
    {"id": "no_staff", "type": "integer", "expr": "count() where entry_outcome = 'no_staff'", "when": "option.by = 'queue'",
     "title": {"ru": "Без людей", "en": "No staff"},
     "definition": {"ru": "Входы в очередь, где никого не было", "en": "Entries left because nobody was there"}},
    {"id": "refused", "type": "integer", "expr": "count() where entry_outcome = 'refused'", "when": "option.by = 'queue'",
     "title": {"ru": "Отказано", "en": "Refused"},
     "definition": {"ru": "Очередь полна или закрыта", "en": "The queue was full or closed"}},
    {"id": "moved", "type": "integer", "expr": "count() where entry_outcome = 'moved'", "when": "option.by = 'queue'",
     "title": {"ru": "Переведено", "en": "Moved"},
     "definition": {"ru": "Переведены в другое место", "en": "Transferred elsewhere"}},
    {"id": "within", "type": "integer", "expr": "count() where reached and entry_wait_s <= option.threshold_s", "each": "threshold_s",
     "title": {"ru": "Отвечено за порог", "en": "Answered within"},
     "definition": {"ru": "Отвечено не позже порога, включительно", "en": "Answered within the threshold, the bound included"}},
    {"id": "sl", "type": "percent", "noted": true, "expr": "(count() where reached and entry_wait_s <= option.threshold_s) / (count() where not is_short)", "each": "threshold_s",
     "title": {"ru": "Уровень сервиса", "en": "Service level"},
     "definition": {"ru": "Отвечено за порог ÷ (предложено − короткие)", "en": "Answered within the threshold ÷ (offered − short abandons)"},
     "cases": [
       {"when": "option.sl_variant = 'of_offered'", "expr": "(count() where reached and entry_wait_s <= option.threshold_s) / count()", "definition": {"ru": "Отвечено за порог ÷ предложено", "en": "Answered within the threshold ÷ offered"}},
       {"when": "option.sl_variant = 'of_answered'", "expr": "(count() where reached and entry_wait_s <= option.threshold_s) / (count() where reached)", "definition": {"ru": "Отвечено за порог ÷ отвечено", "en": "Answered within the threshold ÷ answered"}},
       {"when": "option.sl_variant = 'answered_and_abandoned'", "expr": "(count() where reached and entry_wait_s <= option.threshold_s) / (count() where reached or gave_up)", "definition": {"ru": "Отвечено за порог ÷ (отвечено + брошено)", "en": "Answered within the threshold ÷ (answered + abandoned)"}},
       {"when": "option.sl_variant = 'early_forgiven'", "expr": "(count() where (reached or gave_up) and entry_wait_s <= option.threshold_s) / count()", "definition": {"ru": "(Отвечено и брошено за порог) ÷ предложено", "en": "(Answered and abandoned within the threshold) ÷ offered"}}]},
    {"id": "asa_s", "type": "seconds", "expr": "avg(entry_wait_s) where reached",
     "title": {"ru": "ASA, с", "en": "ASA, s"},
     "definition": {"ru": "Среднее ожидание отвеченных", "en": "Mean wait of answered calls"}},
    {"id": "ata_s", "type": "seconds", "expr": "avg(entry_wait_s) where gave_up",
     "title": {"ru": "ATA, с", "en": "ATA, s"},
     "definition": {"ru": "Среднее ожидание брошенных", "en": "Mean wait of abandoned calls"}},
    {"id": "aht_s", "type": "seconds", "expr": "avg(handled_s) where answered",
     "title": {"ru": "AHT, с", "en": "AHT, s"},
     "definition": {"ru": "Разговор всех сотрудников с удержаниями и работа после него на отвеченный звонок", "en": "Talk of all employees, holds included, and after-call work of an answered call, on average"}},
    {"id": "abandon_rate", "type": "percent", "expr": "(count() where gave_up and not is_short) / (count() where not is_short)",
     "title": {"ru": "Доля брошенных", "en": "Abandon rate"},
     "definition": {"ru": "(Брошено − короткие) ÷ (предложено − короткие)", "en": "(Abandoned − short) ÷ (offered − short)"}},
    {"id": "lost_rate", "type": "percent", "expr": "(count() where not reached) / count()",
     "title": {"ru": "Доля потерянных", "en": "Lost rate"},
     "definition": {"ru": "Пропущено ÷ предложено", "en": "Missed ÷ offered"}},
    {"id": "answer_rate", "type": "percent", "expr": "(count() where reached) / count()",
     "title": {"ru": "Доля отвеченных", "en": "Answer rate"},
     "definition": {"ru": "Отвечено ÷ предложено", "en": "Answered ÷ offered"}},
    {"id": "longest_wait_s", "type": "seconds", "expr": "max(entry_wait_s)",
     "title": {"ru": "Дольше всего ждали, с", "en": "Longest wait, s"},
     "definition": {"ru": "Самое долгое ожидание", "en": "The longest wait"}},
    {"id": "median_wait_s", "type": "seconds", "expr": "percentile(entry_wait_s, 50)",
     "title": {"ru": "Медиана ожидания, с", "en": "Median wait, s"},
     "definition": {"ru": "Медиана, ближайший ранг", "en": "Median, nearest rank"}},
    {"id": "p90_wait_s", "type": "seconds", "expr": "percentile(entry_wait_s, 90)",
     "title": {"ru": "90-й перцентиль, с", "en": "90th percentile, s"},
     "definition": {"ru": "90-й перцентиль, ближайший ранг", "en": "90th percentile, nearest rank"}},
    {"id": "answered_0_5", "type": "integer", "expr": "count() where reached and entry_wait_s < 5",
     "title": {"ru": "Отвечено 0–5 с", "en": "Answered 0–5 s"},
     "definition": {"ru": "Ожидание в границах: нижняя входит, верхняя нет", "en": "Waits between the bounds: the lower is in, the upper is not"}},
    {"id": "answered_5_10", "type": "integer", "expr": "count() where reached and entry_wait_s >= 5 and entry_wait_s < 10",
     "title": {"ru": "Отвечено 5–10 с", "en": "Answered 5–10 s"},
     "definition": {"ru": "Ожидание в границах: нижняя входит, верхняя нет", "en": "Waits between the bounds: the lower is in, the upper is not"}},
    {"id": "answered_10_15", "type": "integer", "expr": "count() where reached and entry_wait_s >= 10 and entry_wait_s < 15",
     "title": {"ru": "Отвечено 10–15 с", "en": "Answered 10–15 s"},
     "definition": {"ru": "Ожидание в границах: нижняя входит, верхняя нет", "en": "Waits between the bounds: the lower is in, the upper is not"}},
    {"id": "answered_15_20", "type": "integer", "expr": "count() where reached and entry_wait_s >= 15 and entry_wait_s < 20",
     "title": {"ru": "Отвечено 15–20 с", "en": "Answered 15–20 s"},
     "definition": {"ru": "Ожидание в границах: нижняя входит, верхняя нет", "en": "Waits between the bounds: the lower is in, the upper is not"}},
    {"id": "answered_20_30", "type": "integer", "expr": "count() where reached and entry_wait_s >= 20 and entry_wait_s < 30",
     "title": {"ru": "Отвечено 20–30 с", "en": "Answered 20–30 s"},
     "definition": {"ru": "Ожидание в границах: нижняя входит, верхняя нет", "en": "Waits between the bounds: the lower is in, the upper is not"}},
    {"id": "answered_30_more", "type": "integer", "expr": "count() where reached and entry_wait_s >= 30",
     "title": {"ru": "Отвечено 30+ с", "en": "Answered 30+ s"},
     "definition": {"ru": "Ожидание в границах: нижняя входит, верхняя нет", "en": "Waits between the bounds: the lower is in, the upper is not"}},
    {"id": "abandoned_0_5", "type": "integer", "expr": "count() where gave_up and entry_wait_s < 5",
     "title": {"ru": "Брошено 0–5 с", "en": "Abandoned 0–5 s"},
     "definition": {"ru": "Ожидание в границах: нижняя входит, верхняя нет", "en": "Waits between the bounds: the lower is in, the upper is not"}},
    {"id": "abandoned_5_10", "type": "integer", "expr": "count() where gave_up and entry_wait_s >= 5 and entry_wait_s < 10",
     "title": {"ru": "Брошено 5–10 с", "en": "Abandoned 5–10 s"},
     "definition": {"ru": "Ожидание в границах: нижняя входит, верхняя нет", "en": "Waits between the bounds: the lower is in, the upper is not"}},
    {"id": "abandoned_10_15", "type": "integer", "expr": "count() where gave_up and entry_wait_s >= 10 and entry_wait_s < 15",
     "title": {"ru": "Брошено 10–15 с", "en": "Abandoned 10–15 s"},
     "definition": {"ru": "Ожидание в границах: нижняя входит, верхняя нет", "en": "Waits between the bounds: the lower is in, the upper is not"}},
    {"id": "abandoned_15_20", "type": "integer", "expr": "count() where gave_up and entry_wait_s >= 15 and entry_wait_s < 20",
     "title": {"ru": "Брошено 15–20 с", "en": "Abandoned 15–20 s"},
     "definition": {"ru": "Ожидание в границах: нижняя входит, верхняя нет", "en": "Waits between the bounds: the lower is in, the upper is not"}},
    {"id": "abandoned_20_30", "type": "integer", "expr": "count() where gave_up and entry_wait_s >= 20 and entry_wait_s < 30",
     "title": {"ru": "Брошено 20–30 с", "en": "Abandoned 20–30 s"},
     "definition": {"ru": "Ожидание в границах: нижняя входит, верхняя нет", "en": "Waits between the bounds: the lower is in, the upper is not"}},
    {"id": "abandoned_30_more", "type": "integer", "expr": "count() where gave_up and entry_wait_s >= 30",
     "title": {"ru": "Брошено 30+ с", "en": "Abandoned 30+ s"},
     "definition": {"ru": "Ожидание в границах: нижняя входит, верхняя нет", "en": "Waits between the bounds: the lower is in, the upper is not"}}],
  "filters": [
    {"id": "queue", "expr": "queue", "title": {"ru": "Очередь", "en": "Queue"}},
    {"id": "line", "expr": "line", "title": {"ru": "Номер", "en": "Line"}},
    {"id": "employee", "expr": "employee", "title": {"ru": "Сотрудник", "en": "Employee"}},
    {"id": "department", "expr": "departments", "title": {"ru": "Отдел", "en": "Department"}}]
})json";

class ServiceLevel final : public hookline::Report<Settings> {
 public:
  std::string definition() override {
    return hookline::ReportDefaults(kDefinition)
        .numbers("threshold_s", settings().threshold_s)
        .word("sl_variant", settings().sl_variant)
        .number("short_abandon_s", settings().short_abandon_s)
        .text();
  }
};

}  // namespace

HOOKLINE_PLUGIN(ServiceLevel,
                {"service-level", "1.0.0", "Hookline", "Apache-2.0", "Service level, speed of answer and abandon rate"})
