// Whose work somebody's role lets them see: everybody's, that of the own
// departments, or the own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contacts/access.h"
#include "contacts/directory.h"

namespace hkl {

// The departments are the asker's at `now`; who else is in them counts by the
// moment. Keeps pointers to both. Immutable.
class SeenPeople {
 public:
  SeenPeople(const Access* access, const Directory& directory, Instant now);
  // `employee` may be empty: nobody's work is seen by who sees everything.
  bool has(std::string_view employee, Instant at) const;

 private:
  const Access* access_;
  const Directory& directory_;
  std::vector<std::string> departments_;
};

}  // namespace hkl
