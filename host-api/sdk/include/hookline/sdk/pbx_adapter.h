// A PBX adapter in one class:
//
//   class MyPbx final : public hookline::PbxAdapter<Settings> {
//     void endpoints(hookline::EndpointList& list) override { list.tcp_client(settings().host, 5038); }
//     void feed(std::uint64_t connection, std::string_view bytes, std::int64_t now_ms, Output& out) override { … }
//   };
//
// Contract: hookline/pbx_adapter.h. An adapter that can order calls derives
// from hookline::OrdersCalls too (over HTTP: OrdersCallsByHttp of sdk/pbx_http.h),
// one that reads database rows from hookline::ReadsRows.
#pragma once

#include <algorithm>
#include <deque>
#include <optional>

#include "hookline/pbx_rows.h"
#include "hookline/sdk/instance.h"
#include "hookline/sdk/utf8.h"

namespace hookline {

class EndpointList {
 public:
  explicit EndpointList(const hkl_endpoint_sink& sink) : sink_(sink) {}
  void want(const hkl_endpoint& endpoint) {
    if (sink_.want(sink_.user, &endpoint) != HKL_OK) throw Failure(HKL_CANCELLED, "the host took no more endpoints");
  }
  // `idle_ms`: nothing heard for so long closes and dials again; 0 never.
  void tcp_client(std::string_view host, std::int64_t port, bool use_tls = false, std::string_view tls_ca = {},
                  std::int64_t idle_ms = 0) {
    hkl_endpoint endpoint{};
    endpoint.struct_size = sizeof endpoint;
    endpoint.kind = HKL_ENDPOINT_TCP_CLIENT;
    endpoint.address = str(host);
    endpoint.port = static_cast<std::uint32_t>(port);
    endpoint.use_tls = use_tls ? 1 : 0;
    endpoint.tls_ca = str(tls_ca);
    endpoint.idle_ms = idle_ms;
    want(endpoint);
  }
  // Listens: `address` empty on the loopback. Elsewhere `peers` says who may
  // connect: addresses and networks, "10.0.0.5", "10.1.0.0/16", "fd00::/8".
  void tcp_server(std::string_view address, std::int64_t port, const std::vector<std::string>& peers = {},
                  std::int64_t idle_ms = 0) {
    std::string list;
    for (const auto& peer : peers) list += (list.empty() ? "" : ",") + peer;
    hkl_endpoint endpoint{};
    endpoint.struct_size = sizeof endpoint;
    endpoint.kind = HKL_ENDPOINT_TCP_SERVER;
    endpoint.address = str(address);
    endpoint.port = static_cast<std::uint32_t>(port);
    endpoint.peers = str(list);
    endpoint.idle_ms = idle_ms;
    want(endpoint);
  }
  // Follows a file that grows, across rotation.
  void file(std::string_view path) {
    hkl_endpoint endpoint{};
    endpoint.struct_size = sizeof endpoint;
    endpoint.kind = HKL_ENDPOINT_FILE;
    endpoint.address = str(path);
    want(endpoint);
  }
  // A serial line: a device, bits a second, "8N1" with "rtscts" or "xonxoff" behind it.
  void serial(std::string_view device, std::int64_t baud, std::string_view line) {
    hkl_endpoint endpoint{};
    endpoint.struct_size = sizeof endpoint;
    endpoint.kind = HKL_ENDPOINT_SERIAL;
    endpoint.address = str(device);
    endpoint.port = static_cast<std::uint32_t>(baud);
    endpoint.query = str(line);
    want(endpoint);
  }
  // Asks a database every `interval_ms`; `query` has :after for the greatest
  // `key` seen, at first `first_key`. A row may appear `late_ms` after others
  // with greater keys.
  void rows(std::string_view url, std::string_view query, std::string_view key, std::int64_t interval_ms,
            std::string_view first_key = "0", std::int64_t late_ms = 0) {
    hkl_endpoint endpoint{};
    endpoint.struct_size = sizeof endpoint;
    endpoint.kind = HKL_ENDPOINT_ROWS;
    endpoint.address = str(url);
    endpoint.query = str(query);
    endpoint.key = str(key);
    endpoint.first_key = str(first_key);
    endpoint.interval_ms = interval_ms;
    endpoint.late_ms = late_ms;
    want(endpoint);
  }
  // The host asks every `interval_ms`; sdk/pbx_http.h: what, the adapter says
  // when it is polled, `url` is for messages and to be judged.
  void http_poll(std::string_view url, std::int64_t interval_ms, std::string_view name = {}) {
    hkl_endpoint endpoint{};
    endpoint.struct_size = sizeof endpoint;
    endpoint.kind = HKL_ENDPOINT_HTTP_POLL;
    endpoint.address = str(url);
    endpoint.name = str(name);
    endpoint.interval_ms = interval_ms;
    want(endpoint);
  }
  // Requests to /hooks/<source>/…; sdk/pbx_http.h.
  void http_route(std::string_view name = {}) {
    hkl_endpoint endpoint{};
    endpoint.struct_size = sizeof endpoint;
    endpoint.kind = HKL_ENDPOINT_HTTP_ROUTE;
    endpoint.name = str(name);
    want(endpoint);
  }

