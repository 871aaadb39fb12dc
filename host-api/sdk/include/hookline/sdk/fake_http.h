// The fake host (fake_host.h) for adapters that speak HTTP: what a request is
// answered, what a poll or an order asks, what becomes of a reply.
//
//   hookline::fake::HttpAdapter pbx(hookline_plugin_v1, host, settings);
//   hookline::fake::Request request{.query = "token=t", .body = R"({"event": "ring"})"};
//   EXPECT_EQ(pbx.request(request).reason, "");
#pragma once

#include "hookline/pbx_http.h"
#include "hookline/sdk/fake_host.h"

namespace hookline::fake {

struct Request {
  std::string method = "POST", url, path, query;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body, peer = "127.0.0.1";
  bool is_capture = false;
};

struct Reply {
  std::uint32_t verdict = 0, status = 0;  // HKL_VERDICT_…
  std::string content_type, body, reason, detail;
};

// What a polling adapter wants to be asked for it.
struct Ask {
  std::string method, url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::int64_t at_ms = 0;
};

class HttpAdapter : public Adapter {
 public:
  HttpAdapter(const hkl_plugin& plugin, Host& host, std::string_view settings_json = "{}")
      : Adapter(plugin, host, settings_json) {
    http_table_ = static_cast<const hkl_pbx_http*>(plugin.get_interface(str(HKL_PBX_HTTP_V1)));
    if (http_table_ == nullptr) throw Failure(HKL_UNSUPPORTED, "the plugin does not offer " HKL_PBX_HTTP_V1);
    orders_ = static_cast<const hkl_pbx_http_originate*>(plugin.get_interface(str(HKL_PBX_HTTP_ORIGINATE_V1)));
    http_.struct_size = sizeof http_;
    http_.events = &sink();
    http_.user = this;
    http_.reply = [](void* user, const hkl_http_reply* reply) -> hkl_status {
      const auto text = [](hkl_str s) { return std::string(view(s)); };
      of(user).reply_ = {
          reply->verdict,      reply->http_status, text(reply->content_type), std::string(view(reply->body)),
          text(reply->reason), text(reply->detail)};
      return HKL_OK;
    };
    http_.look_up = [](void* user, hkl_str number, hkl_lookup* found) -> hkl_status {
      const auto known = of(user).contacts.find(std::string(view(number)));
      if (known == of(user).contacts.end()) return HKL_NOT_FOUND;
      found->contact_name = str(known->second);
      return HKL_OK;
    };
    http_.ask = [](void* user, const hkl_http_request* asked, std::int64_t at_ms) -> hkl_status {
      auto& ask = of(user).asks_.emplace_back();
      ask = {
          std::string(view(asked->method)), std::string(view(asked->url)), {}, std::string(view(asked->body)), at_ms};
      for (std::uint64_t i = 0; i < asked->header_count; ++i)
        ask.headers.emplace_back(view(asked->headers[i].name), view(asked->headers[i].value));
      return HKL_OK;
    };
    http_.position = [](void* user, hkl_str position) -> hkl_status {
      of(user).position_ = view(position);
      return HKL_OK;
    };
  }

  std::map<std::string, std::string> contacts;  // names by number, for look-ups

  Reply request(const Request& given) {
    std::vector<hkl_header> headers;
    for (const auto& [name, value] : given.headers) headers.push_back({str(name), str(value)});
    hkl_http_request request{};
    request.struct_size = sizeof request;
    request.is_capture = given.is_capture ? 1 : 0;
    request.method = str(given.method);
    request.url = str(given.url);
    request.path = str(given.path);
    request.query = str(given.query);
    request.headers = headers.data();
    request.header_count = headers.size();
    request.body = bytes(given.body);
    request.peer = str(given.peer);
    request.received_ms = now_ms;
    reply_ = {};
    check([&](hkl_error* err) { return http_table_->request(self(), &request, now_ms, &http_, err); });
    return reply_;
  }

  // Both give what is to be asked next; nothing: the poll is done.
  std::vector<Ask> poll(std::string_view position, std::string_view endpoint = {}) {
    asks_.clear();
    check([&](hkl_error* err) { return http_table_->poll(self(), str(endpoint), str(position), now_ms, &http_, err); });
    return asks_;
  }
  std::vector<Ask> answer(std::uint32_t status, std::string_view body, std::string_view endpoint = {}) {
    asks_.clear();
    check([&](hkl_error* err) {
      return http_table_->answer(self(), str(endpoint), status, bytes(body), now_ms, &http_, err);
    });
    return asks_;
  }
  // What is to be sent for an order; throws Failure where it is refused.
  std::vector<Ask> order(const hkl_originate& order) {
    asks_.clear();
    check([&](hkl_error* err) { return orders().order(self(), &order, now_ms, &http_, err); });
    return asks_;
  }
  // The vendor's answer to it; throws Failure where that was a refusal.
  void ordered(const hkl_originate& order, std::uint32_t status, std::string_view body) {
    check([&](hkl_error* err) { return orders().ordered(self(), &order, status, bytes(body), now_ms, &http_, err); });
  }
  // The last that the adapter told; empty: none.
  const std::string& position() const { return position_; }

 private:
  static HttpAdapter& of(void* user) { return *static_cast<HttpAdapter*>(user); }
  const hkl_pbx_http_originate& orders() const {
    if (orders_ == nullptr) throw Failure(HKL_UNSUPPORTED, "the plugin does not offer " HKL_PBX_HTTP_ORIGINATE_V1);
    return *orders_;
  }
  const hkl_pbx_http* http_table_ = nullptr;
  const hkl_pbx_http_originate* orders_ = nullptr;
  hkl_http_sink http_{};
  Reply reply_;
  std::vector<Ask> asks_;
  std::string position_;
};

}  // namespace hookline::fake
