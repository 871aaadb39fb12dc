// What the readers of a config's sections share: the tree, and the complaints
// about it. A reader takes what is right and leaves what the schema has
// complained about.
#pragma once

#include <string>
#include <vector>

#include "config/yaml_tree.h"

namespace hkl {

struct ConfigReading {
  const YamlNode& root;
  const std::string& path;  // of the main file
  std::vector<Complaint>& complaints;

  const YamlNode* at(const TreePath& where) const;
  // Items of a list; 0 where there is none.
  std::size_t count(const TreePath& where) const;
  // A scalar as it is written; `otherwise` where there is none.
  std::string text(const TreePath& where, const std::string& otherwise = "") const;
  bool flag(const TreePath& where, bool otherwise) const;
  std::vector<std::string> texts(const TreePath& where) const;
  // Ids of the records or entries of a section.
  std::vector<std::string> ids(const std::string& section, const std::string& key = "id") const;

  // "employees[0].office: …"
  void complain(const TreePath& where, const std::string& what) const;
  // Where the other one stands: "line 3", or "people.yaml line 3" from another file.
  std::string spot(const TreePath& other, const TreePath& from) const;

  // A path of the config is from the main file's folder. Absolute, normal.
  std::string beside(const std::string& file) const;
};

// A zone of the tz database; empty is right.
void check_zone(const ConfigReading& reading, const TreePath& where);
// A country that libphonenumber knows; empty is right.
void check_region(const ConfigReading& reading, const TreePath& where);

}  // namespace hkl
