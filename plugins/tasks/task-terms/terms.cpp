#include "terms.h"

#include <algorithm>
#include <optional>

#include "hookline/sdk/text.h"
#include "talks.h"

namespace task_terms {
namespace {

using hookline::Failure;
using hookline::view;

std::string text(const hkl_str& words) { return std::string(view(words)); }

// What a title's {word} stands for; nothing for a word that is not known.
std::optional<std::string> value_of(std::string_view word, const hkl_touch& touch, const hkl_contact* contact) {
  if (word == "client") {
    const auto name = contact == nullptr ? std::string() : text(contact->name);
    return name.empty() ? text(touch.number) : name;
  }
  if (word == "number") return text(touch.number);
  if (word == "line") return text(touch.line);
  if (word == "employee") return text(touch.employee);
  if (word == "rating") return touch.rating == 0 ? std::string() : std::to_string(touch.rating);
  if (word == "queue") return text(touch.queue);
  return std::nullopt;
}

std::string filled(std::string_view title, const hkl_touch& touch, const hkl_contact* contact) {
  std::string out;
  while (!title.empty()) {
    const auto open = title.find('{');
    out += title.substr(0, open);
    if (open == title.npos) break;
    const auto close = title.find('}', open);
    if (close == title.npos) throw Failure(HKL_BAD_SETTINGS, "title: \"{\" is not closed by \"}\"");
    const auto word = title.substr(open + 1, close - open - 1);
    auto value = value_of(word, touch, contact);
    if (!value)
      throw Failure(HKL_BAD_SETTINGS, "title: there is no \"{" + std::string(word) +
                                          "}\"; known: client, number, line, employee, rating, queue");
    out += *value;
    title.remove_prefix(close + 1);
  }
  return out;
}

void check_calendar(const hookline::Host& host, const std::string& id) {
  const auto* calendars = host.find<hkl_host_calendar>(HKL_HOST_CALENDAR_V1);
  if (calendars == nullptr) throw Failure(HKL_BAD_SETTINGS, "working_hours: this host has no calendars; take none");
  std::uint32_t is_open = 0;
  if (calendars->is_open(host.get(), hookline::str(id), 0, &is_open) == HKL_NOT_FOUND)
    throw Failure(HKL_BAD_SETTINGS,
                  "working_hours: there is no calendar \"" + id + "\"; take one of the config's calendars, or none");
}

}  // namespace

Terms::Terms(const TermSettings& settings, const hookline::Host& host, std::string_view title_ru,
             std::string_view title_en)
    : deadline_(settings.deadline),
      escalate_after_(settings.escalate_after),
      working_hours_(settings.working_hours),
      title_(!settings.title.empty()     ? settings.title
             : settings.language == "en" ? title_en
                                         : title_ru),
      given_to_(settings.given_to),
      escalate_to_(settings.escalate_to),
      late_(settings.language == "en" ? "Overdue: " : "Просрочено: "),
      host_(&host) {
  for (const auto& step : settings.assignee) {
    if (std::find(std::begin(kAssignees), std::end(kAssignees), step) == std::end(kAssignees))
      throw Failure(HKL_BAD_SETTINGS, "assignee: there is no \"" + std::string(step) +
                                          "\"; known: responsible, employee, last_employee, duty");
    steps_.emplace_back(step);
  }
  if (deadline_.ms <= 0) throw Failure(HKL_BAD_SETTINGS, "deadline: has to be longer than nothing, such as 4h");
  if (working_hours_ != kByTheClock) check_calendar(host, working_hours_);
  filled(title_, hkl_touch{}, nullptr);  // throws for what it does not know
}

std::int64_t Terms::after(std::int64_t at_ms, std::int64_t time_ms) const {
  if (working_hours_ == kByTheClock) return at_ms + time_ms;
  return host_->add_open(working_hours_, at_ms, time_ms);
}

std::int64_t Terms::deadline_after(std::int64_t at_ms) const { return after(at_ms, deadline_.ms); }

// A task of its own, and not the first one given to another: who has to answer
// for the delay is told once, and the one who has to do it still has it.
void Terms::give(std::vector<hookline::Task>& tasks, const hookline::Task& task, const hkl_timeline& timeline) const {
  tasks.push_back(task);
  if (escalate_to_.empty() || task.deadline_at_ms == HKL_UNKNOWN_MS) return;
  const auto at = escalate_after_.ms == 0 ? task.deadline_at_ms : after(task.deadline_at_ms, escalate_after_.ms);
  const bool is_open = task.state == HKL_TASK_OPEN;
  if (!is_open && task.done_at_ms <= at) return;
  if (is_open && timeline.now_ms < at) {
    host_->wake_at("escalate/" + task.key, at);
    return;
  }
  hookline::Task late = task;
  late.key += "/escalation";
  late.kind = "escalation";
  late.title = late_ + task.title;
  late.more_calls.clear();
  late.assignee = escalate_to_;
  late.created_at_ms = at;
  late.deadline_at_ms = deadline_after(at);
  late.why = "the task of " + task.key + " was not done by its deadline; escalated to " + escalate_to_;
  task_terms::take_what_was_said(late, task_terms::told_of(timeline, late.key));
  tasks.push_back(std::move(late));
}

std::string Terms::title(const hkl_touch& touch, const hkl_contact* contact) const {
  return filled(title_, touch, contact);
}

Assignee Terms::assignee(const hkl_touch& touch) const {
  if (!given_to_.empty()) return {given_to_, "who gets every task of this rule"};
  for (const auto& step : steps_) {
    Assignee found;
    if (step == "responsible") found = {text(touch.responsible), "responsible for the open lead"};
    if (step == "employee")
      found = {text(touch.employee),
               touch.answered_at_ms == HKL_UNKNOWN_MS ? "whose phone rang last" : "who answered first"};
    if (step == "last_employee") found = {text(touch.last_employee), "who spoke last"};
    if (step == "duty" && touch.duty.count > 0)
      found = {text(touch.duty.items[0]), "on duty for the queue " + text(touch.queue)};
    if (!found.employee.empty()) return found;
  }
  return {};
}

}  // namespace task_terms
