// Cuts an Event Socket stream into frames, wherever the bytes were cut on
// their way: header lines, an empty line, then exactly Content-Length bytes.
// Frames are read where they arrived; only one that the bytes break off is
// kept, until its end comes.
//
// Memory is bounded: headers over 64 KiB or a body over 4 MiB are left out,
// counted and named, and reading goes on with the next frame. A stream that
// begins in the middle of a frame is picked up at the next one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace freeswitch {

// Views are valid during the call.
struct Frame {
  std::string_view content_type, reply_text, headers, body;
};

class Reader {
 public:
  class Handler {
   public:
    virtual void frame(const Frame& frame) = 0;
    virtual void skipped(std::uint64_t byte_count, std::string_view why) = 0;

   protected:
    ~Handler() = default;
  };

  void feed(std::string_view bytes, Handler& handler);
  // The connection is gone: tells what waited for a byte that now never comes.
  void end(Handler& handler);
  // What is left of a frame.
  std::uint64_t rest() const { return buffer_.size() + left_out_; }

 private:
  // Takes whole frames off the front; how many bytes that was.
  std::size_t take_all(std::string_view bytes, Handler& handler);
  // Takes one frame off the front; how many bytes that was, 0: more are needed.
  std::size_t take(std::string_view rest, Handler& handler);
  std::string buffer_;          // of the frame in hand, what came before
  std::size_t searched_ = 0;    // no end of headers before this
  std::size_t needed_ = 0;      // bytes of the frame at the front, once its headers are there
  std::uint64_t to_skip_ = 0;   // still to come of a body that is too long
  std::uint64_t left_out_ = 0;  // bytes dropped and not yet told
  bool is_over_ = false;        // nothing more comes
};

}  // namespace freeswitch
