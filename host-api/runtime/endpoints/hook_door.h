// Between the threads of the HTTP server and a source's own: a request waits
// here until the source's thread has asked the adapter, and then, on the
// server's thread, until what it told is on disk. Many requests share a sync.
//
// Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "endpoints/source_runner.h"
#include "http/senders.h"

namespace hkl {

class HookDoor {
 public:
  struct Judged {
    HookReply reply;
    Receipt receipt;  // empty: there is nothing to store
  };
  struct Waiting {
    HttpRequest request;
    std::string path;  // what follows the route
    std::promise<Result<Judged>> judged;
  };
  // `ring` is called with the lock held, and not once it is closed.
  HookDoor(std::function<void()> ring, std::size_t refusals_per_minute)
      : ring_(std::move(ring)), limit_(refusals_per_minute) {}

  // Whether the source has a route at all.
  bool is_wanted() const;

  // --- Of the server's threads ---
  // Before the body is read: an answer refuses. `now`: for the limit.
  std::optional<HttpReply> admit(const HttpRequest& head, Instant now);
  // The answer, once it may be given. Blocks.
  HttpReply ask(HttpRequest request, std::string path);

  // What became of requests: "accept", "duplicate", "ignore unknown_kind",
  // "reject bad_signature", "limited", "unavailable", "failed".
  std::map<std::string, std::uint64_t> outcomes() const;

  // --- Of the source's thread ---
  void open();
  std::vector<std::unique_ptr<Waiting>> take();
  // Whoever waits is answered 503, and everybody after.
  void close();

 private:
  HttpReply unavailable(const std::string& why);
  void count(const std::string& outcome);
  std::function<void()> ring_;
  RefusalLimit limit_;
  mutable std::mutex mutex_;  // guards what follows
  bool is_open_ = false, was_opened_ = false;
  std::map<std::string, std::uint64_t> outcomes_;
  std::deque<std::unique_ptr<Waiting>> waiting_;
};

}  // namespace hkl
