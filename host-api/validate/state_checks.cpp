// C02, C04, D05, E02, I03, I05, I06, I08: instances in settings and hosts other than
// the usual ones.
#include <fmt/format.h>
#include <time.h>

#include <chrono>
#include <exception>
#include <thread>

#include "allocations.h"
#include "child.h"
#include "judging.h"
#include "setting_values.h"
#include "surroundings.h"

namespace hkl::validate {
namespace {

using nlohmann::json;

constexpr hkl_status kRefusal = HKL_UNAVAILABLE;

Outcome older_host(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    const auto file = opened(candidate);
    const auto& note = file->note();
    const auto created = [&](std::uint32_t minor, bool has_all) {
      Bench bench(candidate, file);
      bench.host().say_minor(minor);
      std::set<std::string> absent;
      for (const auto& id : host_interface_ids())
        if (!has_all && std::find(note.needs.begin(), note.needs.end(), id) == note.needs.end()) absent.insert(id);
      bench.host().lack(std::move(absent));
      return std::pair(bench.create(), bench.text());
    };
    const auto [now, unused] = created(std::max<std::uint32_t>(note.built_minor, HKL_ABI_MINOR), true);
    if (now != HKL_OK) return skips("it makes no instance in any host");
    const auto [then, why] = created(note.required_minor, false);
    if (then == HKL_OK) return pass();
    return fails(fmt::format("requires minor {} alone, and refuses a host of that minor that has what it needs: {}",
                             note.required_minor, why.empty() ? "without a word" : why));
  });
}

Outcome order_of_keys(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    const auto settings = json::parse(sample_settings(candidate));
    std::string turned = "{";
    std::vector<std::string> members;
    for (const auto& [name, value] : settings.items()) members.push_back(json(name).dump() + ":" + value.dump());
    std::reverse(members.begin(), members.end());
    turned += fmt::format("{}", fmt::join(members, ",")) + "}";
    const auto file = opened(candidate);
    std::vector<std::string> said[2];
    for (int i = 0; i < 2; ++i) {
      Bench bench(candidate, file, {.settings = i == 0 ? settings.dump() : turned});
      bench.live();
      said[i] = bench.told();
    }
    const auto fault = first_difference(said[0], said[1], "as usual", "with the keys turned round");
    return fault.empty() ? pass() : fails(fault);
  });
}

Outcome settings_at_their_ends(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    const auto file = opened(candidate);
    const auto usual = json::parse(sample_settings(candidate));
    std::uint64_t round = 0;
    for (const auto& [name, which, value] : values_at_the_ends(schema_of(candidate))) {
      set_round(++round);
      auto settings = usual;
      settings[name] = value;
      Bench bench(candidate, file, {.settings = settings.dump()});
      if (bench.create() != HKL_OK) return skips("it makes no instance");
      const auto status = bench.configure();
      const auto about = fmt::format("setting \"{}\" with {}", name, which);
      if (const auto fault = bench.fault_of_failure("configure", status); !fault.empty())
        return fails(fmt::format("{}: {}", about, fault));
      if (status != HKL_OK && status != HKL_BAD_SETTINGS)
        return fails(fmt::format("{}: configure answers {}, not \"bad settings\": {}", about, status, bench.text()));
      if (status == HKL_OK && bench.start() == HKL_OK) (void)bench.stop();
      bench.destroy();
    }
    return pass();
  });
}

// Settings that the plugin takes: the usual ones and up to two others.
std::vector<std::string> accepted_settings(const Candidate& candidate, const std::shared_ptr<PluginFile>& file) {
  const auto usual = json::parse(sample_settings(candidate));
  std::vector<std::string> out = {usual.dump()};
  for (const auto& other : other_settings(usual, schema_of(candidate))) {
    if (out.size() == 3) break;
    Bench bench(candidate, file, {.settings = other.dump()});
    if (bench.begin()) out.push_back(other.dump());
  }
  while (out.size() < 3) out.push_back(out.front());
  return out;
}

