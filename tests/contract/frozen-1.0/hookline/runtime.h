/* Hookline: the library as a CRM sees it.
 *
 * One hkl_runtime is one company with one store. A process may hold several;
 * they share nothing. Every function is safe from any thread and says whether
 * it blocks. Nothing thrown, no signal, no fork, no write to the terminal
 * crosses this border.
 *
 *   hkl_runtime *rt = NULL;
 *   hkl_error err = {.struct_size = sizeof err};
 *   hkl_options options = {.struct_size = sizeof options, .config_path = "hookline.yaml"};
 *   if (hkl_create(&options, &rt, &err) != HKL_OK) { puts(err.text); return 1; }
 *   hkl_start(rt, &err);
 *   …
 *   hkl_destroy(rt);
 *
 * Requests are structs that begin with their size and may be zeroed: an empty
 * text is "not given". Plain `const char *` members end in a zero byte, as PHP,
 * Python and C have them at hand. Answers go to an hkl_writer, in the format
 * asked for. Fields are those of the canonical records.
 */
#ifndef HOOKLINE_RUNTIME_H
#define HOOKLINE_RUNTIME_H

#include "arrow.h"
#include "events.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hkl_runtime hkl_runtime;

/* --- Being called back -------------------------------------------------------- */

#define HKL_ENTITY_CONTACT UINT32_C(1)
#define HKL_ENTITY_LEAD UINT32_C(2)
#define HKL_ENTITY_TASK UINT32_C(3)
#define HKL_ENTITY_CALL UINT32_C(4)
#define HKL_ENTITY_INQUIRY UINT32_C(5)
#define HKL_ENTITY_SCREEN_POP UINT32_C(6)

/* One thing for the CRM. Comes at least once: after a crash or a failure the
 * same one comes again with the same key, so remember keys. Of one contact
 * they come in order: the contact, then what hangs on it. */
typedef struct hkl_delivery {
  uint32_t struct_size;
  uint32_t entity;  /* HKL_ENTITY_… */
  hkl_str id;       /* the CRM's where it gave one, else Hookline's ("hl-…") */
  hkl_str key;      /* idempotency key: one state of one entity */
  hkl_str json;     /* the canonical record */
  uint32_t attempt; /* 1 for the first */
  uint32_t reserved;
  /* --- 1.0 ends here --- */
} hkl_delivery;

/* Filled by the callback. */
typedef struct hkl_delivery_answer {
  uint32_t struct_size;
  uint32_t id_len;
  char id[256]; /* the CRM's own id of it; may stay empty */
  /* --- 1.0 ends here --- */
} hkl_delivery_answer;

#define HKL_CHANGE_CALL UINT32_C(1)
#define HKL_CHANGE_INQUIRY UINT32_C(2)
#define HKL_CHANGE_CONTACT UINT32_C(3)
#define HKL_CHANGE_LEAD UINT32_C(4)
#define HKL_CHANGE_TASK UINT32_C(5)
#define HKL_CHANGE_SOURCE UINT32_C(6)

/* What a CRM wants to hear. Any member may be NULL. They are called from one
 * thread of the runtime, one at a time, with no lock held, and may call back
 * in; with `pump` only inside hkl_pump, on its caller's thread. */
typedef struct hkl_callbacks {
  uint32_t struct_size;
  uint32_t reserved;
  void *user;
  /* Take one delivery. HKL_OK: it is done and never comes again. Any other
   * answer: it comes again later, with backoff; HKL_INVALID: never again, it
   * is set aside for a person to look at. May block; others wait meanwhile.
   * Not called where the config names a `crm.webhook`: they go there. */
  hkl_status (*deliver)(void *user, const hkl_delivery *delivery, hkl_delivery_answer *answer);
  /* Something changed; a hint for screens, not a promise: none comes twice,
   * some may be lost when the callee is slow. */
  void (*changed)(void *user, uint32_t change, hkl_str id);
  /* A line of the log, without its end. Without this callback lines are lost. */
  void (*log)(void *user, uint32_t level, hkl_str text);
  /* --- 1.0 ends here --- */
} hkl_callbacks;

/* --- Life --------------------------------------------------------------------- */

#define HKL_OPTION_PUMP UINT32_C(1)      /* callbacks only inside hkl_pump */
#define HKL_OPTION_READ_ONLY UINT32_C(2) /* queries beside another process that owns the store */

