#include "pipeline/writer.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>
#include <variant>

#include "contacts/numbers.h"
#include "endpoints/gap_watch.h"
#include "pipeline/write_queue.h"

namespace hkl {

using namespace queued;

namespace {

// Enough to share one sync among many, few enough that a commit stays short.
constexpr std::size_t kEventsOfACommit = 20000;
// While somebody waits for what comes from a line, and for as many batches after that: a twentieth of a second each, so
// that nobody waits for much more.
constexpr std::size_t kEventsBesideALine = 2500;
constexpr int kBatchesBesideALine = 100;
// About 30 MB of events, and as much that waits to be freed; then the sides wait.
constexpr std::size_t kQueuedAtMost = 20000;

// Numbers of events are read by who brings them, which takes tens of microseconds for one that is new; folding then
// finds them known.
using ReadNumbers = std::function<void(const std::vector<Event>&)>;

std::shared_ptr<const ReadNumbers> number_reader(const DeriverParts& parts) {
  return std::make_shared<const ReadNumbers>(
      [own = parts.phone_region, of_pbx = parts.region_of_pbx](const std::vector<Event>& events) {
        for (const auto& event : events) {
          if (event.client.empty()) continue;
          const auto region = of_pbx.find(event.pbx);
          (void)normalise_number(event.client, region == of_pbx.end() ? own : region->second);
        }
      });
}

std::string heard_key(const std::string& source) { return "heard:" + source; }

// No source's name has a colon.
std::string mark_prefix(const std::string& source) { return "read:" + source + ":"; }

}  // namespace

struct Writer::State {
  State(Store& store, std::unique_ptr<Deriver> deriver, std::function<void(const Changes&)> changed,
        std::function<void(const Error&)> failed, std::function<Instant()> now)
      : store(store),
        deriver(std::move(deriver)),
        changed(std::move(changed)),
        failed(std::move(failed)),
        now(std::move(now)),
        read_numbers(number_reader(this->deriver->parts())) {}

  Store& store;
  std::unique_ptr<Deriver> deriver;
  std::function<void(const Changes&)> changed;
  std::function<void(const Error&)> failed;
  std::function<Instant()> now;
  std::optional<Instant> next_wake;  // of the writer's thread

  mutable std::mutex mutex;  // guards what is below, as far as `broken`
  std::condition_variable arrived, made_room;
  std::array<Queue, 2> queues;  // by From
  StoredJoins stored_joins;
  int batches_beside_a_line = 0;  // that are still to be short
  bool is_work_next = false;      // what came from the line before it is done
  std::shared_ptr<const ReadNumbers> read_numbers;
  std::vector<Item> stored;  // of the latest batch, to be freed by who comes next: that takes its time too
  bool is_ending = false, is_busy = false;
  std::optional<Error> broken;  // why the last commit failed

  std::atomic<std::uint64_t> duplicates{0};
  std::thread thread;

  void loop();
  std::optional<std::vector<Item>> next_batch();
  bool is_empty() const;
  Done commit(std::vector<Item>& items);
  void note_heard(const std::map<std::string, Instant>& heard);
  Done commit_one_by_one(std::vector<Item>& items);
  void keep_for_later(std::vector<Item>& items, const Error& why);
  void keep_to_free(std::vector<Item> items);
  void refresh_when_idle();
  void wait_for_work(std::unique_lock<std::mutex>& lock);
  void look_for_wakes();
  void wake_due();
  bool is_idle() const;
  Queue& queue_of(From from) { return queues[static_cast<std::size_t>(from)]; }
  Done push(Item item, From from, Patience patience);
  std::shared_ptr<const ReadNumbers> drop_told_joins(std::vector<Event>& events, From from);
  void note_joins(const std::vector<Item>& batch, bool is_stored);
};

Writer::Writer(Store& store, std::unique_ptr<Deriver> deriver, std::function<void(const Changes&)> changed,
               std::function<void(const Error&)> failed, std::function<Instant()> now)
    : state_(
          std::make_unique<State>(store, std::move(deriver), std::move(changed), std::move(failed), std::move(now))) {
  state_->thread = std::thread([this] { state_->loop(); });
}

Writer::~Writer() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->is_ending = true;
  }
  state_->arrived.notify_all();
  state_->made_room.notify_all();
  state_->thread.join();
}

