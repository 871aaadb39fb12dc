/* Hookline: canonical events, what an adapter says of a PBX.
 *
 * An event is one fact. Facts are folded by the host in the order of their own
 * time, never of their arrival: a late or repeated fact changes nothing but
 * what it adds. So an adapter needs no memory of calls: it tells each message
 * as it comes and lets the host put calls together.
 *
 * There are two vocabularies, and an adapter uses the one its PBX speaks:
 *
 *   legs      clouds and call records: "101 rings", "101 answered", "the call
 *             is over", or the whole call in one summary. Kinds below 64.
 *   channels  switches that show their inside (AMI, CEL, ESL): channels begin,
 *             dial one another, enter and leave bridges, end. Kinds from 64.
 *             The host finds out who spoke with whom.
 *
 * Both may speak of one call; the finer times win, either fills what the other
 * lacks.
 */
#ifndef HOOKLINE_EVENTS_H
#define HOOKLINE_EVENTS_H

#include <string.h>

#include "words.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- Legs: what happened to a stretch of a call ------------------------- */
#define HKL_EVENT_UNKNOWN UINT32_C(0)
/* A call exists. Uses direction, client, line, extension (who dialled). */
#define HKL_EVENT_CALL_BEGUN UINT32_C(1)
/* leg_ref (or extension) rings since at_ms. Uses leg_kind. */
#define HKL_EVENT_LEG_RINGING UINT32_C(2)
/* It was picked up at at_ms; for a queue or menu that is not a person. */
#define HKL_EVENT_LEG_ANSWERED UINT32_C(3)
/* It is over. Uses leg_outcome, reason, cause. */
#define HKL_EVENT_LEG_ENDED UINT32_C(4)
/* The client waits in `queue` since at_ms / left it (leg_outcome says how). */
#define HKL_EVENT_QUEUE_ENTERED UINT32_C(5)
#define HKL_EVENT_QUEUE_LEFT UINT32_C(6)
/* The leg put the other side on hold / took it back. */
#define HKL_EVENT_HELD UINT32_C(7)
#define HKL_EVENT_UNHELD UINT32_C(8)
/* The call was handed on: transfer_kind, from, to. */
#define HKL_EVENT_TRANSFERRED UINT32_C(9)
/* A recording exists: `recording` is its address or vendor id. */
#define HKL_EVENT_RECORDING UINT32_C(10)
/* `tags` were given to the call. */
#define HKL_EVENT_TAGGED UINT32_C(11)
/* The client gave `rating`. */
#define HKL_EVENT_RATED UINT32_C(12)
/* The call is over for the client. Uses reason, hung_up_by, result. */
#define HKL_EVENT_CALL_ENDED UINT32_C(13)
/* The whole call in one record: at_ms is its start; every field may be set. */
#define HKL_EVENT_CALL_SUMMARY UINT32_C(14)
/* A whole leg in one record. */
#define HKL_EVENT_LEG_SUMMARY UINT32_C(15)
/* `extension` is in `presence` since at_ms, for `reason_text`. No call_ref. */
#define HKL_EVENT_PRESENCE UINT32_C(16)
/* call_ref and other_ref name one call. */
#define HKL_EVENT_REFS_JOINED UINT32_C(17)
/* A click-to-call order: `request` is its id, extension and client its ends. */
#define HKL_EVENT_CALL_REQUESTED UINT32_C(18)

/* --- The source itself: no call_ref -------------------------------------- */
/* Nothing was heard from at_ms to ended_at_ms; calls open then are incomplete
 * where the switch cannot tell them again. */
#define HKL_EVENT_SOURCE_GAP UINT32_C(32)
/* A list of all living channels was complete at at_ms: whatever began before
 * and was not HKL_EVENT_CHANNEL_SEEN with the same `list_ref` has ended unseen. */
#define HKL_EVENT_SOURCE_LISTED UINT32_C(33)
/* The switch started anew at at_ms: everything older is over. */
#define HKL_EVENT_SOURCE_RESTARTED UINT32_C(34)
/* Nothing came until at_ms: an import ended, or a call was silent for the source's
 * close_after. The host makes this one; calls with nothing later close as incomplete. */
