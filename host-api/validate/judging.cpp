#include "judging.h"

#include <fmt/format.h>

#include <algorithm>

#include "plugins/texts.h"

namespace hkl::validate {

std::string first_difference(const std::vector<std::string>& one, const std::vector<std::string>& other,
                             const char* name_of_one, const char* name_of_other) {
  const auto [a, b] = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
  if (a == one.end() && b == other.end()) return {};
  return fmt::format("answer {} is [{}] {} and [{}] {}", a - one.begin() + 1,
                     a == one.end() ? "missing" : one_line(*a, 300), name_of_one,
                     b == other.end() ? "missing" : one_line(*b, 300), name_of_other);
}

}  // namespace hkl::validate
