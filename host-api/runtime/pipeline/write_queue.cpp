#include "pipeline/write_queue.h"

#include <algorithm>
#include <utility>

namespace hkl {
namespace {

// Enough to share one sync among many, few enough that a commit stays short.
constexpr std::size_t kEventsOfACommit = 20000;
// While somebody waits for what comes from a line, and for as many batches after that: a twentieth of a second each, so
// that nobody waits for much more.
constexpr std::size_t kEventsBesideALine = 2500;
constexpr int kBatchesBesideALine = 100;
// About 30 MB of events, and as much that waits to be freed; then the sides wait.
constexpr std::size_t kQueuedAtMost = 20000;
constexpr std::size_t kJoinsAtMost = 20000;  // of each half: those of some ten thousand calls, five megabytes

// Of an event that tells that two references are one call; empty for all else.
std::string join_told(const Event& event) {
  return event.kind == HKL_EVENT_REFS_JOINED ? event.source + '\n' + event.event_id : std::string();
}

// Rows of the store may be changed by it in any way.
bool is_of_other_hands(const WriteQueue::Item& item) {
  return std::holds_alternative<WriteQueue::Work>(item) || std::holds_alternative<WriteQueue::Change>(item);
}

std::size_t weight_of(const WriteQueue::Item& item) {
  if (const auto* events = std::get_if<WriteQueue::Events>(&item)) return events->events.size();
  if (const auto* records = std::get_if<WriteQueue::Records>(&item)) return records->records.size();
  return 1;
}

}  // namespace

bool WriteQueue::is_waited_for(const Item& item) {
  return std::holds_alternative<Barrier>(item) || std::holds_alternative<Work>(item);
}

void WriteQueue::StoredJoins::add(std::unordered_set<std::string>&& joins) {
  if (young_.size() >= kJoinsAtMost) old_ = std::exchange(young_, {});
  young_.merge(joins);
}

void WriteQueue::StoredJoins::clear() {
  young_.clear();
  old_.clear();
}

void WriteQueue::Lane::take(Batch& into, std::size_t most) {
  into.reserve(into.size() + items.size());
  std::size_t taken = 0;
  while (!items.empty() && taken < most) {
    if (std::holds_alternative<Work>(items.front()) && !into.empty()) break;
    taken += weight_of(items.front());
    into.push_back(std::move(items.front()));
    items.pop_front();
  }
  weight -= taken;
  taken_joins = std::exchange(joins, {});
  if (!items.empty()) taken_joins.clear();
}

Done WriteQueue::push(Item item, Writer::From from, Writer::Patience patience) {
  const auto size = weight_of(item);
  std::unique_lock lock(mutex_);
  auto& into = lane(from);
  const auto may_go_on = [&] { return into.weight < kQueuedAtMost || is_ending_; };
  if (patience == Writer::Patience::none && !may_go_on())
    return fail(HKL_RESOURCE, broken_ ? broken_->text : "more comes in than is stored; the queue is full");
  made_room_.wait(lock, [&] { return may_go_on() || (patience != Writer::Patience::endless && broken_); });
  if (is_ending_) return fail(HKL_CANCELLED, "the runtime is stopping");
  if (!may_go_on()) return fail(*broken_);
  if (const auto* events = std::get_if<Events>(&item))
    for (const auto& event : events->events)
      if (auto join = join_told(event); !join.empty()) into.joins.insert(std::move(join));
  into.items.push_back(std::move(item));
  into.weight += size;
  const auto old = std::exchange(to_free_, {});
  lock.unlock();
  arrived_.notify_one();
  return {};
}

void WriteQueue::post(Change change) {
  {
    const std::lock_guard lock(mutex_);
    auto& into = lane(Writer::From::files);
    into.items.push_back(std::move(change));
    ++into.weight;
  }
  arrived_.notify_one();
}

// Half of what comes. What is told in the queue already is stored, or not, with what is there.
void WriteQueue::drop_told(std::vector<Event>& events, Writer::From from) {
  std::unordered_set<std::string> here;
  const std::lock_guard lock(mutex_);
  const auto& queued = lane(from).joins;
  std::erase_if(events, [&](const Event& event) {
    const auto join = join_told(event);
    return !join.empty() && (queued.contains(join) || stored_joins_.has(join) || !here.insert(join).second);
  });
}

void WriteQueue::end() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  arrived_.notify_all();
  made_room_.notify_all();
}

