// Tasks of each assignee (metrics §8.6).
#include "hookline/sdk/plugin.h"

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "task-discipline",
  "title": {"ru": "Дисциплина задач", "en": "Task discipline"},
  "rows": "tasks",
  "options": [
    {"id": "by", "type": "enum", "values": ["created", "deadline"], "default": "created", "title": {"ru": "По дате", "en": "By date of"}}],
  "terms": [
    {"id": "timely", "expr": "state = 'done' and done_at <= deadline_at"},
    {"id": "belated", "expr": "state = 'done' and done_at > deadline_at"}],
  "period": [
    {"expr": "in_period(deadline_at)", "when": "option.by = 'deadline'"}],
  "dimensions": [
    {"id": "assignee", "expr": "assignee",
     "title": {"ru": "Исполнитель", "en": "Assignee"}, "empty": {"ru": "Не назначен", "en": "Not assigned"},
     "definition": {"ru": "Чья задача; «Не назначен» – ничья", "en": "Whose task it is"}}],
  "measures": [
    {"id": "created", "type": "integer", "expr": "count()",
     "title": {"ru": "Создано", "en": "Created"},
     "definition": {"ru": "Задачи периода", "en": "Tasks of the period"}},
    {"id": "in_time", "type": "integer", "expr": "count() where timely",
     "title": {"ru": "В срок", "en": "In time"},
     "definition": {"ru": "Сделаны не позже срока", "en": "Done by the deadline"}},
    {"id": "late", "type": "integer", "expr": "count() where belated",
     "title": {"ru": "С опозданием", "en": "Late"},
     "definition": {"ru": "Сделаны после срока", "en": "Done after the deadline"}},
    {"id": "open_not_due", "type": "integer", "expr": "count() where state = 'open'",
     "title": {"ru": "Открыты", "en": "Open, not due"},
     "definition": {"ru": "Открыты, срок не вышел", "en": "Open, the deadline is ahead"}},
    {"id": "overdue", "type": "integer", "expr": "count() where state = 'overdue'",
     "title": {"ru": "Просрочены", "en": "Overdue"},
     "definition": {"ru": "Открыты, срок вышел", "en": "Open, the deadline has passed"}},
    {"id": "cancelled", "type": "integer", "expr": "count() where state = 'cancelled'",
     "title": {"ru": "Отменены", "en": "Cancelled"},
     "definition": {"ru": "Больше не нужны", "en": "No longer needed"}},
    {"id": "on_time", "type": "percent", "expr": "(count() where timely) / (count() where timely or belated or state = 'overdue')",
     "title": {"ru": "Вовремя, %", "en": "On time, %"},
     "definition": {"ru": "В срок ÷ (в срок + с опозданием + просрочено)", "en": "In time ÷ (in time + late + overdue)"}},
    {"id": "average_done_s", "type": "seconds", "expr": "avg(done_at - created_at)",
     "title": {"ru": "Среднее до выполнения, с", "en": "Mean time to done, s"},
     "definition": {"ru": "От создания до выполнения", "en": "From creation until done"}},
    {"id": "median_done_s", "type": "seconds", "expr": "percentile(done_at - created_at, 50)",
     "title": {"ru": "Медиана до выполнения, с", "en": "Median time to done, s"},
     "definition": {"ru": "От создания до выполнения, ближайший ранг", "en": "From creation until done, nearest rank"}},
    {"id": "average_lateness_s", "type": "seconds", "expr": "avg(done_at - deadline_at) where belated",
     "title": {"ru": "Среднее опоздание, с", "en": "Mean lateness, s"},
     "definition": {"ru": "На сколько опоздали сделанные после срока", "en": "By how much those done late were late"}}],
  "filters": [
    {"id": "assignee", "expr": "assignee", "title": {"ru": "Исполнитель", "en": "Assignee"}},
    {"id": "kind", "expr": "kind", "title": {"ru": "Вид", "en": "Kind"}}]
})json";

class TaskDiscipline final : public hookline::Report<hookline::NoSettings> {
 public:
  std::string definition() override { return std::string(kDefinition); }
};

}  // namespace

HOOKLINE_PLUGIN(TaskDiscipline,
                {"task-discipline", "1.0.0", "Hookline", "Apache-2.0", "Tasks done in time, late and overdue"})
