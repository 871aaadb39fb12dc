// The note of a plugin from the bytes of its file; catalogue.h reads it by
// name.
#pragma once

#include <string>
#include <string_view>

#include "plugins/catalogue.h"

namespace hkl {

// The bytes of a plugin file, read once so that what is judged is what is
// opened. Refuses what is no regular file, what others may write, and what
// belongs to neither root nor this process's user (abi-rules R13).
Result<std::string> read_plugin_file(const std::string& file);

// Errors name `file`.
Result<PluginNote> judge_note(const std::string& file, std::string_view image);

// The version of the contract that this host keeps, "1.0".
std::string host_api_version();

}  // namespace hkl
