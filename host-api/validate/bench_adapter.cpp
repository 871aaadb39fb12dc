// The bench's work with PBX adapters.
#include <fmt/format.h>

#include "bench_step.h"
#include "model/event.h"
#include "plugins/texts.h"
#include "recording.h"

namespace hkl::validate {
namespace {

std::string shown(hkl_str text) { return text.ptr == nullptr ? std::string() : one_line({text.ptr, text.len}, 4000); }

hkl_status take_event(void* user, const hkl_call_event* event, hkl_error* err) noexcept {
  return BenchSinks::take(user, "sink.event", [&](Bench& bench) -> hkl_status {
    const auto taken = event_of_abi(*event);
    ++BenchSinks::asked(bench).event_count;
    if (taken) {
      bench.tell("event " + taken->event_id + " " + event_to_json(*taken));
      return HKL_OK;
    }
    give_error(err, HKL_INVALID, taken.error().text);
    bench.tell("illegal event: " + taken.error().text);
    return HKL_INVALID;
  });
}

hkl_status take_bytes(void* user, std::uint64_t connection, hkl_bytes bytes) noexcept {
  return BenchSinks::take(user, "sink.send", [&](Bench& bench) -> hkl_status {
    BenchSinks::asked(bench).sent_bytes += bytes.len;
    bench.tell(fmt::format("send {} {}", connection, shown({reinterpret_cast<const char*>(bytes.ptr), bytes.len})));
    return HKL_OK;
  });
}

hkl_status take_close(void* user, std::uint64_t connection, std::int64_t after_ms, hkl_str why) noexcept {
  return BenchSinks::take(user, "sink.close", [&](Bench& bench) -> hkl_status {
    BenchSinks::asked(bench).wants_close = true;
    bench.tell(fmt::format("close {} {} {}", connection, after_ms, shown(why)));
    return HKL_OK;
  });
}

hkl_status take_state(void* user, std::uint64_t connection, std::uint32_t state, hkl_str text) noexcept {
  return BenchSinks::take(user, "sink.state", [&](Bench& bench) -> hkl_status {
    BenchSinks::asked(bench).state = state;
    bench.tell(fmt::format("state {} {} {}", connection, state, shown(text)));
    return HKL_OK;
  });
}

hkl_status take_skipped(void* user, std::uint64_t connection, std::uint64_t count, hkl_str why) noexcept {
  return BenchSinks::take(user, "sink.skipped", [&](Bench& bench) -> hkl_status {
    ++BenchSinks::asked(bench).skipped_count;
    bench.tell(fmt::format("skipped {} {} {}", connection, count, shown(why)));
    return HKL_OK;
  });
}

hkl_status take_tick_at(void* user, std::int64_t at_ms) noexcept {
  return BenchSinks::take(user, "sink.tick_at", [&](Bench& bench) -> hkl_status {
    auto& asked = BenchSinks::asked(bench);
    ++asked.tick_count;
    asked.tick_at_ms = asked.tick_at_ms ? std::min(*asked.tick_at_ms, at_ms) : at_ms;
    bench.tell(fmt::format("tick at {}", at_ms));
    return HKL_OK;
  });
}

hkl_status take_endpoint(void* user, const hkl_endpoint* endpoint) noexcept {
  return BenchSinks::take(user, "sink.want", [&](Bench& bench) -> hkl_status {
    BenchSinks::wanted(bench).push_back(*endpoint);
    bench.tell(fmt::format("wants {} {} {}:{} idle {}", endpoint->kind, shown(endpoint->name), shown(endpoint->address),
                           endpoint->port, endpoint->idle_ms));
    return HKL_OK;
  });
}

hkl_pbx_sink sink_of(Bench* bench) {
  return {sizeof(hkl_pbx_sink), 0, bench, take_event, take_bytes, take_close, take_state, take_skipped, take_tick_at};
}

// --- HTTP ---

hkl_status take_reply(void* user, const hkl_http_reply* reply) noexcept {
  return BenchSinks::take(user, "sink.reply", [&](Bench& bench) -> hkl_status {
    bench.tell(fmt::format("reply {} {} {}", reply->verdict, reply->http_status, shown(reply->reason)));
    return HKL_OK;
  });
}
hkl_status look_up(void* user, hkl_str, hkl_lookup*) noexcept {
  return BenchSinks::take(user, "sink.look_up", [](Bench&) -> hkl_status { return HKL_NOT_FOUND; });
}
hkl_status take_ask(void* user, const hkl_http_request* request, std::int64_t at_ms) noexcept {
  return BenchSinks::take(user, "sink.ask", [&](Bench& bench) -> hkl_status {
    bench.tell(fmt::format("ask {} {} at {}", shown(request->method), shown(request->url), at_ms));
    return HKL_OK;
  });
}
hkl_status take_position(void* user, hkl_str position) noexcept {
  return BenchSinks::take(user, "sink.position", [&](Bench& bench) -> hkl_status {
    bench.tell("position " + shown(position));
    return HKL_OK;
  });
}

}  // namespace

hkl_status Bench::endpoints() {
  Inputs inputs(wishes_.place);
  const auto* sink = inputs.copy(hkl_endpoint_sink{sizeof(hkl_endpoint_sink), 0, this, take_endpoint});
  const auto* table = find<hkl_pbx_adapter>(HKL_PBX_ADAPTER_V1);
  return step("endpoints", inputs, [&](hkl_error* err) { return table->endpoints(self_, sink, err); });
}

hkl_status Bench::opened(std::uint64_t connection, bool is_capture, std::int64_t now_ms) {
  Inputs inputs(wishes_.place);
  hkl_connection given{};
  given.struct_size = sizeof given;
  given.is_capture = is_capture ? 1 : 0;
  given.id = connection;
  given.name = inputs.text("10.0.0.5:7000");
  const auto* placed = inputs.copy(given);
  const auto* sink = inputs.copy(sink_of(this));
  const auto* table = find<hkl_pbx_adapter>(HKL_PBX_ADAPTER_V1);
  return step("opened", inputs, [&](hkl_error* err) { return table->opened(self_, placed, now_ms, sink, err); });
}

hkl_status Bench::feed(std::uint64_t connection, std::string_view bytes, std::int64_t now_ms) {
  Inputs inputs(wishes_.place);
  const auto given = inputs.bytes(bytes);
  const auto* sink = inputs.copy(sink_of(this));
  const auto* table = find<hkl_pbx_adapter>(HKL_PBX_ADAPTER_V1);
  return step("feed", inputs, [&](hkl_error* err) { return table->feed(self_, connection, given, now_ms, sink, err); });
}

hkl_status Bench::tick(std::int64_t now_ms) {
  Inputs inputs(wishes_.place);
  const auto* sink = inputs.copy(sink_of(this));
  const auto* table = find<hkl_pbx_adapter>(HKL_PBX_ADAPTER_V1);
  asked_.tick_at_ms.reset();
  return step("tick", inputs, [&](hkl_error* err) { return table->tick(self_, now_ms, sink, err); });
}

hkl_status Bench::closed(std::uint64_t connection, std::int64_t now_ms) {
  Inputs inputs(wishes_.place);
  const auto* sink = inputs.copy(sink_of(this));
  const auto* table = find<hkl_pbx_adapter>(HKL_PBX_ADAPTER_V1);
  return step("closed", inputs, [&](hkl_error* err) { return table->closed(self_, connection, now_ms, sink, err); });
}

hkl_status Bench::request(const HookRequest& request, std::int64_t now_ms) {
  const auto* table = find<hkl_pbx_http>(HKL_PBX_HTTP_V1);
  if (table == nullptr) return HKL_UNSUPPORTED;
  Inputs inputs(wishes_.place);
  std::vector<hkl_header> headers;
  for (const auto& [name, value] : request.http.headers) headers.push_back({inputs.text(name), inputs.text(value)});
  hkl_http_request given{};
  given.struct_size = sizeof given;
  given.is_capture = request.is_capture ? 1 : 0;
  given.method = inputs.text(request.http.method);
  given.url = inputs.text(request.url);
  given.path = inputs.text(request.path);
  given.query = inputs.text(request.http.query());
  given.headers = inputs.array(headers);
  given.header_count = headers.size();
  given.body = inputs.bytes(request.http.body);
  given.peer = inputs.text(request.http.peer);
  given.received_ms = now_ms;
  const auto* placed = inputs.copy(given);
  const auto* events = inputs.copy(sink_of(this));
  const auto* sink =
      inputs.copy(hkl_http_sink{sizeof(hkl_http_sink), 0, events, this, take_reply, look_up, take_ask, take_position});
  return step("request", inputs, [&](hkl_error* err) { return table->request(self_, placed, now_ms, sink, err); });
}

// An unknown request; the capture in two pieces, or one empty line; then a
// minute of silence.
hkl_status Bench::work_as_adapter() {
  const auto wanted = endpoints();
  if (wanted != HKL_OK) return wanted;
  for (const auto& one : requests_of(unknown_message(kAnyRequest))) (void)request(hook_request(one), kMondayMs);
  if (hears_requests_) return hear(*this, 1, candidate_.capture, kMondayMs);
  const std::string_view bytes = candidate_.capture.empty() ? std::string_view("\n") : candidate_.capture;
  const auto half = bytes.size() / 2;
  auto status = opened(1, true, kMondayMs);
  if (status == HKL_OK) status = feed(1, bytes.substr(0, half), kMondayMs);
  if (status == HKL_OK) status = feed(1, bytes.substr(half), kMondayMs);
  if (status == HKL_OK) status = tick(kMondayMs + 60'000);
  const auto closing = closed(1, kMondayMs + 60'000);
  return status == HKL_OK ? closing : status;
}

}  // namespace hkl::validate
