// Which types go together and what comes of it.
#pragma once

#include <optional>
#include <string_view>

#include "reports/expression.h"
#include "values/result.h"

namespace hkl {

// op: + - * /. Empty where the operation has no meaning.
std::optional<Type> arithmetic_type(char op, Type left, Type right);

// For = != < in and coalesce. A set is compared with one text: any of, none of.
bool are_comparable(Type left, Type right);

// Of sum, distinct, min, max, avg, percentile over values of a type.
std::optional<Type> aggregate_result(std::string_view aggregate, Type of);

// What a function that asks the clock or the period gives; empty: it is none.
std::optional<Type> type_of_clock(std::string_view function);

// How many arguments a function takes; the message names it. HKL_INVALID.
Done check_argument_count(const Node& function);

}  // namespace hkl
