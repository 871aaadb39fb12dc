#include "store/lock_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace hkl {

LockFile::~LockFile() {
  if (fd_ >= 0) ::close(fd_);
}

LockFile& LockFile::operator=(LockFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Result<LockFile> LockFile::take(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0)
    return fail(errno == ENOENT || errno == ENOTDIR ? HKL_NOT_FOUND : HKL_AUTH,
                fmt::format("{}: {}; the folder of the store must exist and be writable for this user", path,
                            std::strerror(errno)));
  LockFile lock;
  lock.fd_ = fd;
  char text[32] = {};
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const auto got = ::read(fd, text, sizeof text - 1);
    return fail(HKL_UNAVAILABLE,
                fmt::format("{}: the store is in use by process {}; stop that one, or hand it the work", path,
                            got > 0 ? text : "(unknown)"));
  }
  const std::string pid = std::to_string(::getpid());
  // The pid is for messages only; the lock holds without it.
  if (::ftruncate(fd, 0) != 0 || ::write(fd, pid.data(), pid.size()) < 0) return lock;
  return lock;
}

int LockFile::holder(const std::string& path) {
  LockFile lock;
  lock.fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (lock.fd_ < 0 || ::flock(lock.fd_, LOCK_SH | LOCK_NB) == 0) return 0;
  char text[32] = {};
  return ::read(lock.fd_, text, sizeof text - 1) > 0 ? std::atoi(text) : 0;
}

}  // namespace hkl
