// The values and types of the report language.
//
// Numbers are exact fractions: engines return integers (counts, milliseconds,
// minor units), and every ratio, average and floor is made from them here
// once, without rounding on the way (DESIGN section 7).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace hkl {

// What an expression gives. Durations and times count seconds, so a bare
// number beside a duration is seconds: `wait_s > 20` and `wait_s > 20s` agree.
// Money counts minor units.
enum class Type : std::uint8_t { null, boolean, integer, decimal, duration, time, text, set, money };

// "a duration", "an integer" …: as messages name it.
std::string_view described(Type type);

inline bool is_number(Type type) { return type == Type::integer || type == Type::decimal; }
// Has an exact fraction as its value.
inline bool is_numeric(Type type) {
  return is_number(type) || type == Type::duration || type == Type::time || type == Type::money;
}

// A fraction in lowest terms, den > 0.
struct Rational {
  std::int64_t num = 0, den = 1;
  friend bool operator==(const Rational&, const Rational&) = default;
};

// Empty where the result leaves 64 bits or divides by zero.
std::optional<Rational> fraction(std::int64_t num, std::int64_t den);
std::optional<Rational> add(Rational a, Rational b);
std::optional<Rational> subtract(Rational a, Rational b);
std::optional<Rational> multiply(Rational a, Rational b);
std::optional<Rational> divide(Rational a, Rational b);
std::int64_t floor_of(Rational value);
std::int64_t ceil_of(Rational value);
int compare(Rational a, Rational b);  // -1, 0, 1
double to_double(Rational value);

// "12.345" with exactly `digits` decimals, halves up (metrics §1.4.6).
std::string fixed(Rational value, int digits);
// "12", "-0.5", "1.25"; empty for what is no such number or too long.
std::optional<Rational> parse_number(std::string_view text);

// A value on the host: null, yes/no, a number, a text.
using Value = std::variant<std::monostate, bool, Rational, std::string>;
inline bool is_null(const Value& value) { return std::holds_alternative<std::monostate>(value); }

}  // namespace hkl
