#include <fmt/format.h>

#include <set>

#include "plugins/http_outlet.h"
#include "plugins/instance.h"
#include "plugins/sized.h"
#include "plugins/texts.h"

namespace hkl {
namespace {

constexpr std::uint64_t kMostBytesSent = 16 << 20;

Done judge_endpoint(const EndpointWish& wish) {
  const bool is_tcp = wish.kind == HKL_ENDPOINT_TCP_CLIENT || wish.kind == HKL_ENDPOINT_TCP_SERVER;
  if (wish.kind < HKL_ENDPOINT_TCP_CLIENT || wish.kind > HKL_ENDPOINT_SERIAL) {
    return fail(HKL_INVALID, fmt::format("it wants an endpoint of the kind {}, which is none", wish.kind));
  }
  if (is_tcp && (wish.port == 0 || wish.port > 65535)) {
    return fail(HKL_INVALID, fmt::format("it wants the port {}", wish.port));
  }
  if (wish.kind != HKL_ENDPOINT_HTTP_ROUTE && wish.kind != HKL_ENDPOINT_TCP_SERVER && wish.address.empty()) {
    return fail(HKL_INVALID, "it wants an endpoint without an address");
  }
  if (wish.kind == HKL_ENDPOINT_ROWS && (wish.query.empty() || wish.key.empty())) {
    return fail(HKL_INVALID, "it wants rows of a database without a query or without its key");
  }
  if (wish.idle < Millis(0) || wish.interval < Millis(0) || wish.late < Millis(0)) {
    return fail(HKL_INVALID, "it wants an endpoint with a negative time");
  }
  return {};
}

Result<EndpointWish> take_endpoint(const hkl_endpoint* given) {
  const auto taken = take_request(given);
  if (!taken) return fail(taken.error().in("hkl_endpoint"));
  EndpointWish out;
  const std::tuple<hkl_str, const char*, std::string*> texts[] = {
      {taken->name, "an endpoint's name", &out.name},
      {taken->address, "an endpoint's address", &out.address},
      {taken->tls_ca, "an endpoint's tls_ca", &out.tls_ca},
      {taken->query, "an endpoint's query", &out.query},
      {taken->key, "an endpoint's key", &out.key},
      {taken->first_key, "an endpoint's first_key", &out.first_key},
      {taken->peers, "an endpoint's peers", &out.peers}};
  for (const auto& [text, name, member] : texts) {
    auto copy = take_text(text, name);
    if (!copy) return fail(copy.error());
    *member = std::move(*copy);
  }
  out.kind = taken->kind;
  out.port = taken->port;
  out.use_tls = taken->use_tls != 0;
  out.idle = Millis(taken->idle_ms);
  out.interval = Millis(taken->interval_ms);
  out.late = Millis(taken->late_ms);
  if (auto judged = judge_endpoint(out); !judged) return fail(judged.error());
  return out;
}

struct Wishes {
  std::vector<EndpointWish> taken;
  std::string fault;  // the first
};

hkl_status want(void* user, const hkl_endpoint* given) noexcept {
  auto& wishes = *static_cast<Wishes*>(user);
  try {
    auto wish = take_endpoint(given);
    if (wish) {
      wishes.taken.push_back(std::move(*wish));
      return HKL_OK;
    }
    if (wishes.fault.empty()) wishes.fault = wish.error().text;
    return wish.error().status;
  } catch (const std::exception&) {
    return HKL_RESOURCE;
  }
}

// Where the sink puts what it takes. Closed between two calls, so that an
// adapter that keeps the sink is answered "cancelled".
struct Outlet {
  AdapterOutput* out = nullptr;
  std::set<std::uint64_t> connections;  // that stand

