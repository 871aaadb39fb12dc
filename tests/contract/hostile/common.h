/* What the good plugins of all kinds share: settings, life, note and entry.
 *
 * Each hostile plugin is a good one with one thing changed, which a definition
 * HOSTILE_… chooses (CMakeLists.txt): what stands between #ifdef and #else is
 * the defect. Without a definition the plugin is good. Plain C that a C++
 * compiler takes too, since some defects need C++ (cxx/).
 *
 * A kind defines before including this: KIND (interface id), KIND_ID (of the
 * plugin), `struct work` (its part of an instance), and after it its table
 * `kind_table` and `other_table()`.
 */
#ifndef HOSTILE_COMMON_H
#define HOSTILE_COMMON_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <inttypes.h>
#include <locale.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "hookline/host.h"
#include "hookline/plugin.h"

#ifdef __cplusplus
#include <stdexcept>
#include <string>
#define EXTERN_C extern "C"
#else
#define EXTERN_C
#endif

#define PREFIX_MAX 100

struct hkl_instance {
  const hkl_host *host;
  char prefix[PREFIX_MAX + 1]; /* setting: goes into what the plugin says */
  char password[PREFIX_MAX + 1];
  char hours[PREFIX_MAX + 1]; /* of a task rule: a calendar of the host, or "none" */
  int is_configured, is_started;
  struct work work;
};

static hkl_str str(const char *text) {
  hkl_str out;
  out.ptr = text;
  out.len = strlen(text);
  return out;
}

static hkl_status tell(hkl_error *err, hkl_status status, const char *text) {
  if (err != NULL && err->struct_size >= offsetof(hkl_error, text) + HKL_ERROR_TEXT_MAX) {
    err->status = status;
    err->text_len = (uint32_t)snprintf(err->text, sizeof err->text, "%.900s", text);
  }
  return status;
}

static inline void say(hkl_instance *self, const char *text) {
  const hkl_host_log *log = (const hkl_host_log *)self->host->get_interface(self->host, str(HKL_HOST_LOG_V1));
#ifndef HOSTILE_NULL_HOST_INTERFACE
  if (log == NULL) return;
#endif
  log->write(self->host, HKL_LOG_INFO, str(text));
}

/* The text of "name": "…" in the settings, escapes as they stand; 0: there is none. */
static int find_setting(hkl_str json, const char *name, char *out, size_t limit) {
  char quoted[40];
  const char *end = json.ptr + json.len, *at = json.ptr;
  const size_t length = (size_t)snprintf(quoted, sizeof quoted, "\"%s\":", name);
  size_t i = 0;
  while (at + length < end && memcmp(at, quoted, length) != 0) ++at;
  if (at + length >= end) return 0;
  for (at += length; at < end && *at != '"';) ++at;
  for (++at; at < end && *at != '"'; ++at) {
    const int is_escape = *at == '\\' && at + 1 < end;
#ifdef HOSTILE_LONG_SETTING
    (void)limit;
#else
    if (i + 2 > limit) break;
#endif
    out[i++] = *at;
    if (is_escape) out[i++] = *++at;
  }
  out[i] = '\0';
  return 1;
}

/* --- Ways to go wrong, wherever they are called ------------------------------ */

#ifdef HOSTILE_LEAK_THREAD
static void *wait_for_ever(void *unused) {
  for (;;) pause();
  return unused;
}
#endif

#ifdef HOSTILE_STACK_OVERFLOW
static int dig(volatile char *above) {
  volatile char here[4096];
  here[0] = above == NULL ? 1 : above[0];
  return dig(here) + here[0];
}
#endif

#ifdef HOSTILE_FPE
static volatile int nothing = 0;
#endif

enum step { IN_CREATE, IN_CONFIGURE, IN_START, IN_WORK, IN_STOP, IN_DESTROY };

#ifdef HOSTILE_SIGNAL_THIEF
static void ignore_signal(int number) { (void)number; }
#endif

