// SQL with its parameters, in the order of their question marks: values are
// bound, never written into the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hkl {

using Param = std::variant<std::int64_t, std::string>;

struct SqlText {
  std::string text;
  std::vector<Param> params;

  SqlText() = default;
  SqlText(std::string sql) : text(std::move(sql)) {}  // NOLINT: a text is SQL without parameters
  SqlText(const char* sql) : text(sql) {}             // NOLINT
  static SqlText value(Param param) {
    SqlText sql("?");
    sql.params.push_back(std::move(param));
    return sql;
  }

  SqlText& operator+=(const SqlText& more) {
    text += more.text;
    params.insert(params.end(), more.params.begin(), more.params.end());
    return *this;
  }
  friend SqlText operator+(SqlText left, const SqlText& right) { return std::move(left += right); }
  bool is_empty() const { return text.empty(); }
};

// a AND b …; "1" of none. Empty parts are left out.
inline SqlText all_of(const std::vector<SqlText>& parts) {
  SqlText joined;
  for (const auto& part : parts) {
    if (part.is_empty()) continue;
    if (!joined.is_empty()) joined += " AND ";
    joined += "(" + part + ")";
  }
  return joined.is_empty() ? SqlText("1") : joined;
}

}  // namespace hkl
