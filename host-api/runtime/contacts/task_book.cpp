#include "contacts/task_book.h"

#include <fmt/format.h>

#include <algorithm>

#include "contacts/made_id.h"

namespace hkl {
namespace {

hkl_str view(const std::string& text) { return {text.data(), text.size()}; }

hkl_told_task view_of(const std::string& key, const TaskRecord& task) {
  hkl_told_task out{};
  out.struct_size = sizeof out;
  out.state = static_cast<std::uint32_t>(task.state);
  out.key = view(key);
  out.assignee = view(task.assignee);
  out.done_by = view(task.done_by);
  out.deadline_at_ms = abi_of(task.deadline_at);
  out.done_at_ms = abi_of(task.done_at);
  return out;
}

// What was said stands, what it leaves open is the rule's. A task that was only
// moved or given to somebody is still done by the call that answers it.
TaskRecord said_above(const TaskRecord& said, const TaskRecord& asked) {
  TaskRecord task = said;
  const std::pair<std::string*, const std::string*> texts[] = {
      {&task.kind, &asked.kind},      {&task.rule, &asked.rule}, {&task.title, &asked.title},
      {&task.lead, &asked.lead},      {&task.call, &asked.call}, {&task.assignee, &asked.assignee},
      {&task.done_by, &asked.done_by}};
  for (const auto& [to, from] : texts)
    if (to->empty()) *to = *from;
  if (!task.created_at) task.created_at = asked.created_at;
  if (!task.deadline_at) task.deadline_at = asked.deadline_at;
  if (!task.done_at) task.done_at = asked.done_at;
  if (said.state == TaskState::open) {
    task.state = asked.state;
    task.done_at = asked.done_at;
    task.done_by = asked.done_by;
    task.done_call = asked.done_call;
  }
  task.contact = asked.contact;
  task.more_calls = asked.more_calls;  // grows after the CRM saw it
  task.key = asked.key;
  task.why = asked.why;
  return task;
}

}  // namespace

TaskBook::TaskBook(const ContactInput& input, const std::set<std::string>& history_calls,
                   std::vector<std::string>& faults)
    : input_(input), history_calls_(history_calls), faults_(faults) {
  for (const auto& task : input.told_tasks) told_.push_back(&task);
  std::sort(told_.begin(), told_.end(), [](const TaskRecord* a, const TaskRecord* b) { return a->id < b->id; });
}

const TaskRecord* TaskBook::told_under(const std::string& id) const {
  const auto found = std::find_if(told_.begin(), told_.end(), [&](const TaskRecord* task) { return task->id == id; });
  return found == told_.end() ? nullptr : *found;
}

const TaskRecord* TaskBook::kept_under(const std::string& id) const {
  for (const auto& task : input_.kept_tasks)
    if (task.id == id) return &task;
  return nullptr;
}

// A record tells no key: what was delivered under its id has one, and most
// rules name a task by its call. The rest is found when the rule names it.
TaskBook::ToldByKey TaskBook::told_of(const std::string& rule) const {
  ToldByKey told;
  for (const auto* task : told_) {
    const auto* kept = kept_under(task->id);
    if (task->rule != rule && (kept == nullptr || kept->rule != rule)) continue;
    const auto& key = kept != nullptr ? kept->key : task->call;
    if (!key.empty()) told.emplace(key, task);
  }
  return told;
}

// An id that was delivered stays.
void TaskBook::settle(TaskRecord& task, const std::string& rule) const {
  task.rule = rule;
  task.contact = input_.contact.id;
  task.id = made_id("t", rule + "/" + task.key);
  for (const auto& kept : input_.kept_tasks)
    if (kept.rule == rule && kept.key == task.key) task.id = kept.id;
}

void TaskBook::ask(TaskRule& rule, hkl_timeline timeline) {
  auto told = told_of(rule.id());
  // Each round knows of one more task that somebody spoke of, so it ends.
  for (bool is_final = false; !is_final;) {
    std::vector<hkl_told_task> views;
    for (const auto& [key, task] : told) views.push_back(view_of(key, *task));
    std::vector<const hkl_told_task*> list;
    list.reserve(views.size());
    for (const auto& one : views) list.push_back(&one);
    timeline.told = list.data();
    timeline.told_count = list.size();
    auto asked = rule.review(timeline);
    if (!asked) {
      faults_.push_back(fmt::format("contact {}: {}", input_.contact.id, asked.error().text));
      return;
    }
    is_final = true;
    for (auto& task : *asked) {
      settle(task, rule.id());
      const auto* said = told_under(task.id);
      if (said != nullptr && told.emplace(task.key, said).second) is_final = false;
    }
    if (is_final) add(std::move(*asked));
  }
  answered_.insert(rule.id());
}

void TaskBook::add(std::vector<TaskRecord> asked) {
  for (auto& task : asked) {
    if (history_calls_.contains(task.call)) continue;
    auto id = task.id;
    tasks_.emplace(std::move(id), std::move(task));
  }
}

std::vector<TaskRecord> TaskBook::take(std::set<std::string>& fixed) {
  for (const auto& kept : input_.kept_tasks) {
    if (tasks_.contains(kept.id)) continue;
    auto task = kept;
    const bool is_open_unasked = answered_.contains(kept.rule) && task.state == TaskState::open;
    const bool stays = input_.keeps_delivered || input_.fixed.contains(kept.id);
    if (is_open_unasked && stays) fixed.insert(kept.id);
    if (is_open_unasked && !stays) task.state = TaskState::cancelled;
    tasks_.emplace(kept.id, std::move(task));
  }
  for (const auto* said : told_) {
    const auto asked = tasks_.find(said->id);
    if (asked == tasks_.end()) {
      tasks_.emplace(said->id, *said);
    } else {
      asked->second = said_above(*said, asked->second);
    }
  }
  std::vector<TaskRecord> tasks;
  for (auto& [id, task] : tasks_) tasks.push_back(std::move(task));
  return tasks;
}

}  // namespace hkl
