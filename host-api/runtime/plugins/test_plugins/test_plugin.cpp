// The one good plugin that every hostile one is made of: all four kinds,
// written by hand over the C headers, so that a defect is one definition in
// CMakeLists.txt and nothing else. Without a definition it is good.
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>

#include "good.h"
#include "hookline/host.h"
#include "hookline/lead_classifier.h"
#include "hookline/pbx_adapter.h"
#include "hookline/report.h"
#include "hookline/task_rule.h"

#ifdef CALLS_UNDEFINED
extern "C" void hkl_test_function_that_nobody_defines();
#endif
#ifdef CALLS_LIBRARY
extern "C" void hkl_test_function_of_a_library();
#endif

namespace {

enum class Way { good, refuses, no_text, odd_status, nothing_made, throws_std, throws_int };

hkl_str str(const std::string& text) { return {text.data(), text.size()}; }
std::string text_of(hkl_str text) { return text.len == 0 ? std::string() : std::string(text.ptr, text.len); }

hkl_status tell(hkl_error* err, hkl_status status, const std::string& text) {
  if (err == nullptr) return status;
  err->status = status;
  err->text_len = static_cast<std::uint32_t>(text.copy(err->text, HKL_ERROR_TEXT_MAX - 1));
  return status;
}

// `about` gets into the texts: the settings, with their secrets.
hkl_status go(Way way, const std::string& about, hkl_error* err) {
  switch (way) {
    case Way::refuses:
      return tell(err, HKL_BAD_SETTINGS, "cannot live with " + about);
    case Way::no_text:
      return HKL_UNAVAILABLE;
    case Way::odd_status:
      return tell(err, 99, "something else");
    case Way::throws_std:
      throw std::runtime_error("broken by " + about);
    case Way::throws_int:
      throw 7;
    case Way::good:
    case Way::nothing_made:
      break;
  }
  return HKL_OK;
}

struct Plugin {
  const hkl_host* host = nullptr;
  std::string settings, line;
  std::string why;                     // of the last verdict
  const hkl_pbx_sink* sink = nullptr;  // kept against the contract, see stop
  bool is_started = false;

