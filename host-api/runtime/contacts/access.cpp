#include "contacts/access.h"

#include <fmt/format.h>

#include <algorithm>

#include "values/words.h"

namespace hkl {

const std::vector<std::string_view>& known_rights() {
  static const std::vector<std::string_view> rights = {
      "calls.view",    "calls.export",   "inquiries.view", "inquiries.export", "leads.view",
      "leads.export",  "tasks.view",     "tasks.export",   "contacts.view",    "contacts.export",
      "reports.view",  "reports.export", "numbers.full",   "recordings.hear",  "calls.originate",
      "records.write", "outbox.manage",  "settings.view",  "contacts.erase"};
  return rights;
}

const std::map<std::string, Role, std::less<>>& usual_roles() {
  static const std::map<std::string, Role, std::less<>> roles = {
      {"admin", {Role::Sees::all, {known_rights().begin(), known_rights().end()}}},
      {"head",
       {Role::Sees::department,
        {"calls.view", "calls.export", "inquiries.view", "inquiries.export", "leads.view", "leads.export", "tasks.view",
         "tasks.export", "contacts.view", "contacts.export", "reports.view", "reports.export", "numbers.full",
         "recordings.hear", "calls.originate"}}},
      {"manager",
       {Role::Sees::own,
        {"calls.view", "leads.view", "tasks.view", "contacts.view", "reports.view", "numbers.full", "recordings.hear",
         "calls.originate"}}},
      {"analyst",
       {Role::Sees::all,
        {"calls.view", "inquiries.view", "leads.view", "tasks.view", "reports.view", "reports.export"}}}};
  return roles;
}

Done check_right(const Access* access, std::string_view right) {
  if (access == nullptr || access->may(right)) return {};
  return fail(HKL_AUTH,
              fmt::format("{} may not do that: the role \"{}\" has no right \"{}\"; the config gives it under "
                          "roles.{}.may",
                          access->name, access->role_name, right, access->role_name));
}

const User* AccessRules::user(std::string_view id) const {
  const auto found = std::find_if(users.begin(), users.end(), [id](const User& user) { return user.id == id; });
  return found == users.end() ? nullptr : &*found;
}

Result<Access> AccessRules::of_user(std::string_view id) const {
  const auto* found = user(id);
  if (found != nullptr) return Access{found->id, found->role, roles.at(found->role), found->employee};
  std::vector<std::string_view> known;
  for (const auto& one : users) known.emplace_back(one.id);
  const auto nearest = nearest_word(id, known.data(), known.size());
  return fail(HKL_AUTH, fmt::format("the config has no user \"{}\"{}", id,
                                    nearest.empty() ? "; name them under users"
                                                    : fmt::format("; did you mean \"{}\"?", nearest)));
}

Access AccessRules::of_key(const ApiKey& key) const {
  if (const auto* whose = user(key.user)) return {whose->id, whose->role, roles.at(whose->role), whose->employee};
  return {fmt::format("the key \"{}\"", key.name), key.role, roles.at(key.role), ""};
}

}  // namespace hkl
