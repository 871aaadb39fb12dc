// C, I and E: settings, lives and errors.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>

#include "child.h"
#include "hookline/plugin.h"
#include "judging.h"
#include "plugins/note.h"
#include "surroundings.h"

namespace hkl::validate {
namespace {

using nlohmann::json;

// An exception that met a noexcept function or a destructor never gets to who called.
[[noreturn]] void on_exception_within() {
  const auto current = std::current_exception();
  if (!current) finish({Verdict::crash, "std::terminate without an exception"});
  const auto thrown = guarded([&] { std::rethrow_exception(current); });
  finish(fails(fmt::format("an exception within {} met a noexcept function or a destructor, which ends the process: {}",
                           doing_now() == nullptr ? "a call" : doing_now(), thrown.value_or("?"))));
}

Outcome nothing_unwinds(const Candidate& candidate) {
  std::set_terminate(on_exception_within);
  Bench bench(candidate, opened(candidate));
  const auto settings = sample_settings(candidate);
  const std::pair<const char*, std::function<hkl_status()>> steps[] = {
      {"create", [&] { return bench.create(); }},
      {"configure", [&] { return bench.configure(settings); }},
      {"start", [&] { return bench.start(); }},
      {"stop", [&] { return bench.stop(); }}};
  for (const auto& [name, step] : steps) {
    hkl_status status = HKL_OK;
    const auto& run = step;
    const auto thrown = guarded([&] { status = run(); });
    if (thrown) return fails(fmt::format("an exception came out of {}: {}", name, *thrown));
    if (status != HKL_OK || !bench.is_made()) break;
  }
  const auto thrown = guarded([&] { bench.destroy(); });
  if (thrown) return fails("an exception came out of destroy: " + *thrown);
  const auto lived = guarded([&] {
    const auto done = live_once(candidate, opened(candidate), entry_for(candidate, settings));
    if (!done && done.error().text.find("an exception came out of") != std::string::npos)
      throw std::runtime_error(done.error().text);
  });
  return lived ? fails(*lived) : pass();
}

Outcome defaults_or_a_reason(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    Bench bench(candidate, opened(candidate));
    if (const auto status = bench.create(); status != HKL_OK)
      return fails(fmt::format("create failed with status {}: {}", status, bench.text()));
    if (!bench.is_made()) return fails("create succeeded and made no instance");
    const auto status = bench.configure(sample_settings(candidate));
    if (const auto fault = bench.fault_of_failure("configure", status); !fault.empty()) return fails(fault);
    bench.destroy();
    if (status == HKL_OK) return pass();
    if (status == HKL_BAD_SETTINGS && candidate.settings_json.empty())
      return {Verdict::warn, fmt::format("it refuses made values ({}); give real ones with --settings", bench.text())};
    return fails(fmt::format("settings that satisfy its schema are refused with status {}: {}", status, bench.text()));
  });
}

// What the check's child has printed so far.
std::string captured_output() {
  (void)std::fflush(nullptr);
  std::string out;
  char bytes[4096];
  for (ssize_t got = 0; (got = ::pread(STDOUT_FILENO, bytes, sizeof bytes, static_cast<off_t>(out.size()))) > 0;)
    out.append(bytes, static_cast<std::size_t>(got));
  return out;
}

// What a log, an error or the output says before the host masks anything.
Outcome secrets_stay(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    Log log;
    Bench bench(candidate, opened(candidate), {.log = &log});
    const auto settings = sample_settings(candidate);
    if (settings.find(kSecret) == std::string::npos) return skips("no setting of it is a secret that was made here");
    std::string said;
    for (const auto& given : {settings, settings.substr(0, settings.size() - 1)}) {  // the second is no JSON
      if (bench.create() != HKL_OK || !bench.is_made()) return skips("it makes no instance");
      const bool is_configured = bench.configure(given) == HKL_OK;
      said += bench.text();
      if (is_configured && bench.start() == HKL_OK) {
        (void)bench.work();
        said += bench.text();
        (void)bench.stop();
      }
      said += bench.text();
      bench.destroy();
    }
    if (said.find(kSecret) != std::string::npos) return fails("an error text shows the value of a secret setting");
    for (const auto& line : log.lines)
      if (line.find(kSecret) != std::string::npos) return fails("a log line shows the value of a secret setting");
    if (captured_output().find(kSecret) != std::string::npos)
      return fails("what it printed shows the value of a secret setting");
    return pass();
  });
}