Done Writer::State::push(Item item, From from, Patience patience) {
  const auto size = weight(item);
  std::unique_lock lock(mutex);
  auto& queue = queue_of(from);
  const auto may_go_on = [&] { return queue.weight < kQueuedAtMost || is_ending; };
  if (patience == Patience::none && !may_go_on())
    return fail(HKL_RESOURCE, broken ? broken->text : "more comes in than is stored; the queue is full");
  made_room.wait(lock, [&] { return may_go_on() || (patience != Patience::endless && broken); });
  if (is_ending) return fail(HKL_CANCELLED, "the runtime is stopping");
  if (!may_go_on()) return fail(*broken);
  if (const auto* events = std::get_if<Events>(&item))
    for (const auto& event : events->events)
      if (auto join = join_told(event); !join.empty()) queue.joins.insert(std::move(join));
  queue.items.push_back(std::move(item));
  queue.weight += size;
  const auto old = std::exchange(stored, {});
  lock.unlock();
  arrived.notify_one();
  return {};
}

// A PBX tells with every message which references are one call: half of what comes. What is told in the queue already
// is stored, or not, with what is there.
std::shared_ptr<const ReadNumbers> Writer::State::drop_told_joins(std::vector<Event>& events, From from) {
  std::unordered_set<std::string> here;
  const std::lock_guard lock(mutex);
  const auto& queued = queue_of(from).joins;
  std::erase_if(events, [&](const Event& event) {
    const auto join = join_told(event);
    return !join.empty() && (queued.contains(join) || stored_joins.has(join) || !here.insert(join).second);
  });
  return read_numbers;
}

// Work and changes by other hands may touch what they are known by.
void Writer::State::note_joins(const std::vector<Item>& batch, bool is_stored) {
  const std::lock_guard lock(mutex);
  const bool is_known = is_stored && std::none_of(batch.begin(), batch.end(), is_of_other_hands);
  if (!is_known) stored_joins.clear();
  for (auto& queue : queues) {
    auto joins = std::exchange(queue.taken_joins, {});
    if (is_known) stored_joins.add(std::move(joins));
  }
}

Done Writer::put(std::vector<Event> events, From from, Patience patience, std::shared_ptr<WriteTally> tally) {
  if (events.empty()) return {};
  const auto read_numbers = state_->drop_told_joins(events, from);
  if (events.empty()) return {};
  (*read_numbers)(events);
  auto made = prepared(events);
  return state_->push(Events{std::move(events), std::move(tally), std::move(made)}, from, patience);
}

Done Writer::put(std::vector<ToldRecord> records, std::shared_ptr<WriteTally> tally) {
  if (records.empty()) return {};
  return state_->push(Records{std::move(records), std::move(tally)}, From::files, Patience::while_it_stores);
}

Done Writer::mark(const std::string& source, const std::string& place, std::string value) {
  return state_->push(Mark{mark_prefix(source) + place, std::move(value)}, From::line, Patience::endless);
}

void Writer::post(std::function<void(Sql&)> change) {
  {
    const std::lock_guard lock(state_->mutex);
    auto& queue = state_->queue_of(From::files);
    queue.items.push_back(Change{std::move(change)});
    ++queue.weight;
  }
  state_->arrived.notify_one();
}

Done Writer::flush(From from) {
  auto reached = std::make_shared<std::promise<Done>>();
  auto result = reached->get_future();
  if (auto pushed = state_->push(Barrier{std::move(reached)}, from, Patience::while_it_stores); !pushed) return pushed;
  return result.get();
}

Done Writer::run(std::function<void(Deriver&, Sql&)> work) {
  auto finished = std::make_shared<std::promise<Done>>();
  auto result = finished->get_future();
  if (auto pushed =
          state_->push(Work{std::move(work), std::move(finished), {}}, From::files, Patience::while_it_stores);
      !pushed)
    return pushed;
  return result.get();
}