/* The defects that may strike at any step; HOSTILE_AT says at which. */
static inline void strike(enum step step) {
#ifdef HOSTILE_AT
  if (step != HOSTILE_AT) return;
#else
  (void)step;
#endif
#ifdef HOSTILE_SEGV
  *(volatile int *)16 = 1;
#endif
#ifdef HOSTILE_STACK_OVERFLOW
  exit(dig(NULL));
#endif
#ifdef HOSTILE_FPE
  nothing = 100 / nothing;
#endif
#ifdef HOSTILE_HANG
  for (;;) pause();
#endif
#ifdef HOSTILE_EXITS
  exit(0);
#endif
#ifdef HOSTILE_ABORTS
  abort();
#endif
#ifdef HOSTILE_LEAK_MEMORY
  if (malloc(1000) == NULL) abort();
#endif
#ifdef HOSTILE_LEAK_FD
  if (dup(STDOUT_FILENO) < 0) abort();
#endif
#ifdef HOSTILE_LEAK_THREAD
  pthread_t thread;
  if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0) abort();
#endif
#ifdef HOSTILE_SIGNAL_THIEF
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = ignore_signal;
  sigaction(SIGUSR1, &action, NULL);
#endif
#ifdef HOSTILE_LOCALE_CHANGER
  setlocale(LC_ALL, "C.UTF-8");
#endif
#ifdef HOSTILE_CHDIR
  if (chdir("/") != 0) abort();
#endif
#ifdef HOSTILE_STDOUT_TALKER
  printf("hello\n");
  fflush(stdout);
#endif
#ifdef HOSTILE_OPENS_SOCKET
  close(socket(AF_INET, SOCK_STREAM, 0));
#endif
#ifdef HOSTILE_READS_CLOCK_DIRECTLY
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
#endif
#ifdef HOSTILE_THROWS_STD
  throw std::runtime_error("thrown on purpose");
#endif
#ifdef HOSTILE_THROWS_WITHIN
  []() noexcept { throw std::runtime_error("thrown where nothing may be"); }();
#endif
#ifdef HOSTILE_THROWS_INT
  throw 7;
#endif
}

/* --- Constructors: nothing may run when the file is opened -------------------- */

#ifdef HOSTILE_CTOR_THREAD
static void *be_a_thread(void *unused) {
  pause();
  return unused;
}
#endif

#if defined HOSTILE_CTOR_THREAD || defined HOSTILE_CTOR_EXIT || defined HOSTILE_CTOR_HANG || \
    defined HOSTILE_CTOR_PRINT || defined HOSTILE_CTOR_THROW || defined HOSTILE_SLOW_LOAD
__attribute__((constructor)) static void when_opened(void) {
#ifdef HOSTILE_CTOR_THREAD
  pthread_t thread;
  if (pthread_create(&thread, NULL, be_a_thread, NULL) != 0) abort();
#endif
#ifdef HOSTILE_CTOR_EXIT
  exit(0);
#endif
#ifdef HOSTILE_CTOR_HANG
  for (;;) pause();
#endif
#ifdef HOSTILE_CTOR_PRINT
  printf("opened\n");
  fflush(stdout);
#endif
#ifdef HOSTILE_CTOR_THROW
  throw std::runtime_error("thrown while the file is opened");
#endif
#ifdef HOSTILE_SLOW_LOAD
  usleep(200 * 1000);
#endif
}
#endif

#ifdef HOSTILE_ATEXIT_USER
static char *dead_at_exit;
static void use_what_is_dead(void) { abort(); }
#endif

#ifdef HOSTILE_TLS_DESTRUCTOR
static pthread_key_t of_thread;
static void when_thread_ends(void *unused) { (void)unused; }
#endif

#ifdef HOSTILE_STATIC_TLS /* how many bytes */
static __thread volatile char of_thread[HOSTILE_STATIC_TLS] __attribute__((tls_model("initial-exec"))) = {1};
#endif

#ifdef HOSTILE_UNRESOLVED
EXTERN_C void hkl_test_function_that_nobody_defines(void);
#endif
#ifdef HOSTILE_MISSING_LIB
EXTERN_C void hkl_test_function_of_a_library(void);
#endif

#ifdef HOSTILE_GLOBAL_STATE
static char shared_prefix[PREFIX_MAX + 1];
#endif

/* --- Life --------------------------------------------------------------------- */

