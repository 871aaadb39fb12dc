// Opening a plugin: copied to a private place, bound early and narrowly,
// judged, and never unmapped (abi-rules R12, R13).
#pragma once

#include <memory>
#include <string>

#include "plugins/catalogue.h"

namespace hkl {

// Opens the bytes that were read from note.file. One content is opened once in
// this process, whatever its name; a changed file is another plugin beside the
// old one. Runs the plugin's constructors. Errors name the file.
// Thread-safe.
Result<std::shared_ptr<PluginFile>> open_plugin(const PluginNote& note, const std::string& image);

// The step before judging: the file mapped for good, nothing but its
// constructors run. Errors do not name the file; exceptions of constructors
// come out.
struct MappedPlugin {
  std::shared_ptr<void> library;  // kept till the process ends
  const hkl_plugin* descriptor = nullptr;
  std::uint64_t symbol_size = 0;
};
Result<MappedPlugin> map_plugin(const PluginNote& note, const std::string& image);

}  // namespace hkl
