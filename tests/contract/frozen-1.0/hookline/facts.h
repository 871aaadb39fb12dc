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
  int64_t acw_ms; /* after-call work, where the PBX tells */
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
  /* 1: who asks for the report may not see it, or chose other rows. It happened,
   * so first and later calls are told by it too, but no figure counts it. Only in
   * scans of a report whose definition says `leaves_out`. */
  uint32_t is_left_out;
  hkl_str responsible;    /* of the contact's open lead when it was over (a call) or came */
  hkl_str line_ad_source; /* that the line belongs to, by the config or a record */
  hkl_str step_source;    /* of that ad source: what a path of visits would say of it */
  hkl_str step_medium;
  hkl_str line_tracking; /* "none", "static" or "dynamic": how that line is handed out; empty: not told */
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
  int64_t amount;   /* minor units of `currency`; 0 where that is empty */
  hkl_str currency; /* empty: the lead has no amount */
  /* --- 1.0 ends here --- */
} hkl_lead;

/* One session of a site by one visitor. Texts are as the address of the visit
 * said them. */
typedef struct hkl_visit {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t at_ms;
  hkl_str id;
  hkl_str visitor;
  hkl_str source;
  hkl_str medium;
  hkl_str campaign;
  hkl_str ad;
  hkl_str keyword;
  hkl_str site;
  hkl_str city;
  hkl_str page;          /* where it came in */
  hkl_str ad_source;     /* the one whose step is this source and medium, by the config or a record */
  hkl_str line;          /* the number it was shown, E.164; empty: none of its own */
  int64_t line_until_ms; /* shown until then; HKL_UNKNOWN_MS: not told */
  hkl_strs tags;         /* other words of its address: "utm_content=red" */
  /* --- 1.0 ends here --- */
} hkl_visit;

/* How far the host looks for visits that may have led to a call: a lease that
 * ended a day before the call is too old, one whose end is not told counts as
 * a day, and none is longer than a week. */
#define HKL_LEASE_GRACE_MAX_MS INT64_C(86400000)
#define HKL_LEASE_MAX_MS INT64_C(604800000)

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
  const hkl_visit *const *visits; /* in time order, ties by id; for reports that scan */
  uint64_t visit_count;
  /* --- 1.0 ends here --- */
} hkl_timeline;

#ifdef __cplusplus
}
#endif

#endif