std::optional<WriteQueue::Batch> WriteQueue::next_batch(std::optional<Millis> patience) {
  std::unique_lock lock(mutex_);
  is_busy_ = false;
  if (is_nothing_there()) {  // nobody comes: there is time
    auto old = std::exchange(to_free_, {});
    lock.unlock();
    old.clear();
    lock.lock();
  }
  const auto is_called = [&] { return !is_nothing_there() || is_ending_; };
  if (patience) {
    arrived_.wait_for(lock, *patience, is_called);
  } else {
    arrived_.wait(lock, is_called);
  }
  is_busy_ = true;
  if (is_nothing_there() && is_ending_) return std::nullopt;
  auto &line = lane(Writer::From::line), &files = lane(Writer::From::files);
  const bool is_work = !files.items.empty() && std::holds_alternative<Work>(files.items.front());
  Batch batch;
  if (is_work && (line.items.empty() || is_work_next_)) {
    is_work_next_ = false;
    files.take(batch, 1);
  } else {
    if (!line.items.empty()) batches_beside_a_line_ = kBatchesBesideALine;
    line.take(batch, line.weight);
    is_work_next_ = is_work;
    files.take(batch, batches_beside_a_line_ > 0 ? kEventsBesideALine : kEventsOfACommit);
    if (batches_beside_a_line_ > 0) --batches_beside_a_line_;
  }
  lock.unlock();
  made_room_.notify_all();
  return batch;
}

void WriteQueue::note(const Batch& batch, const Done& result) {
  {
    const std::lock_guard lock(mutex_);
    // A full disk may have room again: the next flush finds out.
    broken_ = result ? std::nullopt : std::optional(result.error());
    // Work and changes by other hands may touch what joins are known by.
    const bool are_known = result && std::none_of(batch.begin(), batch.end(), is_of_other_hands);
    if (!are_known) stored_joins_.clear();
    for (auto& one : lanes_) {
      auto joins = std::exchange(one.taken_joins, {});
      if (are_known) stored_joins_.add(std::move(joins));
    }
  }
  if (!result) made_room_.notify_all();  // who is not patient gives up
}

void WriteQueue::done(Batch batch) {
  const std::lock_guard lock(mutex_);
  to_free_.swap(batch);  // what nobody took goes after the lock
}

void WriteQueue::keep_for_later(Batch& batch, const Error& why) {
  std::unique_lock lock(mutex_);
  auto& first = lane(Writer::From::line);
  for (auto item = batch.rbegin(); item != batch.rend(); ++item) {
    if (is_waited_for(*item)) continue;
    first.weight += weight_of(*item);
    first.items.push_front(std::move(*item));
  }
  // Whoever waits behind it waits for what does not come: told now.
  for (auto& one : lanes_)
    one.weight -= std::erase_if(one.items, [&](Item& item) {
      if (auto* barrier = std::get_if<Barrier>(&item)) barrier->reached->set_value(fail(why));
      if (auto* work = std::get_if<Work>(&item)) work->finished->set_value(fail(why));
      return is_waited_for(item);
    });
  arrived_.wait_for(lock, std::chrono::seconds(1), [&] { return is_ending_; });
  if (!is_ending_) return;
  // The process is leaving and the store takes nothing: what waits was never
  // acknowledged to anybody.
  for (auto& one : lanes_) {
    std::erase_if(one.items, [](const Item& item) { return !is_waited_for(item); });
    one.weight = one.items.size();
  }
}

Done WriteQueue::trouble() const {
  const std::lock_guard lock(mutex_);
  if (broken_) return fail(*broken_);
  return {};
}

bool WriteQueue::is_empty() const {
  const std::lock_guard lock(mutex_);
  return is_nothing_there();
}

bool WriteQueue::is_quiet() const {
  const std::lock_guard lock(mutex_);
  return is_nothing_there() && !is_busy_ && !broken_;
}

std::uint64_t WriteQueue::weight() const {
  const std::lock_guard lock(mutex_);
  return lanes_[0].weight + lanes_[1].weight;
}

}  // namespace hkl
