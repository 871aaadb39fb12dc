// T: threads, tags, and answers that depend on the input alone.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "fresh.h"
#include "judging.h"
#include "surroundings.h"

namespace hkl::validate {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

Outcome keeps_to_tags(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    Bench bench(candidate, opened(candidate));
    if (!bench.begin()) return does_not_start(bench);
    (void)bench.work();
    if (const auto fault = bench.host().fault(); !fault.empty()) return fails(fault);
    (void)bench.stop();
    bench.destroy();
    return pass();
  });
}

std::vector<std::string> lived(const Candidate& candidate, const std::shared_ptr<PluginFile>& file, bool is_slow) {
  Bench bench(candidate, file);
  if (is_slow) bench.host().dawdle();
  bench.live();
  return bench.told();
}

// Lives over and over until the time is over or somebody found a difference.
void live_beside_another(const Candidate& candidate, const std::shared_ptr<PluginFile>& file,
                         const std::vector<std::string>& alone, std::atomic<int>& ready, std::string& fault) {
  ++ready;
  while (ready < 2) std::this_thread::yield();
  const auto end = Clock::now() + milliseconds(150);
  const auto thrown = guarded([&] {
    for (int life = 0; fault.empty() && (life < 3 || Clock::now() < end); ++life)
      fault = first_difference(alone, lived(candidate, file, true), "alone", "beside another thread's instance");
  });
  if (thrown) fault = "an exception comes out beside another thread's instance: " + *thrown;
}

// Each step on a thread of its own.
std::vector<std::string> lived_moving(const Candidate& candidate, const std::shared_ptr<PluginFile>& file) {
  Bench bench(candidate, file);
  bool is_good = false;
  const auto elsewhere = [](auto&& step) { std::thread(step).join(); };
  elsewhere([&] { is_good = bench.create() == HKL_OK && bench.is_made(); });
  if (is_good) elsewhere([&] { is_good = bench.configure() == HKL_OK; });
  if (is_good) elsewhere([&] { is_good = bench.start() == HKL_OK; });
  if (is_good) elsewhere([&] { (void)bench.work(); });
  if (is_good) elsewhere([&] { (void)bench.stop(); });
  elsewhere([&] { bench.destroy(); });
  return bench.told();
}

Outcome works_on_two_threads(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    const auto file = opened(candidate);
    const auto alone = lived(candidate, file, false);
    std::atomic<int> ready{0};
    std::string faults[2];
    {
      std::thread other([&] { live_beside_another(candidate, file, alone, ready, faults[0]); });
      live_beside_another(candidate, file, alone, ready, faults[1]);
      other.join();
    }
    for (const auto& fault : faults)
      if (!fault.empty()) return fails(fault);
    const auto fault = first_difference(alone, lived_moving(candidate, file), "on one thread", "moved at each step");
    return fault.empty() ? pass() : fails(fault);
  });
}

Outcome ends_with_stop(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    const auto before = look_around();
    Bench bench(candidate, opened(candidate));
    if (!bench.begin()) return does_not_start(bench);
    (void)bench.work();
    (void)bench.stop();
    // A thread that was joined may still be seen for a moment. Without one,
    // nothing can call back later.
    const auto end = Clock::now() + milliseconds(2000);
    while (look_around().threads != before.threads && Clock::now() < end && bench.host().late().empty())
      std::this_thread::sleep_for(milliseconds(20));
    if (const auto threads = look_around().threads; threads != before.threads)
      return fails(fmt::format("two seconds after stop there are {} threads, before create there were {}", threads,
                               before.threads));
    bench.destroy();
    if (const auto late = bench.host().late(); !late.empty()) return fails(late);
    return pass();
  });
}

Outcome same_answers_anywhere(const Candidate& candidate) {
  const auto here = told_elsewhere(candidate, {{{"TZ", "UTC"}, {"LC_ALL", "C"}}, 0});
  const auto there =
      told_elsewhere(candidate, {{{"TZ", "Asia/Kathmandu"}, {"LC_ALL", "C.UTF-8"}}, std::int64_t{365} * 24 * 3600});
  if (!here || !there) return fails("it does its work in this process and not in a fresh one");
  const auto fault = first_difference(*here, *there, "in one process",
                                      "in another with another time zone, locale, clock and layout of memory");
  return fault.empty() ? pass() : fails(fault);
}

#if defined(__SANITIZE_THREAD__)
// What the sanitizer finds meanwhile is read from its words (sanitizer.h).
Outcome clean_under_thread_sanitizer(const Candidate& candidate) { return works_on_two_threads(candidate); }
#else
Outcome clean_under_thread_sanitizer(const Candidate&) {
  return skips("this tool is built without ThreadSanitizer; the one of the preset tsan does it");
}
#endif

}  // namespace

// Before all that compare two ways of working.
std::vector<Check> sameness_checks() {
  return {{"T04",
           Level::standard,
           "the same input gives the same answers, wherever and whenever",
           "R10",
           {"I01"},
           same_answers_anywhere}};
}

std::vector<Check> thread_checks() {
  const std::vector<const char*> after = {"I01"};
  return {
      {"T01", Level::standard, "uses each function of the host under its tag", "R10", after, keeps_to_tags},
      {"T02", Level::standard, "instances work on two threads at once, and move between threads", "R10", after,
       works_on_two_threads},
      {"T03", Level::standard, "after stop nothing of it runs or calls", "R10, R11", after, ends_with_stop},
      {"T05", Level::strict, "works without a data race under ThreadSanitizer", "R10", after,
       clean_under_thread_sanitizer},
  };
}

}  // namespace hkl::validate
