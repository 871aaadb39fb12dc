#include "json_tree.h"

#include <charconv>
#include <cmath>

namespace profile {

bool is_there(const Json& value) {
  if (value.is_null() || value.is_discarded()) return false;
  if (value.is_string()) return !value.get_ref<const std::string&>().empty();
  return !value.is_structured() || !value.empty();
}

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_float()) {
    const auto number = value.get<double>();
    if (std::floor(number) == number && std::abs(number) < 1e15)
      return std::to_string(static_cast<std::int64_t>(number));
  }
  return value.is_number() ? value.dump() : std::string();
}

std::optional<double> number_of(const Json& value) {
  if (value.is_number()) return value.get<double>();
  const auto text = text_of(value);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

const Json& at_path(const Json& tree, const std::vector<std::string>& path) {
  static const Json none;
  const auto* at = &tree;
  for (const auto& key : path) {
    if (at->is_object()) {
      const auto found = at->find(key);
      if (found == at->end()) return none;
      at = &*found;
    } else if (at->is_array()) {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
      if (error != std::errc() || end != key.data() + key.size() || index >= at->size()) return none;
      at = &(*at)[index];
    } else {
      return none;
    }
  }
  return *at;
}

bool is_deep(const Json& value, std::size_t level) {
  constexpr std::size_t kDeepest = 32;
  if (level > kDeepest) return true;
  if (value.is_structured())
    for (const auto& item : value)
      if (is_deep(item, level + 1)) return true;
  return false;
}

void take_out(Json& tree, const std::vector<std::string>& path) {
  auto* at = &tree;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const auto next = at->is_object() ? at->find(path[i]) : at->end();
    if (!at->is_object() || next == at->end()) return;
    at = &*next;
  }
  if (at->is_object() && !path.empty()) at->erase(path.back());
}

std::vector<std::string> split(std::string_view text, std::string_view by) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(by);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + by.size());
  }
}

}  // namespace profile
