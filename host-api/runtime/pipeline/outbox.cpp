#include "pipeline/outbox.h"

#include <Poco/Data/Session.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

namespace hkl {
namespace {

constexpr Millis kFirstPause{1000}, kLongestPause{600000}, kLongestRest{60000};

Millis pause_after(int attempts) {
  Millis pause = kFirstPause;
  for (int i = 1; i < attempts && pause < kLongestPause; ++i) pause *= 2;
  return std::min(pause, kLongestPause);
}

struct Due {
  Delivery delivery;
  std::string contact, hash;
};

}  // namespace

struct Outbox::State {
  Store& store;
  Writer& writer;
  Deliver deliver;
  std::function<Instant()> now;
  std::unique_ptr<Poco::Data::Session> session;
  std::unique_ptr<Sql> sql;

  std::mutex mutex;  // guards the two below
  std::condition_variable changed;
  bool is_stopping = false, has_news = true;
  std::timed_mutex delivering;  // one delivery round at a time
  std::thread thread;

  Instant down_until{};  // of the delivering thread
  int failures = 0;

  std::vector<Due> due();
  bool is_down() const { return now() < down_until; }
  bool stops() {
    const std::lock_guard lock(mutex);
    return is_stopping;
  }
  void note_down(const DeliveryAnswer& answer);
  void answered(const Due& due, const DeliveryAnswer& answer);
};

Outbox::Outbox(Store& store, Writer& writer, Deliver deliver, std::function<Instant()> now)
    : state_(new State{.store = store, .writer = writer, .deliver = std::move(deliver), .now = std::move(now)}) {}

Outbox::~Outbox() { stop(); }

// The first thing of each contact: the next waits for its answer.
std::vector<Due> Outbox::State::due() {
  if (!sql) {
    auto opened = store.open_reader();
    if (!opened) return {};
    session = std::move(*opened);
    sql = std::make_unique<Sql>(*session);
  }
  std::vector<Due> found;
  std::set<std::string> contacts;
  auto q = sql->query(
      "SELECT entity, id, contact, body, hash, attempts, next_ms FROM outbox "
      "WHERE is_dead = 0 AND (told_hash IS NULL OR told_hash <> hash) ORDER BY contact, rank, id LIMIT 10000");
  while (q.step()) {
    const auto contact = q.text(2);
    // Things of nobody (withheld, internal) do not wait for one another.
    if (!contact.empty() && !contacts.insert(contact).second) continue;
    if (q.integer(6) > ms_of(now())) continue;
    Due due;
    due.delivery = {.entity = q.text(0),
                    .id = q.text(1),
                    .key = {},
                    .json = q.text(3),
                    .attempt = static_cast<int>(q.integer(5)) + 1};
    due.contact = contact;
    due.hash = q.text(4);
    due.delivery.key = due.delivery.entity + ":" + due.delivery.id + ":" + due.hash;
    found.push_back(std::move(due));
    if (found.size() == 200) break;
  }
  return found;
}

void Outbox::State::answered(const Due& due, const DeliveryAnswer& answer) {
  const auto at = now();
  const auto written = writer.run([&](Deriver& deriver, Sql& out) {
    const auto& d = due.delivery;
    if (answer.status == HKL_OK) {
      // The CRM's answer is a decision that nothing else tells: journalled.
      deriver.journal().append(JournalNote{.source = "crm",
                                           .event_id = d.key,
                                           .kind = "decision",
                                           .at = at,
                                           .received_at = at,
                                           .body = nlohmann::json{{"told", d.key}, {"crm_id", answer.crm_id}}.dump()});
      out.query("UPDATE outbox SET told_hash = ?, attempts = ?, last_error = NULL WHERE entity = ? AND id = ?")
          .bind(due.hash)
          .bind(std::int64_t{d.attempt})
          .bind(d.entity)
          .bind(d.id)
          .run();
      deriver.told(d.entity, d.id);
      if (!answer.crm_id.empty()) deriver.answered(d.entity, d.id, answer.crm_id, due.contact);
      return;
    }
    out.query(
           "UPDATE outbox SET attempts = ?, next_ms = ?, is_dead = ?, last_error = ? "
           "WHERE entity = ? AND id = ? AND hash = ?")
        .bind(std::int64_t{d.attempt})
        .bind(ms_of(at + std::max(pause_after(d.attempt), answer.retry_after)))
        .bind(std::int64_t{answer.status == HKL_INVALID})
        .bind(answer.text)
        .bind(d.entity)
        .bind(d.id)
        .bind(due.hash)
        .run();
  });
  (void)written;  // not stored: the same delivery comes again, which is the promise
}

// A CRM that is down is asked with one delivery, not with each that waits.
void Outbox::State::note_down(const DeliveryAnswer& answer) {
  failures = answer.is_down ? failures + 1 : 0;
  if (answer.is_down) down_until = now() + std::max(std::min(pause_after(failures), kLongestRest), answer.retry_after);
}

std::uint64_t Outbox::deliver_due() {
  auto& s = *state_;
  const std::lock_guard one_round(s.delivering);
  std::uint64_t count = 0;
  if (s.is_down()) return count;
  for (const auto& due : s.due()) {
    if (s.stops()) break;
    const auto answer = s.deliver(due.delivery);
    if (answer.status == HKL_CANCELLED && s.stops()) break;  // taken back: it was no attempt
    s.answered(due, answer);
    ++count;
    s.note_down(answer);
    if (s.is_down()) break;
  }
  return count;
}

void Outbox::start() {
  auto& s = *state_;
  s.thread = std::thread([this] {
    auto& s = *state_;
    for (;;) {
      {
        std::unique_lock lock(s.mutex);
        s.changed.wait_for(lock, std::chrono::seconds(1), [&] { return s.is_stopping || s.has_news; });
        if (s.is_stopping) return;
        s.has_news = false;
      }
      try {
        while (deliver_due() > 0) {
        }
      } catch (const SqlError&) {
        // A reader that could not read now; the next round tries again.
      }
    }
  });
}

std::unique_lock<std::timed_mutex> Outbox::pause(Millis patience) {
  return std::unique_lock(state_->delivering, patience);
}

void Outbox::wake() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->has_news = true;
  }
  state_->changed.notify_all();
}

void Outbox::close() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->is_stopping = true;
  }
  state_->changed.notify_all();
}

void Outbox::stop() {
  close();
  if (state_->thread.joinable()) state_->thread.join();
}

}  // namespace hkl
