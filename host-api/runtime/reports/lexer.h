// The words of an expression, each with the place where it stands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/value.h"
#include "values/result.h"

namespace hkl {

struct Token {
  enum class Kind { end, name, keyword, number, duration, text, symbol };
  Kind kind = Kind::end;
  std::string text;  // as written; of a text literal: its content
  Rational number;   // of a number, and of a duration in seconds
  int column = 1;    // in characters, the first is 1
};

// Splits an expression; the last token is `end`. Fails with
// "column 7: …" on what is no word of the language.
Result<std::vector<Token>> tokens_of(std::string_view expression);

// "column 7: …", HKL_INVALID: how every error of the language begins.
Error error_at(int column, std::string text);

}  // namespace hkl
