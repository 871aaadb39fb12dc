// What a profile declares once: the settings it asks its source for, and parts
// of facts that several kinds have in common.
#pragma once

#include "place.h"

namespace profile {

// The source's settings by name, defaults filled in. `declared` is the profile's
// `settings`. Throws Failure(HKL_BAD_SETTINGS) on one that is missing, of another
// type or not declared.
Json read_declared(const Json& declared, const Json& secrets, const Json& values);

// A fact with what is common to all (`common` of `source`), the part it is
// `like`, and its own, which stands above both.
Json with_parts(const Json& fact, const Json& source, const Place& place);

}  // namespace profile