static hkl_status create(hkl_str interface_id, const hkl_host *host, hkl_instance **out_instance, hkl_error *err) {
  hkl_instance *made;
  strike(IN_CREATE);
#ifdef HOSTILE_NEWEST_OR_NOTHING
  if (host->abi_minor < 4) return tell(err, HKL_NOT_FOUND, "this host is too old");
#endif
  if (interface_id.len != strlen(KIND)) {
#ifdef HOSTILE_NO_ERROR_TEXT
    return HKL_NOT_FOUND;
#elif defined HOSTILE_ODD_STATUS
    return tell(err, 99, "something else");
#else
    return tell(err, HKL_NOT_FOUND, "this plugin is of another kind");
#endif
  }
  made = (hkl_instance *)calloc(1, sizeof *made);
#ifndef HOSTILE_OOM
  if (made == NULL) return tell(err, HKL_RESOURCE, "out of memory");
#endif
  made->host = host;
  *out_instance = made;
  return HKL_OK;
}

#ifdef HOSTILE_KEY_ORDER
static int is_last_key(hkl_str json, const char *name) {
  const char *at = json.ptr + json.len - 1;
  const size_t length = strlen(name);
  while (at > json.ptr && *at != ':') --at;
  return (size_t)(at - json.ptr) > length + 1 && memcmp(at - length - 1, name, length) == 0;
}
#endif

static hkl_status configure(hkl_instance *self, hkl_str settings_json, hkl_error *err) {
  strike(IN_CONFIGURE);
  if (self->is_configured) return tell(err, HKL_INVALID, "it is configured already");
  if (settings_json.len == 0 || settings_json.ptr[0] != '{' || settings_json.ptr[settings_json.len - 1] != '}') {
#ifdef HOSTILE_SECRET_IN_ERROR
    char text[300];
    find_setting(settings_json, "password", self->password, sizeof self->password);
    snprintf(text, sizeof text, "no JSON object, password %s", self->password);
    return tell(err, HKL_BAD_SETTINGS, text);
#endif
#ifdef HOSTILE_SECRET_IN_OUTPUT
    find_setting(settings_json, "password", self->password, sizeof self->password);
    fprintf(stderr, "no JSON object, password %s\n", self->password);
#endif
#ifdef HOSTILE_NEEDS_ORDER
    self->host = NULL;
#endif
    return tell(err, HKL_BAD_SETTINGS, "the settings are no JSON object");
  }
  find_setting(settings_json, "prefix", self->prefix, sizeof self->prefix);
  find_setting(settings_json, "password", self->password, sizeof self->password);
  find_setting(settings_json, "working_hours", self->hours, sizeof self->hours);
#ifdef HOSTILE_KEY_ORDER
  if (is_last_key(settings_json, "password")) strcpy(self->prefix, "the last key decides");
#endif
#ifdef HOSTILE_GLOBAL_STATE
  memcpy(shared_prefix, self->prefix, sizeof shared_prefix);
#endif
#ifdef HOSTILE_NO_SENTENCE
  return HKL_BAD_SETTINGS;
#endif
  self->is_configured = 1;
  return HKL_OK;
}

static const char *prefix_of(const hkl_instance *self) {
#ifdef HOSTILE_GLOBAL_STATE
  (void)self;
  return shared_prefix;
#else
  return self->prefix;
#endif
}

#ifdef HOSTILE_FORK_UNSAFE
static int is_registered;
#endif

#ifdef HOSTILE_ONLY_ONE
static int is_marked;
#endif

#ifdef HOSTILE_BORROWS_UMASK
static mode_t borrowed_umask;
#endif

