// The child's end of the conversation: one call at a time, what the plugin puts
// into its sinks meanwhile, and what has to be asked of the host for it.
//
// The thread of the calls alone may ask; log() may be used from any.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "isolation/abi_fields.h"
#include "isolation/channel.h"
#include "isolation/codec.h"

namespace hkl::isolation {

class Talk {
 public:
  Talk() : channel_(kSocketFd) {}

  // The next frame of the host; ends the process when there is none, as nobody
  // is left to work for.
  Channel::Received next();

  // --- One call ---
  // `has_sinks`: what the plugin keeps of an earlier call's is no good in it.
  void begin_call(bool has_sinks);
  bool has_sinks() const { return is_in_call() && has_sinks_; }
  bool is_in_call() const { return is_in_call_ && caller_ == std::this_thread::get_id(); }
  // Puts one thing into a sink. HKL_CANCELLED: none was given.
  template <typename... T>
  hkl_status put(Output kind, const T&... values) {
    if (!has_sinks()) return HKL_CANCELLED;
    Packer pack(outputs_);
    pack(static_cast<std::uint8_t>(kind), values...);
    if (outputs_.size() >= kOutputAtOnce) flush_outputs();
    return HKL_OK;
  }
  // The answer lives until the call ends. Empty: not now (another thread, or
  // outside of a call).
  template <typename... T>
  const std::string& ask(Ask kind, const T&... values) {
    return ask_packed(packed(static_cast<std::uint8_t>(kind), values...));
  }
  const std::string& ask_packed(const std::string& question);
  // Tells all that was put so far; the status is the host's.
  hkl_status flush();
  void end_call(hkl_status status, const hkl_error& err, const std::string& results);
  [[noreturn]] void threw(const std::string& what);

  void log(std::uint32_t level, hkl_str text);

 private:
  static constexpr std::size_t kOutputAtOnce = 256 << 10;
  void flush_outputs();
  void send(Frame kind, std::string_view payload);

  Channel channel_;
  std::mutex send_mutex_;  // guards sending
  std::atomic<bool> is_in_call_{false};
  bool has_sinks_ = false;
  std::thread::id caller_;
  std::string outputs_;
  std::deque<std::string> answers_;
};

}  // namespace hkl::isolation
