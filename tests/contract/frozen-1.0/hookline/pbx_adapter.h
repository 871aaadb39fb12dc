/* Hookline: the plugin kind "PBX adapter".
 *
 * The host owns every socket, file and route. An adapter says which it wants,
 * gets bytes and the time, and gives events and bytes to send. It therefore
 * works the same live, from a recording, under a fuzzer and in a process of
 * its own. It keeps what belongs to a connection (half a line, being logged
 * in), and nothing of calls: that is the host's to put together.
 */
#ifndef HOOKLINE_PBX_ADAPTER_H
#define HOOKLINE_PBX_ADAPTER_H

#include "events.h"
#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif
/* --- Where bytes come from -------------------------------------------------- */
#define HKL_ENDPOINT_TCP_CLIENT UINT32_C(1) /* the host dials address:port, with backoff */
#define HKL_ENDPOINT_TCP_SERVER UINT32_C(2) /* the host listens on address:port; address empty: on the loopback */
#define HKL_ENDPOINT_FILE UINT32_C(3)       /* the host follows the file `address` */
#define HKL_ENDPOINT_HTTP_ROUTE UINT32_C(4) /* requests to /hooks/<source>/; pbx_http.h */
#define HKL_ENDPOINT_HTTP_POLL UINT32_C(5)  /* the host asks `address` every interval_ms; pbx_http.h */
#define HKL_ENDPOINT_ROWS UINT32_C(6)       /* rows of a database query; pbx_rows.h */
#define HKL_ENDPOINT_SERIAL UINT32_C(7)     /* the serial line `address`, a device, at `port` bits a second */

typedef struct hkl_endpoint {
  uint32_t struct_size;
  uint32_t kind;   /* HKL_ENDPOINT_… */
  hkl_str name;    /* tells several apart; given back in hkl_connection */
  hkl_str address; /* host name, path or URL */
  uint32_t port;
  uint32_t use_tls; /* 1: TLS with the system's authorities */
  hkl_str tls_ca;   /* PEM text to trust instead, or empty */
  int64_t idle_ms;  /* nothing heard for so long: the host closes, and dials again; 0: never */
  int64_t interval_ms;
  hkl_str query;     /* rows: the SQL, with :after for the last key seen; serial: "8N1", "7E1 rtscts", "8N1 xonxoff" */
  hkl_str key;       /* rows: the column that orders them */
  hkl_str peers;     /* TCP server: addresses and networks that may connect, "10.0.0.5, 10.1.0.0/16, fd00::/8";
                        wanted where address is no loopback: what connects is believed */
  hkl_str first_key; /* rows: what :after is at the first time, below every key */
  int64_t late_ms;   /* rows: a row may appear so long after rows with greater keys */
  /* --- 1.0 ends here --- */
} hkl_endpoint;

/* One connection, one file, one capture being read. */
typedef struct hkl_connection {
  uint32_t struct_size;
  uint32_t is_capture; /* 1: recorded bytes. What the switch answers there was
                          asked by another client: wait for no answer of your
                          own; what you send goes nowhere. */
  uint64_t id;         /* never used again within the instance */
  hkl_str endpoint;    /* hkl_endpoint.name */
  hkl_str name;        /* "10.0.0.5:5038", the file's name: for messages */
  /* --- 1.0 ends here --- */
} hkl_connection;

/* Where an adapter puts what it has to say. Everything is copied before the
 * function returns. [in-call] */
#define HKL_SOURCE_CONNECTING UINT32_C(1) /* greeted, logging in */
#define HKL_SOURCE_LIVE UINT32_C(2)       /* logged in, events are coming */
#define HKL_SOURCE_REFUSED UINT32_C(3)    /* the switch does not let us in */
typedef struct hkl_pbx_sink {
  uint32_t struct_size;
  uint32_t reserved;
  void *user;
  /* One canonical event. HKL_INVALID names what is illegal in it; the event
   * is refused and counted, the adapter goes on. HKL_CANCELLED: stop. */
  hkl_status (*event)(void *user, const hkl_call_event *event, hkl_error *err);
  /* Bytes for the other side of `connection`, in order. */
  hkl_status (*send)(void *user, uint64_t connection, hkl_bytes bytes);
  /* Close it; the host connects again after its backoff, at least after_ms. */
  hkl_status (*close)(void *user, uint64_t connection, int64_t after_ms, hkl_str why);
  /* How the source does: HKL_SOURCE_…, with a sentence for the admin. */
  hkl_status (*state)(void *user, uint64_t connection, uint32_t state, hkl_str text);
  /* Input that was left out: bytes dropped or a message not understood, with
   * the reason. Counted and shown; the import names it. */
  hkl_status (*skipped)(void *user, uint64_t connection, uint64_t byte_count, hkl_str why);
  /* Call tick at at_ms, or as soon after as can be. */
  hkl_status (*tick_at)(void *user, int64_t at_ms);
  /* --- 1.0 ends here --- */
} hkl_pbx_sink;

