#include "numbering.h"

#include <algorithm>
#include <cctype>

namespace freeswitch {
namespace {

constexpr std::size_t kLongestExtension = 6;

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The letters of dialplan patterns, with or without an underscore before them.
bool matches(std::string_view pattern, std::string_view number) {
  if (!pattern.empty() && pattern.front() == '_') pattern.remove_prefix(1);
  for (const char p : pattern) {
    if (p == '.') return !number.empty();
    if (number.empty()) return false;
    const char c = number.front();
    const bool fits = p == 'X' || p == 'x'   ? c >= '0' && c <= '9'
                      : p == 'Z' || p == 'z' ? c >= '1' && c <= '9'
                      : p == 'N' || p == 'n' ? c >= '2' && c <= '9'
                                             : c == p;
    if (!fits) return false;
    number.remove_prefix(1);
  }
  return number.empty();
}

std::string_view without_plus(std::string_view number) {
  if (!number.empty() && number.front() == '+') number.remove_prefix(1);
  return number;
}

}  // namespace

std::string_view user_of(std::string_view address) { return address.substr(0, address.find('@')); }

bool is_withheld(std::string_view number) {
  // What mod_sofia writes where there is no number at all.
  if (number == "0000000000") return true;
  const auto is_same = [](char given, char known) { return std::tolower(static_cast<unsigned char>(given)) == known; };
  for (const std::string_view word : {"anonymous", "unknown", "restricted", "private", "withheld", "unavailable"})
    if (std::search(number.begin(), number.end(), word.begin(), word.end(), is_same) != number.end()) return true;
  return std::none_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool Numbering::is_own(std::string_view number) const {
  return std::any_of(settings_.own_numbers.begin(), settings_.own_numbers.end(),
                     [&](std::string_view own) { return without_plus(own) == without_plus(number); });
}

bool Numbering::is_extension(std::string_view number) const {
  if (settings_.extensions.empty()) return is_digits(number) && number.size() <= kLongestExtension && !is_own(number);
  return std::any_of(settings_.extensions.begin(), settings_.extensions.end(),
                     [&](std::string_view pattern) { return matches(pattern, number); });
}

bool Numbering::is_trunk(std::string_view name) const {
  return !name.empty() && std::find(settings_.trunks.begin(), settings_.trunks.end(), name) != settings_.trunks.end();
}

std::string_view Numbering::without_prefix(std::string_view dialled) const {
  const auto prefix = settings_.outside_prefix;
  // Only before what is long enough to be an outside number by itself.
  if (prefix.empty() || dialled.size() < prefix.size() + 3 || dialled.substr(0, prefix.size()) != prefix)
    return dialled;
  return dialled.substr(prefix.size());
}

}  // namespace freeswitch
