#include "endpoints/capture_stream.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>

namespace hkl {
namespace {

constexpr unsigned kZlibBuffer = 128 * 1024;

bool is_standard_input(const std::string& path) { return path == "-"; }

}  // namespace

Result<CaptureStream> CaptureStream::open(const std::string& path) {
  CaptureStream stream;
  stream.title_ = is_standard_input(path) ? "standard input" : path;
  const auto refuse = [&](const std::string& why) {
    return fail(HKL_NOT_FOUND, fmt::format("{}: {}", stream.title_, why));
  };
  const int fd = is_standard_input(path) ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                         : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return refuse("cannot be read: " + std::system_category().message(errno));
  struct stat found {};
  const bool is_known = ::fstat(fd, &found) == 0;
  if (is_known && S_ISREG(found.st_mode))
    stream.written_at_ =
        instant_of(static_cast<std::int64_t>(found.st_mtim.tv_sec) * 1000 + found.st_mtim.tv_nsec / 1000000);
  if (is_known && S_ISDIR(found.st_mode)) {
    ::close(fd);
    return refuse("is a folder; name the files in it");
  }
  stream.file_.reset(::gzdopen(fd, "rb"));
  if (!stream.file_) {
    ::close(fd);
    return refuse("cannot be read: no memory");
  }
  ::gzbuffer(stream.file_.get(), kZlibBuffer);
  return stream;
}

Result<std::size_t> CaptureStream::read(char* buffer, std::size_t size) {
  if (ahead_.empty()) return unpack(buffer, size);
  const auto count = ahead_.copy(buffer, size);
  ahead_.erase(0, count);
  return count;
}

Result<std::string> CaptureStream::peek(std::size_t size) {
  ahead_.resize(size);
  std::size_t count = 0;
  while (count < size) {
    const auto got = unpack(ahead_.data() + count, size - count);
    if (!got) return fail(got.error());
    if (*got == 0) break;
    count += *got;
  }
  ahead_.resize(count);
  return ahead_;
}

Result<std::size_t> CaptureStream::unpack(char* buffer, std::size_t size) {
  const int got = ::gzread(file_.get(), buffer, static_cast<unsigned>(size));
  int code = Z_OK;
  const char* words = ::gzerror(file_.get(), &code);
  // At the end of a packed file that was cut, zlib gives what there is and
  // only its error number tells.
  if (got < 0 || (got == 0 && code != Z_OK)) {
    const auto why = code == Z_ERRNO       ? std::system_category().message(errno)
                     : code == Z_BUF_ERROR ? "its packed data is not whole"
                                           : fmt::format("its packed data is damaged ({})", words);
    return fail(HKL_INVALID, fmt::format("{}: breaks off after {} bytes: {}", title_, unpacked_, why));
  }
  unpacked_ += static_cast<std::uint64_t>(got);
  return static_cast<std::size_t>(got);
}

std::string CaptureStream::inner_name() const {
  const bool is_packed = title_.size() > 3 && title_.compare(title_.size() - 3, 3, ".gz") == 0;
  return is_packed ? title_.substr(0, title_.size() - 3) : title_;
}

std::uint64_t CaptureStream::read_on_disk() const {
  const auto offset = ::gzoffset(file_.get());
  return offset > 0 ? static_cast<std::uint64_t>(offset) : 0;
}

std::uint64_t size_on_disk(const std::string& path) {
  struct stat found {};
  const bool is_file = !is_standard_input(path) && ::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode);
  return is_file ? static_cast<std::uint64_t>(found.st_size) : 0;
}

}  // namespace hkl
