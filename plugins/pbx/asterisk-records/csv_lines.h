// Lines of CSV as a PBX appends them: bytes in, cells out.
//
// Not thread-safe. Holds at most one unfinished record: what is longer than
// 64 KiB is dropped and told. A line torn off in the middle waits for its rest.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace asterisk {

// Text of one record, unquoted, valid UTF-8 (what is not is U+FFFD).
using Cells = std::vector<std::string>;

class CsvLines {
 public:
  struct Handler {
    std::function<void(const Cells&)> record;
    std::function<void(std::uint64_t byte_count, std::string_view why)> skipped;
  };
  explicit CsvLines(char separator = ',') : separator_(separator) {}

  void feed(std::string_view bytes, const Handler& handler);
  // The input has ended. A last line without its end counts when nothing of it
  // can be missing: its last quote is closed and it has as many cells as others.
  void close(const Handler& handler);

 private:
  bool take_line(std::size_t& done, const Handler& handler);
  void skip(std::size_t& done, std::size_t count, std::string_view why, const Handler& handler);

  char separator_;
  std::string buffer_;
  std::uint64_t dropped_ = 0;   // of a line that is too long
  std::size_t cell_count_ = 0;  // of the last record
  Cells cells_;
};

// U+FFFD in place of what is no UTF-8; zeros are left out.
std::string as_utf8(std::string_view text);

}  // namespace asterisk
