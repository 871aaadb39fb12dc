/* A PBX adapter in plain C, with the C headers alone. The PBX is made up and
 * writes one line for each event: time, word, call, extension; of a call that
 * begins also its direction, the client's number and ours. - is nobody.
 *
 *   1772442900123 CALL c1 - in +12125550148 +12125550100
 *   1772442900200 RING c1 101
 *   1772442904000 ANSWER c1 101
 *   1772442960500 END c1 101
 *   1772442960500 OVER c1 -
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hookline/pbx_adapter.h"
#include "hookline/plugin.h"

#define LONGEST_LINE 200

struct hkl_instance {
  char line[LONGEST_LINE + 1];
  size_t length;     /* of the line so far */
  uint64_t left_out; /* bytes of a line that is too long */
  uint64_t connection;
  int is_configured, is_started;
};

static hkl_str str(const char *text) {
  hkl_str out = {text, strlen(text)};
  return out;
}

static hkl_status tell(hkl_error *err, hkl_status status, const char *text) {
  if (err != NULL && err->struct_size >= offsetof(hkl_error, text) + HKL_ERROR_TEXT_MAX) {
    err->status = status;
    err->text_len = (uint32_t)snprintf(err->text, sizeof err->text, "%s", text);
  }
  return status;
}

/* --- Life ------------------------------------------------------------------ */

static hkl_status create(hkl_str interface_id, const hkl_host *host, hkl_instance **out_instance, hkl_error *err) {
  (void)host;
  if (interface_id.len != strlen(HKL_PBX_ADAPTER_V1)) return tell(err, HKL_NOT_FOUND, "this is a PBX adapter");
  *out_instance = calloc(1, sizeof(hkl_instance));
  return *out_instance == NULL ? tell(err, HKL_RESOURCE, "out of memory") : HKL_OK;
}

static hkl_status configure(hkl_instance *self, hkl_str settings_json, hkl_error *err) {
  (void)settings_json; /* the schema allows none */
  if (self->is_configured) return tell(err, HKL_INVALID, "it is configured already");
  self->is_configured = 1;
  return HKL_OK;
}

static hkl_status start(hkl_instance *self, hkl_error *err) {
  if (!self->is_configured || self->is_started) return tell(err, HKL_INVALID, "it is not ready to start");
  self->is_started = 1;
  return HKL_OK;
}

static hkl_status stop(hkl_instance *self, hkl_error *err) {
  if (!self->is_started) return tell(err, HKL_INVALID, "it is not started");
  self->is_started = 0;
  return HKL_OK;
}

static void destroy(hkl_instance *self) { free(self); }

/* --- Adapter ---------------------------------------------------------------- */

static hkl_status endpoints(hkl_instance *self, const hkl_endpoint_sink *sink, hkl_error *err) {
  hkl_endpoint endpoint;
  (void)self;
  (void)err;
  memset(&endpoint, 0, sizeof endpoint);
  endpoint.struct_size = sizeof endpoint;
  endpoint.kind = HKL_ENDPOINT_TCP_CLIENT;
  endpoint.address = str("127.0.0.1");
  endpoint.port = 7000;
  return sink->want(sink->user, &endpoint);
}

static hkl_status opened(hkl_instance *self, const hkl_connection *connection, int64_t now_ms, const hkl_pbx_sink *sink,
                         hkl_error *err) {
  (void)now_ms;
  if (!self->is_started) return tell(err, HKL_INVALID, "it is not started");
  self->connection = connection->id;
  self->length = 0;
  self->left_out = 0;
  return sink->state(sink->user, connection->id, HKL_SOURCE_LIVE, str("connected"));
}

static uint32_t kind_of(const char *word) {
  if (strcmp(word, "CALL") == 0) return HKL_EVENT_CALL_BEGUN;
  if (strcmp(word, "RING") == 0) return HKL_EVENT_LEG_RINGING;
  if (strcmp(word, "ANSWER") == 0) return HKL_EVENT_LEG_ANSWERED;
  if (strcmp(word, "END") == 0) return HKL_EVENT_LEG_ENDED;
  if (strcmp(word, "OVER") == 0) return HKL_EVENT_CALL_ENDED;
  return HKL_EVENT_UNKNOWN;
}

static uint32_t direction_of(const char *word) {
  if (strcmp(word, "in") == 0) return HKL_DIRECTION_IN;
  if (strcmp(word, "out") == 0) return HKL_DIRECTION_OUT;
  return HKL_DIRECTION_UNKNOWN;
}

