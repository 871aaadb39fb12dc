#include "rush_hour.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "clock.h"
#include "firm.h"

namespace crm {
namespace {

constexpr std::int64_t kBetweenCallsMs = 14000, kBetweenPausesMs = 40000;
constexpr std::size_t kAtOnce = 6;

std::int64_t clock_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

hkl_str view(const std::string& text) { return {text.data(), text.size()}; }

}  // namespace

struct RushHour::Call {
  std::string ref, client, line, queue;
  std::size_t employee;
  enum class Stage { queued, ringing, dialling, talking } stage = Stage::queued;
  bool is_ordered = false;  // by a click: the employee's phone first, then the client's
  std::int64_t due_ms, begun_ms = 0;
  bool will_answer;
  int facts = 0;

  hkl_call_event event(std::uint32_t kind, std::int64_t at, std::string& id) {
    hkl_call_event made;
    hkl_call_event_init(&made);
    id = ref + "-" + std::to_string(++facts);
    made.kind = kind;
    made.event_id = view(id);
    made.call_ref = view(ref);
    made.at_ms = at;
    return made;
  }
};

// A click in the CRM: the employee's phone rings at once.
std::string RushHour::order(const std::string& employee, const std::string& number) {
  const auto& all = demo_employees();
  const auto who = std::find_if(all.begin(), all.end(), [&](const DemoEmployee& one) { return one.id == employee; });
  if (who == all.end()) return "";
  const std::lock_guard lock(mutex_);
  Call call;
  call.ref = "live-ordered-" + std::to_string(clock_ms()) + "-" + std::to_string(++ordered_count_);
  call.client = number;
  call.line = demo_lines().front().number;
  call.employee = static_cast<std::size_t>(who - all.begin());
  call.is_ordered = true;
  call.will_answer = true;
  call.due_ms = 0;
  ordered_.push_back(call);
  return call.ref;
}

bool RushHour::step_ordered(Call& call, std::int64_t now) {
  const std::string extension = demo_employees()[call.employee].extension, client_leg = call.ref + "-client";
  const auto tell = [&](std::uint32_t kind, bool is_of_client, std::uint32_t outcome = HKL_LEG_OUTCOME_UNKNOWN) {
    std::string id;
    auto event = call.event(kind, now, id);
    event.direction = HKL_DIRECTION_OUT;
    event.client = view(call.client);
    event.line = view(call.line);
    event.request = view(call.ref);
    event.leg_kind = is_of_client ? HKL_LEG_KIND_EXTERNAL : HKL_LEG_KIND_EMPLOYEE;
    if (is_of_client)
      event.leg_ref = view(client_leg);
    else
      event.extension = view(extension);
    event.leg_outcome = outcome;
    if (kind == HKL_EVENT_CALL_ENDED) event.reason = HKL_REASON_NORMAL;
    // When the client answered is the whole call's to tell: the employee's own
    // phone was picked up before.
    if (kind == HKL_EVENT_CALL_SUMMARY) {
      event.at_ms = event.started_at_ms = call.begun_ms;
      event.answered_at_ms = now;
      event.talked = HKL_TRI_YES;
    }
    hookline_.submit("pbx1", event);
  };
  const auto after = [&](double low, double high) { call.due_ms = now + seconds(chance_.between(low, high)); };
  switch (call.stage) {
    case Call::Stage::queued:
      call.begun_ms = now;
      tell(HKL_EVENT_CALL_BEGUN, false);
      tell(HKL_EVENT_LEG_RINGING, false);
      call.stage = Call::Stage::ringing;
      after(2, 4);
      return false;
    case Call::Stage::ringing:
      tell(HKL_EVENT_LEG_ANSWERED, false);
      tell(HKL_EVENT_LEG_RINGING, true);
      call.stage = Call::Stage::dialling;
      after(5, 12);
      return false;
    case Call::Stage::dialling:
      tell(HKL_EVENT_LEG_ANSWERED, true);
      tell(HKL_EVENT_CALL_SUMMARY, false);
      call.stage = Call::Stage::talking;
      after(20, 90);
      return false;
    case Call::Stage::talking:
      tell(HKL_EVENT_LEG_ENDED, true, HKL_LEG_ANSWERED);
      tell(HKL_EVENT_LEG_ENDED, false, HKL_LEG_ANSWERED);
      tell(HKL_EVENT_CALL_ENDED, false);
      return true;
  }
  return true;
}

RushHour::RushHour(App& app, std::uint64_t seed)
    : app_(app), hookline_(app.hookline), chance_(seed + static_cast<std::uint64_t>(clock_ms())) {}

RushHour::~RushHour() { stop(); }

void RushHour::start() {
  thread_ = std::thread([this] { run(); });
}

void RushHour::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  woken_.notify_all();
  if (!thread_.joinable()) return;
  thread_.join();
  go_home();
}

std::size_t RushHour::somebody_of(const std::string& queue) {
  const auto said = app_.presence_now();
  std::vector<std::size_t> all, free;
  for (std::size_t i = 0; i < demo_employees().size(); ++i) {
    const auto& person = demo_employees()[i];
    if (person.department != queue) continue;
    all.push_back(i);
    if (said.contains(person.id) && said[person.id]["state"] == "online") free.push_back(i);
  }
  const auto& from = free.empty() ? all : free;
  return from[chance_.index(from.size())];
}

// Anew each time: the history's shifts end in the evening, the demo does not.
void RushHour::come_to_work() {
  for (const auto& person : demo_employees()) {
    app_.change_presence(person.id, "offline", "");
    app_.change_presence(person.id, "online", "");
  }
  app_.change_presence("zaytsev", "pause", "перерыв");
  app_.change_presence("fedorova", "offline", "отпуск");
}

