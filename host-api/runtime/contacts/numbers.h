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

}  // namespace hkl
