// Sends saved reports when they are due: to a folder, or by mail.
//
// What was sent is remembered in the store, so that a restart sends nothing
// twice. Of several times that passed while nobody ran, the last is sent. What
// fails is tried again with growing pauses, and given up with a line in the log.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "config/schedules.h"
#include "schedules/mail.h"
#include "values/instant.h"

namespace hkl {

struct MadeReport {
  std::string bytes, content_type;
  std::string title, from, to;  // dates, for the name of the file and the letter
};

struct ScheduleParts {
  ScheduleConfig config;
  std::string timezone, language;
  // The report as it is at the moment for which it is due. Blocks.
  std::function<Result<MadeReport>(const Schedule& schedule, Instant due)> make;
  // What is remembered of a schedule; "" where nothing is.
  std::function<Result<std::string>(const std::string& id)> recall;
  std::function<Done(const std::string& id, const std::string& text)> remember;
  std::function<Instant()> now;
  std::function<void(std::uint32_t level, const std::string& line)> log;
};

// start() and stop() from one thread.
class ScheduleRunner {
 public:
  explicit ScheduleRunner(ScheduleParts parts) : parts_(std::move(parts)) {}
  ~ScheduleRunner() { stop(); }
  ScheduleRunner(const ScheduleRunner&) = delete;
  ScheduleRunner& operator=(const ScheduleRunner&) = delete;

  void start();
  // Waits for a letter that is on its way.
  void stop();
  // Sends what is due; when to look again. Not beside a runner that was started.
  Instant step();

 private:
  struct State;
  void tell_next();
  Instant last_missed(const Schedule& schedule, Instant due, Instant now);
  Instant look_after(const Schedule& schedule, Instant now);
  Instant deliver(const Schedule& schedule, State& state, Instant due, Instant now);
  Done hand_out(const Schedule& schedule, const MadeReport& report, Instant due);
  ScheduleParts parts_;
  std::mutex mutex_;  // guards is_stopping_
  std::condition_variable stopping_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace hkl
