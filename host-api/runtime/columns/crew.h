// Threads that stay: to start one for a query of some milliseconds, and to wait until it is gone, would take a tenth
// of it. Poco::ThreadPool has such, but what it was given has to be waited for, be it that the thread woke when nothing
// was left to do.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace hkl {

class Crew {
 public:
  // So many threads at most work at a time for one caller, who is one of them. The others are started when they are
  // first wanted, and serve all callers.
  explicit Crew(unsigned threads) : threads_(threads) {}
  Crew(const Crew&) = delete;
  ~Crew();
  unsigned threads() const { return threads_; }

  // Calls `share(0)` here, and share(1), share(2) … below `threads` from others, as far as these are free before the
  // caller is done: so each share has to take its pieces from what is left for all, until nothing is. Returns when
  // all that began are done. What a share throws is thrown here, the first of it. From any thread.
  using Share = std::function<void(unsigned)>;
  void work(unsigned threads, const Share& share);

 private:
  struct Job;
  void serve(const std::stop_token& ends);
  void hire(unsigned others);
  void offer(Job& job);

  const unsigned threads_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable_any has_jobs_, done_;
  std::deque<Job*> jobs_;  // those that another thread may still join
  std::vector<std::jthread> others_;
};

}  // namespace hkl
