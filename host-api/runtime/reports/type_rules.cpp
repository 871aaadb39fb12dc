#include "reports/type_rules.h"

#include <fmt/format.h>

#include "reports/lexer.h"

namespace hkl {
namespace {

// Duration and money: an amount of something, that numbers scale.
bool is_quantity(Type type) { return type == Type::duration || type == Type::money; }

std::optional<Type> sum_type(char op, Type left, Type right) {
  if (is_number(left) && is_number(right))
    return left == Type::integer && right == Type::integer ? Type::integer : Type::decimal;
  if (left == Type::time && right == Type::time) return op == '-' ? std::optional(Type::duration) : std::nullopt;
  if (left == Type::time && right == Type::duration) return Type::time;
  if (left == Type::duration && right == Type::time) return op == '+' ? std::optional(Type::time) : std::nullopt;
  if (left == Type::money && right == Type::money) return Type::money;
  // A bare number beside a duration is seconds.
  const bool is_span = (left == Type::duration && (right == Type::duration || is_number(right))) ||
                       (is_number(left) && right == Type::duration);
  return is_span ? std::optional(Type::duration) : std::nullopt;
}

}  // namespace

std::optional<Type> arithmetic_type(char op, Type left, Type right) {
  if (op == '+' || op == '-') return sum_type(op, left, right);
  if (op == '*') {
    if (is_number(left) && is_number(right))
      return left == Type::integer && right == Type::integer ? Type::integer : Type::decimal;
    if (is_quantity(left) && is_number(right)) return left;
    if (is_number(left) && is_quantity(right)) return right;
    return std::nullopt;
  }
  if (is_quantity(left) && is_number(right)) return left;
  const bool is_ratio = (is_number(left) && is_number(right)) || (is_quantity(left) && left == right);
  return is_ratio ? std::optional(Type::decimal) : std::nullopt;
}

bool are_comparable(Type left, Type right) {
  if (left == Type::set || right == Type::set) return left == Type::text || right == Type::text;
  if (left == right) return true;
  if (is_number(left)) return is_number(right) || is_quantity(right);
  return is_quantity(left) && is_number(right);
}

std::optional<Type> aggregate_result(std::string_view aggregate, Type of) {
  if (aggregate == "only") return of == Type::text || of == Type::set ? std::optional(Type::text) : std::nullopt;
  const bool is_amount = is_number(of) || is_quantity(of);
  if (aggregate == "distinct")
    return of == Type::boolean || of == Type::set || of == Type::null ? std::nullopt : std::optional(Type::integer);
  if (aggregate == "sum_once") return is_amount ? std::optional(of) : std::nullopt;
  if (aggregate == "min" || aggregate == "max") return is_amount || of == Type::time ? std::optional(of) : std::nullopt;
  if (!is_amount) return std::nullopt;
  if (aggregate == "avg" && of == Type::integer) return Type::decimal;
  return of;
}

std::optional<Type> type_of_clock(std::string_view function) {
  if (function == "hour" || function == "weekday" || function == "period_days") return Type::integer;
  if (function == "time_of_day") return Type::duration;
  if (function == "now") return Type::time;
  if (function == "in_period") return Type::boolean;
  const bool is_date = function == "day" || function == "week" || function == "month" || function == "quarter" ||
                       function == "year" || function == "hour_of_day" || function == "clock_hour";
  return is_date ? std::optional(Type::text) : std::nullopt;
}

Done check_argument_count(const Node& function) {
  const auto count = function.children.size();
  const auto& name = function.text;
  if (name == "coalesce")
    return count >= 2 ? Done() : fail(error_at(function.column, "coalesce() takes two arguments or more"));
  if (name == "if")
    return count >= 3 && count % 2 == 1
               ? Done()
               : fail(error_at(function.column,
                               "if() takes conditions with their values and what else: if(missed, 1, 0)"));
  if (name == "open_time")
    return count == 3 ? Done()
                      : fail(error_at(function.column,
                                      "open_time() takes two times and a calendar, as in open_time(ended_at, "
                                      "called_back_at, option.clock)"));
  const std::size_t wanted = name == "now" ? 0 : 1;
  if (count == wanted) return {};
  return fail(
      error_at(function.column, fmt::format("{}() takes {}", name, wanted == 0 ? "no argument" : "one argument")));
}

}  // namespace hkl
