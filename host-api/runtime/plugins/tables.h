// The tables of functions that a plugin offers, judged and copied before
// anything of them is called (abi-rules R4, R5; checks D01–D04).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hookline/plugin.h"
#include "values/result.h"

namespace hkl {

// The host's own copy of one table, zero where the plugin's was shorter.
// Aligned as the structs are.
using TableCopy = std::vector<std::uint64_t>;

struct CheckedPlugin {
  hkl_plugin descriptor{};                  // a copy; its texts are the plugin's and stay mapped
  std::map<std::string, TableCopy> tables;  // by interface id
};

struct PluginNote;

// Compares the descriptor with the note and takes every table that the note
// offers and this host knows. `symbol_size`: what the file's symbol table says
// of the object, so that nothing behind it is read. Calls get_interface, hence runs plugin code.
// The error tells the member or text that is wrong, without the file's name.
Result<CheckedPlugin> check_descriptor(const hkl_plugin* given, std::uint64_t symbol_size, const PluginNote& note);

// Its steps in their order, for who wants to know which one fails.
Result<hkl_plugin> take_descriptor(const hkl_plugin* given, std::uint64_t symbol_size);
Done agrees_with_note(const hkl_plugin& descriptor, const PluginNote& note);
Done says_no_where_it_must(const hkl_plugin& descriptor);
Result<std::map<std::string, TableCopy>> take_tables(const hkl_plugin& descriptor, const PluginNote& note);

}  // namespace hkl
