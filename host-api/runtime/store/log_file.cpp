#include "store/log_file.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace hkl {
namespace {

constexpr std::size_t kPiece = 1 << 20;
constexpr std::size_t kWrite = 1 << 16;   // SQLite's file takes less than twice as much at once
constexpr std::size_t kPiecesAtMost = 8;  // that wait; then the committer does

// A page of the log has a header before it, written by itself, which tells the size of the file where the page ends a
// commit: https://www.sqlite.org/fileformat2.html#walformat
constexpr int kFrameHeader = 24;
bool is_end_of_commit(const char* header) {
  return std::any_of(header + 4, header + 8, [](char byte) { return byte != 0; });
}

// What is to be written, bytes that follow one another.
struct Piece {
  sqlite3_int64 at = 0;
  std::vector<char> bytes;
  sqlite3_int64 end() const { return at + static_cast<sqlite3_int64>(bytes.size()); }
};

class Log {
 public:
  Log(sqlite3_file* file, const char* path) : file_(file), device_(::open(path, O_RDONLY | O_CLOEXEC)) {}
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  int write(const void* bytes, int size, sqlite3_int64 at);
  int write_all();  // what is gathered; SQLite's code of the first that failed since the last time
  sqlite3_file* file() const { return file_; }

 private:
  void hand_over();
  void loop();
  int written(const Piece& piece) const;

  sqlite3_file* const file_;  // SQLite's own
  const int device_;          // of the same file, to hurry it; or -1
  Piece gathered_;
  bool is_at_end_of_commit_ = false;

  std::mutex mutex_;  // guards the rest
  std::condition_variable changed_;
  std::deque<Piece> waiting_;             // the first of them is being written
  std::vector<std::vector<char>> spare_;  // room of those that were: new room costs as much as the writing
  int failed_ = SQLITE_OK;
  bool is_ending_ = false;
  std::thread thread_;
};

Log::~Log() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (device_ >= 0) ::close(device_);
}

int Log::written(const Piece& piece) const {
  for (std::size_t done = 0; done < piece.bytes.size();) {
    const auto size = std::min(kWrite, piece.bytes.size() - done);
    const int code = file_->pMethods->xWrite(file_, piece.bytes.data() + done, static_cast<int>(size),
                                             piece.at + static_cast<sqlite3_int64>(done));
    if (code != SQLITE_OK) return code;
    done += size;
  }
  return SQLITE_OK;
}

void Log::hand_over() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.size() < kPiecesAtMost; });
  waiting_.push_back(std::exchange(gathered_, {}));
  if (!spare_.empty()) {
    gathered_.bytes = std::move(spare_.back());
    spare_.pop_back();
  }
  try {
    if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  } catch (const std::system_error&) {
    // No thread is to be had now: as without one.
    if (failed_ == SQLITE_OK) failed_ = written(waiting_.front());
    waiting_.clear();
  }
  changed_.notify_all();
}

void Log::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !waiting_.empty() || is_ending_; });
    if (waiting_.empty()) return;
    const auto& piece = waiting_.front();  // others are put behind it meanwhile, which moves it nowhere
    lock.unlock();
    const int code = written(piece);
    if (device_ >= 0 && code == SQLITE_OK)
      ::sync_file_range(device_, piece.at, static_cast<off64_t>(piece.bytes.size()), SYNC_FILE_RANGE_WRITE);
    lock.lock();
    if (failed_ == SQLITE_OK) failed_ = code;
    spare_.push_back(std::move(waiting_.front().bytes));
    spare_.back().clear();
    waiting_.pop_front();
    changed_.notify_all();
  }
}

int Log::write(const void* bytes, int size, sqlite3_int64 at) {
  try {
    if (!gathered_.bytes.empty() && (at != gathered_.end() || gathered_.bytes.size() >= kPiece)) hand_over();
    if (gathered_.bytes.empty()) {
      gathered_.at = at;
      gathered_.bytes.reserve(kPiece + 8192);
    }
    const auto* from = static_cast<const char*>(bytes);
    gathered_.bytes.insert(gathered_.bytes.end(), from, from + size);
    // The page behind the header too, and whatever is written until a header says otherwise.
    if (size == kFrameHeader) is_at_end_of_commit_ = is_end_of_commit(from);
    return is_at_end_of_commit_ ? write_all() : SQLITE_OK;
  } catch (const std::bad_alloc&) {
    return SQLITE_IOERR_NOMEM;
  }
}

int Log::write_all() {
  int code = SQLITE_OK;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.empty(); });
    code = std::exchange(failed_, SQLITE_OK);
  }
  if (code == SQLITE_OK && !gathered_.bytes.empty()) code = written(gathered_);
  gathered_.bytes.clear();
  return code;
}