// Of those nobody signs in as: a user's state is the user's.
void RushHour::pause_or_return() {
  static const char* const kOthers[] = {"petrov", "kuznetsova", "morozov", "volkova", "zaytsev", "novikov"};
  static const char* const kReasons[] = {"обед", "перерыв", "планёрка"};
  const std::string who = kOthers[chance_.index(6)];
  const bool is_free = app_.presence_now()[who]["state"] == "online";
  app_.change_presence(who, is_free ? "pause" : "online", is_free ? kReasons[chance_.index(3)] : "");
}

void RushHour::go_home() {
  for (const auto& person : demo_employees()) app_.change_presence(person.id, "offline", "");
}

void RushHour::begin(std::int64_t now) {
  const auto& line = demo_lines()[chance_.index(demo_lines().size())];
  const auto& all = demo_employees();
  const auto employee = somebody_of(line.queue);
  const bool is_busy = std::any_of(calls_.begin(), calls_.end(), [&](const Call& c) { return c.employee == employee; });
  Call call;
  call.ref = "live-" + std::to_string(now) + "-" + std::to_string(++count_);
  // Half of them are known, so that the card has something to tell.
  constexpr std::size_t kKnown = 200, kUnknown = 500000;
  call.client = client_number(1 + chance_.index(chance_.one_in(0.5) ? kKnown : kUnknown));
  call.line = line.number;
  call.queue = line.queue;
  call.employee = employee;
  call.will_answer = !is_busy && chance_.one_in(all[employee].answers);
  call.due_ms = now + static_cast<std::int64_t>(chance_.between(2000, 9000));
  std::string id, other;
  auto begun = call.event(HKL_EVENT_CALL_BEGUN, now, id);
  begun.direction = HKL_DIRECTION_IN;
  begun.client = view(call.client);
  begun.line = view(call.line);
  hookline_.submit("pbx1", begun);
  auto queued = call.event(HKL_EVENT_QUEUE_ENTERED, now + 10, other);
  queued.queue = view(call.queue);
  queued.name = view(call.queue);
  hookline_.submit("pbx1", queued);
  calls_.push_back(call);
}

bool RushHour::step(Call& call, std::int64_t now) {
  if (call.is_ordered) return step_ordered(call, now);
  const std::string extension = demo_employees()[call.employee].extension;
  std::string id, other;
  const auto leg_event = [&](std::uint32_t kind) {
    auto event = call.event(kind, now, id);
    event.extension = view(extension);
    event.leg_kind = HKL_LEG_KIND_EMPLOYEE;
    return event;
  };
  const auto leave_queue = [&](std::uint32_t outcome) {
    auto event = call.event(HKL_EVENT_QUEUE_LEFT, now, other);
    event.queue = event.name = view(call.queue);
    event.leg_outcome = outcome;
    hookline_.submit("pbx1", event);
  };
  const auto end = [&](std::uint32_t reason, std::uint32_t by) {
    auto event = call.event(HKL_EVENT_CALL_ENDED, now, id);
    event.reason = reason;
    event.hung_up_by = by;
    hookline_.submit("pbx1", event);
    return true;
  };
  switch (call.stage) {
    case Call::Stage::queued:
      hookline_.submit("pbx1", leg_event(HKL_EVENT_LEG_RINGING));
      call.stage = Call::Stage::ringing;
      call.due_ms = now + static_cast<std::int64_t>(chance_.between(4000, call.will_answer ? 14000 : 40000));
      return false;
    case Call::Stage::ringing: {
      if (call.will_answer) {
        hookline_.submit("pbx1", leg_event(HKL_EVENT_LEG_ANSWERED));
        leave_queue(HKL_LEG_ANSWERED);
        call.stage = Call::Stage::talking;
        call.due_ms = now + static_cast<std::int64_t>(std::min(240.0, chance_.long_tailed(60)) * 1000);
        return false;
      }
      auto ended = leg_event(HKL_EVENT_LEG_ENDED);
      ended.leg_outcome = HKL_LEG_CANCELLED;
      hookline_.submit("pbx1", ended);
      leave_queue(HKL_LEG_ABANDONED);
      return end(HKL_REASON_CLIENT_HUNG_UP, HKL_BY_CLIENT);
    }
    case Call::Stage::dialling:
    case Call::Stage::talking: {
      auto ended = leg_event(HKL_EVENT_LEG_ENDED);
      ended.leg_outcome = HKL_LEG_ANSWERED;
      hookline_.submit("pbx1", ended);
      return end(HKL_REASON_NORMAL, chance_.one_in(0.6) ? HKL_BY_CLIENT : HKL_BY_EMPLOYEE);
    }
  }
  return true;
}

void RushHour::run() {
  come_to_work();
  auto next_ms = clock_ms(), next_pause_ms = next_ms + kBetweenPausesMs;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (woken_.wait_for(lock, std::chrono::milliseconds(500), [&] { return is_stopping_; })) return;
      calls_.splice(calls_.end(), ordered_);
    }
    try {
      const auto now = clock_ms();
      if (now >= next_ms && calls_.size() < kAtOnce) {
        begin(now);
        next_ms = now + static_cast<std::int64_t>(chance_.between(0.4, 1.6) * kBetweenCallsMs);
      }
      if (now >= next_pause_ms) {
        pause_or_return();
        next_pause_ms = now + static_cast<std::int64_t>(chance_.between(0.5, 1.5) * kBetweenPausesMs);
      }
      for (auto call = calls_.begin(); call != calls_.end();)
        call = call->due_ms <= now && step(*call, now) ? calls_.erase(call) : std::next(call);
    } catch (const std::exception& failed) {
      std::fprintf(stderr, "demo: %s\n", failed.what());  // a reload; the next call will do
    }
  }
}

}  // namespace crm
