// Conditions of classifiers over one inquiry, in the language of reports
// (hookline/host.h, hookline.host.condition/1).
//
// A condition may be asked from any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "hookline/facts.h"
#include "reports/fields.h"
#include "values/result.h"

namespace hkl {

// What a condition may name, with types and words.
const Entity& inquiry_facts();

class CheckedCondition {
 public:
  // `zone`: of hours, weekdays and times written without an offset. HKL_INVALID
  // names the column and what is known there.
  static Result<CheckedCondition> of(std::string_view text, std::string zone);
  CheckedCondition(CheckedCondition&&) noexcept;
  ~CheckedCondition();

  // Null is not true. `contact` may be null.
  bool holds(const hkl_touch& touch, const hkl_contact* contact, std::uint64_t earlier_count) const;

 private:
  struct State;
  explicit CheckedCondition(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace hkl
