#include "config/access.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/schema_check.h"

namespace hkl {
namespace {

Role read_role(const ConfigReading& reading, const TreePath& where) {
  Role role;
  const auto sees = reading.text(where / "sees");
  role.sees = sees == "all" ? Role::Sees::all : sees == "department" ? Role::Sees::department : Role::Sees::own;
  for (const auto& right : reading.texts(where / "may")) {
    if (right == "all") role.may.insert(known_rights().begin(), known_rights().end());
    role.may.insert(right);
  }
  return role;
}

std::vector<std::string> names_of(const AccessRules& rules) {
  std::vector<std::string> names;
  for (const auto& [name, role] : rules.roles) names.push_back(name);
  return names;
}

// Whether the role is there; an unknown one becomes one that may nothing.
bool check_role(const ConfigReading& reading, const TreePath& where, const std::string& role,
                const AccessRules& rules) {
  if (rules.roles.contains(role)) return true;
  if (!role.empty()) reading.complain(where, no_such("role", role, names_of(rules)));
  return false;
}

// An employee may also come as a record later, where the config names none.
void check_employee(const ConfigReading& reading, const TreePath& where, const User& user, const AccessRules& rules,
                    const Directory& directory) {
  const bool has_people = reading.at({"employees"}) != nullptr;
  if (!user.employee.empty() && has_people && directory.employee(user.employee) == nullptr)
    reading.complain(where / "employee", no_such("employee", user.employee, reading.ids("employees")));
  if (user.employee.empty() && rules.roles.at(user.role).sees != Role::Sees::all)
    reading.complain(
        where, fmt::format("the role \"{}\" sees what is somebody's own; say who \"{}\" is with `employee`", user.role,
                           user.id));
}

void read_users(const ConfigReading& reading, const Directory& directory, AccessRules& rules) {
  for (std::size_t i = 0; i < reading.count({"users"}); ++i) {
    const auto where = TreePath{"users"} / i;
    User user{reading.text(where / "id"), reading.text(where / "employee"), reading.text(where / "role")};
    if (user.id.empty()) continue;  // the schema complains
    if (rules.user(user.id) != nullptr) {
      reading.complain(where / "id", fmt::format("there are two users \"{}\"; keep one", user.id));
      continue;
    }
    if (!check_role(reading, where / "role", user.role, rules)) continue;
    check_employee(reading, where, user, rules, directory);
    rules.users.push_back(std::move(user));
  }
}

void read_key(const ConfigReading& reading, const TreePath& where, AccessRules& rules) {
  ApiKey key{reading.text(where / "name"), reading.text(where / "hash"), reading.text(where / "role"),
             reading.text(where / "user")};
  if (key.role.empty() == key.user.empty())
    return reading.complain(where, "a key has either a role or the user whose it is");
  if (!key.user.empty() && rules.user(key.user) == nullptr)
    return reading.complain(where / "user", no_such("user", key.user, reading.ids("users")));
  if (!key.role.empty()) {
    if (!check_role(reading, where / "role", key.role, rules)) return;
    if (rules.roles.at(key.role).sees != Role::Sees::all)
      return reading.complain(where / "role",
                              fmt::format("the role \"{}\" sees what is somebody's own, and a program is nobody; "
                                          "name a `user` in its place, or a role that sees all",
                                          key.role));
  }
  const auto is_same = [&](const ApiKey& other) { return other.hash == key.hash || other.name == key.name; };
  if (std::any_of(rules.keys.begin(), rules.keys.end(), is_same))
    return reading.complain(where, "another key has that name or that hash; each needs its own");
  rules.keys.push_back(std::move(key));
}

}  // namespace

AccessRules read_access(const ConfigReading& reading, const Directory& directory) {
  AccessRules rules;
  rules.roles = usual_roles();
  if (const auto* roles = reading.at({"roles"}))
    for (const auto& member : roles->members) rules.roles[member.name] = read_role(reading, {"roles", member.name});
  read_users(reading, directory, rules);
  for (std::size_t i = 0; i < reading.count({"http", "keys"}); ++i)
    read_key(reading, TreePath{"http", "keys"} / i, rules);
  return rules;
}

}  // namespace hkl
