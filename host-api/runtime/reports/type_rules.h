// Which types go together and what comes of it.
#pragma once

#include <optional>
#include <string_view>

#include "reports/value.h"

namespace hkl {

// op: + - * /. Empty where the operation has no meaning.
std::optional<Type> arithmetic_type(char op, Type left, Type right);

// For = != < in and coalesce. A set is compared with one text: any of, none of.
bool are_comparable(Type left, Type right);

// Of sum, distinct, min, max, avg, percentile over values of a type.
std::optional<Type> aggregate_result(std::string_view aggregate, Type of);

}  // namespace hkl
