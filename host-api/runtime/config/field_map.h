// How a record reads to the CRM: its own names for fields, from the YAML.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "values/result.h"

namespace hkl {

// The fields a record of that entity prints, and `link`: the address of its
// card. `entity` is contact, lead, task, call or inquiry.
std::vector<std::string> fields_of(const std::string& entity);

class FieldMap {
 public:
  // `templates`: the CRM's name, and a text with fields of the record in
  // braces: "{title}" is that field with its type, "{numbers.0}" the first of a
  // list, "tel {number}" a text. HKL_BAD_SETTINGS names a field that the
  // record does not have, and the nearest one.
  static Result<FieldMap> of(const std::string& entity,
                             const std::vector<std::pair<std::string, std::string>>& templates);

  nlohmann::ordered_json apply(const nlohmann::ordered_json& record) const;

 private:
  struct Piece {
    std::string text;
    std::vector<std::string> path;  // of a field; empty: the text itself
  };
  struct Field {
    std::string name;
    std::vector<Piece> pieces;
  };
  static Result<std::vector<Piece>> pieces_of(const std::string& entity, const std::string& text);
  std::vector<Field> fields_;
};

}  // namespace hkl
