// What pages ask beside the API: calls that go on, names, saved reports, the
// stream of changes, the config.
#include <Poco/URI.h>

#include <charconv>

#include "directory.h"
#include "routes.h"

namespace crm {

using Json = nlohmann::ordered_json;

// Calls in progress that the caller may see, each as its record, and what
// everybody says they are at.
Reply live_calls(App& app, const Request&, const Caller& caller) {
  auto rows = Json::array();
  for (const auto& id : app.live.ids()) {
    std::string name;
    Poco::URI::encode(id, "/?#%&+:;=@ ", name);
    const auto reply =
        app.hookline.answer("GET", "/api/v1/calls/" + name, caller.user.hookline_user, caller.user.language);
    auto call = Json::parse(reply.body, nullptr, false);
    if (reply.status != 200 || !call.is_object()) continue;
    if (call.contains("ended_at") && !call["ended_at"].is_null()) {
      app.live.is_over(id);
      continue;
    }
    rows.push_back(std::move(call));
  }
  return json_reply({{"rows", rows}, {"presence", app.presence_now()}});
}

// {"state": "online"|"pause"|"wrap_up"|"offline", "reason"?} of who is signed in.
Reply change_presence(App& app, const Request& request, const Caller& caller) {
  const auto body = json_body(request);
  const auto state = body ? text_of(*body, "state") : "", reason = body ? text_of(*body, "reason") : "";
  if (state != "online" && state != "pause" && state != "wrap_up" && state != "offline")
    return problem(400, "state is online, pause, wrap_up or offline");
  if (reason.size() > 200) return problem(400, "a reason has at most 200 bytes");
  if (caller.user.employee.empty())
    return problem(409, "you are no employee here; an administrator names one by hookline-crm add-user --employee");
  const auto complaints = app.change_presence(caller.user.employee, state, reason);
  return complaints.empty() ? json_reply({{"state", state}}) : problem(400, complaints);
}

Reply directory(App& app, const Request&, const Caller&) {
  auto found = read_directory(app.settings.config, app.hookline);
  if (app.demo_pbx) found["can_order"].push_back("pbx1");
  return json_reply(found);
}

Reply event_stream(App& app, const Request&, const Caller&) {
  if (app.events.is_full()) {
    auto reply = problem(503, "no more than " + std::to_string(app.settings.streams) +
                                  " pages can watch at once; start the server with more --streams");
    reply.headers.emplace_back("Retry-After", "30");
    return reply;
  }
  Reply reply;
  reply.type = "text/event-stream";
  reply.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  reply.stream = [&app](std::ostream& out) { app.events.stream(out); };
  return reply;
}

// GET lists, POST {"title", "address"} adds, DELETE ?id= removes.
Reply saved_reports(App& app, const Request& request, const Caller& caller) {
  const auto& login = caller.user.login;
  if (request.method == "DELETE") {
    const auto text = request.parameter("id");
    std::int64_t id = 0;
    std::from_chars(text.data(), text.data() + text.size(), id);
    if (!app.saved.remove(login, id)) return problem(404, "you have no saved report " + text);
  }
  if (request.method == "POST") {
    const auto body = json_body(request);
    const auto title = body ? text_of(*body, "title") : "", address = body ? text_of(*body, "address") : "";
    // An address of this CRM and nothing else: it becomes a link.
    const bool is_ours =
        address.starts_with("/") && !address.starts_with("//") && address.find('\\') == std::string::npos;
    if (title.empty() || title.size() > 200 || !is_ours || address.size() > 4000)
      return problem(400, "a saved report needs a title (at most 200 bytes) and an address that begins with one /");
    app.saved.add(login, title, address);
  }
  return json_reply({{"rows", app.saved.list(login)}});
}

Reply show_config(App& app, const Request& request, const Caller&) {
  const auto text = request.parameter("revision");
  if (text.empty()) return json_reply(app.config.show());
  std::int64_t id = 0;
  std::from_chars(text.data(), text.data() + text.size(), id);
  auto body = app.config.revision(id);
  if (body.empty()) return problem(404, "there is no revision " + text);
  return json_reply({{"text", body}});
}

Reply check_config(App& app, const Request& request, const Caller&) {
  const auto body = json_body(request);
  if (!body || !body->contains("text")) return problem(400, "send {\"text\": \"hookline: 1 …\"}");
  return json_reply({{"complaints", app.config.check(text_of(*body, "text"))}});
}

Reply apply_config(App& app, const Request& request, const Caller& caller) {
  const auto body = json_body(request);
  if (!body || text_of(*body, "text").empty()) return problem(400, "send {\"text\": \"hookline: 1 …\"}");
  const auto complaints = app.config.apply(text_of(*body, "text"), caller.user.login);
  if (complaints.empty()) {
    app.audit.note(caller.user.login, "config_applied", "");
    app.read_presence();
    app.events.say("source", "");
  }
  return json_reply({{"complaints", complaints}});
}

}  // namespace crm
