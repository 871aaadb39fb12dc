#include "layout.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace asterisk {

std::string column_name(std::string_view own_name) {
  std::string name;
  for (const char c : own_name)
    if (c != '_' && c != ' ') name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  static constexpr std::pair<std::string_view, std::string_view> kAlso[] = {
      {"channame", "channel"}, {"appname", "app"}, {"calldate", "start"}, {"eventextra", "extra"}};
  for (const auto& [also, one] : kAlso)
    if (name == also) return std::string(one);
  return name;
}

Layout::Layout(std::vector<std::string> columns) : own_names_(std::move(columns)) {
  for (const auto& name : own_names_) names_.push_back(column_name(name));
}

std::optional<std::size_t> Layout::place(std::string_view column) const {
  const auto found = std::find(names_.begin(), names_.end(), column);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

Layout layout_of(std::string_view text) {
  std::vector<std::string> columns;
  for (;;) {
    const auto comma = text.find(',');
    columns.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return Layout(std::move(columns));
    text.remove_prefix(comma + 1);
  }
}

bool matches_pattern(std::string_view pattern, std::string_view name) {
  // Where to go on when a * has to take one more: no recursion, no blow-up.
  std::size_t p = 0, n = 0, star = std::string_view::npos, taken = 0;
  while (n < name.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] != '*' && pattern[p] == name[n]))) {
      ++p;
      ++n;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace asterisk
