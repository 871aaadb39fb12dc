// An adapter that speaks HTTP derives from hookline::SpeaksHttp too:
//
//   class MyCloud final : public hookline::PbxAdapter<Settings>, public hookline::SpeaksHttp {
//     void endpoints(hookline::EndpointList& list) override { list.http_route(); }
//     void request(const HttpRequest& request, std::int64_t now_ms, HttpOutput& out) override {
//       if (request.header("X-Token") != settings().token) return out.reject(401, "bad_token");
//       …
//       out.accept();
//     }
//   };
//
// Contract: hookline/pbx_http.h. Every request is answered once; one that is
// left without an answer is a fault of the adapter.
#pragma once

#include <optional>

#include "hookline/pbx_http.h"
#include "hookline/sdk/pbx_adapter.h"

namespace hookline {

// Views into the host's request, valid during the call.
struct HttpRequest {
  std::string_view method, url, path, query, body, peer;
  Span<hkl_header> headers;
  std::int64_t received_ms = 0;
  bool is_capture = false;

  // The first header of that name, in any case; empty where there is none.
  std::string_view header(std::string_view name) const {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    for (const auto& one : headers) {
      const auto known = view(one.name);
      if (known.size() == name.size() &&
          std::equal(known.begin(), known.end(), name.begin(), [&](char a, char b) { return lower(a) == lower(b); }))
        return view(one.value);
    }
    return {};
  }
};

// What is known of a number.
struct Found {
  std::string contact, contact_name, responsible, responsible_extension, lead;
};

class HttpOutput {
 public:
  explicit HttpOutput(const hkl_http_sink& sink) : sink_(sink), events_(*sink.events) {}

  // Events of the request, and what else an adapter says.
  Output& events() { return events_; }
  bool event(const hkl_call_event& event) { return events_.event(event); }

  // Taken: sent when its events are durable.
  void accept(std::uint32_t status = 200, std::string_view content_type = {}, std::string_view body = {}) {
    reply(HKL_VERDICT_ACCEPT, status, content_type, body, {});
  }
  // Of no interest, and not to be sent again.
  void ignore(std::string_view reason, std::uint32_t status = 200, std::string_view content_type = {},
              std::string_view body = {}) {
    reply(HKL_VERDICT_IGNORE, status, content_type, body, reason);
  }
  void reject(std::uint32_t status, std::string_view reason, std::string_view content_type = {},
              std::string_view body = {}) {
    reply(HKL_VERDICT_REJECT, status, content_type, body, reason);
  }
  bool is_replied() const { return is_replied_; }
  // Goes with the answer that follows, for the admin: which rule took or
  // refused the request, and what was seen there. No secret.
  void detail(std::string text) { detail_ = std::move(text); }

  // Nothing where nobody has this number.
  std::optional<Found> look_up(std::string_view number) {
    hkl_lookup found{};
    found.struct_size = sizeof found;
    if (sink_.look_up(sink_.user, str(number), &found) != HKL_OK) return std::nullopt;
    const auto text = [](const hkl_str& s) { return std::string(view(s)); };
    return Found{text(found.contact), text(found.contact_name), text(found.responsible),
                 text(found.responsible_extension), text(found.lead)};
  }

  // Polls: ask this, at once or at a time; everything up to `position` is taken.
  // Orders: send this.
  void ask(const hkl_http_request& request, std::int64_t at_ms) { check(sink_.ask(sink_.user, &request, at_ms)); }
  // Orders: the vendor calls the call that it makes of `order` so; the call will
  // carry the order's id.
  void requested(const Order& order, std::string_view call_ref, std::int64_t now_ms) {
    hkl_call_event event;
    hkl_call_event_init(&event);
    const auto id = "order:" + std::string(order.request);
    event.kind = HKL_EVENT_CALL_REQUESTED;
    event.flags = HKL_EVENT_FLAG_RECEIPT_TIME;
    event.event_id = str(id);
    event.call_ref = str(call_ref);
    event.at_ms = now_ms;
    event.request = str(order.request);
    event.extension = str(order.extension);
    event.client = str(order.number);
    event.direction = HKL_DIRECTION_OUT;
    events_.event(event);
  }
  void position(std::string_view position) { check(sink_.position(sink_.user, str(position))); }

