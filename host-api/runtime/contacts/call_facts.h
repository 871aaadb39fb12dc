// What the calls of one contact are to reports: first, repeat, called back.
#pragma once

#include <vector>

#include "contacts/derive.h"

namespace hkl {

// One entry per call, same order; `calls` are in time order. Quality,
// advertising and made_lead are left to the derivation.
// metrics §1.6.6–1.6.8.
std::vector<CallFacts> call_facts(const std::vector<Call>& calls);

// Adds what follows from the quality of all of them too, which the facts hold
// by now: three inbound calls in a row, and where misses begin (metrics §8.4,
// §8.5). `calls` are in time order.
void add_facts_of_targets(const std::vector<Call>& calls, std::vector<CallFacts>& facts);

}  // namespace hkl
