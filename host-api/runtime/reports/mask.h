// Numbers and addresses of people, for those who may not see them whole, and
// records without what a role may not see.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "contacts/access.h"

namespace hkl {

// "+79161234567" → "+7916*****67"; "anna@firm.example" → "a***@firm.example".
// Within a longer text each number and address; the rest stays.
std::string masked(std::string_view text);

// A canonical record, or anything that is made of such, as the asker may see
// it: numbers and addresses with stars, no recordings. Ids, times, the
// company's own lines and whatever is no text stay.
void hide(const Access* access, nlohmann::ordered_json& record);

}  // namespace hkl
