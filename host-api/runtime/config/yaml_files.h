// Follows what a config refers to: `include`, !include, !secret, ${ENV}.
#pragma once

#include <string>
#include <vector>

#include "config/yaml_tree.h"

namespace hkl {

// Reads the main file with all it refers to. Lists and maps of included files
// are added to those of the main one; a single value in both is a complaint.
//
//   ${NAME}            a variable of the environment; an unset one is a complaint
//   ${NAME:-default}   the same with something in its place
//   $${NAME}           the text ${NAME} itself
//   !secret file       the first line of a file that only its owner may read
//   !include file      the YAML of a file, in place
YamlNode read_yaml_files(const std::string& path, std::vector<Complaint>& complaints);

// One file beside the main one (or in its config/), such as a report's
// definition, read the same way.
YamlNode read_yaml_beside(const std::string& main_path, const std::string& file, const Place& from,
                          std::vector<Complaint>& complaints);

}  // namespace hkl
