// Plans of a report that may be asked again. Whoever looks at a report asks it of one period after another, of later
// days, or the same once more; to make the plan and what answers it takes longer than the answer.
//
// A plan is with one answer at a time. It comes back only where the engine kept its part of the question (engine.h):
// all of it then holds for any period and moment. Plans end with their report, so with the config.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "reports/aggregates.h"
#include "reports/engine.h"
#include "reports/plan.h"

namespace hkl {

struct KeptPlan {
  std::string key;  // kept_key(); empty: not to be kept
  Plan plan;
  std::unique_ptr<const Aggregates> aggregates;  // of its measures; null: not made yet
  std::unique_ptr<KeptQuestion> of_engine;       // null: nothing
  std::vector<std::uint32_t> order;              // of the rows that were read the last time
};

// What a plan is known by: all that it is made of but for the report, the period, the moment and the directory, which
// are another's with each question. Empty: it is not kept.
std::string kept_key(const ReportQuery& query, const ReportSurroundings& with);

// Safe from any thread.
class KeptPlans {
 public:
  // Null: there is none, or others have them.
  std::unique_ptr<KeptPlan> take(const std::string& key);
  // Unless there is nothing to keep. The longest unused make room.
  void give_back(std::unique_ptr<KeptPlan> plan);

 private:
  std::mutex mutex_;                              // guards them
  std::vector<std::unique_ptr<KeptPlan>> plans_;  // the longest unused first
};

}  // namespace hkl