Outcome three_side_by_side(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    const auto file = opened(candidate);
    const auto settings = accepted_settings(candidate, file);
    std::vector<std::vector<std::string>> alone;
    std::vector<std::unique_ptr<Bench>> benches;
    for (const auto& one : settings) {
      Bench bench(candidate, file, {.settings = one});
      bench.live();
      alone.push_back(bench.told());
      benches.push_back(std::make_unique<Bench>(candidate, file, BenchWishes{.settings = one}));
    }
    const auto each = [&](auto&& step) {
      for (auto& bench : benches) step(*bench);
    };
    each([](Bench& bench) { (void)bench.create(); });
    if (!benches.front()->is_made()) return skips("it makes no instance");
    std::vector<bool> is_good(benches.size(), true);
    for (std::size_t i = 0; i < benches.size(); ++i) is_good[i] = benches[i]->configure() == HKL_OK;
    for (std::size_t i = 0; i < benches.size(); ++i) is_good[i] = is_good[i] && benches[i]->start() == HKL_OK;
    for (std::size_t i = 0; i < benches.size(); ++i)
      if (is_good[i]) (void)benches[i]->work();
    for (std::size_t i = 0; i < benches.size(); ++i)
      if (is_good[i]) (void)benches[i]->stop();
    each([](Bench& bench) { bench.destroy(); });
    for (std::size_t i = 0; i < benches.size(); ++i) {
      const auto fault = first_difference(alone[i], benches[i]->told(), "alone", "beside two others");
      if (!fault.empty()) return fails(fmt::format("instance {} of 3 sees the others' settings: {}", i + 1, fault));
    }
    return pass();
  });
}

// What is wrong with the way a step ended, or "". Who hands the host's own
// refusal on need not explain it to the host.
std::string unless_handed_on(const Bench& bench, const char* step, hkl_status status) {
  return status == kRefusal ? std::string() : bench.fault_of_failure(step, status);
}

// A refusal of the host's may end a step.
std::string judged_life(Bench& bench) {
  if (const auto status = bench.create(); status != HKL_OK) return unless_handed_on(bench, "create", status);
  if (!bench.is_made()) return "create succeeded and made no instance";
  if (const auto status = bench.configure(); status != HKL_OK) return unless_handed_on(bench, "configure", status);
  if (const auto status = bench.start(); status != HKL_OK) return unless_handed_on(bench, "start", status);
  const auto worked = bench.work();
  auto fault = unless_handed_on(bench, "its work", worked);
  (void)bench.stop();
  bench.destroy();
  return fault;
}

Outcome host_refuses(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    const auto file = opened(candidate);
    Bench usual(candidate, file);
    usual.live();
    constexpr std::uint64_t kMost = 300;
    const auto count = std::min<std::uint64_t>(usual.host().asked(), kMost);
    for (std::uint64_t n = 1; n <= count; ++n) {
      set_round(n);
      Bench bench(candidate, file);
      bench.host().refuse_nth(n, kRefusal);
      if (const auto fault = judged_life(bench); !fault.empty())
        return fails(fmt::format("when the host refuses its {}. question: {}", n, fault));
    }
    set_round(0);
    for (const auto& id : usual.host().offered()) {
      const auto& needs = file->note().needs;
      if (std::find(needs.begin(), needs.end(), id) != needs.end()) continue;
      Bench bench(candidate, file);
      bench.host().lack({id});
      if (const auto fault = judged_life(bench); !fault.empty())
        return fails(fmt::format("in a host without {}: {}", id, fault));
    }
    return pass();
  });
}

// Some libraries allocate in destructors (nlohmann::json does, for what is
// nested), and then nobody can catch it.
[[noreturn]] void on_failed_destructor() {
  finish({Verdict::warn, fmt::format("{} ended the process when an allocation failed: std::bad_alloc met a destructor "
                                     "or a noexcept function",
                                     doing_now() == nullptr ? "a step" : doing_now())});
}

Outcome memory_runs_out(const Candidate& candidate) {
  if (!can_fail_allocations()) return skips("a sanitizer's allocator cannot be made to fail; other builds do it");
  std::set_terminate(on_failed_destructor);
  const auto file = opened(candidate);
  hook_allocations(reinterpret_cast<const void*>(file->descriptor().get_interface));
  const auto settings = sample_settings(candidate);
  constexpr std::uint64_t kMost = 500;
  std::uint64_t count = 1;
  for (std::uint64_t n = 0; n <= std::min(count, kMost); ++n) {  // the first round only counts
    set_round(n);
    Bench bench(candidate, file, {.settings = settings});
    arm_allocations(n);
    hkl_status status = HKL_OK;
    const char* step = "create";
    const auto thrown = guarded([&] {
      status = bench.create();
      if (status == HKL_OK) status = (step = "configure", bench.configure());
      if (status == HKL_OK) status = (step = "start", bench.start());
    });
    const auto made = disarm_allocations();
    if (n == 0) count = made;
    if (thrown) return fails(fmt::format("allocation {} failed and an exception came out of {}: {}", n, step, *thrown));
    if (const auto fault = bench.fault_of_failure(step, status); !fault.empty())
      return fails(fmt::format("allocation {} failed: {}", n, fault));
    bench.destroy();
  }
  return pass();
}