typedef struct hkl_endpoint_sink {
  uint32_t struct_size;
  uint32_t reserved;
  void *user;
  hkl_status (*want)(void *user, const hkl_endpoint *endpoint); /* [in-call] */
  /* --- 1.0 ends here --- */
} hkl_endpoint_sink;

#define HKL_PBX_ADAPTER_V1 "hookline.pbx-adapter/1"
/* All members are required. Every function gets the time as an argument and
 * may use no other. */
typedef struct hkl_pbx_adapter {
  uint32_t struct_size;
  uint32_t reserved;

  /* Which endpoints the settings ask for. Called once, after configure.
   * [instance]  Since 1.0. */
  hkl_status (*endpoints)(hkl_instance *self, const hkl_endpoint_sink *sink, hkl_error *err);

  /* A connection stands, or a file begins.
   * [instance & started]  Since 1.0. */
  hkl_status (*opened)(hkl_instance *self, const hkl_connection *connection, int64_t now_ms, const hkl_pbx_sink *sink,
                       hkl_error *err);

  /* Take bytes that arrived at now_ms and report what they mean.
   *
   * Bytes may end anywhere, even inside a character; keep the rest for later.
   * Events go to `sink` in the order of the switch; an event the switch
   * repeats keeps its event_id, on whatever connection it comes. Memory stays
   * bounded whatever arrives: what is too long is dropped and `skipped` says
   * so. HKL_PROTOCOL: the stream makes no sense; the host closes and dials
   * again. [instance & started]  Since 1.0. */
  hkl_status (*feed)(hkl_instance *self, uint64_t connection, hkl_bytes bytes, int64_t now_ms, const hkl_pbx_sink *sink,
                     hkl_error *err);

  /* The connection is gone, or the file has ended. What is left of a message
   * is reported as skipped. The id is not used again.
   * [instance & started]  Since 1.0. */
  hkl_status (*closed)(hkl_instance *self, uint64_t connection, int64_t now_ms, const hkl_pbx_sink *sink,
                       hkl_error *err);

  /* The time asked for with tick_at has come: pings, timeouts of log-ins.
   * [instance & started]  Since 1.0. */
  hkl_status (*tick)(hkl_instance *self, int64_t now_ms, const hkl_pbx_sink *sink, hkl_error *err);
  /* --- 1.0 ends here --- */
} hkl_pbx_adapter;

/* --- Optional: ordering calls ------------------------------------------------ */
#define HKL_PBX_ORIGINATE_V1 "hookline.pbx-originate/1"
typedef struct hkl_originate {
  uint32_t struct_size;
  uint32_t reserved;
  hkl_str request;   /* the order's id; the call's events carry it in `request` */
  hkl_str extension; /* rings first */
  hkl_str number;    /* E.164, then dialled */
  hkl_str line;      /* to show, or empty */
  int64_t ring_ms;   /* how long the employee's phone rings */
  /* --- 1.0 ends here --- */
} hkl_originate;
typedef struct hkl_pbx_originate {
  uint32_t struct_size;
  uint32_t reserved;
  /* Send the order on a live connection. HKL_OK: it was sent. What came of it
   * arrives as events. HKL_UNAVAILABLE: not connected.
   * [instance & started]  Since 1.0. */
  hkl_status (*originate)(hkl_instance *self, const hkl_originate *order, int64_t now_ms, const hkl_pbx_sink *sink,
                          hkl_error *err);
  /* --- 1.0 ends here --- */
} hkl_pbx_originate;

#ifdef __cplusplus
}
#endif

#endif
