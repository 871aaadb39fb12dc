// Moves the log of a store (SQLite's WAL) into its file beside the writer, which goes on meanwhile: by a session and
// a thread of its own, begun when first needed.
//
// What is committed is in the log and on disk already, so nothing depends on when it is moved. The log begins anew
// once all of it was moved while the writer stood still; a writer that never pauses is made to wait, so that the log
// does not grow without bound.
//
// committed(): of the writer's thread. A fault of the disk is left to the writer, whose commits then fail too; the
// log stays, and is tried again after the next commit.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

struct sqlite3;

namespace hkl {

class LogMover {
 public:
  // A round begins when the log has grown by so many pages; the writer waits at four times as many. 64 MB, not SQLite's
  // 4: pages that change with every commit are then written to the file once for many commits.
  explicit LogMover(std::string path, std::int64_t pages_of_a_round = 16384)
      : path_(std::move(path)), pages_of_a_round_(pages_of_a_round), pages_at_most_(4 * pages_of_a_round) {}
  ~LogMover();  // lets the round end that goes on
  LogMover(const LogMover&) = delete;
  LogMover& operator=(const LogMover&) = delete;

  // Has the log of that session's commits moved in place of SQLite's own way, which makes the committer do it.
  void follow(sqlite3* writer);

 private:
  void committed(std::int64_t pages);
  void loop();
  std::int64_t move();

  const std::string path_;
  const std::int64_t pages_of_a_round_, pages_at_most_;
  std::mutex mutex_;  // guards the rest
  std::condition_variable changed_;
  std::int64_t pages_ = 0;  // of the log, after the latest commit
  std::int64_t moved_ = 0;  // of them
  bool is_wanted_ = false, is_moving_ = false, is_ending_ = false;
  std::thread thread_;
};

}  // namespace hkl
