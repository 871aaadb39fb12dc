// What an ELF file tells without being opened as a library: whether it is a
// whole shared object of this machine, its Hookline notes, its entry and what
// it asks of the loader (abi-rules R2, R12, R13; checks S01–S09).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "values/result.h"

namespace hkl {

struct ElfEntry {
  bool is_object = false;         // a data object and no function
  bool is_read_only = false;      // once relocations are done
  std::uint64_t size = 0;         // by the symbol table
  std::uint32_t struct_size = 0;  // what the object says of itself
};

struct ElfFile {
  std::vector<std::string> notes;  // descriptions of notes of our name and type
  std::optional<ElfEntry> entry;   // the exported symbol hookline_plugin_v1
  std::vector<std::string> exports, imports;
  std::vector<std::string> unique;    // of the exports, those shared across libraries (STB_GNU_UNIQUE)
  std::vector<std::string> needed;    // libraries
  std::vector<std::string> run_path;  // where it looks for them, each one folder
  bool has_text_relocations = false, has_executable_stack = false;
  std::uint64_t static_tls = 0;  // bytes of thread-local memory that must exist before threads do
};

// Judges the bytes of a file. Nothing in them runs. The error tells what is
// wrong and the way out, without the file's name.
Result<ElfFile> read_elf(std::string_view image);

}  // namespace hkl
