// One living child with one plugin open in it, and calls into it.
//
// Used by one thread at a time. Once it is dead it stays so; who wants to go on
// opens another.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "isolation/channel.h"
#include "isolation/child_process.h"
#include "isolation/host_desk.h"
#include "isolation/sinks.h"
#include "plugins/catalogue.h"

namespace hkl::isolation {

struct Limits {
  std::chrono::milliseconds call{10000};  // one call of the plugin; then its process is killed
  std::uint64_t memory_bytes = 512u << 20;
};

// What every child of one plugin is made of.
struct ChildPlan {
  std::string program;  // libexec/hookline-child
  PluginNote note;
  std::shared_ptr<const std::string> image;  // what was judged is what runs
  Limits limits;
};

// What a function of the plugin answered.
struct Returned {
  hkl_status status = HKL_INTERNAL;
  std::int32_t vendor_code = 0;
  std::string text;
  std::string results;  // what it gave besides its sinks
  std::string outputs;  // for Sinks::give
};

// How a child ended, in words: "died of SIGSEGV (Segmentation fault) in feed".
struct Death {
  std::string why;
  // Whether a call was going on: then its input may be the cause.
  bool is_in_call = false;
};

class Link {
 public:
  // Spawns and opens. Errors name the plugin's file.
  static Result<std::unique_ptr<Link>> open(const ChildPlan& plan, const HostDesk& desk);

  // `sinks`: for what is answered while the call goes on. `is_replay`: what it
  // logs was logged before. Nothing: it is dead, see death().
  std::optional<Returned> call(Function function, std::string_view arguments, const Sinks& sinks,
                               bool is_replay = false);
  // Looks whether it died since the last call.
  bool is_alive();
  const Death& death() const { return death_; }
  pid_t pid() const { return process_->pid(); }

 private:
  Link(const ChildPlan& plan, const HostDesk& desk, std::unique_ptr<ChildProcess> process);
  Result<Returned> hello();
  std::optional<Returned> listen(const char* what, const Sinks& sinks, Steady deadline, bool is_replay);
  std::string answer(std::string_view question, const Sinks& sinks, std::string& outputs);
  void tell_lines();
  std::nullopt_t dead(const std::string& why, bool is_in_call);
  std::nullopt_t lost(const char* what);

  const ChildPlan& plan_;
  const HostDesk& desk_;
  std::unique_ptr<ChildProcess> process_;
  Channel channel_;
  bool is_dead_ = false;
  Death death_;
};

}  // namespace hkl::isolation
