// The functions that a mapped plugin calls from elsewhere, by its own import
// table. Another function may be put in the place of one: for this plugin
// alone, and without a trace in its file.
#pragma once

#include <functional>
#include <string>

namespace hkl::validate {

// Asks of each imported function for its replacement; nullptr: leave it.
// `address` is any within the plugin, mapped with RTLD_NOW. How many were replaced.
int replace_imports(const void* address, const std::function<void*(const std::string& name)>& replacement);

}  // namespace hkl::validate
