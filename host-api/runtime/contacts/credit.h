// Who a call is credited to (metrics §1.5; DESIGN section 9, `extension`).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contacts/directory.h"
#include "model/call.h"
#include "model/records.h"

namespace hkl {

// Fills the employees of the legs from the mapping at the call's start (one
// that a record told is believed where no mapping speaks), then extension and
// employee of the call, credit "first" and "last".
void assign_employees(Call& call, const Directory& directory);

// One share of a call with `credit: each`.
struct Credit {
  std::string employee, extension;
  std::optional<Millis> talk;
  bool is_first = false, is_last = false;
};
// Every employee with an answered leg once, with own talk; a call that nobody
// answered falls as with credit "first".
std::vector<Credit> credits_each(const Call& call);

// Merged contacts as one: names, numbers, e-mails and visitors of all; the
// first one's id and, where it has one, name.
ContactRecord unite(const std::vector<ContactRecord>& parts);

}  // namespace hkl
