#include "routes.h"

#include <map>

namespace crm {
namespace {

using Json = nlohmann::ordered_json;
using Route = std::function<Reply(App&, const Request&, const Caller&)>;
using RouteOfOne = std::function<Reply(App&, const Request&, const Caller&, const std::string& id)>;

struct Entry {
  Route route;
  bool is_for_admins = false;
};

const std::map<std::string, OpenRoute>& open_routes() {
  static const std::map<std::string, OpenRoute> routes = {
      {"POST /crm/session", log_in},
      {"POST /crm/token", issue_token},
      {"GET /crm/session", who_am_i},
      {"GET /crm/openapi.json",
       [](App& app, const Request& request, const std::optional<Caller>&) { return app.site.find(request); }}};
  return routes;
}

const std::map<std::string, Entry>& routes() {
  static const std::map<std::string, Entry> routes = {
      {"DELETE /crm/session", {log_out}},
      {"POST /crm/preferences", {prefer}},
      {"GET /crm/live", {live_calls}},
      {"POST /crm/presence", {change_presence}},
      {"GET /crm/directory", {directory}},
      {"GET /crm/events", {event_stream}},
      {"GET /crm/saved", {saved_reports}},
      {"POST /crm/saved", {saved_reports}},
      {"DELETE /crm/saved", {saved_reports}},
      {"POST /crm/tasks", {make_task}},
      {"POST /crm/marks", {mark}},
      {"POST /crm/extensions", {map_extension, true}},
      {"GET /crm/config", {show_config, true}},
      {"POST /crm/config/check", {check_config, true}},
      {"POST /crm/config/apply", {apply_config, true}},
      {"GET /crm/audit",
       {[](App& app, const Request&, const Caller&) {
          return json_reply({{"rows", app.audit.list()}});
        },
        true}},
  };
  return routes;
}

// The id stands between prefix and suffix.
struct EntryOfOne {
  const char* method;
  const char* prefix;
  const char* suffix;
  RouteOfOne route;
};

const std::vector<EntryOfOne>& routes_of_one() {
  static const std::vector<EntryOfOne> routes = {
      {"POST", "/crm/tasks/", "/done", finish_task},
      {"POST", "/crm/leads/", "/change", change_lead},
      {"POST", "/crm/contacts/", "/merge", merge_contact},
      {"GET", "/crm/recordings/", "", hear_recording},
  };
  return routes;
}

std::optional<std::string> id_between(const std::string& path, std::string_view prefix, std::string_view suffix) {
  if (path.size() <= prefix.size() + suffix.size() || !path.starts_with(prefix) || !path.ends_with(suffix))
    return std::nullopt;
  return path.substr(prefix.size(), path.size() - prefix.size() - suffix.size());
}

// From one's own phone alone; else as the library would answer.
Reply order_of_demo(App& app, const Request& request, const Caller& caller) {
  const auto body = json_body(request);
  const auto employee = body ? text_of(*body, "employee") : "", number = body ? text_of(*body, "number") : "";
  if (employee != caller.user.employee) return problem(403, "the demo calls from your own phone alone");
  if (number.size() < 8 || number.find_first_not_of("+0123456789") != std::string::npos)
    return problem(400, "\"" + number + "\" is no telephone number");
  const auto order = app.demo_pbx(employee, number);
  return order.empty() ? problem(404, "there is no employee \"" + employee + "\"") : json_reply({{"request", order}});
}

}  // namespace

const OpenRoute* open_route(const Request& request) {
  const auto found = open_routes().find(request.method + " " + request.path);
  return found == open_routes().end() ? nullptr : &found->second;
}

Reply signed_in_route(App& app, const Request& request, const Caller& caller) {
  if (request.path.starts_with("/api/v1/")) return pass_to_library(app, request, caller);
  const auto found = routes().find(request.method + " " + request.path);
  if (found != routes().end()) {
    if (found->second.is_for_admins && !caller.user.is_admin())
      return problem(403, "only an administrator may do this; ask one, or sign in as one");
    return found->second.route(app, request, caller);
  }
  for (const auto& entry : routes_of_one())
    if (request.method == entry.method)
      if (const auto id = id_between(request.path, entry.prefix, entry.suffix))
        return entry.route(app, request, caller, *id);
  return problem(404, "there is nothing at " + request.method + " " + request.path);
}

Reply pass_to_library(App& app, const Request& request, const Caller& caller) {
  // Streams are this server's own: the library's would hold its thread.
  if (request.path == "/api/v1/events") return event_stream(app, request, caller);
  if (request.method != "GET" && request.method != "POST")
    return problem(405, "the API takes GET and POST; see /api/v1/openapi.json");
  if (app.demo_pbx && request.path == "/api/v1/originate") return order_of_demo(app, request, caller);
  auto reply = app.hookline.answer(request.method, request.target, caller.user.hookline_user, caller.user.language,
                                   request.body);
  const auto format = request.parameter("format");
  if (reply.status == 200 && (format == "csv" || format == "xlsx"))
    app.audit.note(caller.user.login, "export", request.target);
  if (reply.status == 200 && request.path == "/api/v1/records") {
    const auto tally = Json::parse(reply.body, nullptr, false);
    app.hear_presence(request.body, tally.is_object() && tally.value("refused", 1) == 0);
  }
  if (reply.status == 200 && request.method == "POST") app.audit.note(caller.user.login, "post", request.path);
  return reply;
}

Reply preflight(App& app, const Request& request) {
  Reply reply;
  reply.status = 204;
  if (!app.settings.allow_origin.empty() && request.header("origin") == app.settings.allow_origin)
    reply.headers = {{"Access-Control-Allow-Methods", "GET, POST"},
                     {"Access-Control-Allow-Headers", "Authorization, Content-Type"},
                     {"Access-Control-Max-Age", "600"}};
  return reply;
}

// With a token alone: cookies of this site are not for another's page.
void allow_origin(const App& app, const Request& request, Reply& reply) {
  if (app.settings.allow_origin.empty() || request.header("origin") != app.settings.allow_origin) return;
  reply.headers.emplace_back("Access-Control-Allow-Origin", app.settings.allow_origin);
  reply.headers.emplace_back("Vary", "Origin");
  for (auto& [name, value] : reply.headers)
    if (name == "Cross-Origin-Resource-Policy") value = "cross-origin";
}

}  // namespace crm
