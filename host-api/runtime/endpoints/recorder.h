// Writes down every byte that came in on one connection, so that
// `hookline import` can play it back.
#pragma once

#include <string>
#include <string_view>

#include "values/instant.h"

namespace hkl {

class Recorder {
 public:
  // FOLDER/<source>-<UTC time>.<kind>; the folder is made when it is missing. The
  // files hold what people said and dialled: only their owner may read them.
  static Result<Recorder> begin(const std::string& folder, const std::string& source, Instant at,
                                const std::string& kind = "raw");
  Recorder(Recorder&& other) noexcept : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}
  Recorder& operator=(Recorder&& other) noexcept;
  Recorder(const Recorder&) = delete;
  ~Recorder();

  // Handed to the system before it returns, so a killed process loses none.
  // After an error the file is closed: a recording with a hole would replay as
  // something that never happened.
  Done write(std::string_view bytes);
  const std::string& path() const { return path_; }

 private:
  Recorder(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  void close();
  Done begin_anew_if_removed();

  std::string path_;
  int fd_;
};

}  // namespace hkl
