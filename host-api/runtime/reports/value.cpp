#include "reports/value.h"

#include <limits>
#include <numeric>

namespace hkl {
namespace {

__extension__ using Wide = __int128;

Wide gcd_of(Wide a, Wide b) {
  if (a < 0) a = -a;
  while (b != 0) {
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

// Products of two 64-bit numbers fit, and the sum of two such products too:
// denominators stay far below 2^62 (they are 1000, 60, a literal's).
std::optional<Rational> reduced(Wide num, Wide den) {
  constexpr Wide kMax = std::numeric_limits<std::int64_t>::max();
  if (den == 1 && num <= kMax && num >= -kMax) return Rational{static_cast<std::int64_t>(num), 1};
  if (den == 0) return std::nullopt;
  if (den < 0) {
    num = -num;
    den = -den;
  }
  // Nearly all fit in 64 bits, where a division takes a quarter of the time.
  if (num <= kMax && num >= -kMax && den <= kMax) {
    const auto narrow_num = static_cast<std::int64_t>(num), narrow_den = static_cast<std::int64_t>(den);
    const auto common = std::gcd(narrow_num, narrow_den);
    return Rational{narrow_num / common, narrow_den / common};
  }
  const Wide common = gcd_of(num, den);
  if (common > 1) {
    num /= common;
    den /= common;
  }
  if (num > kMax || num < -kMax || den > kMax) return std::nullopt;
  return Rational{static_cast<std::int64_t>(num), static_cast<std::int64_t>(den)};
}

Wide floor_divided(Wide num, Wide den) { return num / den - (num % den < 0 ? 1 : 0); }

}  // namespace

std::string_view described(Type type) {
  switch (type) {
    case Type::null:
      return "null";
    case Type::boolean:
      return "a condition";
    case Type::integer:
      return "a whole number";
    case Type::decimal:
      return "a number";
    case Type::duration:
      return "a duration";
    case Type::time:
      return "a time";
    case Type::text:
      return "a text";
    case Type::set:
      return "a set of texts";
    case Type::money:
      return "money";
  }
  return "null";
}

std::optional<Rational> fraction(std::int64_t num, std::int64_t den) { return reduced(num, den); }
std::optional<Rational> add(Rational a, Rational b) {
  return reduced(Wide{a.num} * b.den + Wide{b.num} * a.den, Wide{a.den} * b.den);
}
std::optional<Rational> subtract(Rational a, Rational b) {
  return reduced(Wide{a.num} * b.den - Wide{b.num} * a.den, Wide{a.den} * b.den);
}
std::optional<Rational> multiply(Rational a, Rational b) { return reduced(Wide{a.num} * b.num, Wide{a.den} * b.den); }
std::optional<Rational> divide(Rational a, Rational b) { return reduced(Wide{a.num} * b.den, Wide{a.den} * b.num); }

std::int64_t floor_of(Rational value) { return static_cast<std::int64_t>(floor_divided(value.num, value.den)); }
std::int64_t ceil_of(Rational value) { return static_cast<std::int64_t>(-floor_divided(-Wide{value.num}, value.den)); }

int compare(Rational a, Rational b) {
  const Wide left = Wide{a.num} * b.den, right = Wide{b.num} * a.den;
  return left < right ? -1 : left > right ? 1 : 0;
}

double to_double(Rational value) { return static_cast<double>(value.num) / static_cast<double>(value.den); }

std::string fixed(Rational value, int digits) {
  Wide scale = 1;
  for (int i = 0; i < digits; ++i) scale *= 10;
  Wide shown = floor_divided(Wide{value.num} * scale * 2 + value.den, Wide{value.den} * 2);
  const bool is_negative = shown < 0;
  if (is_negative) shown = -shown;
  auto text = std::to_string(static_cast<std::uint64_t>(shown / scale));
  if (digits > 0) {
    const auto tail = std::to_string(static_cast<std::uint64_t>(shown % scale));
    text += '.';
    text.append(static_cast<std::size_t>(digits) - tail.size(), '0');
    text += tail;
  }
  return is_negative ? "-" + text : text;
}

std::optional<Rational> parse_number(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  std::int64_t num = 0, den = 1;
  int digits = 0;
  bool is_fraction = false;
  for (const char c : text) {
    if (c == '.' && !is_fraction && digits > 0) {
      is_fraction = true;
      continue;
    }
    // Fifteen digits: a literal times a sum of milliseconds must stay far from the end of 64 bits.
    if (c < '0' || c > '9' || ++digits > 15) return std::nullopt;
    num = num * 10 + (c - '0');
    if (is_fraction) den *= 10;
  }
  if (digits == 0 || text.ends_with('.')) return std::nullopt;
  return fraction(is_negative ? -num : num, den);
}

}  // namespace hkl
