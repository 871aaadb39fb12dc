// `roles`, `users` and `http.keys`: who may see and do what.
#pragma once

#include "config/reading.h"
#include "contacts/access.h"

namespace hkl {

// Complains of a user or key whose role, user or employee is not there, and of
// one that could see nothing at all.
AccessRules read_access(const ConfigReading& reading, const Directory& directory);

}  // namespace hkl
