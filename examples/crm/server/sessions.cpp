#include "sessions.h"

#include <Poco/Data/Statement.h>

#include "secrets.h"

namespace crm {
namespace {

using namespace Poco::Data::Keywords;

constexpr std::int64_t kIdleSeconds = 12 * 3600, kLifeSeconds = 30 * 24 * 3600;
// How often a session in use is written down again.
constexpr std::int64_t kNoteSeconds = 60;

}  // namespace

std::string Sessions::begin(const User& user, const std::string& old_token) {
  if (!old_token.empty()) end(old_token);
  auto token = random_token();
  std::string hash = sha256_hex(token), csrf = random_token(), login = user.login;
  std::int64_t at = seconds_now(), too_old = at - kLifeSeconds, too_idle = at - kIdleSeconds;
  database_.with([&](Poco::Data::Session& db) {
    db << "DELETE FROM sessions WHERE made_s < ? OR used_s < ?", use(too_old), use(too_idle), now;
    db << "INSERT INTO sessions VALUES (?, ?, ?, ?, ?)", use(hash), use(login), use(csrf), use(at), use(at), now;
  });
  return token;
}

std::optional<Session> Sessions::find(const std::string& token) {
  if (token.empty()) return std::nullopt;
  std::string hash = sha256_hex(token), login, csrf;
  std::int64_t made = 0, used = 0, at = seconds_now();
  database_.with([&](Poco::Data::Session& db) {
    db << "SELECT login, csrf, made_s, used_s FROM sessions WHERE token_hash = ?", use(hash), into(login), into(csrf),
        into(made), into(used), now;
    if (!login.empty() && at - used > kNoteSeconds)
      db << "UPDATE sessions SET used_s = ? WHERE token_hash = ?", use(at), use(hash), now;
  });
  if (login.empty() || at - used > kIdleSeconds || at - made > kLifeSeconds) return std::nullopt;
  auto user = users_.find(login);
  if (!user) return std::nullopt;
  return Session{*user, csrf};
}

void Sessions::end(const std::string& token) {
  std::string hash = sha256_hex(token);
  database_.with([&](Poco::Data::Session& db) { db << "DELETE FROM sessions WHERE token_hash = ?", use(hash), now; });
}

}  // namespace crm
