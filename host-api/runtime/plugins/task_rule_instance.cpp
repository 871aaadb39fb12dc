#include <fmt/format.h>

#include <set>

#include "plugins/instance.h"
#include "plugins/sized.h"
#include "plugins/texts.h"

namespace hkl {
namespace {

constexpr std::uint64_t kMostCalls = 100000;

Result<TaskRecord> copy_task(const hkl_task& given) {
  TaskRecord out;
  const std::tuple<hkl_str, const char*, std::string*> texts[] = {
      {given.key, "a task's key", &out.key},
      {given.kind, "a task's kind", &out.kind},
      {given.title, "a task's title", &out.title},
      {given.call, "a task's call", &out.call},
      {given.lead, "a task's lead", &out.lead},
      {given.assignee, "a task's assignee", &out.assignee},
      {given.done_by, "a task's done_by", &out.done_by},
      {given.done_call, "a task's done_call", &out.done_call},
      {given.why, "a task's why", &out.why}};
  for (const auto& [text, name, member] : texts) {
    auto taken = take_text(text, name);
    if (!taken) return fail(taken.error());
    *member = std::move(*taken);
  }
  if (given.more_calls.count > kMostCalls || (given.more_calls.count > 0 && given.more_calls.items == nullptr)) {
    return fail(HKL_INVALID, fmt::format("a task's more_calls are no list: {} of them", given.more_calls.count));
  }
  for (std::uint64_t i = 0; i < given.more_calls.count; ++i) {
    auto call = take_text(given.more_calls.items[i], "a task's more_calls");
    if (!call) return fail(call.error());
    out.more_calls.push_back(std::move(*call));
  }
  out.created_at = instant_of_abi(given.created_at_ms);
  out.deadline_at = instant_of_abi(given.deadline_at_ms);
  out.done_at = instant_of_abi(given.done_at_ms);
  out.state = given.state <= HKL_TASK_CANCELLED ? static_cast<TaskState>(given.state) : TaskState::unknown;
  return out;
}

Done judge_task(const TaskRecord& task) {
  if (task.key.empty()) return fail(HKL_INVALID, "a task has no key");
  const auto refuse = [&](const std::string& why) {
    return fail(HKL_INVALID, fmt::format("the task \"{}\" {}", task.key, why));
  };
  if (task.kind.empty()) return refuse("has no kind");
  if (task.state == TaskState::unknown) return refuse("is neither open, done nor cancelled");
  if (!task.created_at) return refuse("has no created_at");
  if (task.deadline_at && *task.deadline_at < *task.created_at) {
    return refuse(fmt::format("has its deadline {} before its creation {}", iso_utc(*task.deadline_at),
                              iso_utc(*task.created_at)));
  }
  if (task.state == TaskState::done && !task.done_at) return refuse("is done and has no done_at");
  if (task.done_at && *task.done_at < *task.created_at) {
    return refuse(
        fmt::format("is done at {}, before its creation {}", iso_utc(*task.done_at), iso_utc(*task.created_at)));
  }
  return {};
}

// What one review collects. It lies in the instance and not on the stack, so
// that a plugin that keeps the sink is answered and not obeyed.
struct Review {
  bool is_open = false;
  std::vector<TaskRecord> tasks;
  std::set<std::string> keys;
  std::string fault;  // the first

  Done add(const hkl_task* given) {
    const auto taken = take_struct(given);
    if (!taken) return fail(taken.error().in("hkl_task"));
    auto task = copy_task(*taken);
    if (!task) return fail(task.error());
    if (auto judged = judge_task(*task); !judged) return judged;
    if (!keys.insert(task->key).second) {
      return fail(HKL_INVALID, fmt::format("two tasks have the key \"{}\"", task->key));
    }
    tasks.push_back(std::move(*task));
    return {};
  }
};

hkl_status take_task(void* user, const hkl_task* given, hkl_error* err) noexcept {
  auto& review = *static_cast<Review*>(user);
  if (!review.is_open) return HKL_CANCELLED;
  try {
    const auto added = review.add(given);
    if (added) return HKL_OK;
    if (review.fault.empty()) review.fault = added.error().text;
    give_error(err, added.error().status, added.error().text);
    return added.error().status;
  } catch (const std::exception&) {
    return HKL_RESOURCE;
  }
}

class TaskRuleInstance final : public TaskRule {
 public:
  explicit TaskRuleInstance(std::unique_ptr<Instance> instance)
      : instance_(std::move(instance)), table_(instance_->find<hkl_task_rule>(HKL_TASK_RULE_V1)) {}

  const std::string& id() const override { return instance_->id(); }

  // One illegal task spoils the whole answer: without it the others would look
  // like all there are, and a task that stands would be taken back.
  Result<std::vector<TaskRecord>> review(const hkl_timeline& timeline) override {
    review_ = Review{.is_open = true};
    const auto done = instance_->call(
        "review", [&](hkl_instance* self, hkl_error* err) { return table_->review(self, &timeline, &sink_, err); });
    review_.is_open = false;
    if (!review_.fault.empty()) return instance_->fault(review_.fault);
    if (!done) return fail(done.error());
    return std::move(review_.tasks);
  }

 private:
  Review review_;
  hkl_task_sink sink_{sizeof(hkl_task_sink), 0, &review_, take_task};
  std::unique_ptr<Instance> instance_;  // dies before what it may still call
  const hkl_task_rule* table_;
};

}  // namespace

Result<std::unique_ptr<TaskRule>> make_task_rule(std::shared_ptr<PluginFile> file, InstanceEntry entry) {
  auto instance = Instance::begin(std::move(file), std::move(entry), HKL_TASK_RULE_V1, Instance::Until::started);
  if (!instance) return fail(instance.error());
  return std::make_unique<TaskRuleInstance>(std::move(*instance));
}

}  // namespace hkl
