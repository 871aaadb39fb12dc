// Cuts an AMI stream into messages, wherever the bytes were cut on their way.
//
// Memory is bounded: a line over 64 KiB or a message over 256 KiB is left out
// whole, counted and named, and reading goes on with the next message.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "ami_message.h"

namespace asterisk {

class Reader {
 public:
  struct Handler {
    std::function<void(std::string_view line)> greeting;
    // Views are valid during the call.
    std::function<void(const Message& message)> message;
    std::function<void(std::uint64_t byte_count, std::string_view why)> skipped;
  };

  void feed(std::string_view bytes, const Handler& handler);
  // The connection is gone: what is left of a message.
  std::uint64_t rest() const { return buffer_.size() + dropped_; }

 private:
  void take_block(std::string_view block, const Handler& handler);
  std::string buffer_;
  std::size_t searched_ = 0;   // no end of a message before this
  std::uint64_t dropped_ = 0;  // of a message that is too long
};

}  // namespace asterisk
