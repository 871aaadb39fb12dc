// What this runtime answers over HTTP.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "api/prometheus.h"
#include "api/runtime.h"
#include "endpoints/hook_door.h"

namespace hkl {
namespace {

HttpReply json_reply(std::uint32_t status, const nlohmann::ordered_json& body) {
  return {status, "application/json", body.dump() + "\n", {}};
}

// Whom nobody but this machine can reach needs no TLS.
bool is_loopback(const std::string& listen) {
  const auto address = listen_address(listen);
  return address && (address->host.starts_with("127.") || address->host == "::1");
}

}  // namespace

std::optional<HttpSettings> Runtime::http_settings() const {
  if (!config_.http.is_set && options_.listen.empty()) return std::nullopt;
  auto settings = config_.http.settings;
  if (!options_.listen.empty()) settings.listen = options_.listen;
  return settings;
}

// With life_mutex_ held.
Done Runtime::serve_http() {
  auto settings = http_settings();
  if (!settings) return {};
  if (settings->certificate.empty() && !is_loopback(settings->listen))
    log(HKL_LOG_WARNING, fmt::format("http: {} is not of this machine alone, and what is sent there can be read by "
                                     "others; set http.tls, or listen on 127.0.0.1 behind a proxy that has TLS",
                                     settings->listen));
  auto started = HttpServer::start(
      std::move(*settings), http_routes(),
      [] { return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()); },
      [this](std::uint32_t level, const std::string& line) { log(level, line); });
  if (!started) return fail(started.error());
  http_ = std::move(*started);
  log(HKL_LOG_INFO, "http: listens on " + http_->url());
  return {};
}

HttpRoutes Runtime::http_routes() {
  HttpRoutes routes;
  routes.add({"/healthz", {"GET"}, 0, {}, [](HttpCall&) { return json_reply(200, {{"status", "alive"}}); }});
  routes.add({"/readyz", {"GET"}, 0, {}, [this](HttpCall&) {
                const auto trouble = writer_->trouble();
                if (trouble) return json_reply(200, {{"status", "ready"}});
                auto reply = json_reply(503, {{"status", "stores nothing now"}});
                reply.headers.emplace_back("Retry-After", "5");
                return reply;
              }});

  HttpRoute api;
  api.pattern = std::string(kApiPrefix) + "…";
  api.body_bytes = config_.http.settings.limits.body_bytes;
  api_door_ = std::make_unique<ApiDoor>(*this, gate_, config_.access, changes_, config_.http.refusals_per_minute);
  api.admit = [door = api_door_.get()](const HttpCall& call) { return door->admit(call); };
  api.stream = [door = api_door_.get()](HttpCall& call, HttpOutlet& outlet) { return door->answer(call, outlet); };
  routes.add(std::move(api));

  // What /api/v1/health tells, for whoever may ask that, in Prometheus's words.
  HttpRoute metrics;
  metrics.pattern = "/metrics";
  metrics.methods = {"GET"};
  metrics.admit = [door = api_door_.get()](const HttpCall& call) { return door->admit(call); };
  metrics.stream = [door = api_door_.get()](HttpCall& call, HttpOutlet& outlet) -> std::optional<HttpReply> {
    auto asked = call.request;
    asked.target = std::string(kApiPrefix) + "/health";
    asked.headers = {{"Authorization", std::string(call.request.header("Authorization"))}};
    HttpCall health{asked, {}, {}};
    auto reply = door->answer(health, outlet);
    if (!reply || reply->status != 200) return reply;
    return HttpReply{200,
                     "text/plain; version=0.0.4; charset=utf-8",
                     prometheus_text(nlohmann::ordered_json::parse(reply->body)),
                     {}};
  };
  routes.add(std::move(metrics));

  // The doors are held: a source that has ended says so by itself.
  const auto door_of = [doors = doors_](const HttpCall& call) { return doors->find(call.names.at("source")); };
  HttpRoute hooks;
  hooks.pattern = "/hooks/{source}…";
  hooks.body_bytes = config_.http.settings.limits.body_bytes;
  hooks.admit = [door_of](const HttpCall& call) -> std::optional<HttpReply> {
    const auto door = door_of(call);
    if (!door || !door->is_wanted()) return http_error(404, "there is no source of that name that takes requests");
    return door->admit(call.request, call.request.received_at);
  };
  hooks.answer = [door_of](HttpCall& call) { return door_of(call)->ask(std::move(call.request), call.rest); };
  routes.add(std::move(hooks));
  return routes;
}

}  // namespace hkl