typedef struct hkl_options {
  uint32_t struct_size;
  uint32_t flags;          /* HKL_OPTION_… */
  const char *config_path; /* the YAML */
  const char *store_url;   /* in place of the config's: "sqlite:/var/lib/x.db" */
  const char *language;    /* "ru", "en"; in place of the config's */
  const char *user;        /* id of a user: answers show what that user may see */
  int64_t now_ms;          /* the present moment for what is overdue or open; 0: the clock */
  hkl_callbacks callbacks;
  const char *listen; /* serve HTTP there, in place of the config's `http.listen`; port 0: any free */
  /* --- 1.0 ends here --- */
} hkl_options;

/* Reads and judges the config, loads plugins, opens and migrates the store,
 * takes up what a crash left half done. Connects nothing. *out_runtime is NULL
 * on failure. HKL_BAD_SETTINGS: the text is the first complaint, hkl_check
 * gives all. HKL_UNAVAILABLE: another process owns the store (its pid is in the
 * text). Blocks for disk. Since 1.0. */
HKL_PUBLIC hkl_status hkl_create(const hkl_options *options, hkl_runtime **out_runtime, hkl_error *err);

/* Connects the sources, begins to deliver and, where the config or the options
 * say so, to serve HTTP; hkl_report_health tells the address. HKL_RESOURCE:
 * it cannot be listened on. Does not block. Since 1.0. */
HKL_PUBLIC hkl_status hkl_start(hkl_runtime *rt, hkl_error *err);

/* Disconnects, stores what has arrived, ends the threads. No callback runs
 * after it returns. Blocks, at most about ten seconds. Since 1.0. */
HKL_PUBLIC hkl_status hkl_stop(hkl_runtime *rt, hkl_error *err);

/* Stops if need be and frees. NULL is accepted. Not from a callback. Since 1.0. */
HKL_PUBLIC void hkl_destroy(hkl_runtime *rt);

/* Runs waiting callbacks on this thread, for at most wait_ms until the first
 * comes. Only with HKL_OPTION_PUMP. *out_count: how many ran. Since 1.0. */
HKL_PUBLIC hkl_status hkl_pump(hkl_runtime *rt, int64_t wait_ms, uint64_t *out_count, hkl_error *err);

/* Reads the config again, with a changed plugin file too, and goes on with it:
 * no event is lost and no call is split. Sources that have not changed keep
 * their connections. Everything new is made and judged first: when it is wrong
 * the old stays, and `told` (may be NULL) gets all complaints, one line each;
 * else it gets what changed. The store and what HTTP listens on change at the
 * next start alone. HKL_BAD_SETTINGS: the text is the first complaint. Blocks,
 * at most about ten seconds longer than a source takes to stop. Not from a
 * callback. Since 1.0. */
HKL_PUBLIC hkl_status hkl_reload(hkl_runtime *rt, const hkl_writer *told, hkl_error *err);

/* Judges a config and, by their notes, the plugins it names, without running
 * them. Writes one line for each complaint: file:line:column: what is wrong,
 * and what to do. HKL_BAD_SETTINGS when there is any. Needs no runtime.
 * Since 1.0. */
HKL_PUBLIC hkl_status hkl_check(const hkl_options *options, const hkl_writer *complaints, hkl_error *err);

typedef struct hkl_profile_test {
  uint32_t struct_size;
  uint32_t reserved;
  const char *profile;      /* YAML file of a webhook profile */
  const char *const *files; /* requests as they were sent (.http), several in a file or one; "-", .gz as for import */
  uint64_t file_count;
  const char *const *settings; /* "NAME=VALUE" each, of those that the profile declares; maps and lists as YAML */
  uint64_t setting_count;
  const char *timezone; /* of the account, such as "Europe/Moscow"; NULL: the source's, else UTC */
  const char *region;   /* of numbers without a country, such as "RU"; NULL: the source's */
  const char *config_path;
  const char *source; /* of that config: its settings, time zone, region and public address; NULL: none */
  const char *format; /* "text" or "json" */
  /* --- 1.0 ends here --- */
} hkl_profile_test;

/* Shows what requests become by a webhook profile, field by field, what is
 * answered, and why one is refused. Stores and connects nothing. Where a secret
 * that the profile needs is not given, the sender is not checked and the answer
 * says so. HKL_PARTLY: a request was refused. HKL_BAD_SETTINGS: the profile or
 * a setting cannot be, the text says where. HKL_NOT_FOUND: a file is not there.
 * Needs no runtime. Blocks for disk. Since 1.0. */
HKL_PUBLIC hkl_status hkl_test_profile(const hkl_profile_test *test, const hkl_writer *writer, hkl_error *err);

