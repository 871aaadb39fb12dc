// Keeps what was promised on the phone: a tag on a call becomes a task.
#include <algorithm>
#include <optional>

#include "hookline/sdk/plugin.h"
#include "talks.h"
#include "terms.h"

namespace {

using hookline::Task;
using hookline::view;

constexpr std::string_view kTags[] = {"promise"};
constexpr std::string_view kDoneBy[] = {"talk", "our_call", "hand"};

struct Settings : task_terms::TermSettings {
  hookline::Texts tags{kTags, std::size(kTags)};
  std::string_view done_by = "our_call";
};

}  // namespace

HOOKLINE_SETTINGS(
    Settings, HOOKLINE_FIELD(tags, "Tags that mean a promise"),
    HOOKLINE_FIELD(done_by, "What keeps it: any talk with the contact, one that we dialled, or only a person's word")
        .one_of(kDoneBy),
    TASK_TERM_FIELDS)

namespace {

class PromiseTag final : public hookline::TaskRule<Settings> {
 public:
  void configured() override {
    if (settings().tags.empty())
      throw hookline::Failure(HKL_BAD_SETTINGS, "tags: name at least one tag that means a promise");
    terms_.emplace(settings(), host(), "Выполнить обещание", "Keep the promise");
  }

  std::vector<Task> review(const hkl_timeline& timeline) override {
    std::vector<Task> tasks;
    for (std::uint64_t i = 0; i < timeline.touch_count; ++i) {
      const auto& touch = *timeline.touches[i];
      if (touch.is_history != 0 || touch.is_over == 0) continue;
      if (const auto tag = promised_by(touch); !tag.empty())
        terms_->give(tasks, task_of(touch, tag, timeline), timeline);
    }
    return tasks;
  }

 private:
  std::string_view promised_by(const hkl_touch& touch) const {
    for (std::uint64_t i = 0; i < touch.tags.count; ++i)
      for (const auto& tag : settings().tags)
        if (view(touch.tags.items[i]) == tag) return tag;
    return {};
  }

  Task task_of(const hkl_touch& touch, std::string_view tag, const hkl_timeline& timeline) const {
    const auto assignee = terms_->assignee(touch);
    Task task;
    task.call = view(touch.call);
    task.key = task.call.empty() ? std::string(view(touch.inquiry)) : task.call;
    task.kind = "promise";
    task.title = terms_->title(touch, timeline.contact);
    task.lead = view(touch.lead);
    task.assignee = assignee.employee;
    task.created_at_ms = task_terms::end_of(touch);
    task.deadline_at_ms = terms_->deadline_after(task.created_at_ms);
    if (settings().done_by != "hand")
      task_terms::complete_by(
          task, task_terms::first_talk_since(timeline, task.created_at_ms, settings().done_by == "our_call"));
    task_terms::take_what_was_said(task, task_terms::told_of(timeline, task.key));
    task.why = task.key + " has the tag \"" + std::string(tag) + "\"";
    if (!assignee.employee.empty()) task.why += "; given to " + assignee.employee + ", " + assignee.why;
    return task;
  }

  std::optional<task_terms::Terms> terms_;
};

}  // namespace

HOOKLINE_PLUGIN(PromiseTag, {"promise-tag", "1.0.0", "Hookline", "Apache-2.0",
                             "Keeps what was promised on the phone: a tag on a call becomes a task"})
