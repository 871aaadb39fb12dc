#include "contacts/seen_people.h"

#include <algorithm>

namespace hkl {

SeenPeople::SeenPeople(const Access* access, const Directory& directory, Instant now)
    : access_(access), directory_(directory) {
  if (access != nullptr && access->role.sees == Role::Sees::department && !access->employee.empty())
    departments_ = directory.departments_at(access->employee, now);
}

bool SeenPeople::has(std::string_view employee, Instant at) const {
  if (sees_all(access_)) return true;
  if (employee.empty() || access_->employee.empty()) return false;
  if (employee == access_->employee) return true;
  const auto theirs = directory_.departments_at(employee, at);
  return std::any_of(theirs.begin(), theirs.end(), [&](const std::string& one) {
    return std::find(departments_.begin(), departments_.end(), one) != departments_.end();
  });
}

}  // namespace hkl
