/* Hookline: what the host offers to plugins.
 *
 * A plugin opens no file or socket and reads no clock, so what it cannot do
 * alone it asks of the host, by id, at any time after create:
 *
 *   const hkl_host_phone *phone = host->get_interface(host, HKL_STR(HKL_HOST_PHONE_V1));
 *
 * NULL means that this host does not offer it; one that is listed in the
 * manifest's `needs` is always there. Every function takes the host it came
 * from. Out structs are the caller's: struct_size set, the rest zeroed.
 */
#ifndef HOOKLINE_HOST_H
#define HOOKLINE_HOST_H

#include "facts.h"
#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- Log ------------------------------------------------------------------ */
#define HKL_HOST_LOG_V1 "hookline.host.log/1"
#define HKL_LOG_ERROR UINT32_C(1)
#define HKL_LOG_WARNING UINT32_C(2)
#define HKL_LOG_INFO UINT32_C(3)
#define HKL_LOG_DEBUG UINT32_C(4)
typedef struct hkl_host_log {
  uint32_t struct_size;
  uint32_t reserved;
  /* One line, without its end. Floods are cut and counted. The values of
   * secret settings are replaced before a line leaves the host. [any] */
  void (*write)(const hkl_host *host, uint32_t level, hkl_str text);
  /* --- 1.0 ends here --- */
} hkl_host_log;

/* --- Digests -------------------------------------------------------------- */
#define HKL_HOST_DIGEST_V1 "hookline.host.digest/1"
#define HKL_DIGEST_MD5 UINT32_C(1)
#define HKL_DIGEST_SHA1 UINT32_C(2)
#define HKL_DIGEST_SHA256 UINT32_C(3)
#define HKL_DIGEST_SHA512 UINT32_C(4)
typedef struct hkl_digest {
  uint32_t struct_size;
  uint32_t len; /* bytes used: 16, 20, 32 or 64 */
  uint8_t bytes[64];
  /* --- 1.0 ends here --- */
} hkl_digest;
typedef struct hkl_host_digest {
  uint32_t struct_size;
  uint32_t reserved;
  /* HKL_UNSUPPORTED: no such algorithm. [any] */
  hkl_status (*hash)(const hkl_host *host, uint32_t algorithm, hkl_bytes data, hkl_digest *out_digest);
  hkl_status (*hmac)(const hkl_host *host, uint32_t algorithm, hkl_bytes key, hkl_bytes data,
                     hkl_digest *out_digest); /* [any] */
  /* --- 1.0 ends here --- */
} hkl_host_digest;

/* --- Telephone numbers ----------------------------------------------------- */
#define HKL_HOST_PHONE_V1 "hookline.host.phone/1"
typedef struct hkl_phone {
  uint32_t struct_size;
  uint32_t is_valid;  /* 1: a possible number of its plan, e164 has its plus */
  char e164[32];      /* "+74951234567"; else the digits of the text */
  char extension[16]; /* what stood behind: "#404", ",,12", "доб. 12" */
  char region[8];     /* "RU", empty when not known */
  /* --- 1.0 ends here --- */
} hkl_phone;
typedef struct hkl_host_phone {
  uint32_t struct_size;
  uint32_t reserved;
  /* E.164 of a number as people and switches write it; "sip:" and "tel:" are
   * taken off. `region` is of the line ("RU"); empty: that of the config.
   * HKL_NOT_FOUND: there is no digit in the text. [any] */
  hkl_status (*normalise)(const hkl_host *host, hkl_str raw, hkl_str region, hkl_phone *out_phone);
  /* --- 1.0 ends here --- */
} hkl_host_phone;

/* --- Time zones ------------------------------------------------------------ */
#define HKL_HOST_TIME_V1 "hookline.host.time/1"
typedef struct hkl_local_time {
  uint32_t struct_size;
  int32_t year;
  int32_t month; /* 1–12 */
  int32_t day;   /* 1–31 */
  int32_t hour;  /* 0–23 */
  int32_t minute;
  int32_t second; /* 0–59 */
  int32_t ms;
  int32_t offset_s; /* east of UTC; out only */
  int32_t weekday;  /* Monday is 1; out only */
  /* --- 1.0 ends here --- */
} hkl_local_time;
typedef struct hkl_host_time {
  uint32_t struct_size;
  uint32_t reserved;
  /* An hour that the clock repeats is taken as the first one, one that it
   * skips as if it had not. Empty zone: the source's, else the config's.
   * HKL_NOT_FOUND: no such zone. HKL_INVALID: no such date. [any] */
  hkl_status (*to_utc)(const hkl_host *host, const hkl_local_time *local, hkl_str zone, int64_t *out_ms);
  hkl_status (*to_local)(const hkl_host *host, int64_t at_ms, hkl_str zone, hkl_local_time *out_local); /* [any] */
  /* --- 1.0 ends here --- */
} hkl_host_time;

