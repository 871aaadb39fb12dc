/* Hookline: the words of the trade as numbers.
 *
 * The text beside each constant is the word in JSON, YAML and reports. 0 is
 * always "not known" or "not told". New words are only added at the end; a
 * receiver treats a number it does not know as 0.
 */
#ifndef HOOKLINE_WORDS_H
#define HOOKLINE_WORDS_H

#include "types.h"

/* Direction, from the company's side. */
#define HKL_DIRECTION_UNKNOWN UINT32_C(0)
#define HKL_DIRECTION_IN UINT32_C(1)       /* "in" */
#define HKL_DIRECTION_OUT UINT32_C(2)      /* "out" */
#define HKL_DIRECTION_INTERNAL UINT32_C(3) /* "internal" */

/* What kind of thing a leg reached. */
#define HKL_LEG_KIND_UNKNOWN UINT32_C(0)
#define HKL_LEG_KIND_EMPLOYEE UINT32_C(1)  /* "employee": a phone of ours */
#define HKL_LEG_KIND_QUEUE UINT32_C(2)     /* "queue" */
#define HKL_LEG_KIND_GROUP UINT32_C(3)     /* "group": phones that ring together */
#define HKL_LEG_KIND_IVR UINT32_C(4)       /* "ivr": a menu */
#define HKL_LEG_KIND_EXTERNAL UINT32_C(5)  /* "external": an outside phone */
#define HKL_LEG_KIND_VOICEMAIL UINT32_C(6) /* "voicemail" */

/* How a leg ended. */
#define HKL_LEG_OUTCOME_UNKNOWN UINT32_C(0)
#define HKL_LEG_ANSWERED UINT32_C(1)    /* "answered" */
#define HKL_LEG_NO_ANSWER UINT32_C(2)   /* "no_answer": rang out */
#define HKL_LEG_BUSY UINT32_C(3)        /* "busy" */
#define HKL_LEG_ELSEWHERE UINT32_C(4)   /* "elsewhere": another phone took the call */
#define HKL_LEG_REJECTED UINT32_C(5)    /* "rejected" */
#define HKL_LEG_UNAVAILABLE UINT32_C(6) /* "unavailable": not registered, off, wrong */
#define HKL_LEG_CANCELLED UINT32_C(7)   /* "cancelled": the caller gave up first */
#define HKL_LEG_FAILED UINT32_C(8)      /* "failed": network or PBX */
#define HKL_LEG_ABANDONED UINT32_C(9)   /* "abandoned": queue, the client hung up */
#define HKL_LEG_TIMED_OUT UINT32_C(10)  /* "timed_out": queue, its time ran out */
#define HKL_LEG_NO_STAFF UINT32_C(11)   /* "no_staff": queue, nobody on duty */
#define HKL_LEG_REFUSED UINT32_C(12)    /* "refused": queue, full or closed */
#define HKL_LEG_MOVED UINT32_C(13)      /* "moved": queue, sent elsewhere */

/* How a call ended for the client. */
#define HKL_OUTCOME_UNKNOWN UINT32_C(0)
#define HKL_OUTCOME_ANSWERED UINT32_C(1)     /* "answered" */
#define HKL_OUTCOME_MISSED UINT32_C(2)       /* "missed": inbound, no person */
#define HKL_OUTCOME_UNSUCCESSFUL UINT32_C(3) /* "unsuccessful": outbound or internal */

/* What ended the call. Definitions: metrics, "Finish reason". */
#define HKL_REASON_NOT_TOLD UINT32_C(0)
#define HKL_REASON_NORMAL UINT32_C(1)
#define HKL_REASON_CLIENT_HUNG_UP UINT32_C(2)
#define HKL_REASON_EMPLOYEE_HUNG_UP UINT32_C(3)
#define HKL_REASON_CLIENT_NO_ANSWER UINT32_C(4)
#define HKL_REASON_CLIENT_BUSY UINT32_C(5)
#define HKL_REASON_CLIENT_REJECTED UINT32_C(6)
#define HKL_REASON_CLIENT_UNAVAILABLE UINT32_C(7)
#define HKL_REASON_EMPLOYEE_NO_ANSWER UINT32_C(8)
#define HKL_REASON_EMPLOYEE_BUSY UINT32_C(9)
#define HKL_REASON_EMPLOYEE_UNAVAILABLE UINT32_C(10)
#define HKL_REASON_EMPLOYEE_REJECTED UINT32_C(11)
#define HKL_REASON_DIAL_TIMEOUT UINT32_C(12)
#define HKL_REASON_QUEUE_TIMEOUT UINT32_C(13)
#define HKL_REASON_NETWORK UINT32_C(14)
#define HKL_REASON_TECHNICAL UINT32_C(15)
#define HKL_REASON_LIMIT UINT32_C(16)
#define HKL_REASON_FINANCE UINT32_C(17)
#define HKL_REASON_NOT_CONFIGURED UINT32_C(18)
#define HKL_REASON_SECURITY UINT32_C(19)
#define HKL_REASON_UNKNOWN UINT32_C(20) /* "unknown": the PBX was asked and gave none */

