// Who may log in. The role says which of the CRM's own pages a user has; what
// of the calls and leads they see is Hookline's to say, by `hookline_user`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "database.h"

namespace crm {

struct User {
  std::string login, name;
  std::string hookline_user;  // of the YAML's `users`; "" sees everything
  std::string employee;       // whose calls pop up; may be ""
  std::string role;           // "admin", "head", "manager"
  std::string language;       // "ru", "en"
  std::string theme;          // "light", "dark", "": the system's

  bool is_admin() const { return role == "admin"; }
};

class Users {
 public:
  explicit Users(Database& database) : database_(database) {}

  void add(const User& user, const std::string& password);
  // Nothing when the name or the password is wrong; takes as long for either.
  std::optional<User> log_in(const std::string& login, const std::string& password);
  std::optional<User> find(const std::string& login);
  void prefer(const std::string& login, const std::string& language, const std::string& theme);
  bool is_empty();

 private:
  Database& database_;
};

}  // namespace crm