/* --- Working hours --------------------------------------------------------- */
#define HKL_HOST_CALENDAR_V1 "hookline.host.calendar/1"
typedef struct hkl_host_calendar {
  uint32_t struct_size;
  uint32_t reserved;
  /* `calendar` is an id from the config. HKL_NOT_FOUND: no such calendar.
   * HKL_UNAVAILABLE: it has no open time within five years. [any] */
  hkl_status (*add_open)(const hkl_host *host, hkl_str calendar, int64_t from_ms, int64_t open_ms, int64_t *out_ms);
  hkl_status (*open_between)(const hkl_host *host, hkl_str calendar, int64_t from_ms, int64_t to_ms,
                             int64_t *out_open_ms);
  hkl_status (*is_open)(const hkl_host *host, hkl_str calendar, int64_t at_ms, uint32_t *out_is_open);
  /* --- 1.0 ends here --- */
} hkl_host_calendar;

/* --- A contact's history ---------------------------------------------------- */
#define HKL_HOST_HISTORY_V1 "hookline.host.history/1"
typedef struct hkl_touch_sink {
  uint32_t struct_size;
  uint32_t reserved;
  void *user;
  /* The touch is the host's and valid until take returns. Not HKL_OK: enough. */
  hkl_status (*take)(void *user, const hkl_touch *touch);
  /* --- 1.0 ends here --- */
} hkl_touch_sink;
typedef struct hkl_host_history {
  uint32_t struct_size;
  uint32_t reserved;
  /* Touches of a contact with at_ms < before_ms, newest first, at most `limit`.
   * HKL_NOT_FOUND: no such contact. [in-call] */
  hkl_status (*touches)(const hkl_host *host, hkl_str contact, int64_t before_ms, uint64_t limit,
                        const hkl_touch_sink *sink);
  /* --- 1.0 ends here --- */
} hkl_host_history;

/* --- Conditions -------------------------------------------------------------- */
/* A condition in the language of reports over one inquiry: `missed and hour(at) < 9`,
 * `talk_s < 10 and line = '+74950000001'`, `tags contains 'price'`. Fields are those
 * of the touch and its contact; the manual of the plugin `rules` lists them. The
 * language lives in the host, so that reports and rules mean the same by it. */
#define HKL_HOST_CONDITION_V1 "hookline.host.condition/1"
typedef struct hkl_condition hkl_condition; /* the host's, until the instance is destroyed */
typedef struct hkl_host_condition {
  uint32_t struct_size;
  uint32_t reserved;
  /* HKL_BAD_SETTINGS: err tells the column and what is known there. [any] */
  hkl_status (*compile)(const hkl_host *host, hkl_str text, const hkl_condition **out_condition, hkl_error *err);
  /* `earlier_count`: inquiries of the contact before this one. [any] */
  hkl_status (*holds)(const hkl_host *host, const hkl_condition *condition, const hkl_touch *touch,
                      const hkl_contact *contact, uint64_t earlier_count, uint32_t *out_holds);
  /* --- 1.0 ends here --- */
} hkl_host_condition;

/* --- Being woken ------------------------------------------------------------ */
#define HKL_HOST_WAKE_V1 "hookline.host.wake/1"
typedef struct hkl_host_wake {
  uint32_t struct_size;
  uint32_t reserved;
  /* Have this instance looked at again at at_ms: an adapter gets tick, a
   * classifier or task rule is asked again about the contact in hand. The
   * host journals the moment when it comes. A later call with the same key
   * moves it; HKL_UNKNOWN_MS takes it back. [in-call] */
  hkl_status (*wake_at)(const hkl_host *host, hkl_str key, int64_t at_ms);
  /* --- 1.0 ends here --- */
} hkl_host_wake;

#ifdef __cplusplus
}
#endif

#endif