 private:
  void reply(std::uint32_t verdict, std::uint32_t status, std::string_view type, std::string_view body,
             std::string_view reason) {
    hkl_http_reply reply{};
    reply.struct_size = sizeof reply;
    reply.verdict = verdict;
    reply.http_status = status;
    reply.content_type = str(type);
    reply.body = bytes(body);
    reply.reason = str(reason);
    reply.detail = str(detail_);
    is_replied_ = true;
    check(sink_.reply(sink_.user, &reply));
  }
  static void check(hkl_status status) {
    if (status != HKL_OK) throw Failure(status, "the host takes no more");
  }
  const hkl_http_sink& sink_;
  Output events_;
  bool is_replied_ = false;
  std::string detail_;
};

class SpeaksHttp {
 public:
  virtual void request(const HttpRequest& request, std::int64_t now_ms, HttpOutput& out) = 0;
  // For those that want a polled endpoint too: `position` is what was kept last.
  virtual void poll(std::string_view, std::string_view, std::int64_t, HttpOutput&) {
    throw Failure(HKL_UNSUPPORTED, "this adapter polls nothing");
  }
  virtual void answer(std::string_view, std::uint32_t, std::string_view, std::int64_t, HttpOutput&) {
    throw Failure(HKL_UNSUPPORTED, "this adapter polls nothing");
  }

 protected:
  ~SpeaksHttp() = default;  // instances are deleted as InstanceBase
};

template <typename Plugin>
struct SpeaksHttpTable {
  static SpeaksHttp& of(hkl_instance* self) {
    return static_cast<SpeaksHttp&>(static_cast<Plugin&>(PbxAdapterTable::started(self)));
  }
  static hkl_status request(hkl_instance* self, const hkl_http_request* request, std::int64_t now_ms,
                            const hkl_http_sink* sink, hkl_error* err) noexcept {
    return guarded(err, [&] {
      HttpOutput out(*sink);
      HttpRequest given{view(request->method),
                        view(request->url),
                        view(request->path),
                        view(request->query),
                        view(request->body),
                        view(request->peer),
                        {},
                        request->received_ms,
                        request->is_capture != 0};
      given.headers = {request->headers, request->header_count};
      of(self).request(given, now_ms, out);
      if (!out.is_replied()) throw Failure(HKL_INTERNAL, "the adapter left a request without an answer");
    });
  }
  static hkl_status poll(hkl_instance* self, hkl_str endpoint, hkl_str position, std::int64_t now_ms,
                         const hkl_http_sink* sink, hkl_error* err) noexcept {
    return guarded(err, [&] {
      HttpOutput out(*sink);
      of(self).poll(view(endpoint), view(position), now_ms, out);
    });
  }
  static hkl_status answer(hkl_instance* self, hkl_str endpoint, std::uint32_t status, hkl_bytes body,
                           std::int64_t now_ms, const hkl_http_sink* sink, hkl_error* err) noexcept {
    return guarded(err, [&] {
      HttpOutput out(*sink);
      of(self).answer(view(endpoint), status, view(body), now_ms, out);
    });
  }
  static constexpr hkl_pbx_http table{sizeof(hkl_pbx_http), 0, request, poll, answer};
};

// An adapter whose vendor takes orders of calls over HTTP derives from it too.
class OrdersCallsByHttp {
 public:
  // Says by out.ask(), once, what to send. Throws Failure(HKL_UNSUPPORTED, …)
  // where the settings allow no orders.
  virtual void order(const Order& order, std::int64_t now_ms, HttpOutput& out) = 0;
  // What the vendor answered to it. Throws Failure(HKL_INVALID, its own words)
  // where it refused, HKL_TIMEOUT where it says neither yes nor no;
  // out.requested() where it named the call.
  virtual void ordered(const Order& order, std::uint32_t status, std::string_view body, std::int64_t now_ms,
                       HttpOutput& out) = 0;

 protected:
  ~OrdersCallsByHttp() = default;  // instances are deleted as InstanceBase
};

template <typename Plugin>
struct OrdersCallsByHttpTable {
  static OrdersCallsByHttp& of(hkl_instance* self) {
    return static_cast<OrdersCallsByHttp&>(static_cast<Plugin&>(PbxAdapterTable::started(self)));
  }
  static hkl_status order(hkl_instance* self, const hkl_originate* order, std::int64_t now_ms,
                          const hkl_http_sink* sink, hkl_error* err) noexcept {
    return guarded(err, [&] {
      HttpOutput out(*sink);
      of(self).order(order_of(*order), now_ms, out);
    });
  }
  static hkl_status ordered(hkl_instance* self, const hkl_originate* order, std::uint32_t status, hkl_bytes body,
                            std::int64_t now_ms, const hkl_http_sink* sink, hkl_error* err) noexcept {
    return guarded(err, [&] {
      HttpOutput out(*sink);
      of(self).ordered(order_of(*order), status, view(body), now_ms, out);
    });
  }
  static constexpr hkl_pbx_http_originate table{sizeof(hkl_pbx_http_originate), 0, order, ordered};
};

}  // namespace hookline