// --- I08 ---

std::int64_t cpu_ms() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::int64_t{used.tv_sec} * 1000 + used.tv_nsec / 1'000'000;
}

// Two seconds in which nothing arrives, by the plugin's own clock.
std::string idle_adapter(Bench& bench) {
  constexpr std::uint64_t kMostTicks = 200;
  if (bench.endpoints() != HKL_OK || bench.opened(1, false, kMondayMs) != HKL_OK) return {};
  std::uint64_t ticks = 0;
  for (auto now = kMondayMs; bench.asked().tick_at_ms && *bench.asked().tick_at_ms <= kMondayMs + 2000;) {
    now = std::max(now, *bench.asked().tick_at_ms);
    if (bench.tick(now) != HKL_OK) break;
    if (++ticks > kMostTicks)
      return fmt::format("asked to be woken {} times within two seconds in which nothing arrived", ticks);
  }
  return {};
}

Outcome idles(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    const auto before = look_around();
    Bench bench(candidate, opened(candidate));
    if (!bench.begin()) return does_not_start(bench);
    if (kind_of(note_of(candidate)) == HKL_PBX_ADAPTER_V1) {
      if (auto fault = idle_adapter(bench); !fault.empty()) return fails(std::move(fault));
    }
    if (look_around().threads != before.threads) {  // a passive plugin has no thread that could be busy
      const auto used = cpu_ms();
      std::this_thread::sleep_for(std::chrono::seconds(2));
      if (const auto more = cpu_ms() - used; more > 500)
        return fails(fmt::format("used {} ms of processor time within two seconds in which nothing happened", more));
    }
    constexpr std::uint64_t kMost = 1000;
    if (bench.host().lines() > kMost)
      return fails(fmt::format("wrote {} lines into the log with nothing to do", bench.host().lines()));
    if (bench.asked().event_count > kMost)
      return fails(fmt::format("told {} events with nothing to do", bench.asked().event_count));
    (void)bench.stop();
    bench.destroy();
    return pass();
  });
}

// --- E02 ---

Outcome outs_stay_whole(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    const auto file = opened(candidate);
    Bench bench(candidate, file);
    if (bench.create("com.example.nothing/1") != HKL_OK && !bench.touched_out().empty())
      return fails(bench.touched_out());
    if (bench.create() != HKL_OK || bench.configure() != HKL_OK) return does_not_start(bench);
    // Work before start is refused, and must leave nothing behind.
    const auto kind = kind_of(file->note());
    if (kind == HKL_LEAD_CLASSIFIER_V1) (void)bench.classify(usual_story(), 1);
    if (kind == HKL_REPORT_V1 && bench.can_scan()) (void)bench.scan({});
    if (!bench.touched_out().empty()) return fails(bench.touched_out());
    bench.destroy();
    return pass();
  });
}

}  // namespace

std::vector<Check> state_checks() {
  const std::vector<const char*> after = {"I01"};
  return {
      {"I08", Level::standard, "idles quietly", "R15", after, idles},
      {"C02", Level::standard, "each setting at its ends is taken or refused with a sentence", "R14, R6", after,
       settings_at_their_ends},
      {"C04", Level::strict, "the order of keys means nothing", "R14", after, order_of_keys},
      {"E02", Level::standard, "a failure leaves what it was to fill alone", "R8", after, outs_stay_whole},
      {"I03", Level::standard, "instances with other settings do not see each other's", "R11", after,
       three_side_by_side},
      {"I05", Level::standard, "lives on when the host refuses, and where it lacks a service", "R5, R8", after,
       host_refuses},
      {"I06", Level::strict, "says so when memory runs out", "R8", after, memory_runs_out},
  };
}

std::vector<Check> older_host_checks() {
  return {{"D05",
           Level::standard,
           "lives in the oldest host that it says it can live in",
           "R3, R5",
           {"D02", "D03", "D04"},
           older_host,
           "I01"}};
}

}  // namespace hkl::validate
