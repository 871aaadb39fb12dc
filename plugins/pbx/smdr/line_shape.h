// How a line is told apart into fields: by columns, by what stands between
// them, or by a regular expression.
#pragma once

#include <functional>
#include <optional>

#include "expression.h"

namespace smdr {

using profile::Json;

class LineShape {
 public:
  // One entry of a layout's `lines`.
  static LineShape compile(const Json& source, const profile::Vocabulary& words, const profile::Place& place);
  // The fields by name, without blanks around them; nothing where the line has
  // another shape.
  std::optional<Json> read(const std::string& line) const { return read_(line); }

 private:
  using Read = std::function<std::optional<Json>(const std::string&)>;
  explicit LineShape(Read read) : read_(std::move(read)) {}
  static Read compile_fixed(const Json& source, const profile::Place& place);
  static Read compile_delimited(const Json& source, const profile::Vocabulary& words, const profile::Place& place);
  static Read compile_match(const Json& source, const profile::Place& place);
  Read read_;
};

// The cells of a line; quoted ones may hold the delimiter and doubled quotes.
std::vector<std::string> cells_of(std::string_view line, std::string_view by, char quote);

}  // namespace smdr