// What a step did to the process and a later one may have undone; "" for nothing. Threads and files of an active
// plugin are its own while it lives.
std::string changed_by_a_step(const Candidate& candidate, const std::shared_ptr<PluginFile>& file,
                              const Surroundings& before) {
  const auto& flags = file->note().flags;
  const bool is_active = std::find(flags.begin(), flags.end(), "active") != flags.end();
  Bench bench(candidate, file);
  const std::pair<const char*, std::function<bool()>> steps[] = {
      {"create", [&] { return bench.create() == HKL_OK && bench.is_made(); }},
      {"configure", [&] { return bench.configure() == HKL_OK; }},
      {"start", [&] { return bench.start() == HKL_OK; }},
      {"stop", [&] { return bench.stop() == HKL_OK; }}};
  for (const auto& [name, step] : steps) {
    const bool goes_on = step();
    auto now = look_around();
    if (is_active) {
      now.threads = before.threads;
      now.files = before.files;
    }
    if (const auto changed = difference(before, now); !changed.empty())
      return fmt::format("{} changed the process: {}", name, changed);
    if (!goes_on) break;
  }
  bench.destroy();
  return {};
}

Outcome many_lives(const Candidate& candidate) {
  const auto file = opened(candidate);
  const auto entry = entry_for(candidate, sample_settings(candidate));
  const auto before = look_around();
  const auto live = [&] { return live_once(candidate, file, entry); };
  if (auto done = live(); !done) {
    if (done.error().status == HKL_BAD_SETTINGS) return skips("it refuses its settings: " + done.error().text);
    return fails(done.error().text);
  }
  if (const auto changed = difference(before, look_around()); !changed.empty())
    return fails("one life changed the process: " + changed);
  if (auto fault = changed_by_a_step(candidate, file, before); !fault.empty()) return fails(std::move(fault));
  // The host keeps a little of each instance for ever (host_services.h), which
  // is not the plugin's doing. The allocator's caches fill once, a leak grows in
  // each batch: the smallest growth counts.
  constexpr int kLives = 100, kBatches = 4;
  auto growth = std::numeric_limits<std::ptrdiff_t>::max();
  for (int batch = 0; batch < kBatches; ++batch) {
    const auto at_first = static_cast<std::ptrdiff_t>(allocated());
    for (int i = 0; i < kLives; ++i) const HostServices kept(entry.surroundings);
    const auto in_between = static_cast<std::ptrdiff_t>(allocated());
    for (int i = 0; i < kLives; ++i) {
      if (auto done = live(); !done) return fails("a later life: " + done.error().text);
    }
    const auto at_last = static_cast<std::ptrdiff_t>(allocated());
    growth = std::min(growth, (at_last - in_between) - (in_between - at_first));
  }
  if (const auto changed = difference(before, look_around()); !changed.empty())
    return fails("a hundred lives changed the process: " + changed);
  // Less than the smallest object a life is the allocator's own.
  if (growth >= kLives * 24) return fails(fmt::format("a hundred lives left {} bytes behind", growth));
  return pass();
}

Outcome ends_anywhere(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    const auto settings = sample_settings(candidate);
    for (int last = 0; last < 5; ++last) {
      Bench bench(candidate, opened(candidate));
      if (bench.create() != HKL_OK || !bench.is_made()) return skips("it makes no instance");
      if (last == 1) (void)bench.configure("no JSON at all");
      if (last >= 2 && bench.configure(settings) == HKL_OK && last >= 3 && bench.start() == HKL_OK && last >= 4)
        (void)bench.stop();
      bench.destroy();
    }
    Bench bench(candidate, opened(candidate));
    if (bench.create("com.example.nothing/1") == HKL_OK && bench.is_made())
      return fails("create made an instance for an interface that the plugin does not offer");
    bench.destroy();
    return pass();
  });
}

