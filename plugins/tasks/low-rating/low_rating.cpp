// Asks to look into a call that the client rated low (metrics §4: a rating belongs to who talked last).
#include <algorithm>
#include <optional>

#include "hookline/sdk/plugin.h"
#include "talks.h"
#include "terms.h"

namespace {

using hookline::Task;
using hookline::view;

struct Settings : task_terms::TermSettings {
  std::int64_t at_most = 2;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(at_most, "The highest rating that is low").range(1, 5), TASK_TERM_FIELDS)

namespace {

class LowRating final : public hookline::TaskRule<Settings> {
 public:
  void configured() override {
    terms_.emplace(settings(), host(), "Разобрать низкую оценку", "Look into a low rating");
  }

  std::vector<Task> review(const hkl_timeline& timeline) override {
    std::vector<Task> tasks;
    for (std::uint64_t i = 0; i < timeline.touch_count; ++i) {
      const auto& touch = *timeline.touches[i];
      const bool is_low = touch.rating > 0 && touch.rating <= settings().at_most;
      if (!is_low || touch.is_history != 0 || touch.is_over == 0) continue;
      terms_->give(tasks, task_of(touch, timeline), timeline);
    }
    return tasks;
  }

 private:
  Task task_of(const hkl_touch& touch, const hkl_timeline& timeline) const {
    const auto assignee = terms_->assignee(touch);
    Task task;
    task.call = view(touch.call);
    task.key = task.call.empty() ? std::string(view(touch.inquiry)) : task.call;
    task.kind = "low_rating";
    task.title = terms_->title(touch, timeline.contact);
    task.lead = view(touch.lead);
    task.assignee = assignee.employee;
    task.created_at_ms = task_terms::end_of(touch);
    task.deadline_at_ms = terms_->deadline_after(task.created_at_ms);
    task_terms::complete_by(task, task_terms::first_talk_since(timeline, task.created_at_ms));
    task_terms::take_what_was_said(task, task_terms::told_of(timeline, task.key));
    task.why = "the client gave " + std::to_string(touch.rating) + " for " + task.key;
    if (!assignee.employee.empty()) task.why += "; given to " + assignee.employee + ", " + assignee.why;
    return task;
  }

  std::optional<task_terms::Terms> terms_;
};

}  // namespace

HOOKLINE_PLUGIN(LowRating,
                {"low-rating", "1.0.0", "Hookline", "Apache-2.0", "Asks to look into a call that the client rated low"})
