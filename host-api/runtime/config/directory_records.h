// The records that an admin writes by hand: employees, departments, offices,
// advertising sources, lines, funnels, in the shapes of canonical records.
#pragma once

#include <nlohmann/json.hpp>

#include "config/reading.h"
#include "contacts/directory.h"

namespace hkl {

// `config`: the tree as the core's schema wants it, which has complained of
// what it refuses. Complains of ids written twice, of references to what the
// config's own section does not have, of extensions that two employees have at
// once, of one employee's mapping periods that overlap.
Directory::Parts read_directory(const ConfigReading& reading, const nlohmann::json& config);

}  // namespace hkl
