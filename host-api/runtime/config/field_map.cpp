#include "config/field_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "canonical/canonical.h"
#include "canonical/screen_pop.h"
#include "config/schema_check.h"

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

std::string printed_example(const std::string& entity) {
  if (entity == "contact") return contact_to_json({});
  if (entity == "lead") return lead_to_json({});
  if (entity == "task") return task_to_json({}, {});
  if (entity == "call") return call_to_json({});
  if (entity == kScreenPop) return screen_pop_to_json({}, nullptr, nullptr, {});
  return inquiry_to_json({});
}

std::vector<std::string> split_at_dots(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, '.');) parts.push_back(part);
  return parts;
}

const Json* found_in(const Json& record, const std::vector<std::string>& path) {
  const Json* at = &record;
  for (const auto& step : path) {
    if (at->is_object() && at->contains(step)) {
      at = &(*at)[step];
    } else if (at->is_array() && !step.empty() && step.size() < 6 &&
               step.find_first_not_of("0123456789") == std::string::npos && std::stoul(step) < at->size()) {
      at = &(*at)[std::stoul(step)];
    } else {
      return nullptr;
    }
  }
  return at;
}

std::string as_text(const Json* value) {
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? value->get<std::string>() : value->dump();
}

}  // namespace

std::vector<std::string> fields_of(const std::string& entity) {
  std::vector<std::string> names;
  const auto example = Json::parse(printed_example(entity));
  for (const auto& [name, value] : example.items()) names.push_back(name);
  if (entity != kScreenPop) names.emplace_back("link");  // it has those of its contact and lead
  return names;
}

Result<std::vector<FieldMap::Piece>> FieldMap::pieces_of(const std::string& entity, const std::string& text) {
  const auto known = fields_of(entity);
  std::vector<Piece> pieces;
  for (std::size_t at = 0; at < text.size();) {
    const auto open = text.find('{', at);
    if (open > at) pieces.push_back({text.substr(at, open - at), {}});
    if (open == std::string::npos) break;
    const auto close = text.find('}', open);
    if (close == std::string::npos)
      return fail(HKL_BAD_SETTINGS, fmt::format("\"{}\": a brace is open; close it behind the field's name", text));
    auto path = split_at_dots(text.substr(open + 1, close - open - 1));
    const auto first = path.empty() ? std::string() : path.front();
    if (std::find(known.begin(), known.end(), first) == known.end())
      return fail(HKL_BAD_SETTINGS,
                  fmt::format("\"{}\": {}", text, no_such(fmt::format("field of a {}", entity), first, known)));
    pieces.push_back({{}, std::move(path)});
    at = close + 1;
  }
  return pieces;
}

Result<FieldMap> FieldMap::of(const std::string& entity,
                              const std::vector<std::pair<std::string, std::string>>& templates) {
  FieldMap map;
  for (const auto& [name, text] : templates) {
    auto pieces = pieces_of(entity, text);
    if (!pieces) return fail(pieces.error());
    map.fields_.push_back({name, std::move(*pieces)});
  }
  return map;
}

Json FieldMap::apply(const Json& record) const {
  auto mapped = Json::object();
  for (const auto& field : fields_) {
    if (field.pieces.size() == 1 && !field.pieces.front().path.empty()) {
      const auto* value = found_in(record, field.pieces.front().path);
      mapped[field.name] = value == nullptr ? Json() : *value;
      continue;
    }
    std::string text;
    for (const auto& piece : field.pieces)
      text += piece.path.empty() ? piece.text : as_text(found_in(record, piece.path));
    mapped[field.name] = std::move(text);
  }
  return mapped;
}

}  // namespace hkl
