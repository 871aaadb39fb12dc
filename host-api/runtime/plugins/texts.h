// Texts as they cross the plugin boundary.
#pragma once

#include <string>
#include <string_view>

#include "hookline/types.h"
#include "values/result.h"

namespace hkl {

inline hkl_str str_of(std::string_view text) { return {text.data(), text.size()}; }

// Longest text the host takes from a plugin in one piece.
inline constexpr std::uint64_t kLongestText = 1 << 20;

bool is_utf8(std::string_view text);

// An owned copy. HKL_INVALID: no pointer, too long or no UTF-8; `name` tells
// the text in the message.
Result<std::string> take_text(hkl_str text, std::string_view name);
Done take_text(hkl_str text, std::string_view name, std::string& out);

// The text as one line that is safe to log: what is no UTF-8 becomes "?",
// control characters become spaces, what is longer than max_bytes is cut at a
// character.
std::string one_line(std::string_view text, std::size_t max_bytes);

// Fills the caller's error, which may be null. The text is cut to fit.
void give_error(hkl_error* err, hkl_status status, std::string_view text);

}  // namespace hkl
