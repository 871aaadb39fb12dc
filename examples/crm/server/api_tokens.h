// Tokens for programs: a JWT signed by this server, good for an hour.
#pragma once

#include <optional>
#include <string>

#include "users.h"

namespace crm {

class ApiTokens {
 public:
  // The key is made at the first start and kept in the database.
  ApiTokens(Database& database, Users& users);

  std::string issue(const User& user) const;
  // Nothing for one that is not ours, is over, or whose user is gone.
  std::optional<User> verify(const std::string& token) const;
  static constexpr int kLifeSeconds = 3600;

 private:
  Users& users_;
  std::string key_;
};

}  // namespace crm
