#include "store/log_mover.h"

#include <sqlite3.h>

#include <system_error>

#include "store/sql.h"

namespace hkl {

LogMover::~LogMover() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LogMover::follow(sqlite3* writer) {
  sqlite3_wal_hook(
      writer,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<LogMover*>(self)->committed(pages);
        return SQLITE_OK;
      },
      this);
}

void LogMover::committed(std::int64_t pages) {
  std::unique_lock lock(mutex_);
  if (pages < pages_) moved_ = 0;  // it began anew
  pages_ = pages;
  if (pages_ - moved_ < pages_of_a_round_ && pages_ < pages_at_most_) return;
  try {
    if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  } catch (const std::system_error&) {
    return;  // there is no thread to be had now; the next commit asks again
  }
  is_wanted_ = true;
  changed_.notify_all();
  if (pages_ < pages_at_most_) return;
  // What a reader still needs of the file as it was is not moved, however long one waits: one round is waited for.
  changed_.wait(lock, [this] { return !is_wanted_ && !is_moving_; });
}

void LogMover::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return is_wanted_ || is_ending_; });
    if (is_ending_) return;
    is_wanted_ = false;
    is_moving_ = true;
    lock.unlock();
    const auto moved = move();
    lock.lock();
    is_moving_ = false;
    if (moved <= pages_) moved_ = moved;  // more: it began anew meanwhile
    changed_.notify_all();
  }
}

// A session for each round: it holds nothing between two, and none is left where the file goes.
std::int64_t LogMover::move() {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path_.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  const SqlHandle db(opened);
  if (code != SQLITE_OK) return 0;
  sqlite3_exec(db.get(), "PRAGMA synchronous = FULL", nullptr, nullptr, nullptr);
  int pages = 0, moved = 0;
  const int done = sqlite3_wal_checkpoint_v2(db.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages, &moved);
  return done == SQLITE_OK ? moved : 0;
}

}  // namespace hkl