/* "1.0.0"; static. Since 1.0. */
HKL_PUBLIC const char *hkl_version(void);

/* --- Telling --------------------------------------------------------------------- */

/* What becomes of input, for progress bars. Not HKL_OK stops after the current
 * batch; what was taken stays. */
typedef struct hkl_progress {
  uint32_t struct_size;
  uint32_t reserved;
  void *user;
  hkl_status (*step)(void *user, uint64_t done, uint64_t total, hkl_str what); /* total 0: not known */
  /* --- 1.0 ends here --- */
} hkl_progress;

/* How much became of an input. */
typedef struct hkl_tally {
  uint32_t struct_size;
  uint32_t reserved;
  uint64_t accepted;   /* new and durable */
  uint64_t duplicates; /* known already */
  uint64_t refused;    /* named to `complaints` */
  /* --- 1.0 ends here --- */
} hkl_tally;

/* Stores one event of a source named in the config, or of `canonical`.
 * Returns when it is durable. HKL_RESOURCE: the queue is full, again later.
 * Blocks for one commit. Since 1.0. */
HKL_PUBLIC hkl_status hkl_submit_event(hkl_runtime *rt, const char *source, const hkl_call_event *event,
                                       hkl_error *err);

/* Stores canonical records, one JSON object a line. Good lines are stored,
 * each bad one is named (its line, what is wrong, what to do) and the answer
 * is HKL_PARTLY. Blocks for a commit. Since 1.0. */
HKL_PUBLIC hkl_status hkl_submit_records(hkl_runtime *rt, hkl_str ndjson, const hkl_writer *complaints,
                                         hkl_tally *out_tally, hkl_error *err);

#define HKL_IMPORT_HISTORY UINT32_C(1) /* calls and figures, but no lead, task or delivery */
typedef struct hkl_import {
  uint32_t struct_size;
  uint32_t flags;           /* HKL_IMPORT_… */
  const char *source;       /* of the config, or "canonical" */
  const char *const *files; /* in this order, each as one connection; "-" is standard input; .gz is unpacked */
  uint64_t file_count;
  const char *format; /* of `verdicts`: "text" or "ndjson" */
  /* --- 1.0 ends here --- */
} hkl_import;

/* Feeds captures through a source's adapter. Verdicts on requests and lines
 * that were refused go to `verdicts`. Blocks until all is durable. Since 1.0. */
HKL_PUBLIC hkl_status hkl_import_files(hkl_runtime *rt, const hkl_import *request, const hkl_progress *progress,
                                       const hkl_writer *verdicts, hkl_tally *out_tally, hkl_error *err);

/* Orders a call: the employee's phone rings, then the number is dialled.
 * out_request (≥ 64 bytes) gets the order's id, which the call will carry. A
 * runtime opened to read only hands the order to the process that owns the
 * store. HKL_UNSUPPORTED: no source of the employee can. HKL_INVALID: refused,
 * by a cloud PBX in its own words. HKL_UNAVAILABLE: nothing was sent: not
 * connected, not reached, busy, or nobody owns the store. HKL_TIMEOUT: nobody
 * knows whether it dials, so nothing is ordered again. Blocks, for each phone
 * of the employee some twenty seconds at most. Since 1.0. */
HKL_PUBLIC hkl_status hkl_order_call(hkl_runtime *rt, const char *employee, const char *number, char *out_request,
                                     uint64_t out_request_size, hkl_error *err);

/* Recomputes everything from the journal. Sends nothing twice. Blocks. Since 1.0. */
HKL_PUBLIC hkl_status hkl_rebuild(hkl_runtime *rt, const hkl_progress *progress, hkl_error *err);

#define HKL_OUTBOX_RETRY UINT32_C(1) /* again, at once, with all attempts anew */
#define HKL_OUTBOX_DROP UINT32_C(2)  /* never; what changes later is delivered again */

/* What to do with deliveries that failed. `delivery`: "lead:hl-l-…", as
 * hkl_outbox names it; NULL: all that were set aside. out_count, may be NULL,
 * gets their number. HKL_NOT_FOUND: that one does not wait. Since 1.0. */
HKL_PUBLIC hkl_status hkl_outbox_act(hkl_runtime *rt, uint32_t action, const char *delivery, uint64_t *out_count,
                                     hkl_error *err);

#define HKL_POISON_REPLAY UINT32_C(1) /* through its source again; gone once its plugin lives through it */
#define HKL_POISON_DROP UINT32_C(2)   /* never */

