#include "config/reading.h"

#include <fmt/format.h>
#include <phonenumbers/phonenumberutil.h>

#include <filesystem>
#include <set>

#include "services/zone.h"

namespace hkl {

const YamlNode* ConfigReading::at(const TreePath& where) const { return node_at(root, where); }

std::size_t ConfigReading::count(const TreePath& where) const {
  const auto* node = at(where);
  return node == nullptr ? 0 : node->items.size();
}

std::string ConfigReading::text(const TreePath& where, const std::string& otherwise) const {
  const auto* node = at(where);
  return node == nullptr || node->kind != YamlNode::Kind::scalar ? otherwise : node->text;
}

bool ConfigReading::flag(const TreePath& where, bool otherwise) const {
  const auto* node = at(where);
  if (node == nullptr) return otherwise;
  const auto value = json_of(*node);
  return value.is_boolean() ? value.get<bool>() : otherwise;
}

std::vector<std::string> ConfigReading::texts(const TreePath& where) const {
  std::vector<std::string> found;
  if (const auto* node = at(where))
    for (const auto& item : node->items)
      if (item.kind == YamlNode::Kind::scalar) found.push_back(item.text);
  return found;
}

std::vector<std::string> ConfigReading::ids(const std::string& section, const std::string& key) const {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < count({section}); ++i)
    if (auto id = text(TreePath{section} / i / key); !id.empty()) found.push_back(std::move(id));
  return found;
}

void ConfigReading::complain(const TreePath& where, const std::string& what) const {
  complaints.push_back(complaint_at(place_of(root, where), fmt::format("{}: {}", path_text(where), what)));
}

std::string ConfigReading::spot(const TreePath& other, const TreePath& from) const {
  const auto there = place_of(root, other), here = place_of(root, from);
  const bool is_same_file = there.file == here.file || !there.file;
  return fmt::format("{}line {}", is_same_file ? "" : *there.file + " ", there.line);
}

std::string ConfigReading::beside(const std::string& file) const {
  namespace fs = std::filesystem;
  std::error_code code;
  auto main_file = fs::absolute(path, code);
  if (code) main_file = path;
  return (main_file.parent_path() / file).lexically_normal().string();
}

void check_zone(const ConfigReading& reading, const TreePath& where) {
  const auto name = reading.text(where);
  if (name.empty()) return;
  const auto known = to_local(Instant{}, name);
  if (!known) reading.complain(where, known.error().text);
}

void check_region(const ConfigReading& reading, const TreePath& where) {
  const auto region = reading.text(where);
  const auto is_capital = [](char c) { return 'A' <= c && c <= 'Z'; };
  if (region.size() != 2 || !is_capital(region[0]) || !is_capital(region[1])) return;  // the schema complains
  std::set<std::string> known;
  i18n::phonenumbers::PhoneNumberUtil::GetInstance()->GetSupportedRegions(&known);
  if (known.contains(region)) return;
  // By far the most usual one; ISO 3166 has another code for it.
  const auto* advice = region == "UK" ? "did you mean \"GB\"?" : "write the two letters of ISO 3166, such as RU or US";
  reading.complain(where, fmt::format("there is no country \"{}\"; {}", region, advice));
}

}  // namespace hkl