// What wants a started instance answers without one, by name; "" when all say "invalid".
std::string works_unstarted(Bench& bench, const std::string& kind, const char* when) {
  std::vector<std::pair<const char*, hkl_status>> answers;
  if (kind == HKL_PBX_ADAPTER_V1) {
    answers.emplace_back("opened", bench.opened(1, true, kMondayMs));
    answers.emplace_back("feed", bench.feed(1, "\n", kMondayMs));
  } else if (kind == HKL_LEAD_CLASSIFIER_V1) {
    answers.emplace_back("classify", bench.classify(usual_story(), 1));
  } else if (kind == HKL_TASK_RULE_V1) {
    answers.emplace_back("review", bench.review(usual_story()));
  }
  for (const auto& [name, status] : answers)
    if (status != HKL_INVALID) return fmt::format("{} {} answered {} in place of \"invalid\"", name, when, status);
  return {};
}

Outcome wrong_order(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    Bench bench(candidate, opened(candidate));
    if (bench.create() != HKL_OK || !bench.is_made()) return skips("it makes no instance");
    const auto kind = kind_of(note_of(candidate));
    if (const auto status = bench.stop(); status == HKL_OK) return fails("stop before start answered ok");
    if (auto fault = works_unstarted(bench, kind, "before start"); !fault.empty()) return fails(std::move(fault));
    if (bench.configure(sample_settings(candidate)) != HKL_OK || bench.start() != HKL_OK) {
      bench.destroy();
      return skips("it does not start with these settings");
    }
    (void)bench.stop();
    if (const auto status = bench.stop(); status == HKL_OK) return fails("the second stop answered ok");
    if (auto fault = works_unstarted(bench, kind, "after stop"); !fault.empty()) return fails(std::move(fault));
    bench.destroy();
    return pass();
  });
}

Outcome survives_fork(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    Bench bench(candidate, opened(candidate));
    const auto forked = [] {
      const auto child = ::fork();
      if (child == 0) ::_exit(0);
      int status = 0;
      return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    };
    if (bench.create() != HKL_OK || !bench.is_made()) return skips("it makes no instance");
    const auto ended_untouched = [&](const char* step) {
      return forked() ? pass()
                      : fails(fmt::format("a child that the host forked after {} did not end untouched", step));
    };
    auto outcome = ended_untouched("create");
    if (outcome.verdict == Verdict::pass && bench.configure() == HKL_OK) outcome = ended_untouched("configure");
    if (outcome.verdict == Verdict::pass && bench.start() == HKL_OK) outcome = ended_untouched("start");
    (void)bench.work();
    (void)bench.stop();
    bench.destroy();
    return outcome;
  });
}

Outcome errors_speak(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    Bench bench(candidate, opened(candidate));
    for (const std::string bad : {"", "null", "[]", "no JSON", "{\"no_such_setting\": 1"}) {
      if (const auto status = bench.create(); status != HKL_OK) {
        const auto fault = bench.fault_of_failure("create", status);
        return fault.empty() ? skips("it makes no instance") : fails(fault);
      }
      const auto status = bench.configure(bad);
      if (const auto fault = bench.fault_of_failure("configure", status); !fault.empty()) return fails(fault);
      bench.destroy();
    }
    const auto status = bench.create("com.example.nothing/1");
    const auto fault = bench.fault_of_failure("create", status);
    bench.destroy();
    return fault.empty() ? pass() : fails(fault);
  });
}

}  // namespace

std::vector<Check> settings_checks() {
  const std::vector<const char*> after = {"D02", "D03", "D04"};
  return {
      {"E03", Level::quick, "nothing unwinds through a call", "R9", after, nothing_unwinds, "I01"},
      {"C01", Level::quick, "its defaults are taken, or refused with a sentence", "R14", after, defaults_or_a_reason,
       "I01"},
      {"C03", Level::standard, "secrets are in no log line, no error and no output", "R14", after, secrets_stay, "I01"},
  };
}

std::vector<Check> fork_checks() {
  return {{"I07", Level::strict, "lives on when the host forks", "R11", {"I01"}, survives_fork}};
}

std::vector<Check> life_checks() {
  const std::vector<const char*> after = {"D02", "D03", "D04"};
  return {
      {"I01",
       Level::quick,
       "a hundred lives leave nothing behind",
       "R9, R11",
       {"D02", "D03", "D04", "E03", "C01"},
       many_lives},
      {"I02", Level::quick, "destroy is accepted in every state", "R11", after, ends_anywhere},
      {"I04", Level::standard, "steps in the wrong order are refused", "R11", after, wrong_order},
      {"E01", Level::quick, "every failure has a listed status and a sentence", "R8", after, errors_speak},
  };
}

}  // namespace hkl::validate