/* What to do with an input that was set aside, as hkl_poison numbers it.
 * out_count, may be NULL: with REPLAY the events that became of it, with DROP
 * 1. HKL_NOT_FOUND: there is none of that number. HKL_UNSUPPORTED: it cannot be
 * replayed, the text says what does instead. HKL_UNAVAILABLE: the plugin died of
 * it again. Blocks. Since 1.0. */
HKL_PUBLIC hkl_status hkl_poison_act(hkl_runtime *rt, uint32_t action, const char *id, uint64_t *out_count,
                                     hkl_error *err);

#define HKL_ERASE_DRY_RUN UINT32_C(1) /* tells what would go, and changes nothing */

/* Erases a person: a token takes the place of numbers, names, addresses and
 * free text in all that is kept, and figures stay as they are. `contact`: its
 * id, one of its numbers or an e-mail. `format`: "table" or "json", of what was
 * done and of what is left to do elsewhere. What is told of the person
 * afterwards is stored again. HKL_NOT_FOUND: there is no such contact;
 * HKL_INVALID: more than one has that number, they are named; HKL_UNAVAILABLE:
 * a call of the contact goes on. Reads the whole journal and writes the store
 * anew, while what arrives waits. Blocks. Since 1.0. */
HKL_PUBLIC hkl_status hkl_erase(hkl_runtime *rt, const char *contact, uint32_t flags, const char *format,
                                const hkl_writer *writer, hkl_error *err);

/* What `retention` of the config says, at once; a started runtime does it by
 * itself once a day. `format`: "table" or "json", of how much went.
 * HKL_NOT_FOUND: the config says nothing of it. Blocks. Since 1.0. */
HKL_PUBLIC hkl_status hkl_apply_retention(hkl_runtime *rt, const char *format, const hkl_writer *writer,
                                          hkl_error *err);

/* --- Asking ------------------------------------------------------------------------ */

/* `format` everywhere: "table", "json", "ndjson", "csv", or "xlsx" and "html"
 * (to print); of a report's figures "svg" too, a chart. */

typedef struct hkl_query {
  uint32_t struct_size;
  uint32_t entity; /* HKL_ENTITY_… ; not SCREEN_POP */
  const char *format;
  const char *from;  /* "2026-03-02" or with a time; start of a call or inquiry, creation of a lead or task */
  const char *to;    /* a date counts whole, a time is excluded */
  const char *where; /* report language: "outcome = 'missed' and wait_s > 20" */
  const char *id;    /* this one only; older ids and aliases too; a call that still goes on, which no list has */
  uint64_t limit;    /* 0: all */
  /* --- 1.0 ends here --- */
} hkl_query;

/* Lists newest first, ties by id. Does not block writers. HKL_INVALID points
 * into the expression or date. Since 1.0. */
HKL_PUBLIC hkl_status hkl_list(hkl_runtime *rt, const hkl_query *query, const hkl_writer *writer, hkl_error *err);

/* Number → contact, its leads, responsible, open tasks, as one JSON object; where
 * several contacts have it all of them, as `candidates`, the one meant first. From
 * memory once a started runtime has read its contacts, from the store until then
 * and where it only reads. HKL_NOT_FOUND: nobody has it. Since 1.0. */
HKL_PUBLIC hkl_status hkl_look_up(hkl_runtime *rt, const char *number, const hkl_writer *writer, hkl_error *err);

typedef struct hkl_report_query {
  uint32_t struct_size;
  uint32_t reserved;
  const char *report; /* id in the config */
  const char *format;
  const char *from;
  const char *to;
  const char *const *settings; /* "name=value" each: options and named filters */
  uint64_t setting_count;
  const char *where;
  const char *drill;   /* "row-key:measure" or "total:measure": the rows behind that figure */
  const char *sort;    /* "-calls,manager": columns, those with - the largest first; NULL: as the report says */
  const char *compare; /* "previous": beside the figures of the period before; NULL: alone */
  /* --- 1.0 ends here --- */
} hkl_report_query;

/* Runs a report, or opens the rows behind one of its figures. Does not block
 * writers. HKL_NOT_FOUND, HKL_INVALID name the nearest right word. Since 1.0. */
HKL_PUBLIC hkl_status hkl_run_report(hkl_runtime *rt, const hkl_report_query *query, const hkl_writer *writer,
                                     hkl_error *err);

/* How such a query is answered: from cubes, class codes or columns kept beside
 * the store, or by SQL; why, and how many rows and bytes were read. It is
 * answered for that, and the answer dropped. `format`: "table" or "json".
 * Since 1.0. */
