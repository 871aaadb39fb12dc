// Ids of what Hookline makes itself, from what caused it: the same again
// whenever it is derived anew (DESIGN section 12).
#pragma once

#include <string>
#include <string_view>

namespace hkl {

// 64-bit FNV-1a as 16 hex digits: ids and hashes that must not change between
// versions, so no library's.
std::string stable_hash(std::string_view text);

// "hl-l-…": kind is c (contact), i (inquiry), l (lead) or t (task).
std::string made_id(std::string_view kind, std::string_view cause);

}  // namespace hkl
