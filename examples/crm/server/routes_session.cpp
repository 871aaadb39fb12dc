// Signing in and out.
#include <variant>

#include "routes.h"

namespace crm {
namespace {

using Json = nlohmann::ordered_json;

Json described(const App& app, const User& user, const std::string& csrf) {
  return {
      {"login", user.login}, {"name", user.name},         {"employee", user.employee}, {"role", user.role},
      {"csrf", csrf},        {"language", user.language}, {"theme", user.theme},       {"demo", app.settings.is_demo}};
}

void set_cookie(Reply& reply, const Request& request, const std::string& token) {
  auto cookie = session_cookie(request.is_secure) + "=" + token + "; Path=/; HttpOnly; SameSite=Lax";
  if (request.is_secure) cookie += "; Secure";
  if (token.empty()) cookie += "; Max-Age=0";
  reply.headers.emplace_back("Set-Cookie", cookie);
}

Reply too_many(int wait_seconds) {
  auto reply = problem(429, "too many wrong passwords; wait " + std::to_string(wait_seconds) + " s and try again");
  reply.headers.emplace_back("Retry-After", std::to_string(wait_seconds));
  return reply;
}

// The user, or why not.
std::variant<User, Reply> checked(App& app, const Request& request) {
  // A form of another site cannot send this type without asking first.
  if (!request.header("content-type").starts_with("application/json"))
    return problem(415, "send {\"login\": …, \"password\": …} as application/json");
  const auto body = json_body(request);
  if (!body) return problem(400, "the body is no JSON object with login and password");
  const auto login = text_of(*body, "login");
  if (!app.wrong_by_name.has(login)) return too_many(app.wrong_by_name.wait_seconds());
  if (!app.wrong_by_peer.has(request.peer)) return too_many(app.wrong_by_peer.wait_seconds());
  auto user = app.users.log_in(login, text_of(*body, "password"));
  if (user) {
    app.wrong_by_name.forgive(login);
    return *user;
  }
  app.wrong_by_name.take(login);
  app.wrong_by_peer.take(request.peer);
  app.audit.note(login, "wrong_password", request.peer);
  return problem(401, "the name or the password is wrong");
}

}  // namespace

std::string session_cookie(bool is_secure) { return is_secure ? "__Host-hookline" : "hookline"; }

Reply log_in(App& app, const Request& request, const std::optional<Caller>&) {
  const auto site = request.header("sec-fetch-site");
  if (site == "cross-site") return problem(403, "sign in on this CRM's own page");
  const auto result = checked(app, request);
  if (const auto* refusal = std::get_if<Reply>(&result)) return *refusal;
  const auto& user = std::get<User>(result);
  const auto token = app.sessions.begin(user, request.cookie(session_cookie(request.is_secure)));
  const auto session = app.sessions.find(token);
  app.audit.note(user.login, "log_in", request.peer);
  auto reply = json_reply(described(app, user, session ? session->csrf : ""));
  set_cookie(reply, request, token);
  return reply;
}

Reply issue_token(App& app, const Request& request, const std::optional<Caller>&) {
  const auto result = checked(app, request);
  if (const auto* refusal = std::get_if<Reply>(&result)) return *refusal;
  const auto& user = std::get<User>(result);
  app.audit.note(user.login, "token", request.peer);
  return json_reply({{"token", app.tokens.issue(user)}, {"type", "Bearer"}, {"expires_in", ApiTokens::kLifeSeconds}});
}

// 200 either way: a page that finds nobody shows the log-in.
Reply who_am_i(App& app, const Request&, const std::optional<Caller>& caller) {
  if (!caller) return json_reply({{"login", nullptr}, {"demo", app.settings.is_demo}});
  return json_reply(described(app, caller->user, caller->csrf));
}

Reply log_out(App& app, const Request& request, const Caller& caller) {
  app.sessions.end(caller.token);
  auto reply = json_reply({{"login", nullptr}});
  set_cookie(reply, request, "");
  return reply;
}

Reply prefer(App& app, const Request& request, const Caller& caller) {
  const auto body = json_body(request);
  if (!body) return problem(400, "the body is no JSON object");
  const auto language = text_of(*body, "language"), theme = text_of(*body, "theme");
  if (language != "ru" && language != "en") return problem(400, "language is \"ru\" or \"en\"");
  if (!theme.empty() && theme != "light" && theme != "dark")
    return problem(400, "theme is \"light\", \"dark\" or \"\"");
  app.users.prefer(caller.user.login, language, theme);
  return json_reply({{"language", language}, {"theme", theme}});
}

}  // namespace crm