#define HKL_EVENT_SOURCE_SILENT UINT32_C(35)

/* --- Channels: the inside of a switch ------------------------------------ */
/* leg_ref exists since at_ms, in conversation call_ref. Uses channel_kind,
 * name (the switch's own name of it), extension or client, line, dialled. */
#define HKL_EVENT_CHANNEL_BEGUN UINT32_C(64)
/* Something about it is known only now: line, client, dialled, name. */
#define HKL_EVENT_CHANNEL_CHANGED UINT32_C(65)
/* leg_ref rings other_ref. dialled is what was sent to the other side; line
 * the number shown there. Empty leg_ref: the switch itself dials. */
#define HKL_EVENT_DIAL_BEGUN UINT32_C(66)
/* That attempt is over: result is the switch's word, leg_outcome its sense. */
#define HKL_EVENT_DIAL_ENDED UINT32_C(67)
/* leg_ref is picked up, whoever or whatever it is. */
#define HKL_EVENT_CHANNEL_UP UINT32_C(68)
/* leg_ref enters / leaves bridge_ref. other_ref: the channel it replaces.
 * talked: said once for two who talk; `to` is the other channel's name, or
 * empty where only the dialling tells who that is. */
#define HKL_EVENT_BRIDGE_ENTERED UINT32_C(69)
#define HKL_EVENT_BRIDGE_LEFT UINT32_C(70)
/* All channels of other_ref are in bridge_ref from now on. */
#define HKL_EVENT_BRIDGE_MERGED UINT32_C(71)
/* leg_ref and other_ref are the two halves of one local pair. */
#define HKL_EVENT_CHANNEL_PAIRED UINT32_C(72)
/* leg_ref runs an application of the switch: leg_kind says whether that is a
 * menu, voicemail or queue; name which one; keys what was pressed. */
#define HKL_EVENT_APP_ENTERED UINT32_C(73)
#define HKL_EVENT_APP_LEFT UINT32_C(74)
/* A hang-up was asked of leg_ref (cause). Not always by that party. */
#define HKL_EVENT_HANGUP_ASKED UINT32_C(75)
/* leg_ref is gone: cause is the switch's number or word, leg_outcome and
 * reason its sense where the adapter can tell. */
#define HKL_EVENT_CHANNEL_ENDED UINT32_C(76)
/* leg_ref is parked in space `name` / was taken from it by other_ref. */
#define HKL_EVENT_CHANNEL_PARKED UINT32_C(77)
#define HKL_EVENT_CHANNEL_UNPARKED UINT32_C(78)
/* A queue offers its caller leg_ref to the member's phone other_ref. */
#define HKL_EVENT_MEMBER_RINGING UINT32_C(79)
/* That member did not take it / took it. */
#define HKL_EVENT_MEMBER_LEFT UINT32_C(80)
#define HKL_EVENT_MEMBER_CONNECTED UINT32_C(81)
/* leg_ref was alive when the list list_ref was made; its start is
 * started_at_ms; HKL_TRI_YES in is_up when it had been picked up. */
#define HKL_EVENT_CHANNEL_SEEN UINT32_C(82)

/* What a channel leads to. */
#define HKL_CHANNEL_KIND_UNKNOWN UINT32_C(0)
#define HKL_CHANNEL_KIND_PHONE UINT32_C(1)  /* a phone of ours, `extension` */
#define HKL_CHANNEL_KIND_TRUNK UINT32_C(2)  /* the outside world */
#define HKL_CHANNEL_KIND_LOCAL UINT32_C(3)  /* one half of a pair inside the switch */
#define HKL_CHANNEL_KIND_SYSTEM UINT32_C(4) /* an announcement, a recorder, a console */

/* Bits of hkl_call_event.flags. */
#define HKL_EVENT_FLAG_RECEIPT_TIME UINT32_C(1) /* the PBX gave no time; at_ms is the host's */
#define HKL_EVENT_FLAG_HISTORY UINT32_C(2)      /* what happened long ago: no lead, task or delivery */

