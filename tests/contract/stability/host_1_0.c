/* The oldest host there is: knows the headers of 1.0 alone, offers a log and
 * nothing else, and lets a plugin of today live once. An adapter is fed the
 * bytes of the second argument, or an empty line.
 *
 *   host_1_0 PLUGIN.so SETTINGS.json [CAPTURE]     exit 0: it lived
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hookline/host.h"
#include "hookline/lead_classifier.h"
#include "hookline/pbx_adapter.h"
#include "hookline/report.h"
#include "hookline/task_rule.h"

static hkl_str str(const char *text) {
  hkl_str out = {text, strlen(text)};
  return out;
}

static void write_line(const hkl_host *host, uint32_t level, hkl_str text) {
  (void)host;
  printf("log %u %.*s\n", level, (int)text.len, text.ptr);
}
static const hkl_host_log host_log = {sizeof(hkl_host_log), 0, write_line};

static const void *find(const hkl_host *host, hkl_str id) {
  (void)host;
  return id.len == strlen(HKL_HOST_LOG_V1) && memcmp(id.ptr, HKL_HOST_LOG_V1, id.len) == 0 ? &host_log : NULL;
}

static hkl_error blank(void) {
  hkl_error err;
  memset(&err, 0, sizeof err);
  err.struct_size = sizeof err;
  return err;
}

static int is_done(const char *step, hkl_status status, const hkl_error *err) {
  if (status == HKL_OK) return 1;
  printf("%s: %u %.*s\n", step, status, (int)err->text_len, err->text);
  return 0;
}

static unsigned events = 0, tasks = 0, bytes_written = 0;

static hkl_status take_event(void *user, const hkl_call_event *event, hkl_error *err) {
  (void)user;
  (void)err;
  if (event->struct_size < sizeof(hkl_call_event)) return HKL_INVALID; /* shorter than 1.0 was */
  ++events;
  return HKL_OK;
}
static hkl_status take_bytes(void *user, uint64_t connection, hkl_bytes bytes) {
  return (void)user, (void)connection, (void)bytes, HKL_OK;
}
static hkl_status take_close(void *user, uint64_t connection, int64_t after_ms, hkl_str why) {
  return (void)user, (void)connection, (void)after_ms, (void)why, HKL_OK;
}
static hkl_status take_state(void *user, uint64_t connection, uint32_t state, hkl_str text) {
  return (void)user, (void)connection, (void)state, (void)text, HKL_OK;
}
static hkl_status take_skipped(void *user, uint64_t connection, uint64_t count, hkl_str why) {
  return (void)user, (void)connection, (void)count, (void)why, HKL_OK;
}
static hkl_status take_tick(void *user, int64_t at_ms) { return (void)user, (void)at_ms, HKL_OK; }
static hkl_status take_endpoint(void *user, const hkl_endpoint *endpoint) {
  return (void)user, endpoint->struct_size >= sizeof(hkl_endpoint) ? HKL_OK : HKL_INVALID;
}
static hkl_status take_task(void *user, const hkl_task *task, hkl_error *err) {
  (void)user;
  (void)err;
  ++tasks;
  return task->struct_size >= sizeof(hkl_task) ? HKL_OK : HKL_INVALID;
}
static hkl_status take_text(void *user, hkl_bytes bytes) {
  bytes_written += (unsigned)bytes.len;
  return (void)user, HKL_OK;
}

static int feed(const hkl_pbx_adapter *table, hkl_instance *self, hkl_bytes bytes) {
  const int64_t now = 1772442900000;
  const hkl_endpoint_sink endpoints = {sizeof(hkl_endpoint_sink), 0, NULL, take_endpoint};
  const hkl_pbx_sink sink = {sizeof(hkl_pbx_sink), 0,          NULL,         take_event, take_bytes,
                             take_close,           take_state, take_skipped, take_tick};
  hkl_connection connection;
  hkl_error err = blank();
  memset(&connection, 0, sizeof connection);
  connection.struct_size = sizeof connection;
  connection.is_capture = 1;
  connection.id = 1;
  connection.name = str("capture");
  return is_done("endpoints", table->endpoints(self, &endpoints, &err), &err) &&
         is_done("opened", table->opened(self, &connection, now, &sink, &err), &err) &&
         is_done("feed", table->feed(self, 1, bytes, now, &sink, &err), &err) &&
         is_done("tick", table->tick(self, now + 60000, &sink, &err), &err) &&
         is_done("closed", table->closed(self, 1, now + 60000, &sink, &err), &err);
}

