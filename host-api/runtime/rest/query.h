// The parameters of a request's address.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "values/result.h"

namespace hkl {

class RestQuery {
 public:
  // Several values of one name become one, with commas between.
  explicit RestQuery(std::string_view query);

  // Takes a parameter out; empty where there is none.
  std::string take(const std::string& name);
  // A whole number of 1 to `most`; HKL_INVALID.
  Result<std::uint64_t> take_number(const std::string& name, std::uint64_t otherwise, std::uint64_t most);
  // What was not taken.
  const std::map<std::string, std::string>& rest() const { return values_; }
  // HKL_INVALID names one that nobody takes, and the nearest of those that were
  // asked for.
  Done no_others() const;

 private:
  std::map<std::string, std::string> values_;
  std::vector<std::string> asked_;
};

}  // namespace hkl
