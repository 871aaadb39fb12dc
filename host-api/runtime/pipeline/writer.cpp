#include "pipeline/writer.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

#include "contacts/numbers.h"
#include "endpoints/gap_watch.h"
#include "pipeline/write_queue.h"

namespace hkl {
namespace {

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

std::vector<WriteQueue::Events::Prepared> prepared(const std::vector<Event>& events) {
  std::vector<WriteQueue::Events::Prepared> all;
  all.reserve(events.size());
  for (const auto& event : events) all.push_back({event_to_json(event), call_names(event)});
  return all;
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

  WriteQueue queue;
  std::mutex reader_mutex;  // guards the next
  std::shared_ptr<const ReadNumbers> read_numbers;

  std::atomic<std::uint64_t> duplicates{0};
  std::thread thread;

  void loop();
  std::shared_ptr<const ReadNumbers> reader() {
    const std::lock_guard lock(reader_mutex);
    return read_numbers;
  }
  std::optional<Millis> until_next_wake() const;
  Done commit(WriteQueue::Batch& batch);
  void note_heard(const std::map<std::string, Instant>& heard);
  Done commit_one_by_one(WriteQueue::Batch& batch);
  void refresh_when_idle();
  void look_for_wakes();
  void wake_due();
};

Writer::Writer(Store& store, std::unique_ptr<Deriver> deriver, std::function<void(const Changes&)> changed,
               std::function<void(const Error&)> failed, std::function<Instant()> now)
    : state_(
          std::make_unique<State>(store, std::move(deriver), std::move(changed), std::move(failed), std::move(now))) {
  state_->thread = std::thread([this] { state_->loop(); });
}

Writer::~Writer() {
  state_->queue.end();
  state_->thread.join();
}

Done Writer::put(std::vector<Event> events, From from, Patience patience, std::shared_ptr<WriteTally> tally) {
  if (events.empty()) return {};
  state_->queue.drop_told(events, from);
  if (events.empty()) return {};
  (*state_->reader())(events);
  auto made = prepared(events);
  return state_->queue.push(WriteQueue::Events{std::move(events), std::move(tally), std::move(made)}, from, patience);
}

Done Writer::put(std::vector<ToldRecord> records, std::shared_ptr<WriteTally> tally) {
  if (records.empty()) return {};
  return state_->queue.push(WriteQueue::Records{std::move(records), std::move(tally)}, From::files,
                            Patience::while_it_stores);
}

Done Writer::mark(const std::string& source, const std::string& place, std::string value) {
  return state_->queue.push(WriteQueue::Mark{mark_prefix(source) + place, std::move(value)}, From::line,
                            Patience::endless);
}

void Writer::post(std::function<void(Sql&)> change) { state_->queue.post(WriteQueue::Change{std::move(change)}); }

Done Writer::flush(From from) {
  auto reached = std::make_shared<std::promise<Done>>();
  auto result = reached->get_future();
  if (auto pushed = state_->queue.push(WriteQueue::Barrier{std::move(reached)}, from, Patience::while_it_stores);
      !pushed)
    return pushed;
  return result.get();
}

Done Writer::run(std::function<void(Deriver&, Sql&)> work) {
  auto finished = std::make_shared<std::promise<Done>>();
  auto result = finished->get_future();
  if (auto pushed = state_->queue.push(WriteQueue::Work{std::move(work), std::move(finished), {}}, From::files,
                                       Patience::while_it_stores);
      !pushed)
    return pushed;
  return result.get();
}

Done Writer::run_outside(std::function<Done(Store&)> work) {
  auto finished = std::make_shared<std::promise<Done>>();
  auto result = finished->get_future();
  if (auto pushed = state_->queue.push(WriteQueue::Work{{}, std::move(finished), std::move(work)}, From::files,
                                       Patience::while_it_stores);
      !pushed)
    return pushed;
  return result.get();
}

Done Writer::renew(DeriverParts parts) {
  // Work comes alone in its batch, so nothing is noted in the old one.
  return run([this, &parts](Deriver&, Sql&) {
    state_->deriver = std::make_unique<Deriver>(state_->store, std::move(parts));
    const std::lock_guard lock(state_->reader_mutex);
    state_->read_numbers = number_reader(state_->deriver->parts());
  });
}

std::uint64_t Writer::duplicates() const { return state_->duplicates; }
Done Writer::trouble() const { return state_->queue.trouble(); }
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
bool Writer::is_quiet() const { return state_->queue.is_quiet(); }
std::uint64_t Writer::queued() const { return state_->queue.weight(); }

// Until a moment that a plugin waits for has come; looked at once a minute, since a clock may be set.
std::optional<Millis> Writer::State::until_next_wake() const {
  if (!next_wake) return std::nullopt;
  constexpr Millis kShortest{200}, kLongest{60000};
  return std::clamp(*next_wake - now(), kShortest, kLongest);
}

void Writer::State::note_heard(const std::map<std::string, Instant>& heard) {
  for (const auto& [source, at] : heard) {
    const auto known = store.meta(heard_key(source).c_str());
    if (known.empty() || std::stoll(known) < ms_of(at))
      store.set_meta(heard_key(source).c_str(), std::to_string(ms_of(at)));
  }
}

Done Writer::State::commit(WriteQueue::Batch& batch) {
  try {
    if (const auto* work = batch.size() == 1 ? std::get_if<WriteQueue::Work>(&batch.front()) : nullptr;
        work && work->outside)
      return work->outside(store);
    Transaction transaction(store.sql());
    std::vector<std::pair<std::shared_ptr<WriteTally>, WriteTally>> tallies;
    std::uint64_t repeated = 0;
    std::map<std::string, Instant> heard;
    for (auto& item : batch) {
      if (auto* events = std::get_if<WriteQueue::Events>(&item)) {
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
      } else if (auto* records = std::get_if<WriteQueue::Records>(&item)) {
        WriteTally tally;
        for (const auto& told : records->records)
          ++(deriver->take(told.record, told.source, told.received_at) ? tally.accepted : tally.duplicates);
        repeated += tally.duplicates;
        if (records->tally) tallies.emplace_back(records->tally, tally);
      } else if (const auto* mark = std::get_if<WriteQueue::Mark>(&item)) {
        store.set_meta(mark->name.c_str(), mark->value);
      } else if (const auto* change = std::get_if<WriteQueue::Change>(&item)) {
        change->make(store.sql());
      } else if (auto* work = std::get_if<WriteQueue::Work>(&item)) {
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

// One thing in the batch cannot be stored, which is a fault of ours: find it,
// say so, store the others.
Done Writer::State::commit_one_by_one(WriteQueue::Batch& batch) {
  Done worst;
  const auto one = [&](WriteQueue::Item item) {
    WriteQueue::Batch single;
    single.push_back(std::move(item));
    if (auto done = commit(single); !done) {
      failed(done.error());
      worst = std::move(done);
    }
  };
  for (auto& item : batch) {
    if (auto* events = std::get_if<WriteQueue::Events>(&item)) {
      for (std::size_t i = 0; i < events->events.size(); ++i) {
        std::vector<Event> single;
        single.push_back(std::move(events->events[i]));
        one(WriteQueue::Events{std::move(single), events->tally, {std::move(events->prepared[i])}});
      }
    } else if (auto* records = std::get_if<WriteQueue::Records>(&item)) {
      for (auto& told : records->records) one(WriteQueue::Records{{std::move(told)}, records->tally});
    } else if (std::holds_alternative<WriteQueue::Mark>(item) || std::holds_alternative<WriteQueue::Change>(item)) {
      one(std::move(item));
    } else if (std::holds_alternative<WriteQueue::Work>(item)) {
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

// A rule that was woken may wait for another moment, which has come too; one
// that goes on for ever is cut off until the next round.
void Writer::State::wake_due() {
  constexpr int kRounds = 100;
  for (int round = 0; round < kRounds && next_wake && *next_wake <= now(); ++round) {
    WriteQueue::Batch woken;
    woken.push_back(WriteQueue::Work{[this](Deriver& deriver, Sql&) { deriver.wake(now()); }, nullptr, {}});
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
    auto next = queue.next_batch(until_next_wake());
    if (!next) return;
    auto& batch = *next;
    if (batch.empty()) {
      wake_due();
      continue;
    }
    const bool has_barrier = std::any_of(batch.begin(), batch.end(), WriteQueue::is_waited_for);
    auto result = commit(batch);
    const bool may_pass =
        !result && (result.error().status == HKL_RESOURCE || result.error().status == HKL_UNAVAILABLE);
    const bool is_work = batch.size() == 1 && std::holds_alternative<WriteQueue::Work>(batch.front());
    if (!result) failed(result.error());
    if (!result && !may_pass && !is_work) result = commit_one_by_one(batch);
    queue.note(batch, result);
    if (result && has_barrier) refresh_when_idle();
    if (result) look_for_wakes();
    // A PBX that is never silent leaves no empty batch; between two there is time enough.
    if (result && (has_barrier || queue.is_empty())) wake_due();
    for (auto& item : batch) {
      if (auto* barrier = std::get_if<WriteQueue::Barrier>(&item)) barrier->reached->set_value(result);
      if (auto* work = std::get_if<WriteQueue::Work>(&item)) work->finished->set_value(result);
    }
    if (may_pass) {
      queue.keep_for_later(batch, result.error());
    } else {
      queue.done(std::move(batch));
    }
  }
}

}  // namespace hkl
