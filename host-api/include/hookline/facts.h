/* Hookline: what the host knows of a contact, as plugins see it.
 *
 * Views belong to the host and are valid until the call they came with
 * returns. Lists are arrays of pointers, so that entries may grow.
 */
#ifndef HOOKLINE_FACTS_H
#define HOOKLINE_FACTS_H

#include "words.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One leg of a call. */
typedef struct hkl_leg {
  uint32_t struct_size;
  uint32_t kind;    /* HKL_LEG_KIND_… */
  uint32_t outcome; /* HKL_LEG_… */
  uint32_t reserved;
  hkl_str name;
  hkl_str extension;
  hkl_str employee; /* as mapped when the call began */
  int64_t started_at_ms;
  int64_t answered_at_ms;
  int64_t ended_at_ms;
  int64_t talk_ms;
  /* --- 1.0 ends here --- */
} hkl_leg;

/* One touch of a contact: an inquiry, with its call where it is one. */
typedef struct hkl_touch {
  uint32_t struct_size;
  uint32_t inquiry_kind; /* HKL_INQUIRY_… */
  hkl_str inquiry;       /* its id */
  hkl_str call;          /* the call's id, or empty */
  int64_t at_ms;         /* the call's start, the request's time */

  /* What is known of it so far. For the touch in question the host's own
   * findings; for earlier ones what was decided. */
  uint32_t quality;        /* HKL_QUALITY_… */
  uint32_t is_advertising; /* HKL_TRI_… */
  uint32_t is_by_hand;     /* 1: a person marked the quality */
  uint32_t is_history;     /* 1: moved in from elsewhere, makes no lead or task */

  /* Calls. */
  uint32_t direction;     /* HKL_DIRECTION_… */
  uint32_t outcome;       /* HKL_OUTCOME_… */
  uint32_t finish_reason; /* HKL_REASON_… */
  uint32_t is_over;       /* 0: it is going on */
  int64_t offered_at_ms;
  int64_t answered_at_ms;
  int64_t ended_at_ms;
  int64_t wait_ms;
  int64_t queue_wait_ms;
  int64_t talk_ms;
  hkl_str line;
  hkl_str extension;     /* credited: first who answered, else who dialled or was tried last */
  hkl_str employee;      /* of that extension when the call began */
  hkl_str last_employee; /* of the last answered leg */
  hkl_str queue;
  hkl_strs duty; /* employees on duty in the department that owns the queue, in the config's order */
  const hkl_leg *const *legs;
  uint64_t leg_count;

  /* All kinds. */
  hkl_str number; /* E.164 or digits; empty when withheld */
  hkl_str email;
  hkl_str text;
  hkl_str ad_source;
  hkl_str channel;
  hkl_str visit;
  hkl_strs tags;
  int32_t rating;
  uint32_t taken_how; /* 0 not told, 1 talked, 2 opened, 3 assigned */
  int64_t taken_at_ms;
  hkl_str taken_by;
  hkl_str lead;       /* the lead it belongs to */
  uint32_t made_lead; /* 1: that lead was made from it */
  uint32_t reserved;
  hkl_str responsible;    /* of the contact's open lead when it was over (a call) or came */
  hkl_str line_ad_source; /* that the line belongs to, by the config or a record */
  /* --- 1.0 ends here --- */
} hkl_touch;

/* A lead as it is now. */
typedef struct hkl_lead {
  uint32_t struct_size;
  uint32_t is_open; /* 0: its stage is in a closing group */
  hkl_str id;
  hkl_str kind;
  hkl_str funnel;
  hkl_str stage;
  hkl_strs stage_groups;
  hkl_str responsible;
  hkl_str inquiry; /* that made it */
  int64_t created_at_ms;
  int64_t closed_at_ms;
  int64_t stage_since_ms;
  /* --- 1.0 ends here --- */
} hkl_lead;

/* Who the contact is. An empty id: the number was withheld. */
typedef struct hkl_contact {
  uint32_t struct_size;
  uint32_t reserved;
  hkl_str id;
  hkl_str name;
  hkl_strs numbers;
  hkl_strs emails;
  hkl_str responsible; /* of its open lead, else of the latest one */
  /* --- 1.0 ends here --- */
} hkl_contact;

/* What a person or the CRM said of a task that this rule asked for: it was
 * closed, moved, given to somebody. What is said stands above the rule. */
typedef struct hkl_told_task {
  uint32_t struct_size;
  uint32_t state; /* HKL_TASK_… */
  hkl_str key;    /* as the rule named it */
  hkl_str assignee;
  hkl_str done_by;
  int64_t deadline_at_ms;
  int64_t done_at_ms;
  /* --- 1.0 ends here --- */
} hkl_told_task;

/* A contact with all that happened, in time order (ties by inquiry id). */
typedef struct hkl_timeline {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t now_ms; /* the moment in question, journalled; never a clock */
  const hkl_contact *contact;
  const hkl_touch *const *touches;
  uint64_t touch_count;
  const hkl_lead *const *leads;
  uint64_t lead_count;
  const hkl_told_task *const *told; /* of the asking rule; in the order of their keys */
  uint64_t told_count;
  /* --- 1.0 ends here --- */
} hkl_timeline;

#ifdef __cplusplus
}
#endif

#endif
