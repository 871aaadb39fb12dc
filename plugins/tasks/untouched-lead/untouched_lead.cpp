// Asks to work on a lead that nobody has touched for too long. Nothing happens
// at that moment, so the host is asked to look again when it comes.
#include <algorithm>
#include <optional>

#include "hookline/sdk/plugin.h"
#include "talks.h"
#include "terms.h"

namespace {

using hookline::Task;
using hookline::view;

struct Settings : task_terms::TermSettings {
  hookline::Duration untouched_for{std::int64_t{60} * 60 * 1000};
  bool attempts_count = true;
  hookline::Texts stages;
};

}  // namespace

HOOKLINE_SETTINGS(
    Settings,
    HOOKLINE_FIELD(untouched_for, "How long a lead may lie untouched, in the hours of `working_hours`").positive(),
    HOOKLINE_FIELD(attempts_count, "A call of ours that nobody answered touches the lead too"),
    HOOKLINE_FIELD(stages, "Only leads that are at one of these stages now; empty: every open lead"), TASK_TERM_FIELDS)

namespace {

// What took a lead in hand.
struct Hand {
  std::int64_t at_ms = HKL_UNKNOWN_MS;
  std::string_view by, call;
};

class UntouchedLead final : public hookline::TaskRule<Settings> {
 public:
  void configured() override {
    terms_.emplace(settings(), host(), "Взять заявку в работу", "Work on the lead");
    if (settings().untouched_for.ms <= 0)
      throw hookline::Failure(HKL_BAD_SETTINGS, "untouched_for: has to be longer than nothing, such as 1h");
  }

  std::vector<Task> review(const hkl_timeline& timeline) override {
    std::vector<Task> tasks;
    for (std::uint64_t i = 0; i < timeline.lead_count; ++i) look_at(*timeline.leads[i], timeline, tasks);
    return tasks;
  }

 private:
  void look_at(const hkl_lead& lead, const hkl_timeline& timeline, std::vector<Task>& tasks) const {
    if (lead.created_at_ms == HKL_UNKNOWN_MS || comes_from_history(lead, timeline)) return;
    const auto hand = first_hand(lead, timeline);
    const auto due = terms_->after(lead.created_at_ms, settings().untouched_for.ms);
    if (hand && hand->at_ms < due) return;
    // Closed or moved on: nobody has to take it in hand any more. Which change
    // of a lead was its first is not told, so none completes the task.
    if (!is_wanted(lead)) return;
    if (!hand && timeline.now_ms < due) {
      host().wake_at("untouched/" + std::string(view(lead.id)), due);
      return;
    }
    terms_->give(tasks, task_of(lead, due, hand, timeline), timeline);
  }

  bool is_wanted(const hkl_lead& lead) const {
    const bool is_moved = lead.stage_since_ms != HKL_UNKNOWN_MS && lead.stage_since_ms > lead.created_at_ms;
    if (lead.is_open == 0 || is_moved) return false;
    const auto& stages = settings().stages;
    return stages.empty() || std::find(stages.begin(), stages.end(), view(lead.stage)) != stages.end();
  }

  static bool comes_from_history(const hkl_lead& lead, const hkl_timeline& timeline) {
    const auto* touch = maker_of(lead, timeline);
    return touch != nullptr && touch->is_history != 0;
  }

  static const hkl_touch* maker_of(const hkl_lead& lead, const hkl_timeline& timeline) {
    for (std::uint64_t i = 0; i < timeline.touch_count; ++i)
      if (view(timeline.touches[i]->inquiry) == view(lead.inquiry)) return timeline.touches[i];
    return nullptr;
  }

  // The first of all that took it in hand since it came to be; the talk of the
  // call that made it began before, and goes on.
  std::optional<Hand> first_hand(const hkl_lead& lead, const hkl_timeline& timeline) const {
    std::optional<Hand> first;
    const auto see = [&](const Hand& hand) {
      if (hand.at_ms != HKL_UNKNOWN_MS && (!first || hand.at_ms < first->at_ms)) first = hand;
    };
    for (std::uint64_t i = 0; i < timeline.touch_count; ++i) {
      const auto& touch = *timeline.touches[i];
      const bool is_its_maker = view(touch.inquiry) == view(lead.inquiry);
      if (task_terms::is_talk(touch) && (is_its_maker || touch.answered_at_ms >= lead.created_at_ms))
        see({touch.answered_at_ms, view(touch.employee), view(touch.call)});
      const bool is_attempt = touch.direction == HKL_DIRECTION_OUT && touch.outcome == HKL_OUTCOME_UNSUCCESSFUL;
      if (settings().attempts_count && is_attempt && touch.at_ms >= lead.created_at_ms)
        see({touch.at_ms, view(touch.employee), view(touch.call)});
      // A request that somebody opened; of a call it is the talk.
      if (is_its_maker && view(touch.call).empty()) see({touch.taken_at_ms, view(touch.taken_by), {}});
    }
    return first;
  }

  Task task_of(const hkl_lead& lead, std::int64_t due, const std::optional<Hand>& hand,
               const hkl_timeline& timeline) const {
    hkl_touch cause{};
    cause.answered_at_ms = HKL_UNKNOWN_MS;
    if (const auto* maker = maker_of(lead, timeline)) cause = *maker;
    cause.responsible = lead.responsible;
    const auto assignee = terms_->assignee(cause);
    Task task;
    task.key = task.lead = view(lead.id);
    task.kind = "untouched_lead";
    task.call = view(cause.call);
    task.title = terms_->title(cause, timeline.contact);
    task.assignee = assignee.employee;
    task.created_at_ms = due;
    task.deadline_at_ms = terms_->deadline_after(due);
    if (hand) {
      task.state = HKL_TASK_DONE;
      task.done_at_ms = hand->at_ms;
      task.done_by = hand->by;
      task.done_call = hand->call;
    }
    task_terms::take_what_was_said(task, task_terms::told_of(timeline, task.key));
    task.why = "nobody touched the lead " + task.lead + " in time";
    if (!assignee.employee.empty()) task.why += "; given to " + assignee.employee + ", " + assignee.why;
    return task;
  }

  std::optional<task_terms::Terms> terms_;
};

}  // namespace

HOOKLINE_PLUGIN(UntouchedLead, {"untouched-lead", "1.0.0", "Hookline", "Apache-2.0",
                                "Asks to work on a lead that nobody has touched for too long"})
