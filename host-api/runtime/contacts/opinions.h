// What plugins of the kinds "lead classifier" and "task rule" look like from
// inside, so that the derivation can be tested with lambdas and run with .so's.
#pragma once

#include <string>
#include <vector>

#include "hookline/lead_classifier.h"
#include "hookline/task_rule.h"
#include "model/records.h"
#include "values/result.h"

namespace hkl {

// A classifier's opinion, owned.
struct Verdict {
  Quality quality{};
  Tri advertising{};
  double score = 0;
  std::string rule, why, ad_source, type, visit;
  std::vector<std::string> tags;

  // Not defaulted: Verdict() would first clear all of it, which is a third of what the host adds to a call.
  Verdict() {}  // NOLINT(modernize-use-equals-default)
};

class Classifier {
 public:
  virtual ~Classifier() = default;
  virtual const std::string& id() const = 0;  // of its entry in the YAML
  virtual Result<Verdict> classify(const hkl_inquiry& inquiry) = 0;
};

class TaskRule {
 public:
  virtual ~TaskRule() = default;
  virtual const std::string& id() const = 0;
  // Tasks without id, contact and rule; key is set.
  virtual Result<std::vector<TaskRecord>> review(const hkl_timeline& timeline) = 0;
};

}  // namespace hkl
