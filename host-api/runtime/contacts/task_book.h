// The tasks of one contact: what the rules ask for, under what was said of
// them by hand or by the CRM, beside what was delivered earlier.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "contacts/derive.h"

namespace hkl {

class TaskBook {
 public:
  // `history_calls`: calls that make no task (DESIGN section 9). All outlive this.
  TaskBook(const ContactInput& input, const std::set<std::string>& history_calls, std::vector<std::string>& faults);

  // Asks one rule about the contact; `told` of the timeline is filled in here.
  // A rule that fails leaves its delivered tasks as they are: silence is no
  // answer. What it is silent of after having answered is cancelled.
  void ask(TaskRule& rule, hkl_timeline timeline);

  // All tasks, in the order of their ids; those that stay though nothing asks
  // for them are named in `fixed`.
  std::vector<TaskRecord> take(std::set<std::string>& fixed);

 private:
  using ToldByKey = std::map<std::string, const TaskRecord*>;
  ToldByKey told_of(const std::string& rule) const;
  const TaskRecord* told_under(const std::string& id) const;
  const TaskRecord* kept_under(const std::string& id) const;
  void settle(TaskRecord& task, const std::string& rule) const;
  void add(std::vector<TaskRecord> asked);

  const ContactInput& input_;
  const std::set<std::string>& history_calls_;
  std::vector<std::string>& faults_;
  std::vector<const TaskRecord*> told_;  // by id, so that no order of records shows
  std::set<std::string> answered_;       // rules
  std::map<std::string, TaskRecord> tasks_;
};

}  // namespace hkl
