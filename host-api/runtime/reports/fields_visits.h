// What is known of the visits that led to a call, as SQL over the alias `c` of
// calls.
#pragma once

#include <vector>

#include "reports/fields.h"

namespace hkl {

// visit_source, visit_medium, visit_campaign …: of the credited visit, the last
// that is not direct, of the thirty days before the call (metrics §4, §8.10);
// without any, the step of the line's ad source. visits: how many there were.
std::vector<Field> visit_fields();

}  // namespace hkl
