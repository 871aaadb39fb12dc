/* Hookline: optional interface of PBX adapters that speak HTTP.
 *
 * For webhooks, and for vendors that are asked. Limits on size and time are
 * the host's and are kept before the adapter sees a request.
 */
#ifndef HOOKLINE_PBX_HTTP_H
#define HOOKLINE_PBX_HTTP_H

#include "pbx_adapter.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hkl_header {
  hkl_str name; /* as sent; compare without regard to case */
  hkl_str value;
} hkl_header; /* fixed: it is an element of arrays and never grows */

typedef struct hkl_http_request {
  uint32_t struct_size;
  uint32_t is_capture; /* 1: recorded; signatures still count, clocks do not */
  hkl_str method;
  hkl_str url;  /* the public address with path and query, as the sender sees it */
  hkl_str path; /* what follows /hooks/<source>, without the query */
  hkl_str query;
  const hkl_header *headers;
  uint64_t header_count;
  hkl_bytes body;
  hkl_str peer; /* address of the sender */
  int64_t received_ms;
  /* --- 1.0 ends here --- */
} hkl_http_request;

#define HKL_VERDICT_ACCEPT UINT32_C(1)
#define HKL_VERDICT_IGNORE UINT32_C(2)
#define HKL_VERDICT_REJECT UINT32_C(3)
typedef struct hkl_http_reply {
  uint32_t struct_size;
  uint32_t verdict; /* HKL_VERDICT_… */
  uint32_t http_status;
  uint32_t reserved;
  hkl_str content_type;
  hkl_bytes body;
  hkl_str reason; /* of a refusal: "bad_signature". HKL_VERDICT_IGNORE: "unknown_kind", which is kept, counted and
                     shown by `hookline plugins` with `detail`, or "of_no_interest", which is not */
  hkl_str detail; /* for the admin: which of the adapter's rules took or refused it, and what it saw there; no secret */
  /* --- 1.0 ends here --- */
} hkl_http_reply;

/* What is known of a number, for replies that steer a live call. */
typedef struct hkl_lookup {
  uint32_t struct_size;
  uint32_t reserved;
  hkl_str contact;
  hkl_str contact_name;
  hkl_str responsible;           /* employee */
  hkl_str responsible_extension; /* on this source, now */
  hkl_str lead;
  /* --- 1.0 ends here --- */
} hkl_lookup;

typedef struct hkl_http_sink {
  uint32_t struct_size;
  uint32_t reserved;
  const hkl_pbx_sink *events;
  void *user;
  /* The answer; called once. The host sends it when the events of the request
   * are durable, and 503 with Retry-After when they cannot be. */
  hkl_status (*reply)(void *user, const hkl_http_reply *reply);
  /* From memory, in microseconds. HKL_NOT_FOUND: nobody has this number. */
  hkl_status (*look_up)(void *user, hkl_str number, hkl_lookup *out_found);
  /* Polls: ask this next (method, address, headers, body), at once or at_ms.
   * Orders: send this. */
  hkl_status (*ask)(void *user, const hkl_http_request *request, int64_t at_ms);
  /* Polls: everything up to here is taken; kept by the host across restarts. */
  hkl_status (*position)(void *user, hkl_str position);
  /* --- 1.0 ends here --- */
} hkl_http_sink;

#define HKL_PBX_HTTP_V1 "hookline.pbx-http/1"
/* All members are required. */
typedef struct hkl_pbx_http {
  uint32_t struct_size;
  uint32_t reserved;
  /* A request came in on the route. Nothing may be believed before its sender
   * is known. [instance & started]  Since 1.0. */
  hkl_status (*request)(hkl_instance *self, const hkl_http_request *request, int64_t now_ms, const hkl_http_sink *sink,
                        hkl_error *err);
  /* It is time to poll: say what to ask, from `position` on. Where nobody
   * answers, or with 408, 425, 429 or 5xx, the host asks the same again, with
   * growing pauses and what Retry-After says. HTTPS alone, but for this machine;
   * no redirect is followed. [instance & started]  Since 1.0. */
  hkl_status (*poll)(hkl_instance *self, hkl_str endpoint, hkl_str position, int64_t now_ms, const hkl_http_sink *sink,
                     hkl_error *err);
  /* What came back: events, what to ask next (the next page), and, once all
   * up to there was told, the position. An error ends the walk; the host logs
   * it and polls again after a pause, from the position that is kept.
   * [instance & started]  Since 1.0. */
  hkl_status (*answer)(hkl_instance *self, hkl_str endpoint, uint32_t http_status, hkl_bytes body, int64_t now_ms,
                       const hkl_http_sink *sink, hkl_error *err);
  /* --- 1.0 ends here --- */
} hkl_pbx_http;

/* --- Optional: ordering calls of a vendor over HTTP ------------------------- */
#define HKL_PBX_HTTP_ORIGINATE_V1 "hookline.pbx-http-originate/1"
/* All members are required. The adapter keeps nothing of an order between the
 * two: the order is given again with the answer. */
typedef struct hkl_pbx_http_originate {
  uint32_t struct_size;
  uint32_t reserved;
  /* A call is ordered: say by one `ask` what to send, at once. The host sends it
   * once and never again by itself, as nobody may be dialled twice; HTTPS alone,
   * but for this machine; no redirect is followed. HKL_UNSUPPORTED: with these
   * settings no calls can be ordered, and the error says why; HKL_INVALID: not
   * this one. [instance & started]  Since 1.0. */
  hkl_status (*order)(hkl_instance *self, const hkl_originate *order, int64_t now_ms, const hkl_http_sink *sink,
                      hkl_error *err);
  /* What the vendor answered, whatever its status. HKL_OK: it took the order;
   * where it named the call, HKL_EVENT_CALL_REQUESTED with that call_ref and the
   * order's `request` makes the call carry it. HKL_INVALID: it did not; the
   * error has its own words, for who ordered. HKL_UNAVAILABLE: it cannot now,
   * and its status is no 2xx. All else: the answer says neither, so the host
   * orders nothing again. Nothing may be asked. Not called where nobody answered.
   * [instance & started]  Since 1.0. */
  hkl_status (*ordered)(hkl_instance *self, const hkl_originate *order, uint32_t http_status, hkl_bytes body,
                        int64_t now_ms, const hkl_http_sink *sink, hkl_error *err);
  /* --- 1.0 ends here --- */
} hkl_pbx_http_originate;

#ifdef __cplusplus
}
#endif

#endif