  bool stands(std::uint64_t connection) const { return connections.count(connection) != 0; }
};

template <typename F>
hkl_status put(void* user, F&& take) noexcept {
  auto& outlet = *static_cast<Outlet*>(user);
  if (outlet.out == nullptr) return HKL_CANCELLED;
  try {
    return take(outlet);
  } catch (const std::exception&) {
    return HKL_RESOURCE;
  }
}

Result<Event> take_event(const hkl_call_event* given) {
  hkl_call_event blank;
  hkl_call_event_init(&blank);
  const auto taken = take_struct(given, blank);
  if (!taken) return fail(taken.error().in("hkl_call_event"));
  return event_of_abi(*taken);
}

hkl_status put_event(void* user, const hkl_call_event* given, hkl_error* err) noexcept {
  return put(user, [&](Outlet& outlet) -> hkl_status {
    auto event = take_event(given);
    if (event) {
      outlet.out->events.push_back(std::move(*event));
      return HKL_OK;
    }
    give_error(err, HKL_INVALID, event.error().text);
    outlet.out->refused_events.push_back(std::move(event.error().text));
    return HKL_INVALID;
  });
}

hkl_status put_bytes(void* user, std::uint64_t connection, hkl_bytes bytes) noexcept {
  return put(user, [&](Outlet& outlet) -> hkl_status {
    if (!outlet.stands(connection)) return HKL_NOT_FOUND;
    if ((bytes.ptr == nullptr && bytes.len > 0) || bytes.len > kMostBytesSent) return HKL_INVALID;
    outlet.out->sends.push_back({connection, bytes.len == 0
                                                 ? std::string()
                                                 : std::string(reinterpret_cast<const char*>(bytes.ptr), bytes.len)});
    return HKL_OK;
  });
}

hkl_status put_close(void* user, std::uint64_t connection, std::int64_t after_ms, hkl_str why) noexcept {
  return put(user, [&](Outlet& outlet) -> hkl_status {
    if (!outlet.stands(connection)) return HKL_NOT_FOUND;
    auto text = take_text(why, "the reason");
    if (!text) return HKL_INVALID;
    outlet.out->closes.push_back({connection, Millis(std::max<std::int64_t>(after_ms, 0)), std::move(*text)});
    return HKL_OK;
  });
}

hkl_status put_state(void* user, std::uint64_t connection, std::uint32_t state, hkl_str text) noexcept {
  return put(user, [&](Outlet& outlet) -> hkl_status {
    if (!outlet.stands(connection)) return HKL_NOT_FOUND;
    auto taken = take_text(text, "the sentence");
    if (!taken || state < HKL_SOURCE_CONNECTING || state > HKL_SOURCE_REFUSED) return HKL_INVALID;
    outlet.out->states.push_back({connection, state, std::move(*taken)});
    return HKL_OK;
  });
}

hkl_status put_skipped(void* user, std::uint64_t connection, std::uint64_t byte_count, hkl_str why) noexcept {
  return put(user, [&](Outlet& outlet) -> hkl_status {
    // What was skipped came from outside and may be anything.
    const auto text = why.ptr == nullptr ? std::string() : one_line({why.ptr, why.len}, 500);
    outlet.out->skipped.push_back({connection, byte_count, text});
    return HKL_OK;
  });
}

hkl_status put_tick_at(void* user, std::int64_t at_ms) noexcept {
  return put(user, [&](Outlet& outlet) -> hkl_status {
    const auto at = instant_of_abi(at_ms);
    if (!at) return HKL_INVALID;
    auto& tick = outlet.out->tick_at;
    tick = tick ? std::min(*tick, *at) : *at;
    return HKL_OK;
  });
}

// Views into `order`.
hkl_originate abi_order(const CallOrder& order) {
  hkl_originate given{};
  given.struct_size = sizeof given;
  given.request = str_of(order.request);
  given.extension = str_of(order.extension);
  given.number = str_of(order.number);
  given.line = str_of(order.line);
  given.ring_ms = order.ring.count();
  return given;
}

class AdapterInstance final : public Adapter {
 public:
  explicit AdapterInstance(std::unique_ptr<Instance> instance)
      : instance_(std::move(instance)),
        table_(instance_->find<hkl_pbx_adapter>(HKL_PBX_ADAPTER_V1)),
        originate_(instance_->find<hkl_pbx_originate>(HKL_PBX_ORIGINATE_V1)),
        http_(instance_->find<hkl_pbx_http>(HKL_PBX_HTTP_V1)),
        http_originate_(instance_->find<hkl_pbx_http_originate>(HKL_PBX_HTTP_ORIGINATE_V1)),
        rows_(instance_->find<hkl_pbx_rows>(HKL_PBX_ROWS_V1)) {}

