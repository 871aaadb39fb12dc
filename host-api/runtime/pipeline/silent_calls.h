// Calls that began and never ended: the end was lost, or never sent.
#pragma once

#include <string>

#include "store/sql.h"
#include "values/instant.h"

namespace hkl {

// Whether an open call of the PBX has no event after `until`, and was not told
// so before. Throws SqlError.
bool has_silent_call(Sql& sql, const std::string& pbx, Instant until);

}  // namespace hkl
