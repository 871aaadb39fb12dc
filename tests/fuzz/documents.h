// Profiles and layouts that ship, as the runtime hands them to an adapter.
#pragma once

#include <string>
#include <vector>

namespace fuzz {

// Settings with config/<name>.yaml as `member`, all it asks for given, and
// everybody let in where `is_open`.
std::string settings_with(const std::string& member, const std::string& name, bool is_open = false);

}  // namespace fuzz
