// Bytes that are not UTF-8 cost a name, never a call.
#pragma once

#include <string>
#include <string_view>

namespace profile {

bool is_utf8(std::string_view text);

// The text as UTF-8: as it stands, else read as windows-1251 where `charset`
// says so, else with U+FFFD for each byte that does not belong.
std::string to_utf8(std::string_view text, std::string_view charset);

}  // namespace profile
