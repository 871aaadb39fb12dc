// Numbers as an admin writes them in a list: whole ones, or with * for any
// digits and ? for one: "+7800*", "7495123????".
#pragma once

#include <string>
#include <string_view>

namespace spam_guard {

bool is_pattern(std::string_view text);
// `number` as E.164 or digits; a pattern without + is compared without it.
bool matches(std::string_view pattern, std::string_view number);

}  // namespace spam_guard
