/* Hookline: the plugin kind "task rule".
 *
 * Says which tasks the history of a contact asks for. A rule is a function
 * from a timeline to a set of tasks: it is asked again whenever the timeline
 * changes, and what it no longer names is taken back. The host compares, keeps
 * ids, delivers.
 */
#ifndef HOOKLINE_TASK_RULE_H
#define HOOKLINE_TASK_RULE_H

#include "facts.h"
#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hkl_task {
  uint32_t struct_size;
  uint32_t state; /* HKL_TASK_… */
  hkl_str key;    /* the same task has the same key: usually its first call */
  hkl_str kind;   /* "callback" */
  hkl_str title;
  hkl_str call; /* that caused it, or empty */
  hkl_str lead;
  hkl_strs more_calls; /* that were added to it later */
  hkl_str assignee;    /* employee, or empty: nobody yet */
  int64_t created_at_ms;
  int64_t deadline_at_ms; /* HKL_UNKNOWN_MS: none */
  int64_t done_at_ms;
  hkl_str done_by;   /* employee */
  hkl_str done_call; /* that completed it */
  hkl_str why;       /* one sentence */
  /* --- 1.0 ends here --- */
} hkl_task;

typedef struct hkl_task_sink {
  uint32_t struct_size;
  uint32_t reserved;
  void *user;
  /* One task of this timeline. Copied before it returns. HKL_INVALID names
   * what is illegal: two of one key, a deadline before created_at. [in-call] */
  hkl_status (*task)(void *user, const hkl_task *task, hkl_error *err);
  /* --- 1.0 ends here --- */
} hkl_task_sink;

#define HKL_TASK_RULE_V1 "hookline.task-rule/1"
/* All members are required. */
typedef struct hkl_task_rule {
  uint32_t struct_size;
  uint32_t reserved;
  /* Name every task that this timeline asks for, done and cancelled ones too.
   * [instance & started]  Since 1.0. */
  hkl_status (*review)(hkl_instance *self, const hkl_timeline *timeline, const hkl_task_sink *sink, hkl_error *err);
  /* --- 1.0 ends here --- */
} hkl_task_rule;

#ifdef __cplusplus
}
#endif

#endif
