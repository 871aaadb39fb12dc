/* A good task rule: a missed call is called back within four hours, and is
 * done once somebody talked. And the defects that only a rule can have. */
#include "hookline/task_rule.h"

#define KIND HKL_TASK_RULE_V1
#define KIND_ID "task-rule"
#define WITHIN_MS (4 * INT64_C(3600000))

struct work {
  unsigned asked;
};

#include "common.h"

static int is_missed(const hkl_touch *touch) {
  return touch->inquiry_kind == HKL_INQUIRY_CALL && touch->direction == HKL_DIRECTION_IN &&
         touch->outcome == HKL_OUTCOME_MISSED;
}

static int64_t deadline_of(hkl_instance *self, const hkl_touch *touch) {
#if defined HOSTILE_PAST_DEADLINE
  (void)self;
  return touch->at_ms - 1;
#elif defined HOSTILE_DST_BLIND
  /* Ten in the morning of the next day, with the offset of winter for ever. */
  const int64_t offset_ms = 3600000, day_ms = 24 * offset_ms;
  (void)self;
  return (touch->at_ms + offset_ms) / day_ms * day_ms + day_ms + 10 * offset_ms - offset_ms;
#else
  (void)self;
  return touch->at_ms + WITHIN_MS;
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
