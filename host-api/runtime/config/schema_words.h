// What a schema says of a value, in an admin's words.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace hkl {

// Whether the schema's `type` allows the value; true where it has none.
bool fits_type(const nlohmann::json& value, const nlohmann::json& schema);

// What was expected, what was found (unless it is a secret) and the schema's
// description; `otherwise` where the schema has no keyword known here.
std::string schema_words(const nlohmann::json& schema, const nlohmann::json& value, bool is_secret,
                         const std::string& otherwise);

// A value for a message, shortened.
std::string shown(const nlohmann::json& value);

}  // namespace hkl
