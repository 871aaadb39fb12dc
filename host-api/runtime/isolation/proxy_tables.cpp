#include "isolation/proxy_tables.h"

#include "isolation/abi_fields.h"
#include "isolation/codec.h"
#include "isolation/isolated_instance.h"
#include "plugins/texts.h"

namespace hkl::isolation {
namespace {

IsolatedInstance& of(hkl_instance* self) { return *reinterpret_cast<IsolatedInstance*>(self); }

// Nothing unwinds out of a plugin's function, this one's neither.
template <typename F>
hkl_status kept_in(hkl_error* err, F&& work) noexcept {
  try {
    return work();
  } catch (const std::exception& thrown) {
    give_error(err, HKL_RESOURCE, thrown.what());
    return HKL_RESOURCE;
  }
}

std::string text_of(hkl_str text) { return {text.ptr == nullptr ? "" : text.ptr, text.ptr == nullptr ? 0 : text.len}; }

// --- Life ---

// Made by IsolatedPlugin::create, which knows of which plugin.
hkl_status create(hkl_str, const hkl_host*, hkl_instance**, hkl_error* err) {
  give_error(err, HKL_INTERNAL, "an isolated plugin is made by its file");
  return HKL_INTERNAL;
}

hkl_status configure(hkl_instance* self, hkl_str settings, hkl_error* err) {
  return kept_in(err, [&] { return of(self).configure(text_of(settings), err); });
}

hkl_status start(hkl_instance* self, hkl_error* err) {
  return kept_in(err, [&] { return of(self).start(err); });
}

hkl_status stop(hkl_instance* self, hkl_error* err) {
  return kept_in(err, [&] { return of(self).stop(err); });
}

void destroy(hkl_instance* self) { delete &of(self); }

// --- Adapters ---

hkl_status endpoints(hkl_instance* self, const hkl_endpoint_sink* sink, hkl_error* err) {
  return kept_in(err, [&] { return of(self).endpoints(*sink, err); });
}

hkl_status opened(hkl_instance* self, const hkl_connection* connection, std::int64_t now_ms, const hkl_pbx_sink* sink,
                  hkl_error* err) {
  return kept_in(err, [&] { return of(self).opened(*connection, now_ms, {.pbx = sink}, err); });
}

hkl_status feed(hkl_instance* self, std::uint64_t connection, hkl_bytes bytes, std::int64_t now_ms,
                const hkl_pbx_sink* sink, hkl_error* err) {
  const std::string_view view(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
  return kept_in(err, [&] { return of(self).feed(connection, view, now_ms, {.pbx = sink}, err); });
}

hkl_status closed(hkl_instance* self, std::uint64_t connection, std::int64_t now_ms, const hkl_pbx_sink* sink,
                  hkl_error* err) {
  return kept_in(err, [&] { return of(self).closed(connection, now_ms, {.pbx = sink}, err); });
}

hkl_status tick(hkl_instance* self, std::int64_t now_ms, const hkl_pbx_sink* sink, hkl_error* err) {
  return kept_in(err, [&] { return of(self).remembered(Function::tick, packed(now_ms), {.pbx = sink}, err); });
}

hkl_status originate(hkl_instance* self, const hkl_originate* order, std::int64_t now_ms, const hkl_pbx_sink* sink,
                     hkl_error* err) {
  return kept_in(err,
                 [&] { return of(self).remembered(Function::originate, packed(*order, now_ms), {.pbx = sink}, err); });
}

// A request whose sender is not known yet must not be kept (DESIGN section
// 11), and who it is from only the plugin could have told: the PBX is refused
// and sends it again.
hkl_status request(hkl_instance* self, const hkl_http_request* given, std::int64_t now_ms, const hkl_http_sink* sink,
                   hkl_error* err) {
  return kept_in(err, [&] {
    const auto subject = text_of(given->method) + " " + text_of(given->path);
    return of(self).work(Function::request, packed(*given, now_ms), {.pbx = sink->events, .http = sink}, subject, err);
  });
}

hkl_status poll(hkl_instance* self, hkl_str endpoint, hkl_str position, std::int64_t now_ms, const hkl_http_sink* sink,
                hkl_error* err) {
  return kept_in(err, [&] {
    return of(self).work(Function::poll, packed(endpoint, position, now_ms), {.pbx = sink->events, .http = sink},
                         "poll of " + text_of(endpoint), err);
  });
}

hkl_status answer(hkl_instance* self, hkl_str endpoint, std::uint32_t http_status, hkl_bytes body, std::int64_t now_ms,
                  const hkl_http_sink* sink, hkl_error* err) {
  return kept_in(err, [&] {
    return of(self).work(Function::answer, packed(endpoint, http_status, body, now_ms),
                         {.pbx = sink->events, .http = sink}, "answer of " + text_of(endpoint), err);
  });
}

// Making an order's request, or reading the answer, again sends nothing again:
// what is sent is the host's to do, once.
hkl_status order(hkl_instance* self, const hkl_originate* given, std::int64_t now_ms, const hkl_http_sink* sink,
                 hkl_error* err) {
  return kept_in(err, [&] {
    return of(self).work(Function::order, packed(*given, now_ms), {.pbx = sink->events, .http = sink},
                         "order " + text_of(given->request), err);
  });
}

hkl_status ordered(hkl_instance* self, const hkl_originate* given, std::uint32_t http_status, hkl_bytes body,
                   std::int64_t now_ms, const hkl_http_sink* sink, hkl_error* err) {
  return kept_in(err, [&] {
    return of(self).work(Function::ordered, packed(*given, http_status, body, now_ms),
                         {.pbx = sink->events, .http = sink}, "answer to order " + text_of(given->request), err);
  });
}

hkl_status rows(hkl_instance* self, const hkl_rows* given, std::int64_t now_ms, const hkl_pbx_sink* sink,
                hkl_error* err) {
  return kept_in(err, [&] { return of(self).rows(*given, now_ms, {.pbx = sink}, err); });
}

// --- Classifiers, task rules ---

hkl_status classify(hkl_instance* self, const hkl_inquiry* inquiry, hkl_verdict* out, hkl_error* err) {
  return kept_in(err, [&]() -> hkl_status {
    auto& instance = of(self);
    const auto status =
        instance.work(Function::classify, packed(*inquiry), {}, "inquiry " + text_of(inquiry->touch->inquiry), err);
    if (status != HKL_OK) return status;
    // Texts of the verdict live in the results, until the next call.
    Unpacker in(instance.results(), instance.arena());
    *out = in.one<hkl_verdict>();
    if (in.is_good()) return HKL_OK;
    give_error(err, HKL_INTERNAL, "its process sent a verdict that makes no sense");
    return HKL_INTERNAL;
  });
}

hkl_status review(hkl_instance* self, const hkl_timeline* timeline, const hkl_task_sink* sink, hkl_error* err) {
  return kept_in(err, [&] {
    const auto contact = timeline->contact == nullptr ? std::string() : text_of(timeline->contact->id);
    return of(self).work(Function::review, packed(*timeline), {.tasks = sink}, "contact " + contact, err);
  });
}

// --- Reports ---

hkl_status definition(hkl_instance* self, const hkl_writer* writer, hkl_error* err) {
  return kept_in(err, [&] { return of(self).work(Function::definition, {}, {.writer = writer}, "its settings", err); });
}

// What hkl_scan is on this side.
struct Scan {
  std::uint64_t handle, generation;
};

Scan& scan_of(hkl_scan* scan) { return *reinterpret_cast<Scan*>(scan); }

hkl_status scan_begin(hkl_instance* self, hkl_str params, hkl_scan** out, hkl_error* err) {
  return kept_in(err, [&]() -> hkl_status {
    auto& instance = of(self);
    const auto status = instance.work(Function::scan_begin, packed(params), {}, "a report", err);
    if (status != HKL_OK) return status;
    Unpacker in(instance.results(), instance.arena());
    *out = reinterpret_cast<hkl_scan*>(new Scan{in.one<std::uint64_t>(), instance.generation()});
    return HKL_OK;
  });
}

hkl_status scan_contact(hkl_instance* self, hkl_scan* scan, const hkl_timeline* timeline, hkl_error* err) {
  return kept_in(err, [&] {
    return of(self).in_scan(scan_of(scan).generation, Function::scan_contact, packed(scan_of(scan).handle, *timeline),
                            {}, err);
  });
}

hkl_status scan_employee(hkl_instance* self, hkl_scan* scan, const hkl_employee_time* time, hkl_error* err) {
  return kept_in(err, [&] {
    return of(self).in_scan(scan_of(scan).generation, Function::scan_employee, packed(scan_of(scan).handle, *time), {},
                            err);
  });
}

hkl_status scan_finish(hkl_instance* self, hkl_scan* scan, const hkl_row_sink* sink, hkl_error* err) {
  return kept_in(err, [&] {
    return of(self).in_scan(scan_of(scan).generation, Function::scan_finish, packed(scan_of(scan).handle),
                            {.rows = sink}, err);
  });
}

void scan_end(hkl_instance* self, hkl_scan* scan) {
  const std::unique_ptr<Scan> ended(&scan_of(scan));
  (void)kept_in(nullptr, [&] {
    return of(self).in_scan(ended->generation, Function::scan_end, packed(ended->handle), {}, nullptr);
  });
}

constexpr hkl_life kLife{sizeof(hkl_life), 0, create, configure, start, stop, destroy};
constexpr hkl_pbx_adapter kAdapter{sizeof(hkl_pbx_adapter), 0, endpoints, opened, feed, closed, tick};
constexpr hkl_pbx_originate kOriginate{sizeof(hkl_pbx_originate), 0, originate};
constexpr hkl_pbx_http kHttp{sizeof(hkl_pbx_http), 0, request, poll, answer};
constexpr hkl_pbx_http_originate kHttpOriginate{sizeof(hkl_pbx_http_originate), 0, order, ordered};
constexpr hkl_pbx_rows kRows{sizeof(hkl_pbx_rows), 0, rows};
constexpr hkl_lead_classifier kClassifier{sizeof(hkl_lead_classifier), 0, classify};
constexpr hkl_task_rule kRule{sizeof(hkl_task_rule), 0, review};
constexpr hkl_report kReport{sizeof(hkl_report), 0, definition};
constexpr hkl_report_scan kScan{sizeof(hkl_report_scan), 0,           scan_begin, scan_contact,
                                scan_employee,           scan_finish, scan_end};

}  // namespace

const void* proxy_table(const std::string& id) {
  if (id == HKL_LIFE_V1) return &kLife;
  if (id == HKL_PBX_ADAPTER_V1) return &kAdapter;
  if (id == HKL_PBX_ORIGINATE_V1) return &kOriginate;
  if (id == HKL_PBX_HTTP_V1) return &kHttp;
  if (id == HKL_PBX_HTTP_ORIGINATE_V1) return &kHttpOriginate;
  if (id == HKL_PBX_ROWS_V1) return &kRows;
  if (id == HKL_LEAD_CLASSIFIER_V1) return &kClassifier;
  if (id == HKL_TASK_RULE_V1) return &kRule;
  if (id == HKL_REPORT_V1) return &kReport;
  if (id == HKL_REPORT_SCAN_V1) return &kScan;
  return nullptr;
}

}  // namespace hkl::isolation