HKL_PUBLIC hkl_status hkl_explain_report(hkl_runtime *rt, const hkl_report_query *query, const hkl_writer *writer,
                                         hkl_error *err);

/* The same rows as an Arrow stream, which the caller releases; it keeps
 * nothing of the runtime. Since 1.0. */
HKL_PUBLIC hkl_status hkl_run_report_arrow(hkl_runtime *rt, const hkl_report_query *query,
                                           struct ArrowArrayStream *out_stream, hkl_error *err);

/* All canonical records as NDJSON, in an order that import takes back. `types`
 * limits them ("call", "contact", …). Since 1.0. */
HKL_PUBLIC hkl_status hkl_export(hkl_runtime *rt, const char *const *types, uint64_t type_count,
                                 const hkl_writer *writer, hkl_error *err);

/* The story of one call: its events, how they were put together, what was
 * decided and why. Since 1.0. */
HKL_PUBLIC hkl_status hkl_explain(hkl_runtime *rt, const char *call, const char *format, const hkl_writer *writer,
                                  hkl_error *err);

/* Deliveries that wait for the CRM, those set aside first: entity, id, contact,
 * attempts, when the next one is due, the last error, and with `delivery`
 * ("lead:hl-l-…") that one with its body. `format`: "table", "json" or
 * "ndjson". HKL_NOT_FOUND: that one does not wait. Since 1.0. */
HKL_PUBLIC hkl_status hkl_outbox(hkl_runtime *rt, const char *delivery, const char *format, const hkl_writer *writer,
                                 hkl_error *err);

/* A key for a program that asks /api/v1: out_key (≥ 80 bytes) is for the
 * program, and is kept nowhere here; out_hash (≥ 80 bytes) is for `http.keys` of
 * the config. Needs no runtime. Since 1.0. */
HKL_PUBLIC hkl_status hkl_make_key(char *out_key, uint64_t out_key_size, char *out_hash, uint64_t out_hash_size,
                                   hkl_error *err);

/* One request under /api/v1, from whoever the CRM has made sure of: a page, an
 * app of the CRM's own. /api/v1/openapi.json tells what there is. */
typedef struct hkl_api_request {
  uint32_t struct_size;
  uint32_t reserved;
  const char *method;   /* "GET", "POST" */
  const char *target;   /* path and query as on the wire: "/api/v1/calls?from=2026-03-02" */
  const char *user;     /* id of a user of the config: the answer shows what that user may see; NULL: everything */
  const char *language; /* "ru", "en"; NULL: the config's */
  hkl_str body;
  /* --- 1.0 ends here --- */
} hkl_api_request;

typedef struct hkl_api_reply {
  uint32_t struct_size;
  uint32_t http_status; /* 200, 302, 400, 403, 404 … */
  char content_type[128];
  char file_name[256]; /* for Content-Disposition; empty: shown in place */
  char location[1024]; /* of a redirect, else empty */
  /* --- 1.0 ends here --- */
} hkl_api_reply;

/* Answers as the runtime's own HTTP server does. HKL_OK whenever an HTTP answer
 * was made, a page that tells of an error (RFC 9457) too. out_reply is filled
 * before the first byte goes to `body`, so an answer can be passed on as it is
 * made; another status after that says that it broke off. Blocks for a POST's
 * commit; a GET does not block writers. Since 1.0. */
HKL_PUBLIC hkl_status hkl_answer_api(hkl_runtime *rt, const hkl_api_request *request, const hkl_writer *body,
                                     hkl_api_reply *out_reply, hkl_error *err);

/* Inputs that a plugin with `isolation: process` died of again and again, set
 * aside, the newest first: number, time, source or entry, plugin, what it was,
 * how the process ended; and with `id` that one with its bytes. `format`:
 * "table", "json" or "ndjson". HKL_NOT_FOUND: there is none of that number.
 * Since 1.0. */
HKL_PUBLIC hkl_status hkl_poison(hkl_runtime *rt, const char *id, const char *format, const hkl_writer *writer,
                                 hkl_error *err);

/* What is loaded, with each plugin's settings documented. Since 1.0. */
HKL_PUBLIC hkl_status hkl_plugins(hkl_runtime *rt, const char *format, const hkl_writer *writer, hkl_error *err);

/* Sources with state, last event, gaps, counters; queues; outbox; the address
 * of the HTTP server (`http`, null: none): one JSON object. Since 1.0. */
HKL_PUBLIC hkl_status hkl_report_health(hkl_runtime *rt, const hkl_writer *writer, hkl_error *err);

#ifdef __cplusplus
}
#endif

#endif
