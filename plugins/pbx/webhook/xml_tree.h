// XML as the same tree: elements and attributes by name, repeated elements as
// "name.0", "name.1", text of an element with members as "$text".
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace webhook {

// What the document's element is. Nothing: not well-formed, or it brings
// definitions of its own, which no PBX needs and bombs are made of.
std::optional<nlohmann::json> read_xml(std::string_view text, std::string_view charset);

}  // namespace webhook
