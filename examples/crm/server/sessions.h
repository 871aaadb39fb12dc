// Who is signed in. The browser holds a random token, the database its hash;
// every log-in makes a new one and ends the old, so that a token planted
// beforehand is worth nothing (session fixation).
#pragma once

#include <optional>
#include <string>

#include "users.h"

namespace crm {

struct Session {
  User user;
  std::string csrf;  // what a request that changes something must carry
};

class Sessions {
 public:
  Sessions(Database& database, Users& users) : database_(database), users_(users) {}

  // The new token, for the cookie. `old_token`, if any, is ended.
  std::string begin(const User& user, const std::string& old_token);
  // Nothing for one that is not known, was not used for 12 hours or is older
  // than 30 days.
  std::optional<Session> find(const std::string& token);
  void end(const std::string& token);

 private:
  Database& database_;
  Users& users_;
};

}  // namespace crm
