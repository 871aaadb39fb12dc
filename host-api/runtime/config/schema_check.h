// Judges a tree by a JSON Schema (valijson) and says in an admin's words what
// is wrong and what to do: valijson finds, the schema's own descriptions tell.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/yaml_tree.h"

namespace hkl {

// A value of the tree as the schema wants it. What YAML takes for a number or
// a word of its own is a text where only a text is wanted: `number: 101`, or a
// password of figures that came from the environment.
nlohmann::json json_for(const YamlNode& node, const nlohmann::json& schema);

// `at`: the way from the root of the file to what is judged; messages begin
// with it. `plugin`: whose settings these are, for messages; empty for the
// core's own keys. Besides JSON Schema these keywords are known:
//   positive           a number or duration above nothing
//   format: duration   "4h"; format: date-time: a time with its offset
//   placeholders       what a text may name between { and }
//   secret             no message shows the value
//   notYet             true: a key that a later version has; beside enum: such words
void check_schema(const nlohmann::json& value, const nlohmann::json& schema, const YamlNode& root, const TreePath& at,
                  const std::string& plugin, std::vector<Complaint>& complaints);

// Why the schema itself, whatever it is to judge, is no JSON Schema; "" when it is one.
std::string schema_fault(const nlohmann::json& schema);

// The part of a schema that judges `path` of the value; null when none does.
const nlohmann::json* subschema(const nlohmann::json& schema, const TreePath& path);

// "there is no department "salse"; did you mean "sales"?", or what there is.
std::string no_such(const std::string& thing, const std::string& given, const std::vector<std::string>& known);

}  // namespace hkl
