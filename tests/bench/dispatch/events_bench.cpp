// Events out of a plugin: taken by a function that is called directly, from an
// adapter in this process, from one in a process of its own, and as JSON.
// Singly: one event in each call. In batches: a hundred, as a busy PBX sends them.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bench_plugins.h"

namespace hkl {
namespace {

constexpr const char* kSettings = R"({"host": "pbx", "port": 7000})";

std::unique_ptr<Adapter> adapter(bool is_isolated) {
  auto made = make_adapter(bench_plugin(HKL_LINES, is_isolated), bench_entry(kSettings, is_isolated));
  if (!made) give_up(made.error().text);
  AdapterOutput out;
  if (auto opened = (*made)->opened(1, false, "", "pbx", kBenchNow, out); !opened) give_up(opened.error().text);
  return std::move(*made);
}

std::string lines(std::int64_t count) {
  std::string text;
  for (std::int64_t i = 0; i < count; ++i) text += fmt::format("{} RING c{} 101\n", 1772442900000 + i, i);
  return text;
}

hkl_call_event event_of(const std::string& id) {
  hkl_call_event event;
  hkl_call_event_init(&event);
  event.kind = HKL_EVENT_LEG_RINGING;
  event.event_id = event.call_ref = {id.data(), id.size()};
  event.extension = {"101", 3};
  event.at_ms = 1772442900000;
  return event;
}

// The least it could be: the event is judged and copied, and nobody read a line for it.
void taken_directly(benchmark::State& state) {
  const std::string id = "1772442900000 RING c1 101";
  const auto given = event_of(id);
  for (auto _ : state) {
    auto event = event_of_abi(given);
    benchmark::DoNotOptimize(event);
  }
  state.SetItemsProcessed(state.iterations());
}

void taken_as_json(benchmark::State& state) {
  const std::string id = "1772442900000 RING c1 101";
  const auto given = *event_of_abi(event_of(id));
  for (auto _ : state) {
    auto event = event_from_json(event_to_json(given));
    benchmark::DoNotOptimize(event);
  }
  state.SetItemsProcessed(state.iterations());
}

void fed(benchmark::State& state, bool is_isolated) {
  const auto pbx = adapter(is_isolated);
  const auto text = lines(state.range(0));
  const Waits waits;
  for (auto _ : state) {
    AdapterOutput out;
    if (!pbx->feed(1, text, kBenchNow, out) || out.events.size() != static_cast<std::size_t>(state.range(0)))
      state.SkipWithError("not all events came");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["waits"] =
      benchmark::Counter(waits.since() / static_cast<double>(state.range(0)), benchmark::Counter::kAvgIterations);
}

// A process: spawned, the plugin opened in it, confined, begun.
void begun_anew(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(adapter(true));
}

BENCHMARK(taken_directly);
BENCHMARK(taken_as_json);
BENCHMARK_CAPTURE(fed, in_process, false)->Arg(1)->Arg(100);
BENCHMARK_CAPTURE(fed, isolated, true)->Arg(1)->Arg(100)->UseRealTime();
BENCHMARK(begun_anew)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hkl
