#include "rush_hour.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "firm.h"

namespace crm {
namespace {

constexpr std::int64_t kBetweenCallsMs = 14000;
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
  enum class Stage { queued, ringing, talking } stage = Stage::queued;
  std::int64_t due_ms;
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

RushHour::RushHour(Hookline& hookline, std::uint64_t seed)
    : hookline_(hookline), chance_(seed + static_cast<std::uint64_t>(clock_ms())) {}

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
  if (thread_.joinable()) thread_.join();
}

void RushHour::begin(std::int64_t now) {
  const auto& line = demo_lines()[chance_.index(demo_lines().size())];
  const auto& all = demo_employees();
  std::size_t employee = chance_.index(all.size());
  while (std::string(all[employee].department) != line.queue) employee = chance_.index(all.size());
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
  auto next_ms = clock_ms();
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (woken_.wait_for(lock, std::chrono::milliseconds(500), [&] { return is_stopping_; })) return;
    }
    try {
      const auto now = clock_ms();
      if (now >= next_ms && calls_.size() < kAtOnce) {
        begin(now);
        next_ms = now + static_cast<std::int64_t>(chance_.between(0.4, 1.6) * kBetweenCallsMs);
      }
      for (auto call = calls_.begin(); call != calls_.end();)
        call = call->due_ms <= now && step(*call, now) ? calls_.erase(call) : std::next(call);
    } catch (const std::exception& failed) {
      std::fprintf(stderr, "demo: %s\n", failed.what());  // a reload; the next call will do
    }
  }
}

}  // namespace crm
