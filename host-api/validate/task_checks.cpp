// K: which tasks a rule asks for.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "judging.h"
#include "services/zone.h"

namespace hkl::validate {
namespace {

constexpr const char* kZone = kOfficeZone;  // of the usual clock changes

bool is_rule(const Candidate& candidate) { return kind_of(note_of(candidate)) == HKL_TASK_RULE_V1; }

Result<std::unique_ptr<TaskRule>> rule_of(const Candidate& candidate, const std::string& settings) {
  auto entry = entry_for(candidate, settings);
  entry.surroundings.timezone = kZone;
  return make_task_rule(opened(candidate), std::move(entry));
}

// The settings once more, by the working hours of a calendar; "": the rule has
// no setting under the names that the shipped ones know it by.
std::string settings_with_calendar(const Candidate& candidate) {
  const auto schema = schema_of(candidate);
  auto settings = nlohmann::json::parse(sample_settings(candidate));
  for (const char* name : {"working_hours", "calendar"}) {
    if (!schema.contains("properties") || !schema["properties"].contains(name)) continue;
    settings[name] = kOffice;
    return settings.dump();
  }
  return {};
}

Result<std::vector<TaskRecord>> reviewed(TaskRule& rule, const Story& story) {
  Inputs inputs(Inputs::Place::together);
  const auto* timeline = story.timeline(inputs);
  inputs.hand_over();
  return rule.review(*timeline);
}

// The usual story, moved so that it begins at that moment.
Story story_at(std::int64_t at_ms) {
  auto story = usual_story();
  const auto shift = at_ms - story.touches.front().at_ms;
  for (auto& touch : story.touches) touch.at_ms += shift;
  story.now_ms += shift;
  return story;
}

std::int64_t local_ms(std::int64_t at_ms) {
  const auto local = to_local(instant_of(at_ms), kZone);
  return local ? at_ms + std::int64_t{local->offset_s} * 1000 : at_ms;
}

// How long after its cause each deadline lies, in time that passed and by the
// clock on the wall; and how long, by that clock, after the story's beginning:
// whatever the hour of its cause, a task of Saturday night is due on Monday at
// ten.
struct Span {
  std::string key;
  std::int64_t passed_ms, on_the_wall_ms, from_the_beginning_ms;
};

std::vector<Span> spans_of(const std::vector<TaskRecord>& tasks, std::int64_t beginning_ms) {
  std::vector<Span> out;
  for (const auto& task : tasks) {
    if (!task.deadline_at || !task.created_at) continue;
    const auto from = ms_of(*task.created_at), to = ms_of(*task.deadline_at);
    out.push_back({task.key, to - from, local_ms(to) - local_ms(from), local_ms(to) - local_ms(beginning_ms)});
  }
  return out;
}

struct Date {
  const char* what;
  LocalTime at;
};

// Each with a quiet day of the same weekday to compare it with.
constexpr LocalTime noon(int year, int month, int day) { return {year, month, day, 12, 0, 0, 0}; }
const std::vector<std::pair<Date, LocalTime>>& dates() {
  static const std::vector<std::pair<Date, LocalTime>> all = {
      {{"the eve of the change to summer", {2026, 3, 28, 23, 30, 0, 0}}, {2026, 1, 17, 23, 30, 0, 0}},
      {{"the day of the change to summer", {2026, 3, 29, 1, 30, 0, 0}}, {2026, 1, 18, 1, 30, 0, 0}},
      {{"summer", noon(2026, 7, 14)}, noon(2026, 1, 13)},
      {{"the eve of the change to winter", {2026, 10, 24, 23, 30, 0, 0}}, {2026, 1, 17, 23, 30, 0, 0}},
      {{"the day of the change to winter", {2026, 10, 25, 1, 30, 0, 0}}, {2026, 1, 18, 1, 30, 0, 0}},
      {{"midnight", {2026, 1, 15, 0, 0, 0, 0}}, {2026, 1, 22, 0, 0, 0, 0}},
      {{"the end of a month", {2026, 1, 31, 23, 59, 0, 0}}, {2026, 1, 17, 23, 59, 0, 0}},
      {{"the end of a leap day", {2028, 2, 29, 23, 59, 0, 0}}, {2026, 1, 13, 23, 59, 0, 0}},
      {{"the end of a year", {2026, 12, 31, 23, 59, 0, 0}}, {2026, 1, 15, 23, 59, 0, 0}}};
  return all;
}

// An hour off by every measure is what a forgotten clock change does.
std::string hour_off(const std::vector<Span>& usual, const std::vector<Span>& there) {
  constexpr std::int64_t kHour = 3600 * 1000;
  for (std::size_t i = 0; i < std::min(usual.size(), there.size()); ++i) {
    const auto passed = there[i].passed_ms - usual[i].passed_ms;
    const auto on_the_wall = there[i].on_the_wall_ms - usual[i].on_the_wall_ms;
    if (passed == 0 || on_the_wall == 0 || usual[i].from_the_beginning_ms == there[i].from_the_beginning_ms) continue;
    if (std::abs(passed) != kHour && std::abs(on_the_wall) != kHour) continue;
    return fmt::format("the deadline of task \"{}\" is an hour off: {} ms after its cause, on a quiet day {} ms",
                       there[i].key, there[i].passed_ms, usual[i].passed_ms);
  }
  return {};
}

Outcome deadlines_are_right_by(TaskRule& rule) {
  for (const auto& [date, quiet] : dates()) {
    const auto at = to_utc(date.at, kZone), usual_at = to_utc(quiet, kZone);
    if (!at || !usual_at) return fails("the host's time zones are not there");
    const auto tasks = reviewed(rule, story_at(ms_of(*at)));
    if (!tasks) return fails(fmt::format("at {}: {}", date.what, tasks.error().text));
    const auto usual = reviewed(rule, story_at(ms_of(*usual_at)));
    if (!usual) return fails(usual.error().text);
    if (const auto fault = hour_off(spans_of(*usual, ms_of(*usual_at)), spans_of(*tasks, ms_of(*at))); !fault.empty())
      return fails(fmt::format("at {}: {}", date.what, fault));
  }
  return pass();
}

Outcome deadlines_are_right(const Candidate& candidate) {
  if (!is_rule(candidate)) return skips("not a task rule");
  const auto rule = rule_of(candidate, sample_settings(candidate));
  if (!rule) return skips("it does not start with these settings: " + rule.error().text);
  if (auto outcome = deadlines_are_right_by(**rule); outcome.verdict != Verdict::pass) return outcome;
  const auto with_calendar = settings_with_calendar(candidate);
  if (with_calendar.empty()) return pass();
  const auto other = rule_of(candidate, with_calendar);
  if (!other) return fails(fmt::format("with the calendar \"{}\" it does not start: {}", kOffice, other.error().text));
  auto outcome = deadlines_are_right_by(**other);
  if (outcome.verdict == Verdict::fail) outcome.text = "with a calendar, " + outcome.text;
  return outcome;
}

std::vector<std::string> shown(const std::vector<TaskRecord>& tasks) {
  std::vector<std::string> out;
  for (const auto& task : tasks)
    out.push_back(fmt::format("task \"{}\" of {} {}, state {}, deadline {}", task.key, task.kind, task.call,
                              static_cast<int>(task.state), task.deadline_at ? ms_of(*task.deadline_at) : 0));
  return out;
}

Outcome keys_are_stable(const Candidate& candidate) {
  if (!is_rule(candidate)) return skips("not a task rule");
  const auto rule = rule_of(candidate, sample_settings(candidate));
  if (!rule) return skips("it does not start with these settings: " + rule.error().text);
  const auto story = usual_story();
  const auto first = reviewed(**rule, story), again = reviewed(**rule, story);
  if (!first || !again) return fails((first ? again : first).error().text);
  if (auto fault = first_difference(shown(*first), shown(*again), "at first", "when asked again"); !fault.empty())
    return fails(std::move(fault));
  // A fact that is taken back takes its tasks with it: the rule remembers none.
  auto shorter = story;
  shorter.touches.clear();
  const auto without = reviewed(**rule, shorter);
  if (!without) return fails("of a contact without a history: " + without.error().text);
  if (!without->empty())
    return fails(fmt::format("of a contact without a history it still asks for \"{}\"", without->front().key));
  const auto back = reviewed(**rule, story);
  if (!back) return fails(back.error().text);
  auto fault = first_difference(shown(*first), shown(*back), "at first", "when the facts were gone and came back");
  return fault.empty() ? pass() : fails(std::move(fault));
}

}  // namespace

std::vector<Check> task_checks() {
  return {
      {"K01", Level::standard, "no deadline before its cause, nor an hour off", "R6", {"I01"}, deadlines_are_right},
      {"K02", Level::standard, "the same facts ask for the same tasks", "R10", {"I01"}, keys_are_stable},
  };
}

}  // namespace hkl::validate
