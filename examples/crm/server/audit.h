// Who did what in the CRM: log-ins, edits of the config, exports, marks.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "database.h"

namespace crm {

class Audit {
 public:
  explicit Audit(Database& database) : database_(database) {}
  void note(const std::string& login, const std::string& action, const std::string& detail);
  // Newest first, at most 200.
  nlohmann::ordered_json list();

 private:
  Database& database_;
};

}  // namespace crm