Done Writer::run_outside(std::function<Done(Store&)> work) {
  auto finished = std::make_shared<std::promise<Done>>();
  auto result = finished->get_future();
  if (auto pushed =
          state_->push(Work{{}, std::move(finished), std::move(work)}, From::files, Patience::while_it_stores);
      !pushed)
    return pushed;
  return result.get();
}

Done Writer::renew(DeriverParts parts) {
  // Work comes alone in its batch, so nothing is noted in the old one.
  return run([this, &parts](Deriver&, Sql&) {
    state_->deriver = std::make_unique<Deriver>(state_->store, std::move(parts));
    const std::lock_guard lock(state_->mutex);
    state_->read_numbers = number_reader(state_->deriver->parts());
  });
}

std::uint64_t Writer::duplicates() const { return state_->duplicates; }
Done Writer::trouble() const {
  const std::lock_guard lock(state_->mutex);
  if (state_->broken) return fail(*state_->broken);
  return {};
}
Result<std::optional<Instant>> Writer::heard_until(const std::string& source) {
  std::optional<Instant> at;
  auto ran = run([&](Deriver&, Sql&) {
    const auto known = state_->store.meta(heard_key(source).c_str());
    if (!known.empty()) at = instant_of(std::stoll(known));
  });
  if (!ran) return fail(ran.error());
  return at;
}
std::map<std::string, std::string> marks_of(Sql& sql, const std::string& source) {
  std::map<std::string, std::string> marks;
  const auto prefix = mark_prefix(source);
  auto query = sql.query("SELECT key, value FROM meta WHERE substr(key, 1, ?) = ?");
  query.bind(static_cast<std::int64_t>(prefix.size())).bind(std::string_view(prefix));
  while (query.step()) marks[query.text(0).substr(prefix.size())] = query.text(1);
  return marks;
}
Result<std::map<std::string, std::string>> Writer::marks(const std::string& source) {
  std::map<std::string, std::string> marks;
  auto ran = run([&](Deriver&, Sql& sql) { marks = marks_of(sql, source); });
  if (!ran) return fail(ran.error());
  return marks;
}
bool Writer::is_quiet() const {
  const std::lock_guard lock(state_->mutex);
  return state_->is_empty() && !state_->is_busy && !state_->broken;
}
std::uint64_t Writer::queued() const {
  const std::lock_guard lock(state_->mutex);
  return state_->queues[0].weight + state_->queues[1].weight;
}

// Until something comes, or a moment that a plugin waits for has; looked at
// once a minute, since a clock may be set.
void Writer::State::wait_for_work(std::unique_lock<std::mutex>& lock) {
  const auto is_called = [&] { return !is_empty() || is_ending; };
  if (!next_wake) return arrived.wait(lock, is_called);
  constexpr Millis kShortest{200}, kLongest{60000};
  arrived.wait_for(lock, std::clamp(*next_wake - now(), kShortest, kLongest), is_called);
}

// What waits, up to a commit's worth; work of its own kind comes alone. All that came from a line goes before what
// waits besides, so that nothing goes before what the same caller put earlier. Empty: the time has come to look for
// wakes; nothing: ending, and all is written.
std::optional<std::vector<Item>> Writer::State::next_batch() {
  std::unique_lock lock(mutex);
  is_busy = false;
  if (is_empty()) {  // nobody comes: there is time
    auto old = std::exchange(stored, {});
    lock.unlock();
    old.clear();
    lock.lock();
  }
  wait_for_work(lock);
  is_busy = true;
  if (is_empty() && is_ending) return std::nullopt;
  auto &line = queue_of(From::line), &files = queue_of(From::files);
  const bool is_work = !files.items.empty() && std::holds_alternative<Work>(files.items.front());
  std::vector<Item> batch;
  if (is_work && (line.items.empty() || is_work_next)) {
    is_work_next = false;
    files.take(batch, 1);
  } else {
    if (!line.items.empty()) batches_beside_a_line = kBatchesBesideALine;
    line.take(batch, line.weight);
    is_work_next = is_work;
    files.take(batch, batches_beside_a_line > 0 ? kEventsBesideALine : kEventsOfACommit);
    if (batches_beside_a_line > 0) --batches_beside_a_line;
  }
  lock.unlock();
  made_room.notify_all();
  return batch;
}

