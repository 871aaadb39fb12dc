// Frames over one end of a socket pair: length, kind, payload.
//
// Used by one thread at a time.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include "isolation/protocol.h"

namespace hkl::isolation {

// More is refused: a child that sends without end, a request beyond all limits.
inline constexpr std::uint64_t kLargestFrame = 64u << 20;

using Steady = std::chrono::steady_clock::time_point;

class Channel {
 public:
  enum class Fault { none, closed, too_late, nonsense };

  // `fd` stays the caller's. A null deadline waits for ever.
  explicit Channel(int fd) : fd_(fd) {}

  // `payload`: at most kLargestFrame.
  bool send(Frame kind, std::string_view payload, std::optional<Steady> deadline = {});
  struct Received {
    Frame kind;
    std::string_view payload;  // until the next receive
  };
  // Nothing: see fault().
  std::optional<Received> receive(std::optional<Steady> deadline = {});
  Fault fault() const { return fault_; }

 private:
  bool wait(short events, std::optional<Steady> deadline);
  bool fill(std::size_t needed, std::optional<Steady> deadline);
  void make_room(std::size_t needed);

  int fd_;
  Fault fault_ = Fault::none;
  // What has come; from begin_ to end_ it is not consumed.
  std::unique_ptr<char[]> in_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

}  // namespace hkl::isolation