static hkl_status take_line(hkl_instance *self, const hkl_pbx_sink *sink) {
  hkl_call_event event;
  char word[20], call[50], extension[20], direction[10] = "", client[30] = "", line[30] = "";
  hkl_call_event_init(&event);
  if (sscanf(self->line, "%" SCNd64 " %19s %49s %19s %9s %29s %29s", &event.at_ms, word, call, extension, direction,
             client, line) < 4) {
    return sink->skipped(sink->user, self->connection, self->length, str("four words were expected"));
  }
  event.kind = kind_of(word);
  if (event.kind == HKL_EVENT_UNKNOWN) {
    return sink->skipped(sink->user, self->connection, self->length, str("an unknown word"));
  }
  event.event_id = str(self->line); /* this PBX numbers nothing; the line tells itself apart */
  event.call_ref = str(call);
  if (strcmp(extension, "-") != 0) event.extension = str(extension);
  event.direction = direction_of(direction);
  event.client = str(client);
  event.line = str(line);
  if (sink->event(sink->user, &event, NULL) == HKL_CANCELLED) return HKL_CANCELLED;
  return HKL_OK;
}

static hkl_status end_line(hkl_instance *self, const hkl_pbx_sink *sink) {
  hkl_status status = HKL_OK;
  self->line[self->length] = '\0';
  if (self->left_out > 0) {
    status = sink->skipped(sink->user, self->connection, self->length + self->left_out, str("the line is too long"));
  } else if (self->length > 0) {
    status = take_line(self, sink);
  }
  self->length = 0;
  self->left_out = 0;
  return status;
}

static hkl_status feed(hkl_instance *self, uint64_t connection, hkl_bytes bytes, int64_t now_ms,
                       const hkl_pbx_sink *sink, hkl_error *err) {
  uint64_t i;
  (void)connection;
  (void)now_ms;
  if (!self->is_started) return tell(err, HKL_INVALID, "it is not started");
  for (i = 0; i < bytes.len; ++i) {
    const char c = (char)bytes.ptr[i];
    if (c == '\n') {
      if (end_line(self, sink) != HKL_OK) return tell(err, HKL_CANCELLED, "the host takes no more");
    } else if (self->length < LONGEST_LINE) {
      self->line[self->length++] = c;
    } else {
      ++self->left_out;
    }
  }
  return HKL_OK;
}

static hkl_status closed(hkl_instance *self, uint64_t connection, int64_t now_ms, const hkl_pbx_sink *sink,
                         hkl_error *err) {
  (void)now_ms;
  if (!self->is_started) return tell(err, HKL_INVALID, "it is not started");
  if (self->length > 0) {
    sink->skipped(sink->user, connection, self->length + self->left_out, str("the connection ended within a line"));
  }
  self->length = 0;
  self->left_out = 0;
  return HKL_OK;
}

static hkl_status tick(hkl_instance *self, int64_t now_ms, const hkl_pbx_sink *sink, hkl_error *err) {
  (void)self;
  (void)now_ms;
  (void)sink;
  (void)err;
  return HKL_OK;
}

/* --- Plugin ------------------------------------------------------------------ */

static const hkl_life life = {sizeof(hkl_life), 0, create, configure, start, stop, destroy};
static const hkl_pbx_adapter adapter = {sizeof(hkl_pbx_adapter), 0, endpoints, opened, feed, closed, tick};

static const void *get_interface(hkl_str id) {
  if (id.len == strlen(HKL_LIFE_V1) && memcmp(id.ptr, HKL_LIFE_V1, id.len) == 0) return &life;
  if (id.len == strlen(HKL_PBX_ADAPTER_V1) && memcmp(id.ptr, HKL_PBX_ADAPTER_V1, id.len) == 0) return &adapter;
  return NULL;
}

HKL_PLUGIN_NOTE(
    0,
    "{\"id\": \"com.example.lines\", \"version\": \"1.0.0\", \"author\": \"Example\", \"licence\": \"MIT\", "
    "\"summary\": \"Calls told in lines\", \"interfaces\": [\"" HKL_PBX_ADAPTER_V1
    "\"], "
    "\"settings\": {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {}}}");

#define LITERAL(text) \
  { text, sizeof(text) - 1 }

const hkl_plugin hookline_plugin_v1 = {sizeof(hkl_plugin),
                                       0,
                                       HKL_ABI_MINOR,
                                       0,
                                       LITERAL("com.example.lines"),
                                       LITERAL("1.0.0"),
                                       LITERAL("Example"),
                                       LITERAL("MIT"),
                                       LITERAL("Calls told in lines"),
                                       get_interface};