static int work(const hkl_plugin *plugin, const char *kind, hkl_instance *self, hkl_bytes bytes) {
  const void *table = plugin->get_interface(str(kind));
  hkl_error err = blank();
  hkl_contact contact;
  memset(&contact, 0, sizeof contact);
  contact.struct_size = sizeof contact;
  if (strcmp(kind, HKL_PBX_ADAPTER_V1) == 0) return feed(table, self, bytes);
  if (strcmp(kind, HKL_REPORT_V1) == 0) {
    const hkl_writer writer = {sizeof(hkl_writer), 0, NULL, take_text};
    return is_done("definition", ((const hkl_report *)table)->definition(self, &writer, &err), &err);
  }
  if (strcmp(kind, HKL_TASK_RULE_V1) == 0) {
    const hkl_task_sink sink = {sizeof(hkl_task_sink), 0, NULL, take_task};
    hkl_timeline timeline;
    memset(&timeline, 0, sizeof timeline);
    timeline.struct_size = sizeof timeline;
    timeline.contact = &contact;
    return is_done("review", ((const hkl_task_rule *)table)->review(self, &timeline, &sink, &err), &err);
  }
  {
    hkl_inquiry inquiry;
    hkl_touch touch;
    hkl_verdict verdict;
    memset(&inquiry, 0, sizeof inquiry);
    memset(&touch, 0, sizeof touch);
    memset(&verdict, 0, sizeof verdict);
    inquiry.struct_size = sizeof inquiry;
    touch.struct_size = sizeof touch;
    verdict.struct_size = sizeof verdict;
    touch.talk_ms = touch.wait_ms = HKL_UNKNOWN_MS;
    inquiry.touch = &touch;
    inquiry.contact = &contact;
    return is_done("classify", ((const hkl_lead_classifier *)table)->classify(self, &inquiry, &verdict, &err), &err);
  }
}

static hkl_bytes read_file(const char *name) {
  hkl_bytes out = {NULL, 0};
  FILE *file = fopen(name, "rb");
  uint8_t *bytes = malloc(1 << 20);
  if (file == NULL || bytes == NULL) {
    fprintf(stderr, "%s cannot be read\n", name);
    exit(2);
  }
  out.ptr = bytes;
  out.len = fread(bytes, 1, 1 << 20, file);
  fclose(file);
  return out;
}

static int live(const hkl_plugin *plugin, hkl_bytes settings, hkl_bytes bytes) {
  static const char *const kinds[] = {HKL_PBX_ADAPTER_V1, HKL_LEAD_CLASSIFIER_V1, HKL_TASK_RULE_V1, HKL_REPORT_V1};
  const hkl_life *life = plugin->get_interface(str(HKL_LIFE_V1));
  const hkl_str json = {(const char *)settings.ptr, settings.len};
  const char *kind = NULL;
  hkl_host host;
  hkl_error err = blank();
  hkl_instance *self = NULL;
  size_t i;
  int is_good;
  memset(&host, 0, sizeof host);
  host.struct_size = sizeof host;
  host.version = str("1.0.0");
  host.get_interface = find;
  for (i = 0; i < sizeof kinds / sizeof *kinds && kind == NULL; ++i)
    if (plugin->get_interface(str(kinds[i])) != NULL) kind = kinds[i];
  if (kind == NULL || life == NULL) return printf("no kind that 1.0 knows\n"), 0;
  if (!is_done("create", life->create(str(kind), &host, &self, &err), &err)) return 0;
  is_good = is_done("configure", life->configure(self, json, &err), &err) &&
            is_done("start", life->start(self, &err), &err) && work(plugin, kind, self, bytes) &&
            is_done("stop", life->stop(self, &err), &err);
  life->destroy(self);
  printf("%s: %u events, %u tasks, %u bytes\n", kind, events, tasks, bytes_written);
  return is_good;
}

int main(int count, char **words) {
  const hkl_bytes empty_line = {(const uint8_t *)"\n", 1};
  const hkl_plugin *plugin;
  void *library;
  if (count < 3) return 2;
  library = dlopen(words[1], RTLD_NOW | RTLD_LOCAL);
  plugin = library == NULL ? NULL : dlsym(library, HKL_PLUGIN_SYMBOL);
  if (plugin == NULL) return fprintf(stderr, "%s\n", dlerror()), 2;
  if (plugin->required_minor > 0) return printf("wants a host newer than 1.0\n"), 1;
  return live(plugin, read_file(words[2]), count > 3 ? read_file(words[3]) : empty_line) ? 0 : 1;
}
