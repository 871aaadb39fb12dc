// Calls right now: while the demo runs its PBX rings, so that the board moves,
// cards pop up and missed calls become tasks.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "../hookline.h"
#include "chance.h"

namespace crm {

class RushHour {
 public:
  RushHour(Hookline& hookline, std::uint64_t seed);
  ~RushHour();
  void start();
  void stop();

 private:
  struct Call;
  void run();
  void begin(std::int64_t now_ms);
  // The next fact of a call that is due; true when the call is over.
  bool step(Call& call, std::int64_t now_ms);

  Hookline& hookline_;
  Chance chance_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool is_stopping_ = false;  // guarded by mutex_
  std::list<Call> calls_;     // of the thread
  std::uint64_t count_ = 0;
};

}  // namespace crm
