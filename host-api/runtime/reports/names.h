// What people call what an id stands for.
#pragma once

#include <string>

#include "contacts/directory.h"
#include "reports/fields.h"

namespace hkl {

// The name of an employee, line, stage …, or the id itself where none is known.
std::string shown_name(NameOf what, const std::string& id, const Directory* directory);

}  // namespace hkl
