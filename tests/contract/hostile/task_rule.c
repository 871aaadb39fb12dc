/* A good task rule: a missed call is called back within four hours, and is
 * done once somebody talked. And the defects that only a rule can have. */
#include "hookline/task_rule.h"

#define KIND HKL_TASK_RULE_V1
#define KIND_ID "task-rule"
#define MORE_SETTINGS                                                   \
  ", \"working_hours\": {\"type\": \"string\", \"default\": \"none\", " \
  "\"description\": \"A calendar whose open time alone counts\"}"
#define WITHIN_MS (4 * INT64_C(3600000))

struct work {
  unsigned asked;
};

#include "common.h"

static int is_missed(const hkl_touch *touch) {
  return touch->inquiry_kind == HKL_INQUIRY_CALL && touch->direction == HKL_DIRECTION_IN &&
         touch->outcome == HKL_OUTCOME_MISSED;
}

/* Ten in the morning of the next day, with the offset of winter for ever. */
static inline int64_t next_ten(int64_t at_ms) {
  const int64_t offset_ms = 3600000, day_ms = 24 * offset_ms;
  return (at_ms + offset_ms) / day_ms * day_ms + day_ms + 10 * offset_ms - offset_ms;
}

static inline int64_t after_open_time(hkl_instance *self, int64_t at_ms) {
#ifdef HOSTILE_HOURS_BLIND
  (void)self;
  return next_ten(at_ms);
#else
  const hkl_host_calendar *calendars =
      (const hkl_host_calendar *)self->host->get_interface(self->host, str(HKL_HOST_CALENDAR_V1));
  int64_t deadline_at_ms = at_ms + WITHIN_MS;
  if (calendars != NULL) calendars->add_open(self->host, str(self->hours), at_ms, WITHIN_MS, &deadline_at_ms);
  return deadline_at_ms;
#endif
}

static int64_t deadline_of(hkl_instance *self, const hkl_touch *touch) {
#if defined HOSTILE_PAST_DEADLINE
  (void)self;
  return touch->at_ms - 1;
#elif defined HOSTILE_DST_BLIND
  (void)self;
  return next_ten(touch->at_ms);
#else
  const int is_by_the_clock = self->hours[0] == '\0' || strcmp(self->hours, "none") == 0;
  return is_by_the_clock ? touch->at_ms + WITHIN_MS : after_open_time(self, touch->at_ms);
#endif
}

static hkl_status review(hkl_instance *self, const hkl_timeline *timeline, const hkl_task_sink *sink, hkl_error *err) {
  uint64_t i, k;
  if (!self->is_started) return tell(err, HKL_INVALID, "it is not started");
  ++self->work.asked;
  for (i = 0; i < timeline->touch_count; ++i) {
    const hkl_touch *touch = timeline->touches[i];
    char why[PREFIX_MAX + 60], key[100];
    hkl_task task;
    if (!is_missed(touch)) continue;
    memset(&task, 0, sizeof task);
    task.struct_size = sizeof task;
    task.state = HKL_TASK_OPEN;
    snprintf(key, sizeof key, "%.*s", (int)touch->inquiry.len, touch->inquiry.ptr);
#ifdef HOSTILE_DOUBLE_TASK
    snprintf(key, sizeof key, "%u-%u", self->work.asked, (unsigned)i);
#endif
    task.key = str(key);
    task.kind = str("callback");
    task.call = touch->call;
    task.created_at_ms = touch->at_ms;
    task.deadline_at_ms = deadline_of(self, touch);
    task.done_at_ms = HKL_UNKNOWN_MS;
    for (k = i + 1; k < timeline->touch_count && task.state == HKL_TASK_OPEN; ++k) {
      if (timeline->touches[k]->outcome != HKL_OUTCOME_ANSWERED) continue;
      task.state = HKL_TASK_DONE;
      task.done_at_ms = timeline->touches[k]->at_ms;
    }
    snprintf(why, sizeof why, "%sa missed call", prefix_of(self));
    task.why = str(why);
    if (sink->task(sink->user, &task, err) == HKL_CANCELLED) return tell(err, HKL_CANCELLED, "the host takes no more");
  }
  return HKL_OK;
}

static const hkl_task_rule kind_table = {sizeof(hkl_task_rule), 0, review};

static const void *find_kind_table(hkl_str id) { return is_id(id, KIND) ? &kind_table : NULL; }
