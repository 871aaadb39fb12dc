// Bytes of a printer as lines: whatever ends them, however they are cut.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace smdr {

class LineSplitter {
 public:
  using Take = std::function<void(std::string_view line)>;
  using Skipped = std::function<void(std::size_t byte_count, std::string_view why)>;

  // Lines end with CR, LF, both, or a form feed; empty ones are not given. NUL
  // and what a telnet partner negotiates is no text.
  void feed(std::string_view bytes, const Take& take, const Skipped& skipped);
  // What is left has no end: it was cut and may say anything.
  void close(const Skipped& skipped);
  // What has come of a line that is not yet over, as a prompt that waits.
  std::string_view begun() const { return line_; }
  void drop_begun() { line_.clear(); }

 private:
  bool is_negotiation(unsigned char c);
  std::string line_;
  std::size_t dropped_ = 0;  // of a line that is too long
  enum class Telnet { text, command, option, inside, inside_command } telnet_ = Telnet::text;
};

}  // namespace smdr