void Writer::State::note_heard(const std::map<std::string, Instant>& heard) {
  for (const auto& [source, at] : heard) {
    const auto known = store.meta(heard_key(source).c_str());
    if (known.empty() || std::stoll(known) < ms_of(at))
      store.set_meta(heard_key(source).c_str(), std::to_string(ms_of(at)));
  }
}

Done Writer::State::commit(std::vector<Item>& items) {
  try {
    if (const auto* work = items.size() == 1 ? std::get_if<Work>(&items.front()) : nullptr; work && work->outside)
      return work->outside(store);
    Transaction transaction(store.sql());
    std::vector<std::pair<std::shared_ptr<WriteTally>, WriteTally>> tallies;
    std::uint64_t repeated = 0;
    std::map<std::string, Instant> heard;
    for (auto& item : items) {
      if (auto* events = std::get_if<Events>(&item)) {
        WriteTally tally;
        for (std::size_t i = 0; i < events->events.size(); ++i) {
          const auto& event = events->events[i];
          const auto& made = events->prepared[i];
          if (deriver->journal().append(event, made.body)) {
            ++tally.accepted;
            deriver->touch(event, made.names);
            if (is_of_its_moment(event)) heard[event.source] = std::max(heard[event.source], event.at);
          } else if (event.kind != HKL_EVENT_REFS_JOINED) {
            ++tally.duplicates;
          }
        }
        repeated += tally.duplicates;
        if (events->tally) tallies.emplace_back(events->tally, tally);
      } else if (auto* records = std::get_if<Records>(&item)) {
        WriteTally tally;
        for (const auto& told : records->records)
          ++(deriver->take(told.record, told.source, told.received_at) ? tally.accepted : tally.duplicates);
        repeated += tally.duplicates;
        if (records->tally) tallies.emplace_back(records->tally, tally);
      } else if (const auto* mark = std::get_if<Mark>(&item)) {
        store.set_meta(mark->name.c_str(), mark->value);
      } else if (const auto* change = std::get_if<Change>(&item)) {
        change->make(store.sql());
      } else if (auto* work = std::get_if<Work>(&item)) {
        work->run(*deriver, store.sql());
      }
    }
    const auto changes = deriver->settle();
    note_heard(heard);
    transaction.commit();
    duplicates += repeated;
    for (const auto& [into, tally] : tallies) {
      into->accepted += tally.accepted;
      into->duplicates += tally.duplicates;
    }
    if (changed) changed(changes);
    return {};
  } catch (const SqlError& error) {
    deriver->forget_unsettled();
    return fail(error.error().in(store.path()));
  } catch (const std::exception& error) {
    deriver->forget_unsettled();
    return fail(HKL_INTERNAL, store.path() + ": " + error.what());
  }
}

// The disk is full or gone: nothing that came is given up.
void Writer::State::keep_for_later(std::vector<Item>& items, const Error& why) {
  std::unique_lock lock(mutex);
  auto& first = queue_of(From::line);
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    if (is_waited_for(*item)) continue;
    first.weight += weight(*item);
    first.items.push_front(std::move(*item));
  }
  // Whoever waits behind it waits for what does not come: told now.
  for (auto& queue : queues)
    queue.weight -= std::erase_if(queue.items, [&](Item& item) {
      if (auto* barrier = std::get_if<Barrier>(&item)) barrier->reached->set_value(fail(why));
      if (auto* work = std::get_if<Work>(&item)) work->finished->set_value(fail(why));
      return is_waited_for(item);
    });
  arrived.wait_for(lock, std::chrono::seconds(1), [&] { return is_ending; });
  if (!is_ending) return;
  // The process is leaving and the store takes nothing: what waits was never
  // acknowledged to anybody.
  for (auto& queue : queues) {
    std::erase_if(queue.items, [](const Item& item) { return !is_waited_for(item); });
    queue.weight = queue.items.size();
  }
}

void Writer::State::keep_to_free(std::vector<Item> items) {
  const std::lock_guard lock(mutex);
  stored.swap(items);  // what nobody took goes after the lock
}

