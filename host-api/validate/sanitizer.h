// What a sanitizer of this build has to say of a plugin: it prints, and goes on
// or ends the process; nobody would hear it if its words were not looked for.
#pragma once

#include <string>
#include <string_view>

namespace hkl::validate {

// The check that names a sanitizer's finding: "M04" in a build with
// AddressSanitizer, "T05" with ThreadSanitizer, else "".
std::string_view check_of_sanitizer();

// The first line that AddressSanitizer, LeakSanitizer, ThreadSanitizer or
// UndefinedBehaviorSanitizer left in `printed`, and what it sums up, in one
// line; "": none, and always in a build without them.
std::string words_of_sanitizer(std::string_view printed);

}  // namespace hkl::validate
