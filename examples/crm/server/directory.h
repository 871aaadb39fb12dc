// Who and what there is, for names in lists and choices in filters: from the
// YAML (what an admin set by hand) and from records (what was told).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "hookline.h"

namespace crm {

// {"employees": […], "departments": […], "lines": […], "ad_sources": […],
//  "funnels": […], "locale": {…}}; each entry as in its record, employees
// with `by_hand` where the YAML has them. And "can_order": the PBXs that take
// orders of calls.
nlohmann::ordered_json read_directory(const std::string& config, Hookline& hookline);

}  // namespace crm
