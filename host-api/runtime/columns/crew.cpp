#include "columns/crew.h"

#include <algorithm>
#include <atomic>
#include <exception>

namespace hkl {

struct Crew::Job {
  const Share& share;
  const unsigned threads;
  unsigned begun = 1;                // the caller's
  std::atomic<unsigned> at_work{0};  // of the others; changed under the crew's mutex
  std::exception_ptr failure;        // the first

  std::exception_ptr run(unsigned thread) const {
    try {
      share(thread);
      return nullptr;
    } catch (...) {
      return std::current_exception();
    }
  }
};

Crew::~Crew() {
  for (auto& other : others_) other.request_stop();
}

void Crew::hire(unsigned others) {
  while (others_.size() < others) others_.emplace_back([this](const std::stop_token& ends) { serve(ends); });
}

void Crew::offer(Job& job) {
  const std::lock_guard lock(mutex_);
  hire(job.threads - 1);
  jobs_.push_back(&job);
  for (auto other = job.begun; other < job.threads; ++other) has_jobs_.notify_one();
}

void Crew::work(unsigned threads, const Share& share) {
  Job job{share, std::clamp(threads, 1U, threads_)};
  if (job.threads > 1) offer(job);
  auto failure = job.run(0);
  if (job.threads > 1) {
    std::unique_lock lock(mutex_);
    std::erase(jobs_, &job);
    lock.unlock();
    // The others are at their last piece: who sleeps until then takes longer to wake.
    constexpr int kLooks = 1000;
    for (int look = 0; look < kLooks && job.at_work > 0; ++look) std::this_thread::yield();
    lock.lock();
    done_.wait(lock, [&job] { return job.at_work == 0; });
  }
  if (!failure) failure = job.failure;
  if (failure) std::rethrow_exception(failure);
}

void Crew::serve(const std::stop_token& ends) {
  std::unique_lock lock(mutex_);
  while (has_jobs_.wait(lock, ends, [this] { return !jobs_.empty(); })) {
    auto& job = *jobs_.front();
    const auto thread = job.begun++;
    if (job.begun == job.threads) jobs_.pop_front();
    ++job.at_work;
    lock.unlock();
    auto failure = job.run(thread);
    lock.lock();
    if (!job.failure) job.failure = std::move(failure);
    --job.at_work;
    done_.notify_all();
  }
}

}  // namespace hkl
