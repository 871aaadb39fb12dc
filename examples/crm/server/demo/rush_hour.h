// Calls right now: while the demo runs its PBX rings, so that the board moves,
// cards pop up and missed calls become tasks; its people come, pause and go.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "../app.h"
#include "chance.h"

namespace crm {

class RushHour {
 public:
  RushHour(App& app, std::uint64_t seed);
  ~RushHour();
  void start();
  void stop();
  // What a click orders; the call's id, "" where nobody is called so. Any thread.
  std::string order(const std::string& employee, const std::string& number);

 private:
  struct Call;
  void run();
  void begin(std::int64_t now_ms);
  // Somebody of the queue, of those who are free if there are any.
  std::size_t somebody_of(const std::string& queue);
  void come_to_work();
  void pause_or_return();
  void go_home();
  // The next fact of a call that is due; true when the call is over.
  bool step(Call& call, std::int64_t now_ms);
  bool step_ordered(Call& call, std::int64_t now_ms);

  App& app_;
  Hookline& hookline_;
  Chance chance_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool is_stopping_ = false;         // guarded by mutex_
  std::list<Call> ordered_;          // guarded by mutex_
  std::uint64_t ordered_count_ = 0;  // guarded by mutex_
  std::list<Call> calls_;            // of the thread
  std::uint64_t count_ = 0;
};

}  // namespace crm
