// Expressions over options alone, evaluated on the host before any row is
// read: what decides which measures show and which conditions apply.
#pragma once

#include <map>
#include <string>

#include "reports/expression.h"

namespace hkl {

// The texts of an option that has several, with commas between.
std::vector<std::string> texts_of(const Value& value);

using OptionValues = std::map<std::string, Value>;

// The value of a checked expression without fields and aggregates.
Value evaluate(const Node& node, const OptionValues& options);

// Its truth: null is false.
bool holds(const Node& node, const OptionValues& options);

// One step of arithmetic, rounding nothing; null where a side is null, where
// it divides by zero or leaves 64 bits.
Value calculate(char op, const Value& left, const Value& right);

}  // namespace hkl
