#include "endpoints/source_runner.h"

#include <fmt/format.h>

#include <csignal>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "endpoints/desk.h"
#include "endpoints/order_line.h"
#include "endpoints/wake.h"

namespace hkl {
namespace {

// Ticks go by the source's clock, which may be set while we wait.
constexpr std::chrono::seconds kLookAtTheClock{1};
// An adapter that asks for a tick at once, always, must not burn a processor.
constexpr Millis kTickStep{10};
constexpr std::chrono::seconds kPatienceForOrders{5};
constexpr Millis kLookForSilence{60000};
constexpr std::size_t kOrderLines = 4;

// One order of a call, from whoever asked to the runner's thread.
struct Order {
  explicit Order(CallOrder given) : order(std::move(given)) {}
  // Either the runner takes it up, or who waits takes it back: who is first.
  bool take() { return !is_taken.exchange(true); }
  CallOrder order;
  std::atomic<bool> is_taken{false};
  std::promise<Done> answer;
};

Done wait_for(Order& order, std::future<Done> answer) {
  if (answer.wait_for(kPatienceForOrders) == std::future_status::ready) return answer.get();
  // Nobody may dial a client whom the employee has long given up on.
  if (order.take()) return fail(HKL_UNAVAILABLE, "the order was not sent: the source is busy");
  // It is being sent, which takes its time.
  return answer.get();
}

}  // namespace

struct SourceRunner::State {
  State(SourceSetup setup, std::unique_ptr<Adapter> adapter, EventOutlet outlet)
      : desk(std::move(setup), std::move(adapter), std::move(outlet), [this] { wake.ring(); }) {
    while (order_lines.size() < kOrderLines) order_lines.emplace_back(desk);
  }

  Wake wake;
  SourceDesk desk;
  std::deque<OrderLine> order_lines;                 // of the thread
  std::vector<std::unique_ptr<Endpoint>> endpoints;  // of the thread, once it runs
  std::mutex life_mutex;                             // guards the three below
  std::thread thread;
  bool is_over = false, dials = false;
  std::atomic<bool> is_stopping{false};
  std::mutex orders_mutex;  // guards the two below
  std::deque<std::shared_ptr<Order>> orders;
  bool takes_orders = false;

