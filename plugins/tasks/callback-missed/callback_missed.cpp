// Asks for a call back after a missed call (metrics §5.4).
#include "episodes.h"
#include "hookline/sdk/plugin.h"

namespace {

using callback_missed::Episode;
using hookline::Task;
using hookline::view;

constexpr std::string_view kByTheClock = "none";
constexpr std::string_view kLanguages[] = {"ru", "en"};

struct Settings {
  hookline::Duration deadline{std::int64_t{4} * 60 * 60 * 1000};
  std::string_view working_hours = kByTheClock;
  std::string_view language = "ru";
};

}  // namespace

HOOKLINE_SETTINGS(
    Settings,
    HOOKLINE_FIELD(deadline, "Time to call back, from the end of the missed call; fractions such as 1.5h are allowed")
        .positive(),
    HOOKLINE_FIELD(working_hours, "A calendar of the config whose open time alone counts; none: time by the clock"),
    HOOKLINE_FIELD(language, "Language of the task's title").one_of(kLanguages))

namespace {

// Whom a task is given to, and why.
struct Assignee {
  std::string employee, why;
};

std::string text(const hkl_str& words) { return std::string(view(words)); }

// The one who answers for the open lead; else whose phone rang last, unless
// several rang together (the host's credit says so); else who is on duty.
Assignee assignee_of(const hkl_touch& miss) {
  if (!view(miss.responsible).empty()) return {text(miss.responsible), "responsible for the open lead"};
  if (!view(miss.employee).empty()) return {text(miss.employee), "whose phone rang last"};
  if (miss.duty.count > 0) return {text(miss.duty.items[0]), "on duty for the queue " + text(miss.queue)};
  return {};
}

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
  void configured() override {
    if (settings().deadline.ms <= 0)
      throw hookline::Failure(HKL_BAD_SETTINGS, "deadline: has to be longer than nothing, such as 4h");
    if (settings().working_hours != kByTheClock) check_calendar();
  }

  std::vector<Task> review(const hkl_timeline& timeline) override {
    std::vector<Task> tasks;
    if (view(timeline.contact->id).empty()) return tasks;  // nobody to call back
    for (const auto& episode : callback_missed::episodes_of(timeline)) tasks.push_back(task_of(episode));
    return tasks;
  }

 private:
  // Found when the config is checked, not when the first call is missed.
  void check_calendar() const {
    const auto id = std::string(settings().working_hours);
    const auto* calendars = host().find<hkl_host_calendar>(HKL_HOST_CALENDAR_V1);
    if (calendars == nullptr)
      throw hookline::Failure(HKL_BAD_SETTINGS, "working_hours: this host has no calendars; take none");
    std::uint32_t is_open = 0;
    if (calendars->is_open(host().get(), hookline::str(id), 0, &is_open) == HKL_NOT_FOUND)
      throw hookline::Failure(HKL_BAD_SETTINGS, "working_hours: there is no calendar \"" + id +
                                                    "\"; take one of the config's calendars, or none");
  }

  std::int64_t deadline_after(std::int64_t at_ms) const {
    if (settings().working_hours == kByTheClock) return at_ms + settings().deadline.ms;
    return host().add_open(settings().working_hours, at_ms, settings().deadline.ms);
  }

  Task task_of(const Episode& episode) const {
    const auto& first = episode.first();
    const auto assignee = assignee_of(first);
    Task task;
    task.key = task.call = text(first.call);
    task.kind = "callback";
    task.title = settings().language == "en" ? "Call back" : "Перезвонить";
    task.lead = text(first.lead);
    for (const auto* miss : episode.misses)
      if (miss != &first) task.more_calls.push_back(text(miss->call));
    task.assignee = assignee.employee;
    task.created_at_ms = episode.created_at_ms;
    task.deadline_at_ms = deadline_after(episode.created_at_ms);
    if (episode.talk != nullptr) {
      task.state = HKL_TASK_DONE;
      task.done_at_ms = episode.talk->answered_at_ms;
      task.done_by = text(episode.talk->employee);
      task.done_call = text(episode.talk->call);
    }
    if (episode.told != nullptr) take_what_was_said(episode, task);
    task.why = why_of(episode, task, assignee);
    return task;
  }

  // It stands above the rule (metrics §5.4: closing by hand counts as done).
  static void take_what_was_said(const Episode& episode, Task& task) {
    const auto& told = *episode.told;
    if (!view(told.assignee).empty()) task.assignee = text(told.assignee);
    if (told.deadline_at_ms >= task.created_at_ms) task.deadline_at_ms = told.deadline_at_ms;
    const auto closed_at = callback_missed::closed_by_hand_at(episode);
    if (closed_at == HKL_UNKNOWN_MS) return;
    task.state = told.state;
    task.done_at_ms = closed_at;
    task.done_by = text(told.done_by);
    task.done_call.clear();
  }
};

}  // namespace

HOOKLINE_PLUGIN(CallbackMissed, {"callback-missed", "1.0.0", "Hookline", "Apache-2.0",
                                 "Asks for a call back after a missed call, with a deadline"})
