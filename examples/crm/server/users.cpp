#include "users.h"

#include <Poco/Data/Statement.h>

#include "secrets.h"

namespace crm {
namespace {

using namespace Poco::Data::Keywords;

// What an unknown name is checked against, so that it takes as long.
const std::string& nobodys_hash() {
  static const std::string hash = hash_password("nobody has this one");
  return hash;
}

std::string hash_of(Database& database, std::string login) {
  std::string hash;
  database.with([&](Poco::Data::Session& db) {
    db << "SELECT password FROM users WHERE login = ?", use(login), into(hash), now;
  });
  return hash;
}

}  // namespace

void Users::add(const User& user, const std::string& password) {
  auto hash = hash_password(password);
  auto u = user;
  database_.with([&](Poco::Data::Session& db) {
    db << "INSERT OR REPLACE INTO users(login, password, name, hookline_user, employee, role, language) "
          "VALUES (?, ?, ?, ?, ?, ?, ?)",
        use(u.login), use(hash), use(u.name), use(u.hookline_user), use(u.employee), use(u.role), use(u.language), now;
  });
}

std::optional<User> Users::log_in(const std::string& login, const std::string& password) {
  const auto hash = hash_of(database_, login);
  const bool is_right = verify_password(hash.empty() ? nobodys_hash() : hash, password);
  if (hash.empty() || !is_right) return std::nullopt;
  return find(login);
}

std::optional<User> Users::find(const std::string& login) {
  User user;
  std::string name = login;
  database_.with([&](Poco::Data::Session& db) {
    db << "SELECT login, name, hookline_user, employee, role, language, theme FROM users WHERE login = ?", use(name),
        into(user.login), into(user.name), into(user.hookline_user), into(user.employee), into(user.role),
        into(user.language), into(user.theme), now;
  });
  if (user.login.empty()) return std::nullopt;
  return user;
}

void Users::prefer(const std::string& login, const std::string& language, const std::string& theme) {
  std::string l = login, lang = language, t = theme;
  database_.with([&](Poco::Data::Session& db) {
    db << "UPDATE users SET language = ?, theme = ? WHERE login = ?", use(lang), use(t), use(l), now;
  });
}

bool Users::is_empty() {
  int count = 0;
  database_.with([&](Poco::Data::Session& db) { db << "SELECT COUNT(*) FROM users", into(count), now; });
  return count == 0;
}

}  // namespace crm
