// Cuts an AMI stream into messages, wherever the bytes were cut on their way.
//
// Memory is bounded: a message over 256 KiB is left out whole, counted and
// named, and reading goes on with the next message.
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
  void greet(std::string_view line, std::size_t at, const Handler& handler);
  void end_message(std::string_view text, const Handler& handler);
  void begin_message();
  void drop_what_is_too_long();

  std::string buffer_;
  Message message_;  // the lines of the one in hand so far
  // By the begin of the message in hand:
  std::size_t line_at_ = 0;               // where its next line begins
  std::size_t colon_ = LineMarks::kNone;  // the first of that line
  std::size_t searched_ = 0;              // no end of that line before this
  std::uint64_t dropped_ = 0;             // of a message that is too long
};

}  // namespace asterisk
