// What a kind of request says: facts of the profile as canonical events.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "expression.h"

namespace profile {

// The words of HKL_REASON_…, HKL_DIRECTION_…, HKL_BY_… and HKL_LEG_…; empty for 0.
const std::string& reason_word(std::uint32_t reason);
const std::string& direction_word(std::uint32_t direction);
const std::string& party_word(std::uint32_t by);
const std::string& leg_outcome_word(std::uint32_t outcome);

// One entry of `emit`.
class Fact {
 public:
  // `source` with `common` and the parts it names already merged in.
  static Fact compile(const Json& source, const Vocabulary& words, const Place& place);
  // Whether a call is made of it, so that it needs the call's name.
  void tell(const Scope& scope, std::string_view call, std::string_view id, hookline::Output& out,
            std::size_t& count) const;

 private:
  void tell_one(const Scope& scope, std::string_view call, std::string_view id, hookline::Output& out) const;
  std::string extra_of(const Scope& scope) const;
  std::uint32_t kind_ = 0;
  Condition when_;
  Value list_;
  std::vector<Value> values_;  // by the number of their name
  std::vector<std::pair<std::string, Value>> extra_;
};

}  // namespace profile
