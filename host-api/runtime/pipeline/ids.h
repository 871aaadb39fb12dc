// Ids that the CRM gave to what Hookline made (DESIGN section 12): inside, a
// lead keeps its "hl-…" id; shown and told, it has the CRM's; both are taken.
#pragma once

#include <string>

#include "store/sql.h"

namespace hkl {

class Ids {
 public:
  explicit Ids(Sql& sql) : sql_(sql) {}
  std::string inside(const char* entity, const std::string& id);
  std::string shown(const char* entity, const std::string& id);
  // The first id that a CRM gives stays; a later different one is an alias.
  void given(const char* entity, const std::string& id, const std::string& crm_id);

 private:
  Sql& sql_;
};

}  // namespace hkl