/* Who ended the call. */
#define HKL_BY_NOT_TOLD UINT32_C(0)
#define HKL_BY_CLIENT UINT32_C(1)   /* "client" */
#define HKL_BY_EMPLOYEE UINT32_C(2) /* "employee" */
#define HKL_BY_SYSTEM UINT32_C(3)   /* "system" */

/* How a call was handed on. */
#define HKL_TRANSFER_NOT_TOLD UINT32_C(0)
#define HKL_TRANSFER_BLIND UINT32_C(1)    /* "blind" */
#define HKL_TRANSFER_ATTENDED UINT32_C(2) /* "attended" */
#define HKL_TRANSFER_FORWARD UINT32_C(3)  /* "forward" */
#define HKL_TRANSFER_PARK UINT32_C(4)     /* "park" */

/* By what way a call came or was ordered. */
#define HKL_CALL_TYPE_NOT_TOLD UINT32_C(0)
#define HKL_CALL_TYPE_LINE UINT32_C(1)             /* "line" */
#define HKL_CALL_TYPE_SITE_PHONE UINT32_C(2)       /* "site_phone" */
#define HKL_CALL_TYPE_CALLBACK UINT32_C(3)         /* "callback" */
#define HKL_CALL_TYPE_SIP UINT32_C(4)              /* "sip" */
#define HKL_CALL_TYPE_SCENARIO UINT32_C(5)         /* "scenario" */
#define HKL_CALL_TYPE_API UINT32_C(6)              /* "api" */
#define HKL_CALL_TYPE_TRACKING_STATIC UINT32_C(7)  /* "tracking_static" */
#define HKL_CALL_TYPE_TRACKING_DYNAMIC UINT32_C(8) /* "tracking_dynamic" */
#define HKL_CALL_TYPE_EXTERNAL_PBX UINT32_C(9)     /* "external_pbx" */
#define HKL_CALL_TYPE_UNKNOWN UINT32_C(10)         /* "unknown" */

/* What kind of touch an inquiry is. */
#define HKL_INQUIRY_UNKNOWN UINT32_C(0)
#define HKL_INQUIRY_CALL UINT32_C(1)    /* "call" */
#define HKL_INQUIRY_REQUEST UINT32_C(2) /* "request" */
#define HKL_INQUIRY_MANUAL UINT32_C(3)  /* "manual" */
#define HKL_INQUIRY_CHAT UINT32_C(4)    /* "chat" */

/* What a classifier says of an inquiry. */
#define HKL_QUALITY_NO_OPINION UINT32_C(0)
#define HKL_QUALITY_TARGET UINT32_C(1)     /* "target" */
#define HKL_QUALITY_NON_TARGET UINT32_C(2) /* "non_target" */
#define HKL_QUALITY_REPEAT UINT32_C(3)     /* "repeat" */
#define HKL_QUALITY_UNVERIFIED UINT32_C(4) /* "unverified" */
#define HKL_QUALITY_UNSORTED UINT32_C(5)   /* "unsorted" */

/* What an employee is doing between calls. */
#define HKL_PRESENCE_UNKNOWN UINT32_C(0)
#define HKL_PRESENCE_ONLINE UINT32_C(1)      /* "online": logged in and free */
#define HKL_PRESENCE_PAUSE UINT32_C(2)       /* "pause" */
#define HKL_PRESENCE_WRAP_UP UINT32_C(3)     /* "wrap_up" */
#define HKL_PRESENCE_OFFLINE UINT32_C(4)     /* "offline": logged out */
#define HKL_PRESENCE_UNREACHABLE UINT32_C(5) /* "unreachable": the phone is gone */

/* How a task stands. "overdue" is open after its deadline and is never sent. */
#define HKL_TASK_UNKNOWN UINT32_C(0)
#define HKL_TASK_OPEN UINT32_C(1)      /* "open" */
#define HKL_TASK_DONE UINT32_C(2)      /* "done" */
#define HKL_TASK_CANCELLED UINT32_C(3) /* "cancelled" */

#endif
