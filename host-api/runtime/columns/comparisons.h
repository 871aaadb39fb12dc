// Numbers of each row compared, with one another or with a constant: no branch for a row.
#pragma once

#include <cstdint>
#include <string>

#include "columns/program.h"

namespace hkl {

// op: = != < <= > >=. Over one denominator. Nothing compares with what is not known, but is unlike everything that is.
MaskFn compared_with(const std::string& op, NumberExpr expr, std::int64_t constant);
MaskFn compared_with(const std::string& op, NumberExpr left, NumberExpr right);

}  // namespace hkl
