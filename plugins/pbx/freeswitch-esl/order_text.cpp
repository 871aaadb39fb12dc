#include "order_text.h"

#include <algorithm>

namespace freeswitch {

OrderText::OrderText(std::string_view text) {
  const auto skip_blanks = [&] {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  };
  skip_blanks();
  for (const auto& brackets : {std::pair('<', '>'), std::pair('{', '}'), std::pair('[', ']')}) {
    if (text.empty() || text.front() != brackets.first) continue;
    text.remove_prefix(1);
    // Commas within '…' belong to the value.
    while (!text.empty() && text.front() != brackets.second) {
      const auto equals = text.find('=');
      const auto close = text.find(brackets.second);
      if (equals == std::string_view::npos || equals > close) break;
      const auto name = text.substr(0, equals);
      text.remove_prefix(equals + 1);
      const bool is_quoted = !text.empty() && text.front() == '\'';
      if (is_quoted) text.remove_prefix(1);
      const auto end = is_quoted ? text.find('\'') : std::min(text.find(','), text.find(brackets.second));
      variables_.emplace_back(name, text.substr(0, end));
      text.remove_prefix(std::min(end, text.size()));
      if (is_quoted && !text.empty()) text.remove_prefix(1);
      if (!text.empty() && text.front() == ',') text.remove_prefix(1);
    }
    const auto close = text.find(brackets.second);
    text.remove_prefix(close == std::string_view::npos ? text.size() : close + 1);
  }
  skip_blanks();
  const auto blank = std::min(text.find(' '), text.size());
  dial_string_ = text.substr(0, blank);
  text.remove_prefix(blank);
  skip_blanks();
  destination_ = text.substr(0, text.find(' '));
}

std::string_view OrderText::variable(std::string_view name) const {
  for (const auto& [key, value] : variables_)
    if (key == name) return value;
  return {};
}

}  // namespace freeswitch
