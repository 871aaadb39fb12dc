// Telephone numbers as people and switches write them (metrics §1.6.1).
#pragma once

#include <string>
#include <string_view>

namespace hkl {

struct PhoneNumber {
  std::string e164;       // "+74951234567"; the digits of the text when it is no valid number
  std::string extension;  // "404" of "#404", ",,12", "доб. 12"
  std::string region;     // "RU" or empty
  bool is_valid = false;
};

// By libphonenumber, for a region such as "RU". Empty e164: no digit at all.
// Numbers that are short (extensions) stay their digits. Thread-safe.
PhoneNumber normalise_number(std::string_view raw, std::string_view region);

// Where a number in E.164 belongs by the numbering plan, in words of a language
// ("Москва"); the country where the plan says no more; "" where it says
// nothing. Thread-safe.
std::string region_of_number(std::string_view e164, std::string_view language);

}  // namespace hkl