  void log(const std::string& text) const {
    const auto* log =
        static_cast<const hkl_host_log*>(host->get_interface(host, {HKL_HOST_LOG_V1, sizeof HKL_HOST_LOG_V1 - 1}));
    if (log != nullptr) log->write(host, HKL_LOG_INFO, str(text));
  }
};

Plugin& of(hkl_instance* self) { return *reinterpret_cast<Plugin*>(self); }

// --- Life ---

hkl_status create(hkl_str interface_id, const hkl_host* host, hkl_instance** out, hkl_error* err) {
  if (text_of(interface_id).rfind("hookline.", 0) != 0) return tell(err, HKL_NOT_FOUND, "no such interface here");
  if (const auto status = go(Way::IN_CREATE, "create", err); status != HKL_OK) return status;
  if (Way::IN_CREATE == Way::nothing_made) return HKL_OK;
  auto* made = new Plugin;
  made->host = host;
  *out = reinterpret_cast<hkl_instance*>(made);
  return HKL_OK;
}

hkl_status configure(hkl_instance* self, hkl_str settings, hkl_error* err) {
  of(self).settings = text_of(settings);
  return go(Way::IN_CONFIGURE, of(self).settings, err);
}

hkl_status start(hkl_instance* self, hkl_error* err) {
  of(self).log("start with " + of(self).settings);
  of(self).is_started = true;
  return go(Way::IN_START, of(self).settings, err);
}

hkl_status stop(hkl_instance* self, hkl_error* err) {
  auto& plugin = of(self);
  if (!plugin.is_started) return tell(err, HKL_INVALID, "it is not started");
  plugin.is_started = false;
  plugin.log("stop");
  if (plugin.sink != nullptr) {
    const auto status = plugin.sink->tick_at(plugin.sink->user, 1);
    plugin.log("the sink it kept answers " + std::to_string(status));
  }
  return go(Way::IN_STOP, plugin.settings, err);
}

[[maybe_unused]] void destroy(hkl_instance* self) {
  of(self).log("destroy");
  const std::string settings = of(self).settings;
  delete &of(self);
  go(Way::IN_DESTROY, settings, nullptr);
}

// --- Adapter: one event of each line "KIND EVENT_ID CALL_REF AT_MS" ---

hkl_status endpoints(hkl_instance* self, const hkl_endpoint_sink* sink, hkl_error*) {
  // The settings are the words of one endpoint, KIND PORT IDLE_MS ADDRESS; JSON wants none.
  if (of(self).settings.rfind('{', 0) == 0) return HKL_OK;
  char address[200] = "";
  hkl_endpoint endpoint{};
  endpoint.struct_size = sizeof endpoint;
  long long idle = 0;
  std::sscanf(of(self).settings.c_str(), "%u %u %lld %199s", &endpoint.kind, &endpoint.port, &idle, address);
  endpoint.idle_ms = idle;
  endpoint.address = {address, std::strlen(address)};
  (void)sink->want(sink->user, &endpoint);
  return HKL_OK;
}

void event_of(Plugin& plugin, const std::string& line, const hkl_pbx_sink* sink) {
  char id[100] = "", call[100] = "";
  long long at = 0;
  hkl_call_event event;
  hkl_call_event_init(&event);
  event.struct_size = EVENT_SIZE;
  std::sscanf(line.c_str(), "%u %99s %99s %lld", &event.kind, id, call, &at);
  event.event_id = {id, std::strcmp(id, "-") == 0 ? 0 : std::strlen(id)};
  event.call_ref = {call, std::strlen(call)};
  event.at_ms = at;
  hkl_error err{};
  err.struct_size = sizeof err;
  if (sink->event(sink->user, &event, &err) != HKL_OK) plugin.log(std::string("refused: ") + err.text);
}

// "send 7 hello", "close 7 1500 why", "state 7 2 why", "skip 7 120 why", "tick 5000": to that connection.
bool told_otherwise(Plugin& plugin, const std::string& line, const hkl_pbx_sink* sink) {
  char word[10] = "", text[100] = "";
  unsigned long long connection = 0;
  long long number = 0;
  std::sscanf(line.c_str(), "%9s %llu %lld %99[^\n]", word, &connection, &number, text);
  const hkl_str why{text, std::strlen(text)};
  const std::string name = word;
  hkl_status status = HKL_OK;
  if (name == "send") {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(line.data()) + line.rfind(' ') + 1;
    status = sink->send(sink->user, connection, {bytes, line.size() - line.rfind(' ') - 1});
  } else if (name == "close") {
    status = sink->close(sink->user, connection, number, why);
  } else if (name == "state") {
    status = sink->state(sink->user, connection, static_cast<std::uint32_t>(number), why);
  } else if (name == "skip") {
    status = sink->skipped(sink->user, connection, static_cast<std::uint64_t>(number), why);
  } else if (name == "tick") {
    status = sink->tick_at(sink->user, static_cast<std::int64_t>(connection));
  } else {
    return false;
  }
  plugin.log(name + " answered " + std::to_string(status));
  return true;
}

hkl_status opened(hkl_instance* self, const hkl_connection*, std::int64_t, const hkl_pbx_sink* sink, hkl_error*) {
  of(self).sink = sink;
  return HKL_OK;
}

[[maybe_unused]] hkl_status feed(hkl_instance* self, std::uint64_t, hkl_bytes bytes, std::int64_t,
                                 const hkl_pbx_sink* sink, hkl_error* err) {
  auto& plugin = of(self);
  for (std::uint64_t i = 0; i < bytes.len; ++i) {
    if (bytes.ptr[i] != '\n') {
      plugin.line += static_cast<char>(bytes.ptr[i]);
      continue;
    }
    if (!told_otherwise(plugin, plugin.line, sink)) event_of(plugin, plugin.line, sink);
    plugin.line.clear();
  }
  return go(Way::IN_WORK, plugin.settings, err);
}

hkl_status closed(hkl_instance* self, std::uint64_t connection, std::int64_t, const hkl_pbx_sink* sink, hkl_error*) {
  auto& plugin = of(self);
  if (!plugin.line.empty()) (void)sink->skipped(sink->user, connection, plugin.line.size(), str("half a line"));
  return HKL_OK;
}

hkl_status tick(hkl_instance* self, std::int64_t now_ms, const hkl_pbx_sink* sink, hkl_error*) {
  (void)of(self);
  return sink->tick_at(sink->user, now_ms + 1000);
}

[[maybe_unused]] hkl_status originate(hkl_instance*, const hkl_originate* order, std::int64_t, const hkl_pbx_sink* sink,
                                      hkl_error*) {
  const auto text = text_of(order->extension) + ">" + text_of(order->number);
  return sink->send(sink->user, 1, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

// --- Classifier: the touch's text is its verdict, "QUALITY ADVERTISING SCORE WHY" ---

hkl_status classify(hkl_instance* self, const hkl_inquiry* inquiry, hkl_verdict* out, hkl_error* err) {
  auto& plugin = of(self);
  char why[100] = "";
  std::sscanf(text_of(inquiry->touch->text).c_str(), "%u %u %lf %99[^\n]", &out->quality, &out->is_advertising,
              &out->score, why);
  plugin.why = why;
  out->why = str(plugin.why);
  return go(Way::IN_WORK, plugin.settings, err);
}

// --- Task rule: each touch's text is a task, "KEY KIND STATE CREATED DEADLINE DONE", -1 for none ---

hkl_status review(hkl_instance* self, const hkl_timeline* timeline, const hkl_task_sink* sink, hkl_error* err) {
  for (std::uint64_t i = 0; i < timeline->touch_count; ++i) {
    char key[100] = "", kind[100] = "";
    long long created = 0, deadline = 0, done = 0;
    hkl_task task{};
    task.struct_size = sizeof task;
    std::sscanf(text_of(timeline->touches[i]->text).c_str(), "%99s %99s %u %lld %lld %lld", key, kind, &task.state,
                &created, &deadline, &done);
    const auto word = [](const char* text) {
      return hkl_str{text, std::strcmp(text, "-") == 0 ? 0 : std::strlen(text)};
    };
    const auto time = [](long long ms) { return ms == -1 ? HKL_UNKNOWN_MS : static_cast<std::int64_t>(ms); };
    task.key = word(key);
    task.kind = word(kind);
    task.created_at_ms = time(created);
    task.deadline_at_ms = time(deadline);
    task.done_at_ms = time(done);
    (void)sink->task(sink->user, &task, err);
  }
  return go(Way::IN_WORK, of(self).settings, err);
}

// --- Report: its definition is its settings ---

hkl_status definition(hkl_instance* self, const hkl_writer* writer, hkl_error* err) {
  const auto& text = of(self).settings;
  (void)writer->write(writer->user, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return go(Way::IN_WORK, text, err);
}

constexpr hkl_life kLife{sizeof(hkl_life), 0, create, configure, start, stop, DESTROY};
constexpr hkl_pbx_adapter kAdapter{ADAPTER_SIZE, 0, endpoints, opened, FEED, closed, tick};
[[maybe_unused]] constexpr hkl_pbx_originate kOriginate{sizeof(hkl_pbx_originate), 0, originate};
constexpr hkl_lead_classifier kClassifier{sizeof(hkl_lead_classifier), 0, classify};
constexpr hkl_task_rule kRule{sizeof(hkl_task_rule), 0, review};
constexpr hkl_report kReport{sizeof(hkl_report), 0, definition};

const void* get_interface(hkl_str id) {
  go(Way::IN_GET_INTERFACE, "get_interface", nullptr);
#ifdef CALLS_UNDEFINED
  hkl_test_function_that_nobody_defines();
#endif
#ifdef CALLS_LIBRARY
  hkl_test_function_of_a_library();
#endif
  const auto name = text_of(id);
  if (name == HKL_LIFE_V1) return &kLife;
  if (name == HKL_PBX_ADAPTER_V1) return &kAdapter;
  if (name == HKL_PBX_ORIGINATE_V1) return ORIGINATE;
  if (name == HKL_LEAD_CLASSIFIER_V1) return &kClassifier;
  if (name == HKL_TASK_RULE_V1) return &kRule;
  if (name == HKL_REPORT_V1) return &kReport;
  return UNKNOWN_INTERFACE;
}

// --- Note and entry ---

#ifndef MANIFEST
#define MANIFEST                                                           \
  "{\"id\": \"" PLUGIN_ID "\", \"version\": \"" NOTE_VERSION               \
  "\", \"author\": \"Hookline\", "                                         \
  "\"licence\": \"Apache-2.0\", \"summary\": \"" SUMMARY                   \
  "\", "                                                                   \
  "\"interfaces\": [\"hookline.pbx-adapter/1\", \"" ALSO_OFFERS            \
  "\", \"hookline.lead-classifier/1\", "                                   \
  "\"hookline.task-rule/1\", \"hookline.report/1\"], \"needs\": [\"" NEEDS \
  "\"], "                                                                  \
  "\"settings\": {\"type\": \"object\"}}"
#endif

using Note = HKL_NOTE_STRUCT(sizeof(MANIFEST));
#define NOTE(name)                                                                                       \
  __attribute__((section(HKL_NOTE_SECTION), aligned(4), used)) const Note name = {                       \
      sizeof(HKL_NOTE_NAME), 16 + sizeof(MANIFEST), HKL_NOTE_TYPE, HKL_NOTE_NAME, NOTE_MAGIC, ABI_MAJOR, \
      REQUIRED_MINOR,        BUILT_MINOR,           MANIFEST};
#if NOTE_COUNT > 0
NOTE(first_note)
#endif
#if NOTE_COUNT > 1
NOTE(second_note)
#endif

struct Entry {
  hkl_plugin plugin;
#if ENTRY_TAIL > 0
  char tail[ENTRY_TAIL];
#endif
};

template <std::size_t N>
constexpr hkl_str literal(const char (&text)[N]) {
  return {text, N - 1};
}

}  // namespace

#ifdef ENTRY_IS_FUNCTION
extern "C" HKL_PUBLIC const void* entry(hkl_str id) __asm__(HKL_PLUGIN_SYMBOL);
const void* entry(hkl_str id) { return get_interface(id); }
#else
extern "C" HKL_PUBLIC ENTRY_CONST Entry entry __asm__(HKL_PLUGIN_SYMBOL);
ENTRY_CONST Entry entry = {{ENTRY_SIZE, REQUIRED_MINOR, BUILT_MINOR, 0, literal(PLUGIN_ID), literal(PLUGIN_VERSION),
                            literal("Hookline"), literal("Apache-2.0"), literal(SUMMARY), get_interface}};
#endif
