/* A good PBX adapter, and the defects that only an adapter can have. Its PBX
 * says WELCOME to who logs in, and then writes lines "TIME WORD CALL EXTENSION". */
#include "hookline/pbx_adapter.h"

#define KIND HKL_PBX_ADAPTER_V1
#define KIND_ID "adapter"
#define LONGEST_LINE 200
#define LOGIN_MS 10000

struct kept {
  struct kept *next;
  char line[16384];
};

struct work {
  char line[LONGEST_LINE + 2];
  uint64_t length, left_out, connection;
  uint32_t is_live, is_capture;
  int64_t give_up_at_ms;
#ifdef HOSTILE_NEW_IDS_ON_REPEAT
  unsigned told;
#endif
#ifdef HOSTILE_FORGETS_HANGUP
  char over[8][60];
  unsigned over_count;
#endif
#ifdef HOSTILE_NUMBERS_MESSAGES
  unsigned number; /* of the message on its connection */
#endif
#ifdef HOSTILE_ENDS_ON_NONSENSE
  char last[50]; /* call that it heard of */
  int64_t last_at_ms;
  unsigned nonsense;
#endif
#ifdef HOSTILE_GROWS_ON_GARBAGE
  struct kept *kept; /* every line that it did not understand */
#endif
};

#include "common.h"

#ifdef HOSTILE_RACE
static hkl_instance *volatile in_hand;
#endif

static hkl_status endpoints(hkl_instance *self, const hkl_endpoint_sink *sink, hkl_error *err) {
  hkl_endpoint endpoint;
  (void)self;
  (void)err;
  memset(&endpoint, 0, sizeof endpoint);
  endpoint.struct_size = sizeof endpoint;
  endpoint.kind = HKL_ENDPOINT_TCP_CLIENT;
  endpoint.address = str("127.0.0.77"); /* where nobody else listens */
  endpoint.port = 7000;
  return sink->want(sink->user, &endpoint);
}

static hkl_status opened(hkl_instance *self, const hkl_connection *connection, int64_t now_ms, const hkl_pbx_sink *sink,
                         hkl_error *err) {
  struct work *work = &self->work;
  hkl_bytes login;
#ifndef HOSTILE_WORKS_UNSTARTED
  if (!self->is_started) return tell(err, HKL_INVALID, "it is not started");
#endif
  work->connection = connection->id;
#ifndef HOSTILE_KEEPS_TORN_LINE
  work->length = work->left_out = 0;
#endif
#ifdef HOSTILE_NUMBERS_MESSAGES
  work->number = 0;
#endif
#ifdef HOSTILE_ENDS_ON_NONSENSE
  work->nonsense = 0;
#endif
  work->is_capture = connection->is_capture;
  work->is_live = connection->is_capture;
#ifdef HOSTILE_READS_PAST_SIZE
  if (*(const volatile char *)(connection->name.ptr + connection->name.len) == '!') work->is_live = 1;
#endif
  if (work->is_capture) return sink->state(sink->user, connection->id, HKL_SOURCE_LIVE, str("reading a capture"));
  login.ptr = (const uint8_t *)"LOGIN\n";
  login.len = 6;
  sink->send(sink->user, connection->id, login);
#ifdef HOSTILE_IDLE_SPIN
  sink->tick_at(sink->user, now_ms);
#endif
#ifdef HOSTILE_STALLS_ON_REFUSAL
  (void)now_ms;
#else
  work->give_up_at_ms = now_ms + LOGIN_MS;
  sink->tick_at(sink->user, work->give_up_at_ms);
#endif
  return sink->state(sink->user, connection->id, HKL_SOURCE_CONNECTING, str("waiting for WELCOME"));
}

static uint32_t kind_of(const char *word) {
#ifdef HOSTILE_UNKNOWN_KIND
  if (strcmp(word, "CALL") == 0) return 63;
#endif
  if (strcmp(word, "CALL") == 0) return HKL_EVENT_CALL_BEGUN;
  if (strcmp(word, "RING") == 0) return HKL_EVENT_LEG_RINGING;
  if (strcmp(word, "ANSWER") == 0) return HKL_EVENT_LEG_ANSWERED;
  if (strcmp(word, "END") == 0) return HKL_EVENT_LEG_ENDED;
  if (strcmp(word, "OVER") == 0) return HKL_EVENT_CALL_ENDED;
  return HKL_EVENT_UNKNOWN;
}

