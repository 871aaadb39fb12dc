// A YAML document as a tree in which every value knows where it stands.
//
// yaml-cpp's own nodes forget a key that was written twice; its parser's
// events do not (DESIGN section 10).
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace hkl {

struct Place {
  std::shared_ptr<const std::string> file;
  int line = 0, column = 0;  // from 1
};

struct YamlNode {
  enum class Kind { null, scalar, list, map };
  struct Member;
  Kind kind = Kind::null;
  Place place;
  std::string tag;              // "!secret", or "" where there is none of its own
  std::string text;             // of a scalar
  bool is_plain = false;        // not quoted, or from the environment: may be a number, true, null
  bool is_secret = false;       // came from !secret: no message shows it
  std::vector<YamlNode> items;  // of a list
  std::vector<Member> members;  // of a map, in the order of the file

  const YamlNode* member(std::string_view name) const;
};
struct YamlNode::Member {
  std::string name;
  Place place;
  YamlNode value;
};

// Adds complaints to `complaints`; an empty tree where nothing could be read.
YamlNode parse_yaml(const std::string& text, const std::string& file, std::vector<Complaint>& complaints);

// As JSON: plain scalars by YAML's core schema, but figures that would lose
// something as a number (0101, +7495…) stay the text they are.
nlohmann::json json_of(const YamlNode& node);
nlohmann::json plain_json(const std::string& text);

// The steps from the root to a value: names of members, numbers of items.
using TreePath = std::vector<std::string>;
TreePath operator/(TreePath path, std::string step);
TreePath operator/(TreePath path, std::size_t item);
// The value itself; null where it is not there.
const YamlNode* node_at(const YamlNode& root, const TreePath& path);
// The place of a value; of the deepest one on the way where it is not there.
Place place_of(const YamlNode& root, const TreePath& path);
// "sources[0].settings"
std::string path_text(const TreePath& path);

Complaint complaint_at(const Place& place, std::string text);

}  // namespace hkl