static hkl_status start(hkl_instance *self, hkl_error *err) {
  if (!self->is_configured || self->is_started) return tell(err, HKL_INVALID, "it is not ready to start");
  strike(IN_START);
#ifdef HOSTILE_SECRET_IN_LOG
  say(self, self->password);
#endif
#ifdef HOSTILE_CHANGES_DESCRIPTOR
  {
    char *page = (char *)((uintptr_t)&hookline_plugin_v1 & ~(uintptr_t)4095);
    if (mprotect(page, 8192, PROT_READ | PROT_WRITE) != 0) abort();
    ((hkl_plugin *)(uintptr_t)&hookline_plugin_v1)->reserved = 1;
  }
#endif
#ifdef HOSTILE_FORK_UNSAFE
  if (!is_registered) pthread_atfork(NULL, NULL, abort);
  is_registered = 1;
#endif
#ifdef HOSTILE_ATEXIT_USER
  if (dead_at_exit == NULL) {
    dead_at_exit = (char *)"registered";
    atexit(use_what_is_dead);
  }
#endif
#ifdef HOSTILE_TLS_DESTRUCTOR
  if (of_thread == 0) pthread_key_create(&of_thread, when_thread_ends);
  pthread_setspecific(of_thread, self);
#endif
#ifdef HOSTILE_ONLY_ONE
  if (!is_marked) {
    void *mark =
        mmap((void *)0x610000000000, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (mark == MAP_FAILED) return tell(err, HKL_UNAVAILABLE, "another copy runs already");
    is_marked = 1;
  }
#endif
#ifdef HOSTILE_BORROWS_UMASK
  borrowed_umask = umask(0127);
#endif
#ifdef HOSTILE_FLOOD
  {
    int i;
    for (i = 0; i < 100000; ++i) say(self, "here I am");
  }
#endif
  self->is_started = 1;
  say(self, "started");
  return HKL_OK;
}

static hkl_status stop(hkl_instance *self, hkl_error *err) {
#ifdef HOSTILE_TRUSTS_ORDER
  if (!self->is_started) abort();
#else
  if (!self->is_started) return tell(err, HKL_INVALID, "it is not started");
#endif
  strike(IN_STOP);
#ifdef HOSTILE_BORROWS_UMASK
  umask(borrowed_umask);
#endif
  self->is_started = 0;
  return HKL_OK;
}

static void destroy(hkl_instance *self) {
  strike(IN_DESTROY);
#ifdef HOSTILE_GROWS_ON_GARBAGE
  while (self->work.kept != NULL) {
    struct kept *kept = self->work.kept;
    self->work.kept = kept->next;
    free(kept);
  }
#endif
#ifdef HOSTILE_LATE_CALLBACK
  say(self, "one more word");
#endif
#ifdef HOSTILE_NEEDS_ORDER
  if (self->host->struct_size == 0) return;
#endif
#ifdef HOSTILE_DOUBLE_RELEASE
  free(self);
#endif
#ifndef HOSTILE_FORGETS_RELEASE
  free(self);
#endif
}

/* --- Note and entry ------------------------------------------------------------ */

#ifndef REQUIRED_MINOR
#define REQUIRED_MINOR 0
#endif
#ifndef BUILT_MINOR
#define BUILT_MINOR HKL_ABI_MINOR
#endif
#ifndef NOTE_MAJOR
#define NOTE_MAJOR HKL_ABI_MAJOR
#endif
#ifndef NOTE_VERSION
#define NOTE_VERSION "1.0.0"
#endif
#ifndef PLUGIN_ID
#define PLUGIN_ID "hostile-" KIND_ID
#endif
#ifdef HOSTILE_ENDLESS_NAME
#define LONG_TEXT "a summary that does not come to its end, "
#define LONGER_TEXT LONG_TEXT LONG_TEXT LONG_TEXT LONG_TEXT LONG_TEXT LONG_TEXT LONG_TEXT LONG_TEXT
#define SUMMARY LONGER_TEXT LONGER_TEXT LONGER_TEXT LONGER_TEXT
#endif
#ifndef SUMMARY
#define SUMMARY "A plugin of the tests"
#endif
#ifndef FLAGS
#define FLAGS ""
#endif
#ifndef OFFERS
#define OFFERS ""
#endif
#ifndef MORE_SETTINGS
#define MORE_SETTINGS ""
#endif
#ifndef ENTRY_SIZE
#define ENTRY_SIZE sizeof(hkl_plugin)
#endif
#ifndef ENTRY_TAIL
#define ENTRY_TAIL 0
#endif

#if defined HOSTILE_BAD_SCHEMA
#define PREFIX_SCHEMA \
  "\"prefix\": {\"type\": \"sentence\", \"default\": \"\", \"description\": \"Goes before what it says\"}"
#elif defined HOSTILE_BAD_DEFAULTS
#define PREFIX_SCHEMA \
  "\"prefix\": {\"type\": \"string\", \"default\": 7, \"description\": \"Goes before what it says\"}"
#elif defined HOSTILE_BAD_LENGTH
#define PREFIX_SCHEMA \
  "\"prefix\": {\"type\": \"string\", \"maxLength\": \"long\", \"description\": \"Goes before what it says\"}"
#elif defined HOSTILE_TWIN_SETTINGS
#define PREFIX_SCHEMA                                                                         \
  "\"prefix\": {\"type\": \"string\", \"default\": \"\", \"description\": \"Goes before\"}, " \
  "\"prefix\": {\"type\": \"string\", \"default\": \"\", \"description\": \"Goes before it too\"}"
#else
#define PREFIX_SCHEMA \
  "\"prefix\": {\"type\": \"string\", \"default\": \"\", \"description\": \"Goes before what it says\"}"
#endif

#ifdef HOSTILE_BAD_MANIFEST
#define MANIFEST "no JSON"
#else
#define MANIFEST                                                                                         \
  "{\"id\": \"" PLUGIN_ID "\", \"version\": \"" NOTE_VERSION                                             \
  "\", \"author\": \"Hookline\", \"licence\": \"Apache-2.0\", \"summary\": \"A plugin of the tests\", "  \
  "\"interfaces\": [\"" KIND "\"" OFFERS "], \"flags\": [" FLAGS                                         \
  "], "                                                                                                  \
  "\"settings\": {\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"password\"], " \
  "\"properties\": {" PREFIX_SCHEMA MORE_SETTINGS                                                        \
  ", \"password\": {\"type\": \"string\", \"secret\": true, \"description\": \"Known to the other side\"}}}}"
#endif

typedef HKL_NOTE_STRUCT(sizeof(MANIFEST)) plugin_note;
#define NOTE(name)                                                                                            \
  __attribute__((section(HKL_NOTE_SECTION), aligned(4), used)) static const plugin_note name = {              \
      sizeof(HKL_NOTE_NAME), 16 + sizeof(MANIFEST), HKL_NOTE_TYPE, HKL_NOTE_NAME, HKL_NOTE_MAGIC, NOTE_MAJOR, \
      REQUIRED_MINOR,        BUILT_MINOR,           MANIFEST}
#ifndef HOSTILE_NO_NOTE
NOTE(first_note);
#endif
#ifdef HOSTILE_TWO_NOTES
NOTE(second_note);
#endif

static const hkl_life life = {sizeof(hkl_life), 0, create, configure, start, stop, destroy};
static const void *find_kind_table(hkl_str id);

static int is_id(hkl_str id, const char *wanted) {
  return id.len == strlen(wanted) && memcmp(id.ptr, wanted, id.len) == 0;
}

static const void *get_interface(hkl_str id) {
#ifdef HOSTILE_UNRESOLVED
  hkl_test_function_that_nobody_defines();
#endif
#ifdef HOSTILE_MISSING_LIB
  hkl_test_function_of_a_library();
#endif
#ifdef HOSTILE_STATIC_TLS
  of_thread[1] = of_thread[0];
#endif
  if (is_id(id, HKL_LIFE_V1)) return &life;
#ifdef HOSTILE_YES_TO_ALL
  return id.len == strlen(KIND) ? find_kind_table(id) : &life;
#else
  return find_kind_table(id);
#endif
}

#ifdef HOSTILE_TWO_DOORS
EXTERN_C HKL_PUBLIC int another_door(void);
int another_door(void) { return 1; }
#endif

#ifdef HOSTILE_TEXT_RELOCATIONS
__asm__(".text\n.balign 8\n.quad hookline_plugin_v1\n");
#endif

#define LITERAL(text) \
  { text, sizeof(text) - 1 }

#ifdef HOSTILE_ENTRY_IS_FUNCTION
EXTERN_C HKL_PUBLIC const void *entry(hkl_str id) __asm__(HKL_PLUGIN_SYMBOL);
const void *entry(hkl_str id) { return get_interface(id); }
#else
struct whole_entry {
  hkl_plugin plugin;
#if ENTRY_TAIL > 0
  char tail[ENTRY_TAIL];
#endif
};
#ifdef HOSTILE_ENTRY_WRITABLE
#define ENTRY_CONST
#else
#define ENTRY_CONST const
#endif
EXTERN_C HKL_PUBLIC ENTRY_CONST struct whole_entry entry __asm__(HKL_PLUGIN_SYMBOL);
ENTRY_CONST struct whole_entry entry = {
    {ENTRY_SIZE, REQUIRED_MINOR, BUILT_MINOR, 0, LITERAL(PLUGIN_ID), LITERAL("1.0.0"), LITERAL("Hookline"),
     LITERAL("Apache-2.0"), LITERAL(SUMMARY), get_interface}
#if ENTRY_TAIL > 0
    ,
    {0}
#endif
};
#endif

#endif