 private:
  const hkl_endpoint_sink& sink_;
};

// The texts of an event, each as its member.
inline constexpr hkl_str hkl_call_event::*kEventTexts[] = {
    &hkl_call_event::event_id,   &hkl_call_event::call_ref,  &hkl_call_event::leg_ref,  &hkl_call_event::other_ref,
    &hkl_call_event::bridge_ref, &hkl_call_event::list_ref,  &hkl_call_event::client,   &hkl_call_event::client_name,
    &hkl_call_event::line,       &hkl_call_event::extension, &hkl_call_event::employee, &hkl_call_event::name,
    &hkl_call_event::queue,      &hkl_call_event::dialled,   &hkl_call_event::from,     &hkl_call_event::to,
    &hkl_call_event::keys,       &hkl_call_event::cause,     &hkl_call_event::result,   &hkl_call_event::reason_text,
    &hkl_call_event::recording,  &hkl_call_event::request,   &hkl_call_event::extra};

// What an adapter has to say during one call of the host.
class Output {
 public:
  explicit Output(const hkl_pbx_sink& sink) : sink_(sink) {}
  // Texts may be in any alphabet: bytes that are no UTF-8 are replaced, as the
  // host would refuse the event. False: it was refused as illegal all the same,
  // counted and named.
  bool event(const hkl_call_event& event) {
    const auto is_clean = [](const hkl_str& text) { return is_utf8(view(text)); };
    const bool is_legal =
        std::all_of(std::begin(kEventTexts), std::end(kEventTexts), [&](auto text) { return is_clean(event.*text); }) &&
        std::all_of(event.tags.items, event.tags.items + event.tags.count, is_clean);
    return is_legal ? tell(event) : tell_mended(event);
  }
  void send(std::uint64_t connection, std::string_view text) { check(sink_.send(sink_.user, connection, bytes(text))); }
  void close(std::uint64_t connection, std::int64_t after_ms, std::string_view why) {
    check(sink_.close(sink_.user, connection, after_ms, str(why)));
  }
  void state(std::uint64_t connection, std::uint32_t state, std::string_view text) {
    check(sink_.state(sink_.user, connection, state, str(text)));
  }
  void skipped(std::uint64_t connection, std::uint64_t byte_count, std::string_view why) {
    check(sink_.skipped(sink_.user, connection, byte_count, str(why)));
  }
  void tick_at(std::int64_t at_ms) { check(sink_.tick_at(sink_.user, at_ms)); }

 private:
  static void check(hkl_status status) {
    if (status != HKL_OK) throw Failure(status, "the host takes no more");
  }
  bool tell(const hkl_call_event& event) {
    const auto status = sink_.event(sink_.user, &event, nullptr);
    if (status == HKL_CANCELLED) throw Failure(status, "the host takes no more");
    return status == HKL_OK;
  }
  bool tell_mended(hkl_call_event event) {
    std::deque<std::string> kept;  // their addresses stay
    const auto mend = [&](const hkl_str& text) {
      return is_utf8(view(text)) ? text : str(kept.emplace_back(as_utf8(view(text))));
    };
    for (const auto text : kEventTexts) event.*text = mend(event.*text);
    std::vector<hkl_str> tags;
    for (std::uint64_t i = 0; i < event.tags.count; ++i) tags.push_back(mend(event.tags.items[i]));
    event.tags = {tags.data(), tags.size()};
    return tell(event);
  }
  const hkl_pbx_sink& sink_;
};

struct Connection {
  std::uint64_t id = 0;
  bool is_capture = false;
  std::string_view endpoint, name;
};

class PbxAdapterBase : public InstanceBase {
 public:
  virtual void endpoints(EndpointList& list) = 0;
  virtual void opened(const Connection&, std::int64_t, Output&) {}
  virtual void feed(std::uint64_t connection, std::string_view bytes, std::int64_t now_ms, Output& out) = 0;
  virtual void closed(std::uint64_t, std::int64_t, Output&) {}
  virtual void tick(std::int64_t, Output&) {}
};

template <typename Settings>
using PbxAdapter = WithSettings<PbxAdapterBase, Settings>;

struct Order {
  std::string_view request, extension, number, line;
  std::int64_t ring_ms = 0;
};

inline Order order_of(const hkl_originate& order) {
  return {view(order.request), view(order.extension), view(order.number), view(order.line), order.ring_ms};
}

class OrdersCalls {
 public:
  // Throws Failure(HKL_UNAVAILABLE, …) when it is not connected.
  virtual void order(const Order& order, std::int64_t now_ms, Output& out) = 0;

