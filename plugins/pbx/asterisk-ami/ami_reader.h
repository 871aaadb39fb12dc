// Cuts an AMI stream into messages, wherever the bytes were cut on their way.
// Messages are read where they arrived; only one that the bytes break off is
// kept, until its end comes.
//
// Memory is bounded: a message over 256 KiB is left out whole, counted and
// named, and reading goes on with the next message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ami_message.h"

namespace asterisk {

class Reader {
 public:
  // Whoever takes what is read. Views are valid during the call.
  class Handler {
   public:
    virtual void greeting(std::string_view line) = 0;
    virtual void message(const Message& message) = 0;
    virtual void skipped(std::uint64_t byte_count, std::string_view why) = 0;

   protected:
    ~Handler() = default;
  };

  void feed(std::string_view bytes, Handler& handler);
  // The connection is gone: what is left of a message.
  std::uint64_t rest() const { return buffer_.size() + dropped_; }

 private:
  enum class Until { end_of_text, end_of_message };
  std::size_t take(std::string_view text, Until until, Handler& handler);
  void greet(std::string_view line, std::size_t line_at, std::size_t at, Handler& handler);
  void end_message(std::size_t size, Handler& handler);
  void drop_what_is_too_long();

  std::string buffer_;  // of the message in hand, what came before
  Message message_;     // the lines of the one in hand so far
  // By the begin of the message in hand:
  std::size_t line_at_ = 0;    // where its next line begins
  std::size_t searched_ = 0;   // no end of that line before this
  std::uint64_t dropped_ = 0;  // of a message that is too long
};

}  // namespace asterisk
