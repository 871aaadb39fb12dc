// Who may see and do what: roles, users and keys of the config.
//
// One check for the CLI (`--as`), the API and pages: rows, figures, lists and
// exports ask it, so that they agree (DESIGN section 9).
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "values/result.h"

namespace hkl {

struct Role {
  // Whose rows: everybody's, those of the own departments, the own ones.
  enum class Sees : std::uint8_t { all, department, own };
  Sees sees = Sees::own;
  std::set<std::string, std::less<>> may;
};

// What somebody may: a role, and whose calls are meant by "own".
struct Access {
  std::string name;       // of the user or key, for messages
  std::string role_name;  // the same
  Role role;
  std::string employee;  // whose rows are the own ones; empty: nobody's

  bool may(std::string_view right) const { return role.may.contains(right); }
};

inline bool sees_all(const Access* access) { return access == nullptr || access->role.sees == Role::Sees::all; }

// HKL_AUTH says what is missing, and where it is given. Null may everything.
Done check_right(const Access* access, std::string_view right);

// Every right there is.
const std::vector<std::string_view>& known_rights();

// Who asks, and in which language the answer is.
struct Asker {
  std::shared_ptr<const Access> access;  // null: may everything
  std::string language;                  // empty: the config's
};

struct User {
  std::string id, employee, role;
};

// A program's; of it only the hash is known.
struct ApiKey {
  std::string name, hash;  // "sha256:…" of the key's text
  std::string role, user;  // one of them; a user's key has that user's role
};

struct AccessRules {
  std::map<std::string, Role, std::less<>> roles;
  std::vector<User> users;
  std::vector<ApiKey> keys;

  const User* user(std::string_view id) const;
  // HKL_AUTH: there is no such user, and so nothing that they may see.
  Result<Access> of_user(std::string_view id) const;
  Access of_key(const ApiKey& key) const;
};

// admin, head, manager and analyst, as they are unless the config says otherwise.
const std::map<std::string, Role, std::less<>>& usual_roles();

}  // namespace hkl
