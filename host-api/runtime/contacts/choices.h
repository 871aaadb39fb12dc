// Whom a lead is given to where the contact's own history does not say: the
// next of the fan, or who has the fewest leads. Such a choice depends on the
// moment it is made, so it is made once, journalled, and repeated whenever
// anything is derived again (DESIGN section 4).
#pragma once

#include <string>
#include <vector>

#include "values/instant.h"

namespace hkl {

struct ChoiceQuestion {
  std::string lead, inquiry;         // the lead, and the inquiry it is made of
  std::string step;                  // of the distribution: fan, least_loaded
  std::vector<std::string> members;  // who take part, in their order; not empty
  Instant at{};                      // questions are answered in the order of their moments
};

class Choices {
 public:
  virtual ~Choices() = default;
  // Who was chosen for the lead, or for the inquiry while the lead had another
  // id; "" when nobody was.
  virtual std::string chosen(const std::string& lead, const std::string& inquiry) = 0;
  // A choice is wanted. Its answer is there when the contact is derived again.
  virtual void ask(ChoiceQuestion question) = 0;
};

}  // namespace hkl
