// One file of a capture, read in pieces; what is packed with gzip is unpacked
// on the way, whatever it is called and from a pipe too.
#pragma once

#include <zlib.h>

#include <memory>
#include <optional>
#include <string>

#include "values/instant.h"

namespace hkl {

class CaptureStream {
 public:
  // HKL_NOT_FOUND names the file and why it cannot be read.
  static Result<CaptureStream> open(const std::string& path);

  // Bytes read into `buffer`; 0 at the end. HKL_INVALID: it breaks off or is
  // damaged.
  Result<std::size_t> read(char* buffer, std::size_t size);
  // The first bytes, at most `size`, which read() gives again; before any read().
  Result<std::string> peek(std::size_t size);

  const std::string& title() const { return title_; }                // for messages
  std::string inner_name() const;                                    // without the .gz that is taken off
  std::uint64_t read_on_disk() const;                                // packed bytes used so far
  std::optional<Instant> written_at() const { return written_at_; }  // nothing for a pipe

 private:
  struct Close {
    void operator()(gzFile file) const { gzclose_r(file); }
  };
  std::string title_;
  std::unique_ptr<gzFile_s, Close> file_;
  std::optional<Instant> written_at_;
  Result<std::size_t> unpack(char* buffer, std::size_t size);
  std::string ahead_;  // peeked
  std::uint64_t unpacked_ = 0;
};

// Bytes on disk, 0 when they are not known (standard input, no such file).
std::uint64_t size_on_disk(const std::string& path);

}  // namespace hkl