 protected:
  ~OrdersCalls() = default;  // instances are deleted as InstanceBase
};

// Rows of one batch, as a view of the host's.
class Rows {
 public:
  explicit Rows(const hkl_rows& rows) : rows_(rows) {}
  std::string_view endpoint() const { return view(rows_.endpoint); }
  bool is_last() const { return rows_.is_last != 0; }
  std::size_t column_count() const { return rows_.columns.count; }
  std::string_view column(std::size_t i) const { return view(rows_.columns.items[i]); }
  std::size_t size() const { return rows_.row_count; }
  // Nothing for an SQL null.
  std::optional<std::string_view> value(std::size_t row, std::size_t column) const {
    const auto& text = rows_.values[row * rows_.columns.count + column];
    return text.ptr == nullptr ? std::nullopt : std::optional(view(text));
  }

 private:
  const hkl_rows& rows_;
};

class ReadsRows {
 public:
  virtual void rows(const Rows& rows, std::int64_t now_ms, Output& out) = 0;

 protected:
  ~ReadsRows() = default;  // instances are deleted as InstanceBase
};

struct PbxAdapterTable {
  static PbxAdapterBase& of(hkl_instance* self) { return static_cast<PbxAdapterBase&>(LifeOf::of(self)); }
  static PbxAdapterBase& started(hkl_instance* self) {
    auto& adapter = of(self);
    needs_started(adapter);
    return adapter;
  }
  static hkl_status endpoints(hkl_instance* self, const hkl_endpoint_sink* sink, hkl_error* err) noexcept {
    return guarded(err, [&] {
      needs_configured(of(self));
      EndpointList list(*sink);
      of(self).endpoints(list);
    });
  }
  static hkl_status opened(hkl_instance* self, const hkl_connection* connection, std::int64_t now_ms,
                           const hkl_pbx_sink* sink, hkl_error* err) noexcept {
    return guarded(err, [&] {
      Output out(*sink);
      started(self).opened(
          {connection->id, connection->is_capture != 0, view(connection->endpoint), view(connection->name)}, now_ms,
          out);
    });
  }
  static hkl_status feed(hkl_instance* self, std::uint64_t connection, hkl_bytes bytes, std::int64_t now_ms,
                         const hkl_pbx_sink* sink, hkl_error* err) noexcept {
    return guarded(err, [&] {
      Output out(*sink);
      started(self).feed(connection, view(bytes), now_ms, out);
    });
  }
  static hkl_status closed(hkl_instance* self, std::uint64_t connection, std::int64_t now_ms, const hkl_pbx_sink* sink,
                           hkl_error* err) noexcept {
    return guarded(err, [&] {
      Output out(*sink);
      started(self).closed(connection, now_ms, out);
    });
  }
  static hkl_status tick(hkl_instance* self, std::int64_t now_ms, const hkl_pbx_sink* sink, hkl_error* err) noexcept {
    return guarded(err, [&] {
      Output out(*sink);
      started(self).tick(now_ms, out);
    });
  }
  static constexpr hkl_pbx_adapter table{sizeof(hkl_pbx_adapter), 0, endpoints, opened, feed, closed, tick};
};

template <typename Plugin>
struct OrdersCallsTable {
  static hkl_status originate(hkl_instance* self, const hkl_originate* order, std::int64_t now_ms,
                              const hkl_pbx_sink* sink, hkl_error* err) noexcept {
    return guarded(err, [&] {
      Output out(*sink);
      auto& adapter = static_cast<Plugin&>(PbxAdapterTable::started(self));
      static_cast<OrdersCalls&>(adapter).order(order_of(*order), now_ms, out);
    });
  }
  static constexpr hkl_pbx_originate table{sizeof(hkl_pbx_originate), 0, originate};
};

template <typename Plugin>
struct ReadsRowsTable {
  static hkl_status rows(hkl_instance* self, const hkl_rows* rows, std::int64_t now_ms, const hkl_pbx_sink* sink,
                         hkl_error* err) noexcept {
    return guarded(err, [&] {
      Output out(*sink);
      auto& adapter = static_cast<Plugin&>(PbxAdapterTable::started(self));
      static_cast<ReadsRows&>(adapter).rows(Rows(*rows), now_ms, out);
    });
  }
  static constexpr hkl_pbx_rows table{sizeof(hkl_pbx_rows), 0, rows};
};

}  // namespace hookline
