// How the command ends, as scripts see it.
#pragma once

#include "hookline/hookline.h"

namespace cli {

constexpr int kGood = 0;
constexpr int kNo = 1;        // the answer is no, part of the input was refused, or not now
constexpr int kWrongUse = 2;  // wrong use, or input that cannot be used

// Of a status of the library.
int exit_code_of(hkl_status status);

}  // namespace cli
