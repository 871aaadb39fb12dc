#include "app.h"

#include <chrono>

#include "compression.h"
#include "routes.h"
#include "secrets.h"

namespace crm {
namespace {

const char* entity_of(std::uint32_t change) {
  switch (change) {
    case HKL_CHANGE_CALL:
      return "call";
    case HKL_CHANGE_INQUIRY:
      return "inquiry";
    case HKL_CHANGE_CONTACT:
      return "contact";
    case HKL_CHANGE_LEAD:
      return "lead";
    case HKL_CHANGE_TASK:
      return "task";
    default:
      return "source";
  }
}

bool changes_nothing(const std::string& method) { return method == "GET" || method == "HEAD" || method == "OPTIONS"; }

// A page of another site that sends a form here says so itself.
bool is_foreign(const Request& request) {
  const auto site = request.header("sec-fetch-site");
  if (site == "cross-site" || site == "same-site") return true;
  const auto origin = request.header("origin");
  if (origin.empty()) return false;
  const auto host = origin.find("://");
  return host == std::string::npos || origin.substr(host + 3) != request.header("host");
}

// OWASP's secure headers. Scripts and styles come from here alone; widths are
// set from modules, so no inline style is needed either.
void add_security_headers(const Request& request, Reply& reply) {
  auto& headers = reply.headers;
  headers.emplace_back("Content-Security-Policy",
                       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                       "connect-src 'self'; media-src 'self' blob:; font-src 'self'; base-uri 'none'; "
                       "form-action 'self'; frame-ancestors 'none'");
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  headers.emplace_back("X-Frame-Options", "DENY");
  headers.emplace_back("Referrer-Policy", "same-origin");
  headers.emplace_back("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
  // Modules may be loaded by a vendor's page; everything else stays at home.
  const bool is_module = reply.type.starts_with("text/javascript") || reply.type.starts_with("text/css");
  headers.emplace_back("Cross-Origin-Resource-Policy", is_module ? "cross-origin" : "same-origin");
  if (request.is_secure) headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
}

std::int64_t clock_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

bool is_own_route(const std::string& path) { return path.starts_with("/crm/") || path.starts_with("/api/"); }

}  // namespace

App::App(AppSettings with)
    : settings(std::move(with)),
      database(settings.database),
      users(database),
      sessions(database, users),
      tokens(database, users),
      audit(database),
      saved(database),
      events(settings.streams),
      hookline(settings.config, {[this](std::uint32_t change, std::string_view id) {
                                   if (change == HKL_CHANGE_CALL) live.changed(id);
                                   events.say(entity_of(change), id);
                                 },
                                 [this](std::uint32_t entity, std::string_view id) {
                                   if (entity == HKL_ENTITY_TASK) events.say("new_task", id);
                                 }}),
      config(settings.config, database, hookline),
      site(settings.web),
      recordings(settings.recordings, settings.keep_recordings_days),
      requests_(settings.requests_a_minute / 2, settings.requests_a_minute) {}

void App::read_presence() {
  const std::lock_guard lock(presence_mutex_);
  presence.read(hookline.exported({"presence"}), clock_ms());
}

void App::hear_presence(const std::string& ndjson, bool is_all_taken) {
  if (ndjson.find("\"presence\"") == std::string::npos) return;
  if (!is_all_taken || !presence.hear(ndjson, clock_ms())) read_presence();
  events.say("presence", "");
}

PresenceBook::Json App::presence_now() const { return presence.at(clock_ms()); }

std::string App::change_presence(const std::string& employee, const std::string& state, const std::string& reason) {
  const std::lock_guard lock(presence_mutex_);
  const auto now = clock_ms();
  std::string lines;
  for (const auto& record : presence.change(employee, state, reason, now)) lines += record.dump() + "\n";
  if (auto complaints = hookline.submit_records(lines); !complaints.empty()) return complaints;
  presence.hear(lines, now);
  events.say("presence", employee);
  return "";
}

std::optional<Caller> App::caller_of(const Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const auto authorization = request.header("authorization");
  if (authorization.starts_with(kBearer)) {
    auto user = tokens.verify(authorization.substr(kBearer.size()));
    if (!user) return std::nullopt;
    return Caller{*user, "", ""};
  }
  const auto token = request.cookie(session_cookie(request.is_secure));
  const auto session = sessions.find(token);
  if (!session) return std::nullopt;
  return Caller{session->user, session->csrf, token};
}

Reply App::answer(const Request& request) {
  if (!is_own_route(request.path)) {
    if (!changes_nothing(request.method)) return problem(405, "pages are only read; the API is under /api/v1");
    return site.find(request);
  }
  if (request.method == "OPTIONS") return preflight(*this, request);
  const auto caller = caller_of(request);
  if (!requests_.take(caller ? caller->user.login : request.peer)) {
    auto reply = problem(429, "too many requests; again in a moment");
    reply.headers.emplace_back("Retry-After", "5");
    return reply;
  }
  if (const auto* open = open_route(request)) return (*open)(*this, request, caller);
  if (!caller) return problem(401, "nobody is signed in: POST /crm/session, or send a token of POST /crm/token");
  const bool is_by_cookie = !caller->csrf.empty();
  if (!changes_nothing(request.method) && is_by_cookie &&
      (is_foreign(request) || !same_secret(request.header("x-csrf-token"), caller->csrf)))
    return problem(403, "the request does not come from this CRM's own page; reload it and try again");
  return signed_in_route(*this, request, *caller);
}

Reply App::handle(const Request& request) {
  Reply reply;
  try {
    reply = answer(request);
  } catch (const std::exception& failed) {
    // What failed is for the log of who runs this, not for the other side.
    std::fprintf(stderr, "%s %s: %s\n", request.method.c_str(), request.path.c_str(), failed.what());
    reply = problem(500, "the server failed at this request; its log says why");
  }
  finish(request, reply);
  add_security_headers(request, reply);
  if (is_own_route(request.path)) {
    bool is_cache_named = false;
    for (const auto& [name, value] : reply.headers) is_cache_named |= name == "Cache-Control";
    if (!is_cache_named) reply.headers.emplace_back("Cache-Control", "private, no-cache");
    allow_origin(*this, request, reply);
  }
  return reply;
}

}  // namespace crm
