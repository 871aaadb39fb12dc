// A task rule in one class. Contract: hookline/task_rule.h.
#pragma once

#include "hookline/sdk/instance.h"
#include "hookline/task_rule.h"

namespace hookline {

// A task that the timeline asks for.
struct Task {
  std::string key, kind, title, call, lead, assignee, done_by, done_call, why;
  std::vector<std::string> more_calls;
  std::uint32_t state = HKL_TASK_OPEN;
  std::int64_t created_at_ms = HKL_UNKNOWN_MS, deadline_at_ms = HKL_UNKNOWN_MS, done_at_ms = HKL_UNKNOWN_MS;
};

class TaskRuleBase : public InstanceBase {
 public:
  // Every task of this timeline, done and cancelled ones too.
  virtual std::vector<Task> review(const hkl_timeline& timeline) = 0;
};

template <typename Settings>
using TaskRule = WithSettings<TaskRuleBase, Settings>;

struct TaskRuleTable {
  static hkl_status review(hkl_instance* self, const hkl_timeline* timeline, const hkl_task_sink* sink,
                           hkl_error* err) noexcept {
    return guarded(err, [&] {
      auto& rule = static_cast<TaskRuleBase&>(LifeOf::of(self));
      needs_started(rule);
      for (const auto& task : rule.review(*timeline)) {
        std::vector<hkl_str> more;
        for (const auto& call : task.more_calls) more.push_back(str(call));
        hkl_task out{};
        out.struct_size = sizeof out;
        out.state = task.state;
        out.key = str(task.key);
        out.kind = str(task.kind);
        out.title = str(task.title);
        out.call = str(task.call);
        out.lead = str(task.lead);
        out.more_calls = {more.data(), more.size()};
        out.assignee = str(task.assignee);
        out.created_at_ms = task.created_at_ms;
        out.deadline_at_ms = task.deadline_at_ms;
        out.done_at_ms = task.done_at_ms;
        out.done_by = str(task.done_by);
        out.done_call = str(task.done_call);
        out.why = str(task.why);
        hkl_error refused{};
        refused.struct_size = sizeof refused;
        if (const auto status = sink->task(sink->user, &out, &refused); status != HKL_OK)
          throw Failure(status, refused.text_len > 0 ? refused.text : "the host refused a task");
      }
    });
  }
  static constexpr hkl_task_rule table{sizeof(hkl_task_rule), 0, review};
};

}  // namespace hookline
