#include "endpoints/recorder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace hkl {
namespace {

tl::unexpected<Error> cannot(const char* what, const std::string& path, int code) {
  return fail(HKL_RESOURCE,
              fmt::format("{}: cannot {} this recording: {}", path, what, std::system_category().message(code)));
}

// 2026-03-02T09:15:00.123Z without what some file systems do not take.
std::string time_in_name(Instant at) {
  auto text = iso_utc(at);
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == ':' || c == '-'; }), text.end());
  return text;
}

}  // namespace

Result<Recorder> Recorder::begin(const std::string& folder, const std::string& source, Instant at,
                                 const std::string& kind) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return cannot("make a folder for", folder, failed.value());
  const auto stem = fmt::format("{}/{}-{}", folder, source, time_in_name(at));
  // Two connections within a millisecond are two recordings.
  for (int number = 1;; ++number) {
    auto path = number == 1 ? fmt::format("{}.{}", stem, kind) : fmt::format("{}-{}.{}", stem, number, kind);
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0) return Recorder(std::move(path), fd);
    if (errno != EEXIST) return cannot("make", path, errno);
  }
}

Recorder& Recorder::operator=(Recorder&& other) noexcept {
  close();
  path_ = std::move(other.path_);
  fd_ = std::exchange(other.fd_, -1);
  return *this;
}

Recorder::~Recorder() { close(); }

void Recorder::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

// An erasing removes what tells the person, the file of a connection that stands too: what comes from now on goes to
// another of that name, and the old one's bytes go from the disk.
Done Recorder::begin_anew_if_removed() {
  struct stat about {};
  if (fd_ < 0 || ::fstat(fd_, &about) != 0 || about.st_nlink > 0) return {};
  const int fd = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) {
    const int code = errno;
    close();
    return cannot("go on with", path_, code);
  }
  ::close(std::exchange(fd_, fd));
  return {};
}

Done Recorder::write(std::string_view bytes) {
  if (auto begun = begin_anew_if_removed(); !begun) return begun;
  while (fd_ >= 0 && !bytes.empty()) {
    const auto written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int code = errno;
      close();
      return cannot("go on with", path_, code);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace hkl
