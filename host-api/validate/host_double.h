// The host as a plugin under examination sees it: the real services, with a
// person at the counter who notes who asks for what, when and from which
// thread, and who can be told to refuse.
//
// One for each instance. Its functions may be called from any thread, as the
// real host's; what is noted is for the thread that drives the instance.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "hookline/host.h"
#include "plugins/host_services.h"

namespace hkl::validate {

class HostDouble {
 public:
  enum class Tag { any, in_call };

  explicit HostDouble(HostSurroundings surroundings);
  HostDouble(const HostDouble&) = delete;
  HostDouble& operator=(const HostDouble&) = delete;
  const hkl_host* host() const { return &host_; }

  // --- What it is told.
  void say_minor(std::uint32_t minor) { host_.abi_minor = minor; }
  void lack(std::set<std::string> interfaces) { absent_ = std::move(interfaces); }
  // The n-th question from now, counted from 1, is answered with `status`; 0: none.
  void refuse_nth(std::uint64_t n, hkl_status status) {
    refuse_at_ = n;
    refusal_ = status;
    asked_ = 0;
  }
  // Takes its time over each [in-call] function, so that others come in between.
  void dawdle() { is_slow_ = true; }

  // Stands while the host is inside the plugin.
  class Call {
   public:
    explicit Call(HostDouble& of);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    HostDouble& of_;
    HostServices::Call services_;
  };
  void has_stopped() { is_stopped_ = true; }

  // --- Of every function of the host, sinks included: begins with a Visit.
  class Visit {
   public:
    Visit(HostDouble& of, const char* function, Tag tag);
    ~Visit();
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
    hkl_status status() const { return status_; }  // HKL_OK: go on

   private:
    HostDouble& of_;
    hkl_status status_ = HKL_OK;
  };

  // --- What it noted.
  std::uint64_t asked() const { return asked_; }
  std::uint64_t lines() const { return lines_; }
  int open_visits() const { return depth_; }                         // after a call: of a plugin that jumped away
  std::string fault() const;                                         // the first offence against a tag, or ""
  std::string late() const;                                          // what was used after stop, or ""
  const std::set<std::string>& offered() const { return offered_; }  // ids that it asked for and got

  const hkl_host* real() const { return services_.host(); }
  static HostDouble& of(const hkl_host* host) { return *static_cast<HostDouble*>(host->self); }

 private:
  static const void* find(const hkl_host* host, hkl_str id);
  void note(std::string& where, std::string what);

  HostServices services_;
  hkl_host host_{};
  std::set<std::string> absent_, offered_;
  bool is_slow_ = false;
  std::uint64_t refuse_at_ = 0;
  hkl_status refusal_ = HKL_OK;
  std::atomic<std::uint64_t> asked_{0}, lines_{0};
  std::atomic<int> depth_{0};
  std::atomic<std::thread::id> caller_{};
  std::atomic<bool> is_stopped_{false};
  mutable std::mutex notes_mutex_;
  std::string fault_, late_;  // guarded by notes_mutex_
};

}  // namespace hkl::validate
