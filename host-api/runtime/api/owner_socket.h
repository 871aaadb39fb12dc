// A socket next to the store, by which another process of this machine hands
// work to the one that owns it: a line is asked, a line is answered.
//
// Whoever may use it is the owner's user, and root: the file is theirs alone,
// and the kernel says who is at the other end.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "values/instant.h"
#include "values/result.h"

namespace hkl {

class OwnerSocket {
 public:
  // Both without their line's end; what is not asked to its end is not done.
  using Answer = std::function<std::string(const std::string& asked)>;
  // Of the process that holds the store's lock: what an earlier one left at
  // `path` is removed. `answer` is called on threads of the socket's own, two
  // at once, and must not throw.
  static Result<std::unique_ptr<OwnerSocket>> open(const std::string& path, Answer answer);
  ~OwnerSocket();  // waits for answers that are being made
  OwnerSocket(const OwnerSocket&) = delete;
  OwnerSocket& operator=(const OwnerSocket&) = delete;

  // Nobody else is let in.
  void close_door();

  // Of the other process; blocks. HKL_UNAVAILABLE: nobody listens there, or not
  // to us, so nothing was asked. HKL_TIMEOUT: no answer came, what was asked may
  // be done all the same.
  static Result<std::string> ask(const std::string& path, const std::string& line, Millis patience);

 private:
  struct State;
  explicit OwnerSocket(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace hkl
