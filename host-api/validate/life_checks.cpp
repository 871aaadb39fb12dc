// C, I, E and U: settings, lives, errors and the end of the process.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "hookline/plugin.h"
#include "plugins/guard.h"
#include "plugins/note.h"
#include "plugins/texts.h"
#include "specimen.h"
#include "surroundings.h"

namespace hkl::validate {
namespace {

using nlohmann::json;

// One instance by its bare table, so that steps can be taken in a wrong order.
class Bare {
 public:
  explicit Bare(const Candidate& candidate, Log* log = nullptr)
      : file_(opened(candidate)),
        services_(entry_for(candidate, "", log).surroundings),
        life_(static_cast<const hkl_life*>(file_->find_interface(HKL_LIFE_V1))) {}

  hkl_status create() { return create(kind_of(file_->note())); }
  hkl_status create(const std::string& kind) {
    return step([&](hkl_error* err) { return life_->create(str_of(kind), services_.host(), &self_, err); });
  }
  hkl_status configure(const std::string& settings) {
    return step([&](hkl_error* err) { return life_->configure(self_, str_of(settings), err); });
  }
  hkl_status start() {
    return step([&](hkl_error* err) { return life_->start(self_, err); });
  }
  hkl_status stop() {
    return step([&](hkl_error* err) { return life_->stop(self_, err); });
  }
  void destroy() {
    if (self_ == nullptr) return;
    const HostServices::Call standing(services_);
    life_->destroy(std::exchange(self_, nullptr));
  }
  bool is_made() const { return self_ != nullptr; }
  const std::string& text() const { return text_; }  // of the last failure

  // What is wrong with the way the last step failed, or "".
  std::string fault(const char* name, hkl_status status) const {
    if (status > HKL_PARTLY) return fmt::format("{} returned {}, which is no status", name, status);
    if (status == HKL_OK) return {};
    if (text_.empty()) return fmt::format("{} failed with status {} and does not say why", name, status);
    return is_utf8(text_) ? std::string() : fmt::format("the error text of {} is no UTF-8", name);
  }

 private:
  template <typename F>
  hkl_status step(F&& call) {
    hkl_error err{};
    err.struct_size = sizeof err;
    const HostServices::Call standing(services_);
    const auto status = call(&err);
    text_ = std::string(err.text, std::min<std::size_t>(err.text_len, HKL_ERROR_TEXT_MAX - 1));
    return status;
  }

  std::shared_ptr<PluginFile> file_;
  HostServices services_;
  const hkl_life* life_;
  hkl_instance* self_ = nullptr;
  std::string text_;
};

// Exceptions that leave a step, named; E03 judges them.
template <typename F>
Outcome without_exceptions(F&& run) {
  Outcome outcome;
  const auto thrown = guarded([&] { outcome = run(); });
  return thrown ? skips("an exception comes out, see E03: " + *thrown) : outcome;
}

Outcome nothing_unwinds(const Candidate& candidate) {
  Bare bare(candidate);
  const auto settings = sample_settings(candidate);
  const std::pair<const char*, std::function<hkl_status()>> steps[] = {
      {"create", [&] { return bare.create(); }},
      {"configure", [&] { return bare.configure(settings); }},
      {"start", [&] { return bare.start(); }},
      {"stop", [&] { return bare.stop(); }}};
  for (const auto& [name, step] : steps) {
    hkl_status status = HKL_OK;
    const auto& run = step;
    const auto thrown = guarded([&] { status = run(); });
    if (thrown) return fails(fmt::format("an exception came out of {}: {}", name, *thrown));
    if (status != HKL_OK || !bare.is_made()) break;
  }
  const auto thrown = guarded([&] { bare.destroy(); });
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
    Bare bare(candidate);
    if (const auto status = bare.create(); status != HKL_OK)
      return fails(fmt::format("create failed with status {}: {}", status, bare.text()));
    if (!bare.is_made()) return fails("create succeeded and made no instance");
    const auto status = bare.configure(sample_settings(candidate));
    if (const auto fault = bare.fault("configure", status); !fault.empty()) return fails(fault);
    bare.destroy();
    if (status == HKL_OK) return pass();
    if (status == HKL_BAD_SETTINGS && candidate.settings_json.empty())
      return {Verdict::warn, fmt::format("it refuses made values ({}); give real ones with --settings", bare.text())};
    return fails(fmt::format("settings that satisfy its schema are refused with status {}: {}", status, bare.text()));
  });
}

