// Asks for a call back after a missed call (metrics §5.4).
#include <algorithm>
#include <optional>

#include "episodes.h"
#include "hookline/sdk/plugin.h"
#include "talks.h"
#include "terms.h"

namespace {

using callback_missed::Episode;
using hookline::Task;
using hookline::view;

using task_terms::Assignee;

struct Settings : task_terms::TermSettings {
  constexpr Settings() { assignee = {task_terms::kMissedCallAssignees, std::size(task_terms::kMissedCallAssignees)}; }
};

}  // namespace

HOOKLINE_SETTINGS(Settings, TASK_TERM_FIELDS)

namespace {

std::string text(const hkl_str& words) { return std::string(view(words)); }

std::string why_of(const Episode& episode, const Task& task, const Assignee& assignee) {
  std::string why = "the call " + task.key + " was missed";
  why += assignee.employee.empty() ? "; nobody answers for it: no lead, no single phone that rang, nobody on duty"
                                   : "; given to " + assignee.employee + ", " + assignee.why;
  const auto attempts = episode.attempts.size();
  if (attempts > 0)
    why += "; tried in vain " + (attempts == 1 ? std::string("once") : std::to_string(attempts) + " times") +
           ", last by the call " + text(episode.attempts.back()->call);
  if (!task.done_call.empty()) why += "; done by the call " + task.done_call;
  if (task.done_call.empty() && task.state != HKL_TASK_OPEN) why += "; closed by hand";
  return why;
}

class CallbackMissed final : public hookline::TaskRule<Settings> {
 public:
  void configured() override { terms_.emplace(settings(), host(), "Перезвонить", "Call back"); }

  std::vector<Task> review(const hkl_timeline& timeline) override {
    std::vector<Task> tasks;
    if (view(timeline.contact->id).empty()) return tasks;  // nobody to call back
    for (const auto& episode : callback_missed::episodes_of(timeline))
      terms_->give(tasks, task_of(episode, *timeline.contact), timeline);
    return tasks;
  }

 private:
  Task task_of(const Episode& episode, const hkl_contact& contact) const {
    const auto& first = episode.first();
    const auto assignee = terms_->assignee(first);
    Task task;
    task.key = task.call = text(first.call);
    task.kind = "callback";
    task.title = terms_->title(first, &contact);
    task.lead = text(first.lead);
    for (const auto* miss : episode.misses)
      if (miss != &first) task.more_calls.push_back(text(miss->call));
    task.assignee = assignee.employee;
    task.created_at_ms = episode.created_at_ms;
    task.deadline_at_ms = terms_->deadline_after(episode.created_at_ms);
    task_terms::complete_by(task, episode.talk);
    task_terms::take_what_was_said(task, episode.told);
    // Of two open tasks that a merge made one the earlier deadline stands.
    if (task.state == HKL_TASK_OPEN && episode.joined_deadline_at_ms != HKL_UNKNOWN_MS &&
        episode.joined_deadline_at_ms >= task.created_at_ms)
      task.deadline_at_ms = std::min(task.deadline_at_ms, episode.joined_deadline_at_ms);
    task.why = why_of(episode, task, assignee);
    return task;
  }

  std::optional<task_terms::Terms> terms_;
};

}  // namespace

HOOKLINE_PLUGIN(CallbackMissed, {"callback-missed", "1.0.0", "Hookline", "Apache-2.0",
                                 "Asks for a call back after a missed call, with a deadline"})
