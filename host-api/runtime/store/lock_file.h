// The lock that says which process owns a store. Taken with flock, so the
// kernel gives it back however the process ends; the text in it is the pid.
#pragma once

#include <string>

#include "values/result.h"

namespace hkl {

class LockFile {
 public:
  LockFile() = default;
  ~LockFile();
  LockFile(LockFile&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  LockFile& operator=(LockFile&& other) noexcept;

  // HKL_UNAVAILABLE: owned, by the process named in the text.
  static Result<LockFile> take(const std::string& path);
  // The process that holds it; 0: nobody.
  static int holder(const std::string& path);

 private:
  int fd_ = -1;
};

}  // namespace hkl