// One thing in the batch cannot be stored, which is a fault of ours: find it,
// say so, store the others.
Done Writer::State::commit_one_by_one(std::vector<Item>& items) {
  Done worst;
  const auto one = [&](Item item) {
    std::vector<Item> single;
    single.push_back(std::move(item));
    if (auto done = commit(single); !done) {
      failed(done.error());
      worst = std::move(done);
    }
  };
  for (auto& item : items) {
    if (auto* events = std::get_if<Events>(&item)) {
      for (std::size_t i = 0; i < events->events.size(); ++i) {
        std::vector<Event> single;
        single.push_back(std::move(events->events[i]));
        one(Events{std::move(single), events->tally, {std::move(events->prepared[i])}});
      }
    } else if (auto* records = std::get_if<Records>(&item)) {
      for (auto& told : records->records) one(Records{{std::move(told)}, records->tally});
    } else if (std::holds_alternative<Mark>(item) || std::holds_alternative<Change>(item)) {
      one(std::move(item));
    } else if (std::holds_alternative<Work>(item)) {
      worst = fail(HKL_INTERNAL, "the work failed");
    }
  }
  return worst;
}

// A changed directory concerns every call; done once the rush is over, so that
// an import that brings employees and calls pays for it once.
void Writer::State::refresh_when_idle() {
  try {
    if (!deriver->is_stale()) return;
    Transaction transaction(store.sql());
    deriver->refresh();
    const auto changes = deriver->settle();
    transaction.commit();
    if (changed) changed(changes);
  } catch (const SqlError&) {
    // Still marked as stale in the store; the next quiet moment tries again.
    deriver->forget_unsettled();
  }
}

void Writer::State::look_for_wakes() {
  try {
    next_wake = deriver->next_wake();
  } catch (const SqlError&) {
    next_wake = now() + std::chrono::minutes(1);  // a store that cannot be read now
  }
}

bool Writer::State::is_empty() const { return queues[0].items.empty() && queues[1].items.empty(); }

bool Writer::State::is_idle() const {
  const std::lock_guard lock(mutex);
  return is_empty();
}

// A rule that was woken may wait for another moment, which has come too; one
// that goes on for ever is cut off until the next round.
void Writer::State::wake_due() {
  constexpr int kRounds = 100;
  for (int round = 0; round < kRounds && next_wake && *next_wake <= now(); ++round) {
    std::vector<Item> woken;
    woken.push_back(Work{[this](Deriver& deriver, Sql&) { deriver.wake(now()); }, nullptr, {}});
    if (auto done = commit(woken); !done) {
      failed(done.error());
      next_wake = now() + std::chrono::minutes(1);
      return;
    }
    look_for_wakes();
  }
}

void Writer::State::loop() {
  look_for_wakes();
  for (;;) {
    auto next = next_batch();
    if (!next) return;
    auto& batch = *next;
    if (batch.empty()) {
      wake_due();
      continue;
    }
    const bool has_barrier = std::any_of(batch.begin(), batch.end(), is_waited_for);
    auto result = commit(batch);
    const bool may_pass =
        !result && (result.error().status == HKL_RESOURCE || result.error().status == HKL_UNAVAILABLE);
    const bool is_work = batch.size() == 1 && std::holds_alternative<Work>(batch.front());
    note_joins(batch, bool(result));
    if (!result) failed(result.error());
    if (!result && !may_pass && !is_work) result = commit_one_by_one(batch);
    {
      const std::lock_guard lock(mutex);
      // A full disk may have room again: the next flush finds out.
      broken = result ? std::nullopt : std::optional(result.error());
    }
    if (!result) made_room.notify_all();  // who is not patient gives up
    if (result && has_barrier) refresh_when_idle();
    if (result) look_for_wakes();
    // A PBX that is never silent leaves no empty batch; between two there is time enough.
    if (result && (has_barrier || is_idle())) wake_due();
    for (auto& item : batch) {
      if (auto* barrier = std::get_if<Barrier>(&item)) barrier->reached->set_value(result);
      if (auto* work = std::get_if<Work>(&item)) work->finished->set_value(result);
    }
    if (may_pass) {
      keep_for_later(batch, result.error());
    } else {
      keep_to_free(std::move(batch));
    }
  }
}

}  // namespace hkl
