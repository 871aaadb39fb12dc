// Ids that the CRM gave to what Hookline made (DESIGN section 12): inside, a
// lead keeps its "hl-…" id; shown and told, it has the CRM's; both are taken.
#pragma once

#include <string>

#include "pipeline/absences.h"
#include "store/sql.h"

namespace hkl {

class Ids {
 public:
  // `absences`: of whoever derives; null: the store is asked each time.
  explicit Ids(Sql& sql, Absences* absences = nullptr) : sql_(sql), absences_(absences) {}
  std::string inside(const char* entity, const std::string& id);
  std::string shown(const char* entity, const std::string& id);
  // The first id that a CRM gives stays; a later different one is an alias.
  void given(const char* entity, const std::string& id, const std::string& crm_id);

 private:
  Sql& sql_;
  Absences* absences_;
};

}  // namespace hkl
