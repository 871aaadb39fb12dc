// The terms of a task: until when, by whose hand, under which title. One
// vocabulary for all rules, so that an admin learns it once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hookline/facts.h"
#include "hookline/sdk/host.h"
#include "hookline/sdk/settings.h"
#include "hookline/sdk/task_rule.h"

namespace task_terms {

constexpr std::string_view kByTheClock = "none";
constexpr std::string_view kLanguages[] = {"ru", "en"};
// Whom a task is given to, tried in order.
constexpr std::string_view kAssignees[] = {"responsible", "employee", "last_employee", "duty"};
// What a title may name.
constexpr std::string_view kPlaceholders[] = {"client", "number", "line", "employee", "rating", "queue"};

constexpr std::string_view kMissedCallAssignees[] = {"responsible", "employee", "duty"};
constexpr std::string_view kTalkAssignees[] = {"responsible", "last_employee", "duty"};

struct TermSettings {
  hookline::Duration deadline{std::int64_t{4} * 60 * 60 * 1000};
  std::string_view working_hours = kByTheClock;
  std::string_view language = "ru";
  std::string_view title;
  hookline::Texts assignee{kTalkAssignees, std::size(kTalkAssignees)};
  std::string_view given_to;
  std::string_view escalate_to;
  hookline::Duration escalate_after{0};
};

// In HOOKLINE_SETTINGS of a struct that inherits TermSettings.
#define TASK_TERM_FIELDS                                                                                               \
  HOOKLINE_FIELD(deadline, "Time to do it, from its beginning; fractions such as 1.5h are allowed").positive(),        \
      HOOKLINE_FIELD(working_hours, "A calendar of the config whose open time alone counts; none: time by the clock"), \
      HOOKLINE_FIELD(language, "Language of the task's title").one_of(task_terms::kLanguages),                         \
      HOOKLINE_FIELD(title,                                                                                            \
                     "The task's title, in place of the rule's own; may name {client}, {number}, {line}, "             \
                     "{employee}, {rating} and {queue}")                                                               \
          .placeholders_of(task_terms::kPlaceholders),                                                                 \
      HOOKLINE_FIELD(assignee,                                                                                         \
                     "Whom it is given to, the first who is there: the one responsible for the open lead, "            \
                     "the call's employee, the one who spoke last, who is on duty for the queue")                      \
          .one_of(task_terms::kAssignees),                                                                             \
      HOOKLINE_FIELD(given_to, "An employee who gets every task of this rule; empty: as `assignee` says"),             \
      HOOKLINE_FIELD(escalate_to,                                                                                      \
                     "An employee, such as the head, who gets a task of their own when one of this rule "              \
                     "was not done by its deadline; empty: nobody"),                                                   \
      HOOKLINE_FIELD(escalate_after, "How long after the deadline that is, in the same hours; 0s: at once")

struct Assignee {
  std::string employee;
  std::string why;  // "responsible for the open lead"
};

class Terms {
 public:
  // Throws Failure with HKL_BAD_SETTINGS where they cannot be kept: a calendar
  // that is not there, a title that names what is not known.
  Terms(const TermSettings& settings, const hookline::Host& host, std::string_view title_ru, std::string_view title_en);

  std::int64_t deadline_after(std::int64_t at_ms) const;
  // So much later, in the hours that count.
  std::int64_t after(std::int64_t at_ms, std::int64_t time_ms) const;
  // `contact` may be null.
  std::string title(const hkl_touch& touch, const hkl_contact* contact) const;
  Assignee assignee(const hkl_touch& touch) const;
  // Adds the task, and beside it one for whom it is escalated to where nobody
  // did it in time. Until then the host is asked to look again at that moment.
  // Of the timeline: its present moment, what was said of the escalation.
  void give(std::vector<hookline::Task>& tasks, const hookline::Task& task, const hkl_timeline& timeline) const;

 private:
  hookline::Duration deadline_, escalate_after_;
  std::string working_hours_, title_, given_to_, escalate_to_, late_;
  std::vector<std::string> steps_;
  const hookline::Host* host_;
};

}  // namespace task_terms
