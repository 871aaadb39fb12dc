// A filter of a report as it was asked: values with commas between them.
//
//   a,b      one of these                 -      nothing at all
//   !a       not this                     !-     anything
//   ~a       a text that holds this       10..   a number of 10 or more; ..20, 10..20
//
// A row passes when one of the plain values fits and none of those with "!" (metrics §1.8.1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/definition.h"

namespace hkl {

struct ChosenFilter {
  struct Part {
    enum class Kind : std::uint8_t { equals, holds, between, empty };
    Kind kind = Kind::equals;
    bool is_not = false;
    Value value;                          // of equals and holds
    std::optional<Rational> least, most;  // of between, both included
  };

  const Filter* filter = nullptr;
  std::vector<std::string> texts;  // as given
  std::vector<Part> parts;

  // The texts that stand for themselves, be it with "!".
  std::vector<std::string> named() const;
  // Whether a row with that text, which is not empty, would pass.
  bool takes(const std::string& text) const;
};

// HKL_INVALID: a value that does not fit; names the nearest right word.
Result<ChosenFilter> chosen_filter(const Filter& filter, const std::string& text);

// A row passes the filter when one of these holds.
std::vector<NodePtr> filter_conditions(const ChosenFilter& chosen);

// What "numbers", "enum" and filters share: parts between commas, without blanks around them.
std::vector<std::string> parted_texts(const std::string& text);
// One of the words; HKL_INVALID names the nearest.
Result<std::string> one_of(const std::string& name, const std::string& text, const std::vector<std::string>& values);

}  // namespace hkl
