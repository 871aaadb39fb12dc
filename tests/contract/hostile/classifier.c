/* A good lead classifier: who rang briefly twice before is no target. And the
 * defects that only a classifier can have. */
#include "hookline/lead_classifier.h"

#define KIND HKL_LEAD_CLASSIFIER_V1
#define KIND_ID "classifier"
#define BRIEF_MS 5000

struct work {
  char why[200];
  unsigned asked;
  char *answer;      /* on the heap, for defects of memory */
  const char *input; /* kept against the contract */
};

#include <threads.h>

#include "common.h"

#ifdef HOSTILE_LONGJMP
static __thread jmp_buf way_out;
#endif

#if defined HOSTILE_LONGJMP || defined HOSTILE_RECURSIVE
struct asking {
  const hkl_host *host;
  const hkl_host_history *history;
  hkl_str contact;
};

static hkl_status take_touch(void *user, const hkl_touch *touch) {
#ifdef HOSTILE_LONGJMP
  (void)user;
  (void)touch;
  longjmp(way_out, 1);
#else
  const struct asking *asking = (const struct asking *)user;
  hkl_touch_sink sink = {sizeof(hkl_touch_sink), 0, user, take_touch};
  return asking->history->touches(asking->host, asking->contact, touch->at_ms + 1, 1, &sink);
#endif
}

static void ask_history(hkl_instance *self, const hkl_inquiry *inquiry) {
  struct asking asking;
  hkl_touch_sink sink = {sizeof(hkl_touch_sink), 0, &asking, take_touch};
  asking.host = self->host;
  asking.history = (const hkl_host_history *)self->host->get_interface(self->host, str(HKL_HOST_HISTORY_V1));
  asking.contact = inquiry->contact->id;
  if (asking.history == NULL) return;
#ifdef HOSTILE_LONGJMP
  if (setjmp(way_out) != 0) return;
#endif
  asking.history->touches(self->host, asking.contact, inquiry->now_ms, 1, &sink);
}
#endif

#ifdef HOSTILE_WRONG_THREAD
static int wake_from_elsewhere(void *host) {
  const hkl_host *of = (const hkl_host *)host;
  const hkl_host_wake *wake = (const hkl_host_wake *)of->get_interface(of, str(HKL_HOST_WAKE_V1));
  if (wake != NULL) wake->wake_at(of, str("again"), 1772442900000);
  return 0;
}
#endif

#ifdef HOSTILE_THREAD_SURVIVOR
static int live_on(void *unused) {
  struct timespec while_ = {60, 0};
  (void)unused;
  thrd_sleep(&while_, NULL);
  return 0;
}
#endif

static hkl_status classify(hkl_instance *self, const hkl_inquiry *inquiry, hkl_verdict *out_verdict, hkl_error *err) {
  struct work *work = &self->work;
  uint64_t i, brief = 0;
#ifdef HOSTILE_HALF_WRITTEN_OUT
  out_verdict->quality = HKL_QUALITY_TARGET;
#endif
  if (!self->is_started) return tell(err, HKL_INVALID, "it is not started");
  ++work->asked;
#ifdef HOSTILE_FOREIGN_FREE
  free((void *)(uintptr_t)inquiry->touch->text.ptr);
#endif
#ifdef HOSTILE_READS_FREED
  work->answer = (char *)malloc(100);
  memset(work->answer, 0, 100);
  free(work->answer);
  if (*(volatile char *)(work->answer + 50) == 1) return tell(err, HKL_INVALID, "never");
#endif
#ifdef HOSTILE_KEEPS_INPUT
  if (work->input != NULL && work->input[0] == '!') return tell(err, HKL_INVALID, "never");
  work->input = inquiry->contact->id.ptr;
#endif
#if defined HOSTILE_LONGJMP || defined HOSTILE_RECURSIVE
  ask_history(self, inquiry);
#endif
#ifdef HOSTILE_WRONG_THREAD
  {
    thrd_t thread;
    if (thrd_create(&thread, wake_from_elsewhere, (void *)(uintptr_t)self->host) == thrd_success)
      thrd_join(thread, NULL);
  }
#endif
#ifdef HOSTILE_THREAD_SURVIVOR
  {
    thrd_t thread;
    if (work->asked == 1 && thrd_create(&thread, live_on, NULL) == thrd_success) thrd_detach(thread);
  }
#endif
  for (i = 0; i < inquiry->earlier_count; ++i) {
    const int64_t talk_ms = inquiry->earlier[i]->talk_ms;
    if (talk_ms != HKL_UNKNOWN_MS && talk_ms < BRIEF_MS) ++brief;
  }
#ifdef HOSTILE_FIRST_TIMER
  brief = brief * 2 / inquiry->earlier_count;
#endif
#ifdef HOSTILE_FLIP_FLOP
  brief += work->asked % 2 * 2;
#endif
  out_verdict->quality = brief >= 2 ? HKL_QUALITY_NON_TARGET : HKL_QUALITY_NO_OPINION;
  out_verdict->score = brief >= 2 ? 1 : 0;
#ifdef HOSTILE_NAN_SCORE
  out_verdict->score = __builtin_nan("");
#endif
#ifdef HOSTILE_UNKNOWN_QUALITY
  out_verdict->quality = 99;
#endif
  snprintf(work->why, sizeof work->why, "%s%u brief calls", prefix_of(self), (unsigned)brief);
  out_verdict->why = str(work->why);
#ifdef HOSTILE_DANGLING_TEXT
  out_verdict->why = inquiry->contact->id;
#endif
  return HKL_OK;
}

static const hkl_lead_classifier kind_table = {sizeof(hkl_lead_classifier), 0, classify};

static const void *find_kind_table(hkl_str id) { return is_id(id, KIND) ? &kind_table : NULL; }