typedef struct hkl_call_event {
  uint32_t struct_size; /* sizeof(hkl_call_event) of whoever filled it */
  uint32_t kind;        /* HKL_EVENT_CALL_BEGUN, HKL_EVENT_CHANNEL_BEGUN, … ; 0 is unknown */
  uint32_t flags;       /* HKL_EVENT_FLAG_… */
  uint32_t direction;   /* HKL_DIRECTION_… */
  hkl_str event_id;     /* the same whenever the PBX sends it again; unique in its source */
  hkl_str call_ref;     /* the PBX's own name for the conversation */
  hkl_str leg_ref;      /* … for the leg or channel; may be empty in the leg vocabulary */
  hkl_str other_ref;    /* the second channel, bridge or call, see the kind */
  hkl_str bridge_ref;   /* the bridge */
  hkl_str list_ref;     /* the list of living channels */
  int64_t at_ms;        /* by the PBX's clock, UTC */
  uint64_t seq;         /* order within at_ms (microseconds, a vendor's number); else 0 */

  uint32_t channel_kind;  /* HKL_CHANNEL_KIND_… */
  uint32_t leg_kind;      /* HKL_LEG_KIND_… */
  uint32_t leg_outcome;   /* HKL_LEG_… */
  uint32_t reason;        /* HKL_REASON_… */
  uint32_t hung_up_by;    /* HKL_BY_… */
  uint32_t transfer_kind; /* HKL_TRANSFER_… */
  uint32_t call_type;     /* HKL_CALL_TYPE_… */
  uint32_t presence;      /* HKL_PRESENCE_… */
  uint32_t is_up;         /* HKL_TRI_… */
  uint32_t talked;        /* HKL_TRI_…: a person and the client spoke (summaries) */
  uint32_t is_withheld;   /* HKL_TRI_YES: the outside party hides its number */
  int32_t rating;         /* 1–5, 0: none */

  hkl_str client;      /* the outside party's number as sent */
  hkl_str client_name; /* as sent, any script */
  hkl_str line;        /* the company's number dialled or shown */
  hkl_str extension;   /* the phone of ours this event is about */
  hkl_str employee;    /* the PBX's own id of the employee, where it has no extension */
  hkl_str name;        /* of the queue, group, menu, mailbox, channel, space */
  hkl_str queue;       /* the queue */
  hkl_str dialled;     /* digits as dialled or sent */
  hkl_str from;        /* transfers: extension that handed on */
  hkl_str to;          /* transfers: extension or number it went to */
  hkl_str keys;        /* keys pressed in a menu */
  hkl_str cause;       /* the PBX's own cause of the leg's end */
  hkl_str result;      /* the outcome in the PBX's own word */
  hkl_str reason_text; /* presence: why */
  hkl_str recording;   /* address or vendor id */
  hkl_str request;     /* id of the click-to-call order */
  hkl_strs tags;
  hkl_str extra; /* a JSON object of what else the PBX tells, under its own names, or empty */

  int64_t started_at_ms; /* summaries and lists; HKL_UNKNOWN_MS where not told */
  int64_t offered_at_ms;
  int64_t answered_at_ms;
  int64_t ended_at_ms;
  int64_t wait_ms;
  int64_t talk_ms;
  int64_t hold_ms;
  int64_t acw_ms;
  /* --- 1.0 ends here --- */
} hkl_call_event;

/* Sets what 0 would misstate: struct_size and the unknown times. */
static inline void hkl_call_event_init(hkl_call_event *event) {
  memset(event, 0, sizeof *event);
  event->struct_size = (uint32_t)sizeof *event;
  event->started_at_ms = event->offered_at_ms = HKL_UNKNOWN_MS;
  event->answered_at_ms = event->ended_at_ms = HKL_UNKNOWN_MS;
  event->wait_ms = event->talk_ms = HKL_UNKNOWN_MS;
  event->hold_ms = event->acw_ms = HKL_UNKNOWN_MS;
}

#ifdef __cplusplus
}
#endif

#endif
