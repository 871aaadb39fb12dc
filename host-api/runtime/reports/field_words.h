// The words a field can have, taken from the enums of values/words.h.
#pragma once

#include <string_view>
#include <vector>

#include "values/words.h"

namespace hkl {

// All words from the first to `last`.
template <typename Enum>
std::vector<std::string_view> words_until(Enum last) {
  std::vector<std::string_view> words;
  for (std::uint32_t i = 1; i <= static_cast<std::uint32_t>(last); ++i)
    if (const auto text = word(static_cast<Enum>(i)); !text.empty()) words.push_back(text);
  return words;
}

}  // namespace hkl
