// What an ELF file tells without being opened as a library: whether it is a
// whole shared object of this machine, its Hookline notes and its entry
// (abi-rules R2, checks S01, S02, S05).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "values/result.h"

namespace hkl {

struct ElfEntry {
  bool is_object = false;     // a data object and no function
  bool is_read_only = false;  // once relocations are done
  std::uint64_t size = 0;
};

struct ElfFile {
  std::vector<std::string> notes;  // descriptions of notes of our name and type
  std::optional<ElfEntry> entry;   // the exported symbol hookline_plugin_v1
};

// Judges the bytes of a file. Nothing in them runs. The error tells what is
// wrong and the way out, without the file's name.
Result<ElfFile> read_elf(std::string_view image);

}  // namespace hkl