  Done make_endpoints();
  void run();
  void turn();
  void plan_tick(Waiting& waiting);
  void close_silent_calls();
  void tick_if_due();
  OrderLine* free_line();
  void carry_out_orders();
  void refuse_orders();
  Steady not_before{};    // of the next tick
  Steady next_closing{};  // of calls that fell silent
};

SourceRunner::SourceRunner(SourceSetup setup, std::unique_ptr<Adapter> adapter, EventOutlet outlet)
    : state_(std::make_unique<State>(std::move(setup), std::move(adapter), std::move(outlet))) {}

SourceRunner::~SourceRunner() { stop(); }

std::shared_ptr<HookDoor> SourceRunner::door() { return state_->desk.shared_door(); }

SourceHealth SourceRunner::health() const {
  auto health = state_->desk.health().look();
  health.requests = state_->desk.door().outcomes();
  return health;
}

bool SourceRunner::dials() const {
  const std::lock_guard lock(state_->life_mutex);
  return state_->dials;
}

Done SourceRunner::start() {
  auto& s = *state_;
  const std::lock_guard lock(s.life_mutex);
  if (s.thread.joinable() || s.is_over) return fail(HKL_INVALID, "this source was started already");
  if (auto made = s.make_endpoints(); !made) return made;
  if (s.endpoints.empty()) {
    s.desk.health().show_off("its plugin asks for no connection; what it knows comes from imports");
    return {};
  }
  {
    const std::lock_guard orders_lock(s.orders_mutex);
    s.takes_orders = true;
  }
  s.thread = std::thread([&s] { s.run(); });
  return {};
}

Done SourceRunner::State::make_endpoints() {
  const auto wishes = desk.endpoints();
  if (!wishes) return fail(wishes.error());
  std::vector<std::unique_ptr<Endpoint>> made;
  for (const auto& wish : *wishes) {
    auto endpoint = make_endpoint(wish, desk);
    if (!endpoint) return fail(endpoint.error());
    if (wish.kind == HKL_ENDPOINT_FILE && desk.setup().clock_receipt)
      desk.log().write(HKL_LOG_WARNING, "`clock: receipt` has no meaning for a file: it keeps the times in it");
    made.push_back(std::move(*endpoint));
    dials = dials || wish.kind == HKL_ENDPOINT_TCP_CLIENT;
  }
  endpoints = std::move(made);
  return {};
}

void SourceRunner::stop() {
  auto& s = *state_;
  s.is_stopping = true;
  s.wake.ring();
  const std::lock_guard lock(s.life_mutex);
  s.is_over = true;
  if (s.thread.joinable()) s.thread.join();
}

void SourceRunner::State::run() {
  // Signals are the program's that we are in. And a TLS library writes to a
  // closed socket without asking for no SIGPIPE.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  while (!is_stopping) turn();
  refuse_orders();
  for (auto& endpoint : endpoints) endpoint->end();
  endpoints.clear();
  if (auto stored = desk.durable(); !stored)
    desk.log().write(HKL_LOG_ERROR, "what came last may not be stored: " + stored.error().text);
  desk.health().show_off("stopped");
}

void SourceRunner::State::turn() {
  Waiting waiting(steady_now() + kLookAtTheClock);
  waiting.watch(wake.fd(), POLLIN);
  for (auto& endpoint : endpoints) endpoint->plan(waiting);
  plan_tick(waiting);
  for (auto& line : order_lines) line.plan(waiting);
  waiting.wait();
  wake.hush();
  for (auto& line : order_lines) line.work();
  carry_out_orders();
  // Reading comes before ticks: a ping is for a PBX that has said nothing.
  for (auto& endpoint : endpoints) {
    if (is_stopping) return;
    endpoint->work(waiting);
  }
  tick_if_due();
  close_silent_calls();
}

void SourceRunner::State::close_silent_calls() {
  const auto& setup = desk.setup();
  if (setup.close_after <= Millis(0) || !setup.close_silent || steady_now() < next_closing) return;
  next_closing = steady_now() + std::min(kLookForSilence, setup.close_after / 2);
  setup.close_silent(desk.now() - setup.close_after);
}

void SourceRunner::State::plan_tick(Waiting& waiting) {
  if (!desk.tick_at()) return;
  const auto left = *desk.tick_at() - desk.now();
  if (left < Millis(kLookAtTheClock)) waiting.until(std::max(steady_now() + left, not_before));
}

void SourceRunner::State::tick_if_due() {
  if (!desk.tick_at() || desk.now() < *desk.tick_at() || steady_now() < not_before) return;
  not_before = steady_now() + kTickStep;
  desk.tick();
}

OrderLine* SourceRunner::State::free_line() {
  for (auto& line : order_lines)
    if (!line.is_busy()) return &line;
  return nullptr;
}

void SourceRunner::State::carry_out_orders() {
  while (auto* line = free_line()) {
    std::shared_ptr<Order> order;
    {
      const std::lock_guard lock(orders_mutex);
      if (orders.empty()) return;
      order = std::move(orders.front());
      orders.pop_front();
    }
    if (!order->take()) continue;
    if (desk.orders_by_http()) {
      line->begin(order->order, [order](Done outcome) { order->answer.set_value(std::move(outcome)); });
    } else {
      order->answer.set_value(desk.originate(order->order));
    }
  }
}

void SourceRunner::State::refuse_orders() {
  std::deque<std::shared_ptr<Order>> left;
  {
    const std::lock_guard lock(orders_mutex);
    takes_orders = false;
    left.swap(orders);
  }
  for (auto& order : left)
    if (order->take()) order->answer.set_value(fail(HKL_UNAVAILABLE, "the source is stopping"));
  for (auto& line : order_lines) line.end();
}

std::function<Done()> SourceRunner::place_order(const CallOrder& order) {
  auto& s = *state_;
  auto placed = std::make_shared<Order>(order);
  auto answer = std::make_shared<std::future<Done>>(placed->answer.get_future());
  {
    const std::lock_guard lock(s.orders_mutex);
    if (!s.takes_orders) return [] { return Done(fail(HKL_UNAVAILABLE, "the source is not running")); };
    s.orders.push_back(placed);
  }
  s.wake.ring();
  return [placed, answer] { return wait_for(*placed, std::move(*answer)); };
}

}  // namespace hkl
