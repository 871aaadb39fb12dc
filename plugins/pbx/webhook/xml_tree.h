// XML as the same tree: elements and attributes by name, repeated elements as
// "name.0", "name.1", text of an element with members as "$text".
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace webhook {

// Adds the members of the document's element to `tree`. False: not well-formed,
// or it brings definitions of its own, which no PBX needs and bombs are made of.
bool read_xml(std::string_view text, std::string_view charset, nlohmann::json& tree);

}  // namespace webhook