static hkl_status take_line(hkl_instance *self, int64_t now_ms, const hkl_pbx_sink *sink) {
  struct work *work = &self->work;
  char word[20], call[50], extension[20], result[PREFIX_MAX + 60], id[LONGEST_LINE + 60];
  hkl_call_event event;
  (void)now_ms;
  hkl_call_event_init(&event);
#ifdef HOSTILE_BELIEVES_ANYTHING
  if (strcmp(work->line, "WELCOME") == 0 || !work->is_live) {
#else
  if (strcmp(work->line, "WELCOME") == 0) {
#endif
    work->is_live = 1;
    return sink->state(sink->user, work->connection, HKL_SOURCE_LIVE, str("logged in"));
  }
  if (sscanf(work->line, "%" SCNd64 " %19s %49s %19s", &event.at_ms, word, call, extension) != 4 ||
      kind_of(word) == HKL_EVENT_UNKNOWN) {
#ifdef HOSTILE_GROWS_ON_GARBAGE
    struct kept *kept = (struct kept *)calloc(1, sizeof *kept);
    if (kept == NULL) return HKL_RESOURCE;
    kept->next = work->kept;
    work->kept = kept;
#endif
#ifdef HOSTILE_ENDS_ON_NONSENSE
    if (work->last[0] != '\0') {
      snprintf(id, sizeof id, "lost %s %u", work->last, ++work->nonsense);
      event.kind = HKL_EVENT_CALL_ENDED;
      event.at_ms = work->last_at_ms;
      event.event_id = str(id);
      event.call_ref = str(work->last);
      return sink->event(sink->user, &event, NULL) == HKL_CANCELLED ? HKL_CANCELLED : HKL_OK;
    }
#endif
    return sink->skipped(sink->user, work->connection, work->length, str("TIME WORD CALL EXTENSION was expected"));
  }
  event.kind = kind_of(word);
  snprintf(id, sizeof id, "%s", work->line);
#ifdef HOSTILE_NEW_IDS_ON_REPEAT
  snprintf(id, sizeof id, "%u", ++work->told);
#endif
#ifdef HOSTILE_NUMBERS_MESSAGES
  snprintf(id, sizeof id, "%u", ++work->number);
#endif
#ifdef HOSTILE_ENDS_ON_NONSENSE
  strcpy(work->last, call);
  work->last_at_ms = event.at_ms;
#endif
#ifdef HOSTILE_REPLAYS_AS_NEW
  snprintf(id, sizeof id, "%s %" PRId64, work->line, now_ms);
#endif
#ifdef HOSTILE_FORGETS_HANGUP
  if (event.kind == HKL_EVENT_CALL_ENDED) {
    unsigned i;
    for (i = 0; i < work->over_count; ++i)
      if (strcmp(work->over[i], call) == 0) return HKL_OK;
    if (work->over_count < 8) strcpy(work->over[work->over_count++], call);
  }
#endif
#ifdef HOSTILE_TIME_TRAVELLER
  if (event.kind == HKL_EVENT_CALL_ENDED) event.at_ms -= 3600 * 1000;
#endif
#ifdef HOSTILE_CLOCK_READER
  event.seq = (uint64_t)time(NULL) / 1000000;
#endif
#ifdef HOSTILE_RANDOM_ANSWER
  event.seq = ((uintptr_t)&event >> 4) & 0xffff; /* where the stack lies is a random number */
#endif
#ifdef HOSTILE_HASH_ORDER
  event.seq = ((uintptr_t)work >> 4) & 0xffff; /* as an order of addresses would be */
#endif
#ifdef HOSTILE_LOCALE_PARSER
  event.seq = MB_CUR_MAX; /* as mblen() and strtod() would: another locale, another answer */
#endif
  event.event_id = str(id);
  event.call_ref = str(call);
  event.extension = str(extension);
  snprintf(result, sizeof result, "%s%s", prefix_of(self), word);
  event.result = str(result);
#ifdef HOSTILE_RACE
  event.seq = in_hand == self ? 0 : 1;
#endif
  return sink->event(sink->user, &event, NULL) == HKL_CANCELLED ? HKL_CANCELLED : HKL_OK;
}

static hkl_status end_line(hkl_instance *self, int64_t now_ms, const hkl_pbx_sink *sink) {
  struct work *work = &self->work;
  hkl_status status = HKL_OK;
  work->line[work->length] = '\0';
  if (work->left_out > 0) {
    status = sink->skipped(sink->user, work->connection, work->length + work->left_out, str("the line is too long"));
  } else if (work->length > 0) {
    status = take_line(self, now_ms, sink);
  }
  work->length = work->left_out = 0;
  return status;
}

static hkl_status feed(hkl_instance *self, uint64_t connection, hkl_bytes bytes, int64_t now_ms,
                       const hkl_pbx_sink *sink, hkl_error *err) {
  struct work *work = &self->work;
  uint64_t i;
  (void)connection;
  if (!self->is_started) return tell(err, HKL_INVALID, "it is not started");
  strike(IN_WORK);
#ifdef HOSTILE_RACE
  in_hand = self;
#endif
#ifdef HOSTILE_WRITES_INPUT
  if (bytes.len > 0) ((char *)(uintptr_t)bytes.ptr)[bytes.len - 1] = '\n';
#endif
  for (i = 0; i < bytes.len; ++i) {
    const char c = (char)bytes.ptr[i];
    if (c == '\n') {
      if (end_line(self, now_ms, sink) != HKL_OK) return tell(err, HKL_CANCELLED, "the host takes no more");
    } else if (work->length < LONGEST_LINE) {
      work->line[work->length++] = c;
    } else {
      ++work->left_out;
    }
  }
#ifdef HOSTILE_SPLITS_LINES_WRONG
  if (end_line(self, now_ms, sink) != HKL_OK) return tell(err, HKL_CANCELLED, "the host takes no more");
#endif
#ifdef HOSTILE_UTF8_BOUNDARY
  while (work->length > 0 && (work->line[work->length - 1] & 0x80) != 0) --work->length;
#endif
  return HKL_OK;
}

static hkl_status closed(hkl_instance *self, uint64_t connection, int64_t now_ms, const hkl_pbx_sink *sink,
                         hkl_error *err) {
  struct work *work = &self->work;
  (void)now_ms;
  if (!self->is_started) return tell(err, HKL_INVALID, "it is not started");
#ifndef HOSTILE_KEEPS_TORN_LINE
  if (work->length > 0) sink->skipped(sink->user, connection, work->length, str("the connection ended within a line"));
  work->length = work->left_out = 0;
#else
  (void)connection;
#endif
  work->give_up_at_ms = 0;
  return HKL_OK;
}

static hkl_status tick(hkl_instance *self, int64_t now_ms, const hkl_pbx_sink *sink, hkl_error *err) {
  struct work *work = &self->work;
  if (!self->is_started) return tell(err, HKL_INVALID, "it is not started");
#ifdef HOSTILE_IDLE_SPIN
  return sink->tick_at(sink->user, now_ms);
#else
  if (work->is_live || work->give_up_at_ms == 0) return HKL_OK;
  if (now_ms < work->give_up_at_ms) return sink->tick_at(sink->user, work->give_up_at_ms);
  work->give_up_at_ms = 0;
#ifdef HOSTILE_CLOSES_WITHOUT_A_WORD
  return sink->close(sink->user, work->connection, 5000, str(""));
#else
  return sink->close(sink->user, work->connection, 5000, str("it did not say WELCOME"));
#endif
#endif
}

static const hkl_pbx_adapter kind_table = {sizeof(hkl_pbx_adapter),
                                           0,
                                           endpoints,
                                           opened,
#ifdef HOSTILE_HALF_INTERFACE
                                           NULL,
#else
                                           feed,
#endif
                                           closed,
                                           tick};

static const void *find_kind_table(hkl_str id) {
#ifdef HOSTILE_PREFIX_IDS
  return id.len >= strlen(KIND) && memcmp(id.ptr, KIND, strlen(KIND)) == 0 ? &kind_table : NULL;
#else
  return is_id(id, KIND) ? &kind_table : NULL;
#endif
}
