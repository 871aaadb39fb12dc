// Asks for the next talk with a client whose lead is open, so that none is forgotten.
#include <algorithm>
#include <optional>

#include "hookline/sdk/plugin.h"
#include "talks.h"
#include "terms.h"

namespace {

using hookline::Task;
using hookline::view;

constexpr std::string_view kDirections[] = {"in", "out", "both"};

struct Settings : task_terms::TermSettings {
  std::string_view after = "both";
  std::int64_t min_talk_s = 0;
  hookline::Texts stages;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(after, "Talks of which direction ask for one").one_of(kDirections),
                  HOOKLINE_FIELD(min_talk_s, "Shorter talks do not ask for one").range(0, 86400),
                  HOOKLINE_FIELD(stages, "Only leads that are at one of these stages now; empty: every open lead"),
                  TASK_TERM_FIELDS)

namespace {

class FollowUp final : public hookline::TaskRule<Settings> {
 public:
  void configured() override { terms_.emplace(settings(), host(), "Связаться ещё раз", "Follow up"); }

  // Each talk asks for the next one, which completes it; only the last can be
  // open, and it is cancelled with its lead.
  std::vector<Task> review(const hkl_timeline& timeline) override {
    std::vector<Task> tasks;
    for (std::uint64_t i = 0; i < timeline.touch_count; ++i) {
      const auto& touch = *timeline.touches[i];
      if (!asks(touch)) continue;
      auto task = task_of(touch, timeline);
      const bool stands = task.state != HKL_TASK_OPEN || is_wanted(timeline, view(touch.lead));
      if (stands) terms_->give(tasks, task, timeline);
    }
    return tasks;
  }

 private:
  bool asks(const hkl_touch& touch) const {
    if (!task_terms::is_talk(touch) || touch.is_history != 0 || touch.is_over == 0) return false;
    if (touch.quality == HKL_QUALITY_NON_TARGET || view(touch.lead).empty()) return false;
    if (settings().after == "in" && touch.direction != HKL_DIRECTION_IN) return false;
    if (settings().after == "out" && touch.direction != HKL_DIRECTION_OUT) return false;
    return touch.talk_ms == HKL_UNKNOWN_MS || touch.talk_ms >= settings().min_talk_s * 1000;
  }

  bool is_wanted(const hkl_timeline& timeline, std::string_view lead) const {
    for (std::uint64_t i = 0; i < timeline.lead_count; ++i) {
      const auto& one = *timeline.leads[i];
      if (view(one.id) != lead) continue;
      if (one.is_open == 0) return false;
      if (settings().stages.empty()) return true;
      return std::find(settings().stages.begin(), settings().stages.end(), view(one.stage)) != settings().stages.end();
    }
    return false;
  }

  Task task_of(const hkl_touch& touch, const hkl_timeline& timeline) const {
    const auto assignee = terms_->assignee(touch);
    Task task;
    task.key = task.call = view(touch.call);
    task.kind = "follow_up";
    task.title = terms_->title(touch, timeline.contact);
    task.lead = view(touch.lead);
    task.assignee = assignee.employee;
    task.created_at_ms = task_terms::end_of(touch);
    task.deadline_at_ms = terms_->deadline_after(task.created_at_ms);
    task_terms::complete_by(task, task_terms::first_talk_since(timeline, task.created_at_ms));
    task_terms::take_what_was_said(task, task_terms::told_of(timeline, task.key));
    task.why = "after the talk " + task.key + " the lead " + task.lead + " is still open";
    if (task.state != HKL_TASK_OPEN) task.why = "after the talk " + task.key;
    if (!assignee.employee.empty()) task.why += "; given to " + assignee.employee + ", " + assignee.why;
    return task;
  }

  std::optional<task_terms::Terms> terms_;
};

}  // namespace

HOOKLINE_PLUGIN(FollowUp, {"follow-up", "1.0.0", "Hookline", "Apache-2.0",
                           "Asks for the next talk with a client whose lead is open"})
