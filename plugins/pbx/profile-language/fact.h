// What a kind of request says: facts of the profile as canonical events.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "expression.h"

namespace profile {

// One entry of `emit`.
class Fact {
 public:
  // `source` with `common` and the parts it names already merged in.
  static Fact compile(const Json& source, const Vocabulary& words, const Place& place);
  // Whether a call is made of it, so that it needs the call's name.
  void tell(const Scope& scope, const std::string& call, const std::string& id, hookline::Output& out,
            std::size_t& count) const;

 private:
  void tell_one(const Scope& scope, const std::string& call, const std::string& id, hookline::Output& out) const;
  std::uint32_t kind_ = 0;
  Condition when_;
  Value list_;
  std::map<std::string, Value, std::less<>> values_;
  std::map<std::string, Value, std::less<>> extra_;
};

}  // namespace profile
