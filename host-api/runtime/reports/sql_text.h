// SQL with its parameters, in the order of their question marks: values are
// bound, never written into the text.
#pragma once

#include <algorithm>
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

// "((a) OR (b) OR …)" of at least one part. SQLite takes neither an expression
// deeper than a thousand, which a long chain is, nor brackets deeper than some
// thirty: so sixteen in a chain, then chains of chains.
inline SqlText joined(const SqlText* parts, std::size_t count, const char* op) {
  constexpr std::size_t kChain = 16;
  const auto share = count <= kChain ? 1 : (count + kChain - 1) / kChain;
  SqlText chain = "(";
  for (std::size_t i = 0; i < count; i += share) {
    if (i > 0) chain += op;
    chain += share == 1 ? "(" + parts[i] + ")" : joined(parts + i, std::min(share, count - i), op);
  }
  return chain + ")";
}

// a AND b …; "1" of none. Empty parts are left out.
inline SqlText all_of(std::vector<SqlText> parts) {
  std::erase_if(parts, [](const SqlText& part) { return part.is_empty(); });
  return parts.empty() ? SqlText("1") : joined(parts.data(), parts.size(), " AND ");
}
// a OR b …; "0" of none.
inline SqlText any_of(const std::vector<SqlText>& parts) {
  return parts.empty() ? SqlText("0") : joined(parts.data(), parts.size(), " OR ");
}

}  // namespace hkl
