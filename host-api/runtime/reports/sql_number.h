// Exact fractions in SQL: integer expressions over denominators that are known.
#pragma once

#include <cstdint>
#include <numeric>

#include "reports/compile.h"

namespace hkl {

inline const SqlNumber kNull{"NULL", 1};

inline bool is_null_sql(const SqlText& sql) { return sql.text == "NULL"; }

inline SqlText scaled(const SqlText& sql, std::int64_t factor) {
  if (factor == 1 || is_null_sql(sql)) return sql;
  if (sql.text == "?") {  // a constant is multiplied here, not once per row
    std::int64_t product = 0;
    if (__builtin_mul_overflow(std::get<std::int64_t>(sql.params[0]), factor, &product)) return "NULL";
    return SqlText::value(product);
  }
  return "(" + sql + " * " + SqlText::value(factor) + ")";
}

// Over one denominator; null where that leaves 64 bits.
inline bool bring_together(SqlNumber& a, SqlNumber& b) {
  std::int64_t common = 0;
  if (__builtin_mul_overflow(a.den / std::gcd(a.den, b.den), b.den, &common)) return false;
  a.sql = scaled(a.sql, common / a.den);
  b.sql = scaled(b.sql, common / b.den);
  a.den = b.den = common;
  return true;
}

inline SqlText rounded(const SqlNumber& number, const char* function) {
  if (number.den == 1) return number.sql;
  return function + ("(" + number.sql + ", ") + SqlText::value(number.den) + ")";
}

}  // namespace hkl
