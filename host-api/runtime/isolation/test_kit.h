// Isolated instances of test plugins, and what becomes of them.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include "isolation/isolated_plugin.h"
#include "plugins/instances.h"
#include "plugins/test_plugins/heard.h"

namespace hkl::test {

inline std::string mortal() { return std::string(HKL_MORTAL_PLUGINS) + "/mortal.so"; }

struct Isolated : Heard {
  std::vector<PoisonedInput> poison;
  IsolationSetup setup;

  Isolated() {
    setup.entry = "entry";
    setup.program = HKL_CHILD;
    setup.limits.call = std::chrono::seconds(20);
    setup.set_aside = [this](PoisonedInput input) { poison.push_back(std::move(input)); };
  }

  Result<std::shared_ptr<PluginFile>> open(const std::string& path) {
    auto image = read_plugin_file(path);
    if (!image) return fail(image.error());
    auto note = judge_note(path, *image);
    if (!note) return fail(note.error());
    return std::make_shared<IsolatedPlugin>(std::move(*note), std::move(*image), setup);
  }

  template <typename Make>
  auto make(const std::string& path, Make make, const std::string& settings = "{}") -> decltype(make({}, entry())) {
    auto file = open(path);
    if (!file) return fail(file.error());
    return make(std::move(*file), entry(settings));
  }

  std::uint64_t deaths() const { return setup.counters->deaths; }
  bool heard(const std::string& part) const {
    for (const auto& line : lines)
      if (line.find(part) != std::string::npos) return true;
    return false;
  }
};

// An adapter with a connection 7.
struct IsolatedAdapter : Isolated {
  std::unique_ptr<Adapter> adapter;
  AdapterOutput out;
  Instant now = instant_of(1772442900000);

  void begin(const std::string& path = mortal(), const std::string& settings = R"({"path": "", "port": 0})") {
    auto made = make(path, make_adapter, settings);
    ASSERT_TRUE(made) << made.error().text;
    adapter = std::move(*made);
    ASSERT_TRUE(adapter->opened(7, false, "", "10.0.0.5:5038", now, out));
  }
  Done feed(const std::string& bytes) { return adapter->feed(7, bytes, now, out); }
  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const auto& event : out.events) ids.push_back(event.event_id);
    return ids;
  }
  // Dead when it returns, and not reaped.
  void kill() const {
    const pid_t pid = setup.counters->pid;
    ::kill(pid, SIGKILL);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
  }
};

}  // namespace hkl::test
