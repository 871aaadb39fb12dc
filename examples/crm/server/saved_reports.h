// Reports a user wants to find again: a title and an address.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "database.h"

namespace crm {

class SavedReports {
 public:
  explicit SavedReports(Database& database) : database_(database) {}
  void add(const std::string& login, const std::string& title, const std::string& address);
  // Only one's own; another's id is not found.
  bool remove(const std::string& login, std::int64_t id);
  nlohmann::ordered_json list(const std::string& login);

 private:
  Database& database_;
};

}  // namespace crm
