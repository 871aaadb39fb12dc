// Sentences and turns that the checks share.
#pragma once

#include "bench.h"
#include "check.h"
#include "plugins/guard.h"

namespace hkl::validate {

// Exceptions that leave a step, named; E03 judges them.
template <typename F>
Outcome without_exceptions(F&& run) {
  Outcome outcome;
  const auto thrown = guarded([&] { outcome = run(); });
  return thrown ? skips("an exception comes out, see E03: " + *thrown) : outcome;
}

inline Outcome does_not_start(const Bench& bench) {
  return skips("it does not start with these settings: " + bench.text() + "; give real ones with --settings");
}

// The first place where two ways of working differ, in words; "" when none.
std::string first_difference(const std::vector<std::string>& one, const std::vector<std::string>& other,
                             const char* name_of_one, const char* name_of_other);

}  // namespace hkl::validate