  Result<std::vector<EndpointWish>> endpoints() override {
    Wishes wishes;
    const hkl_endpoint_sink sink{sizeof(hkl_endpoint_sink), 0, &wishes, want};
    const auto done = instance_->call(
        "endpoints", [&](hkl_instance* self, hkl_error* err) { return table_->endpoints(self, &sink, err); });
    if (!wishes.fault.empty()) return instance_->fault(wishes.fault);
    if (!done) return fail(done.error());
    return std::move(wishes.taken);
  }

  Done opened(std::uint64_t connection, bool is_capture, const std::string& endpoint, const std::string& name,
              Instant now, AdapterOutput& out) override {
    outlet_.connections.insert(connection);
    hkl_connection given{};
    given.struct_size = sizeof given;
    given.is_capture = is_capture ? 1 : 0;
    given.id = connection;
    given.endpoint = str_of(endpoint);
    given.name = str_of(name);
    return work("opened", out, [&](hkl_instance* self, hkl_error* err) {
      return table_->opened(self, &given, ms_of(now), &sink_, err);
    });
  }

  Done feed(std::uint64_t connection, std::string_view bytes, Instant now, AdapterOutput& out) override {
    const hkl_bytes given{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
    return work("feed", out, [&](hkl_instance* self, hkl_error* err) {
      return table_->feed(self, connection, given, ms_of(now), &sink_, err);
    });
  }

  Done closed(std::uint64_t connection, Instant now, AdapterOutput& out) override {
    outlet_.connections.erase(connection);
    return work("closed", out, [&](hkl_instance* self, hkl_error* err) {
      return table_->closed(self, connection, ms_of(now), &sink_, err);
    });
  }

  Done rows(const std::string& endpoint, const RowBatch& batch, bool is_last, Instant now,
            AdapterOutput& out) override {
    if (rows_ == nullptr) {
      return fail(HKL_UNSUPPORTED, fmt::format("{}: this plugin reads no rows", instance_->id()));
    }
    std::vector<hkl_str> columns, values;
    for (const auto& column : batch.columns) columns.push_back(str_of(column));
    for (const auto& value : batch.values) values.push_back(value ? str_of(*value) : hkl_str{nullptr, 0});
    hkl_rows given{};
    given.struct_size = sizeof given;
    given.is_last = is_last ? 1 : 0;
    given.endpoint = str_of(endpoint);
    given.columns = {columns.data(), columns.size()};
    given.values = values.data();
    given.row_count = batch.row_count();
    return work("rows", out,
                [&](hkl_instance* self, hkl_error* err) { return rows_->rows(self, &given, ms_of(now), &sink_, err); });
  }

  Done tick(Instant now, AdapterOutput& out) override {
    return work("tick", out,
                [&](hkl_instance* self, hkl_error* err) { return table_->tick(self, ms_of(now), &sink_, err); });
  }

  Done originate(const CallOrder& order, Instant now, AdapterOutput& out) override {
    if (originate_ == nullptr) {
      return fail(HKL_UNSUPPORTED, fmt::format("{}: this plugin cannot order calls", instance_->id()));
    }
    const auto given = abi_order(order);
    return work("originate", out, [&](hkl_instance* self, hkl_error* err) {
      return originate_->originate(self, &given, ms_of(now), &sink_, err);
    });
  }

  bool speaks_http() const override { return http_ != nullptr; }

  Done request(const HookRequest& request, Instant now, const LookUp& look_up, AdapterOutput& out) override {
    if (http_ == nullptr) return Adapter::request(request, now, look_up, out);
    std::vector<hkl_header> headers;
    const auto given = abi_request(request, headers);
    http_outlet_.open(out, &look_up);
    const auto done = work("request", out, [&](hkl_instance* self, hkl_error* err) {
      return http_->request(self, &given, ms_of(now), &http_outlet_.sink(), err);
    });
    http_outlet_.close();
    if (done && !out.reply) return instance_->fault("it left a request without an answer");
    return done;
  }

  Done poll(const std::string& endpoint, const std::string& position, Instant now, AdapterOutput& out) override {
    if (http_ == nullptr) return Adapter::poll(endpoint, position, now, out);
    http_outlet_.open(out, nullptr);
    const auto done = work("poll", out, [&](hkl_instance* self, hkl_error* err) {
      return http_->poll(self, str_of(endpoint), str_of(position), ms_of(now), &http_outlet_.sink(), err);
    });
    http_outlet_.close();
    return done;
  }

  Done answer(const std::string& endpoint, std::uint32_t status, std::string_view body, Instant now,
              AdapterOutput& out) override {
    if (http_ == nullptr) return Adapter::answer(endpoint, status, body, now, out);
    const hkl_bytes given{reinterpret_cast<const std::uint8_t*>(body.data()), body.size()};
    http_outlet_.open(out, nullptr);
    const auto done = work("answer", out, [&](hkl_instance* self, hkl_error* err) {
      return http_->answer(self, str_of(endpoint), status, given, ms_of(now), &http_outlet_.sink(), err);
    });
    http_outlet_.close();
    return done;
  }

  bool orders_by_http() const override { return http_originate_ != nullptr; }

  Done order(const CallOrder& order, Instant now, AdapterOutput& out) override {
    if (http_originate_ == nullptr) return Adapter::order(order, now, out);
    const auto given = abi_order(order);
    http_outlet_.open(out, nullptr);
    const auto done = work("order", out, [&](hkl_instance* self, hkl_error* err) {
      return http_originate_->order(self, &given, ms_of(now), &http_outlet_.sink(), err);
    });
    http_outlet_.close();
    if (done && out.asks.size() != 1)
      return instance_->fault(fmt::format("of an order it asks {} requests instead of one", out.asks.size()));
    return done;
  }

  Done ordered(const CallOrder& order, std::uint32_t status, std::string_view body, Instant now,
               AdapterOutput& out) override {
    if (http_originate_ == nullptr) return Adapter::ordered(order, status, body, now, out);
    const auto given = abi_order(order);
    const hkl_bytes bytes{reinterpret_cast<const std::uint8_t*>(body.data()), body.size()};
    http_outlet_.open(out, nullptr);
    const auto done = work("ordered", out, [&](hkl_instance* self, hkl_error* err) {
      return http_originate_->ordered(self, &given, status, bytes, ms_of(now), &http_outlet_.sink(), err);
    });
    http_outlet_.close();
    return done;
  }

 private:
  Done work(const char* what, AdapterOutput& out, Instance::Step step) {
    outlet_.out = &out;
    auto done = instance_->call(what, step);
    outlet_.out = nullptr;
    return done;
  }

  Outlet outlet_;
  hkl_pbx_sink sink_{sizeof(hkl_pbx_sink), 0,          &outlet_, put_event, put_bytes, put_close, put_state,
                     put_skipped,          put_tick_at};
  AdapterHttpOutlet http_outlet_{sink_};
  std::unique_ptr<Instance> instance_;  // dies before what it may still call
  const hkl_pbx_adapter* table_;
  const hkl_pbx_originate* originate_;
  const hkl_pbx_http* http_;
  const hkl_pbx_http_originate* http_originate_;
  const hkl_pbx_rows* rows_;
};

}  // namespace

Result<std::unique_ptr<Adapter>> make_adapter(std::shared_ptr<PluginFile> file, InstanceEntry entry) {
  auto instance = Instance::begin(std::move(file), std::move(entry), HKL_PBX_ADAPTER_V1, Instance::Until::started);
  if (!instance) return fail(instance.error());
  return std::make_unique<AdapterInstance>(std::move(*instance));
}

}  // namespace hkl