// What a log or an error says before the host masks anything.
Outcome secrets_stay(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    Log log;
    Bare bare(candidate, &log);
    const auto settings = sample_settings(candidate);
    if (settings.find(kSecret) == std::string::npos) return skips("no setting of it is a secret that was made here");
    std::string said;
    for (const auto& given : {settings, settings.substr(0, settings.size() - 1)}) {  // the second is no JSON
      if (bare.create() != HKL_OK || !bare.is_made()) return skips("it makes no instance");
      const bool is_configured = bare.configure(given) == HKL_OK;
      said += bare.text();
      if (is_configured && bare.start() == HKL_OK) bare.stop();
      said += bare.text();
      bare.destroy();
    }
    if (said.find(kSecret) != std::string::npos) return fails("an error text shows the value of a secret setting");
    for (const auto& line : log.lines)
      if (line.find(kSecret) != std::string::npos) return fails("a log line shows the value of a secret setting");
    return pass();
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
    std::string said[2];
    for (int i = 0; i < 2; ++i) {
      Bare bare(candidate);
      if (bare.create() != HKL_OK) return skips("it makes no instance");
      const auto status = bare.configure(i == 0 ? settings.dump() : turned);
      said[i] = fmt::format("{} {}", status, bare.text());
      bare.destroy();
    }
    return said[0] == said[1]
               ? pass()
               : fails(fmt::format("configure answers [{}], and with the keys turned round [{}]", said[0], said[1]));
  });
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
      Bare bare(candidate);
      if (bare.create() != HKL_OK || !bare.is_made()) return skips("it makes no instance");
      if (last == 1) (void)bare.configure("no JSON at all");
      if (last >= 2 && bare.configure(settings) == HKL_OK && last >= 3 && bare.start() == HKL_OK && last >= 4)
        (void)bare.stop();
      bare.destroy();
    }
    Bare bare(candidate);
    if (bare.create("com.example.nothing/1") == HKL_OK && bare.is_made())
      return fails("create made an instance for an interface that the plugin does not offer");
    bare.destroy();
    return pass();
  });
}

Outcome wrong_order(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    Bare bare(candidate);
    if (bare.create() != HKL_OK || !bare.is_made()) return skips("it makes no instance");
    if (const auto status = bare.stop(); status == HKL_OK) return fails("stop before start answered ok");
    if (bare.configure(sample_settings(candidate)) != HKL_OK || bare.start() != HKL_OK) {
      bare.destroy();
      return skips("it does not start with these settings");
    }
    (void)bare.stop();
    if (const auto status = bare.stop(); status == HKL_OK) return fails("the second stop answered ok");
    bare.destroy();
    return pass();
  });
}

Outcome survives_fork(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    Bare bare(candidate);
    const auto settings = sample_settings(candidate);
    const auto forked = [] {
      const auto child = ::fork();
      if (child == 0) ::_exit(0);
      int status = 0;
      return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    };
    if (bare.create() != HKL_OK || !bare.is_made()) return skips("it makes no instance");
    if (!forked()) return fails("a child of the host did not end untouched after create");
    if (bare.configure(settings) == HKL_OK && forked() && bare.start() == HKL_OK && forked()) (void)bare.stop();
    bare.destroy();
    return pass();
  });
}

Outcome errors_speak(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    Bare bare(candidate);
    for (const std::string bad : {"", "null", "[]", "no JSON", "{\"no_such_setting\": 1"}) {
      if (const auto status = bare.create(); status != HKL_OK) {
        const auto fault = bare.fault("create", status);
        return fault.empty() ? skips("it makes no instance") : fails(fault);
      }
      const auto status = bare.configure(bad);
      if (const auto fault = bare.fault("configure", status); !fault.empty()) return fails(fault);
      bare.destroy();
    }
    const auto status = bare.create("com.example.nothing/1");
    const auto fault = bare.fault("create", status);
    bare.destroy();
    return fault.empty() ? pass() : fails(fault);
  });
}

Outcome comes_back(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    (void)live_once(candidate, opened(candidate), entry_for(candidate, sample_settings(candidate)));
    return pass();
  });
}

// Exits for real in a child of its own: with an instance alive.
Outcome exits_alive(const Candidate& candidate) {
  const auto settings = sample_settings(candidate);
  const auto child = ::fork();
  if (child == 0) {
    auto* alive = new Bare(candidate);  // lives on, which is the point
    (void)guarded([&] {
      if (alive->create() == HKL_OK && alive->configure(settings) == HKL_OK) (void)alive->start();
    });
    std::exit(0);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) return skips("no process for it");
  if (WIFSIGNALED(status)) return fails(fmt::format("exit with a live instance died of signal {}", WTERMSIG(status)));
  return WEXITSTATUS(status) == 0 ? pass()
                                  : fails(fmt::format("exit with a live instance gave code {}", WEXITSTATUS(status)));
}

}  // namespace

std::vector<Check> life_checks() {
  const std::vector<const char*> after = {"D02", "D03", "D04"};
  return {
      {"E03", Level::quick, "nothing unwinds through a call", "R9", after, nothing_unwinds, "I01"},
      {"C01", Level::quick, "its defaults are taken, or refused with a sentence", "R14", after, defaults_or_a_reason,
       "I01"},
      {"C03", Level::standard, "secrets are in no log line and no error", "R14", after, secrets_stay, "I01"},
      {"C04", Level::strict, "the order of keys means nothing", "R14", after, order_of_keys, "I01"},
      {"E04", Level::quick, "every call comes back by returning", "R9", after, comes_back, "I01"},
      {"I01",
       Level::quick,
       "a hundred lives leave nothing behind",
       "R9, R11",
       {"D02", "D03", "D04", "E03", "C01"},
       many_lives},
      {"I02", Level::quick, "destroy is accepted in every state", "R11", after, ends_anywhere},
      {"I04", Level::standard, "steps in the wrong order are refused", "R11", after, wrong_order},
      {"I07", Level::strict, "lives on when the host forks", "R11", after, survives_fork},
      {"E01", Level::quick, "every failure has a listed status and a sentence", "R8", after, errors_speak},
      {"U01", Level::standard, "the process exits normally while an instance lives", "R12", {"I01"}, exits_alive},
  };
}

}  // namespace hkl::validate
