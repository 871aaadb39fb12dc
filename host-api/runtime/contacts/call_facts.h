// What the calls of one contact are to reports: first, repeat, called back.
#pragma once

#include <vector>

#include "contacts/derive.h"

namespace hkl {

// One entry per call, same order; `calls` are in time order. Quality,
// advertising and made_lead are left to the derivation.
// metrics §1.6.6–1.6.8.
std::vector<CallFacts> call_facts(const std::vector<Call>& calls);

}  // namespace hkl
