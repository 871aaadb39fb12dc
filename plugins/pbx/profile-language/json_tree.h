// A profile's own text and a source's settings: trees of names with loose types,
// where "5" is 5. What a PBX sends is read into nodes (node.h), by the same rules.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace profile {

using Json = nlohmann::json;

// "", null, [] and {} mean nothing.
bool is_there(const Json& value);
// A scalar as text ("5" of 5); empty for what is none.
std::string text_of(const Json& value);
std::optional<double> number_of(const Json& value);
// The member at "a.b.0"; null where there is none.
const Json& at_path(const Json& tree, const std::vector<std::string>& path);
// Whether it is nested more than 32 levels deep: the parser recurses not, but
// whoever walks or prints the value does.
bool is_deep(const Json& value, std::size_t level = 0);
// The member at "a.b", which need not be there, is taken out.
void take_out(Json& tree, const std::vector<std::string>& path);
std::vector<std::string> split(std::string_view text, std::string_view by);

}  // namespace profile