// As SQLite knows it. Its own file lies behind.
struct LogFile {
  sqlite3_file base;
  Log* log;
};
static_assert(sizeof(LogFile) % alignof(std::max_align_t) == 0);

Log& log_of(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file)->log; }
sqlite3_file* behind(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<LogFile*>(file) + 1);
}

int close_log(sqlite3_file* file) {
  auto* own = behind(file);
  const int written = log_of(file).write_all();
  delete std::exchange(reinterpret_cast<LogFile*>(file)->log, nullptr);
  const int closed = own->pMethods->xClose(own);
  return written == SQLITE_OK ? closed : written;
}

// All else once what was written is there.
template <typename Ask>
int after_writes(sqlite3_file* file, Ask ask) {
  auto& log = log_of(file);
  const int written = log.write_all();
  return written == SQLITE_OK ? ask(log.file()) : written;
}

const sqlite3_io_methods kMethods = {
    .iVersion = 1,  // a log is neither mapped nor shared memory
    .xClose = close_log,
    .xRead =
        [](sqlite3_file* file, void* into, int size, sqlite3_int64 at) {
          return after_writes(file, [&](sqlite3_file* own) { return own->pMethods->xRead(own, into, size, at); });
        },
    .xWrite = [](sqlite3_file* file, const void* bytes, int size,
                 sqlite3_int64 at) { return log_of(file).write(bytes, size, at); },
    .xTruncate =
        [](sqlite3_file* file, sqlite3_int64 size) {
          return after_writes(file, [&](sqlite3_file* own) { return own->pMethods->xTruncate(own, size); });
        },
    .xSync =
        [](sqlite3_file* file, int flags) {
          return after_writes(file, [&](sqlite3_file* own) { return own->pMethods->xSync(own, flags); });
        },
    .xFileSize =
        [](sqlite3_file* file, sqlite3_int64* size) {
          return after_writes(file, [&](sqlite3_file* own) { return own->pMethods->xFileSize(own, size); });
        },
    .xLock = [](sqlite3_file* file, int how) { return behind(file)->pMethods->xLock(behind(file), how); },
    .xUnlock = [](sqlite3_file* file, int how) { return behind(file)->pMethods->xUnlock(behind(file), how); },
    .xCheckReservedLock = [](sqlite3_file* file,
                             int* is) { return behind(file)->pMethods->xCheckReservedLock(behind(file), is); },
    .xFileControl = [](sqlite3_file* file, int what,
                       void* with) { return behind(file)->pMethods->xFileControl(behind(file), what, with); },
    .xSectorSize = [](sqlite3_file* file) { return behind(file)->pMethods->xSectorSize(behind(file)); },
    .xDeviceCharacteristics =
        [](sqlite3_file* file) { return behind(file)->pMethods->xDeviceCharacteristics(behind(file)); },
};

sqlite3_vfs* default_vfs() {
  static sqlite3_vfs* const found = sqlite3_vfs_find(nullptr);
  return found;
}

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* opened) {
  auto* vfs = default_vfs();
  if ((flags & SQLITE_OPEN_WAL) == 0 || name == nullptr) return vfs->xOpen(vfs, name, file, flags, opened);
  auto* own = behind(file);
  file->pMethods = nullptr;  // SQLite closes what has some
  const int code = vfs->xOpen(vfs, name, own, flags, opened);
  if (code != SQLITE_OK) return code;
  try {
    reinterpret_cast<LogFile*>(file)->log = new Log(own, name);
  } catch (const std::bad_alloc&) {
    own->pMethods->xClose(own);
    return SQLITE_NOMEM;
  }
  file->pMethods = &kMethods;
  return SQLITE_OK;
}

// SQLite knows it as long as this library is loaded.
class Registered {
 public:
  Registered() {
    if (default_vfs() == nullptr) return;
    vfs_ = *default_vfs();
    vfs_.zName = "hookline-log";
    vfs_.pNext = nullptr;
    vfs_.szOsFile += static_cast<int>(sizeof(LogFile));
    vfs_.xOpen = open_file;
    is_there_ = sqlite3_vfs_register(&vfs_, 0) == SQLITE_OK;
  }
  ~Registered() {
    if (is_there_) sqlite3_vfs_unregister(&vfs_);
  }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;
  const char* name() const { return is_there_ ? vfs_.zName : nullptr; }

 private:
  sqlite3_vfs vfs_{};
  bool is_there_ = false;
};

}  // namespace

const char* vfs_of_log_files() {
  static const Registered registered;
  return registered.name();
}

}  // namespace hkl
