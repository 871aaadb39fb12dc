// What the store has nothing of at all: records that hang on a kind of thing, ids of the CRM, merged contacts. One
// look says so for all that is derived together, where each contact, call and lead would look for itself.
//
// Of the one who writes these rows, who says when some come; until forget(). Throws SqlError.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "store/sql.h"

namespace hkl {

class Absences {
 public:
  explicit Absences(Sql& sql) : sql_(sql) {}

  // Whether a record hangs on anything of the kind of that anchor: "lead:l1".
  bool has_any_on(std::string_view anchor);
  bool has_visits_on_lines();
  // Whether the CRM gave an id to anything of that sort.
  bool has_ids_of(const char* entity);
  bool has_merged_contacts();

  // Such rows came or may have, or were changed by other hands.
  void forget() { known_.clear(); }

 private:
  template <typename Ask>
  bool known(std::string_view what, Ask ask);
  Sql& sql_;
  std::unordered_map<std::string, bool> known_;
};

}  // namespace hkl
