#include "number_pattern.h"

namespace spam_guard {

bool is_pattern(std::string_view text) { return text.find_first_of("*?") != text.npos; }

bool matches(std::string_view pattern, std::string_view number) {
  if (!pattern.empty() && pattern.front() != '+' && !number.empty() && number.front() == '+') number.remove_prefix(1);
  std::size_t p = 0, n = 0, star = pattern.npos, resumed = 0;
  while (n < number.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == number[n])) {
      ++p, ++n;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resumed = n;
    } else if (star != pattern.npos) {
      p = star + 1;  // the star takes one more
      n = ++resumed;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace spam_guard
