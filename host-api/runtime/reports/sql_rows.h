// Rows of a plan, read by SQL: a SELECT of its dimensions and aggregates, and one more for each percentile.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "reports/engine.h"

namespace hkl {

class SqlRows {
 public:
  // The plan and the reading outlive it.
  SqlRows(const Plan& plan, Reading& reading, AnswerScope scope);

  // Those of the plan's measures, in their order. An engine can read by them as well.
  const Aggregates& aggregates() const { return *aggregates_; }
  // Then there is no running it.
  std::unique_ptr<const Aggregates> take_aggregates() { return std::move(aggregates_); }
  // Without dimensions it is one row.
  Result<ReadRows> run();

 private:
  std::string group_by() const;
  Done read_percentile(const Aggregates::Percentile& percentile, ReadRows& found);

  const Plan& plan_;
  Reading& reading_;
  Plan::Rows rows_;
  std::unique_ptr<Aggregates> aggregates_;
  std::size_t dimension_count_ = 0;
  std::vector<SqlText> dimensions_;  // once it is run
};

}  // namespace hkl
