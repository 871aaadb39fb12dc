// The note of a plugin from the bytes of its file; catalogue.h reads it by
// name.
#pragma once

#include <string>
#include <string_view>

#include "plugins/catalogue.h"
#include "plugins/elf_file.h"

namespace hkl {

// The bytes of a plugin file, read once so that what is judged is what is
// opened. Refuses what is no regular file, what others may write, and what
// belongs to neither root nor this process's user (abi-rules R13).
Result<std::string> read_plugin_file(const std::string& file);

// Errors name `file`.
Result<PluginNote> judge_note(const std::string& file, std::string_view image);

// The steps of judge_note in their order, for who wants to know which one
// fails. Errors do not name the file.
Result<PluginNote> read_note_head(const std::string& file, const ElfFile& elf);  // the versions alone
Done judge_version(const PluginNote& note);
Result<PluginNote> read_note_manifest(const ElfFile& elf, PluginNote head);
// The JSON text of a note whose head was read; a view into `elf`.
std::string_view manifest_of(const ElfFile& elf);
Done judge_entry(const ElfFile& elf);
Done judge_libraries(const ElfFile& elf);  // which, and where they are looked for (abi-rules R13)
Done judge_code(const ElfFile& elf);       // shared statics, writable code, executable stack (R12, R13)
Done judge_needs(const PluginNote& note);

// The version of the contract that this host keeps, "1.0".
std::string host_api_version();

}  // namespace hkl
