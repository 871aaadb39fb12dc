#include "endpoints/file_endpoint.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>

namespace hkl {
namespace {

// How often a file is looked at that has no more; a PBX writes a record when a
// call is over, so nobody waits for it at the phone.
constexpr Millis kLookEvery{250};
constexpr std::chrono::seconds kAfterFailure{60};

std::string words_of(int code) { return std::system_category().message(code); }

}  // namespace

FileEndpoint::FileEndpoint(const EndpointWish& wish, SourceDesk& desk)
    : desk_(desk),
      wish_(wish),
      step_(wish.interval > Millis(0) ? wish.interval : kLookEvery),
      slot_(desk.health().add_endpoint()),
      next_look_(steady_now()) {}

FileEndpoint::~FileEndpoint() {
  if (reading_) ::close(reading_->fd);
}

void FileEndpoint::work(const Waiting&) {
  if (steady_now() < next_look_) return;
  if (reading_ || open()) read();
}

bool FileEndpoint::open() {
  // Not blocking, as a pipe without a writer would.
  const int fd = ::open(wish_.address.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) {
    const int code = errno;
    rest(
        fmt::format("{}: {}", wish_.address, code == ENOENT ? "is not there yet" : "cannot be read: " + words_of(code)),
        step_ * 4);
    return false;
  }
  struct stat found {};
  if (::fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) {
    ::close(fd);
    rest(fmt::format("{}: is no file that can be followed", wish_.address), kAfterFailure);
    return false;
  }
  reading_ = Reading{fd, desk_.new_connection(*this, Flow::file), {found.st_dev, found.st_ino, 0}};
  if (auto opened = desk_.opened(reading_->connection, wish_.name, wish_.address); !opened) {
    ::close(fd);
    reading_.reset();
    rest(fmt::format("{}: {}", wish_.address, opened.error().text), kAfterFailure);
    return false;
  }
  const auto at = desk_.now();
  desk_.health().count([&](SourceHealth& health) { health.connected_at = at; });
  desk_.log().write(HKL_LOG_INFO, "reads " + wish_.address);
  desk_.health().show(slot_, "live", "reads " + wish_.address);
  return true;
}

void FileEndpoint::read() {
  const auto got = ::pread(reading_->fd, buffer_.data(), buffer_.size(), reading_->spot.offset);
  if (got < 0) {
    const int code = errno;
    close();
    return rest(fmt::format("{}: cannot be read on: {}", wish_.address, words_of(code)), step_ * 4);
  }
  if (got == 0) {
    // Only at its end, so that what was written before a rotation is not lost.
    if (is_replaced()) {
      desk_.log().write(HKL_LOG_INFO, wish_.address + ": was truncated or replaced; it is read from its beginning");
      close();
      next_look_ = steady_now();
    } else {
      next_look_ = steady_now() + step_;
    }
    return;
  }
  const auto fed = desk_.feed(reading_->connection, {buffer_.data(), static_cast<std::size_t>(got)});
  reading_->spot.offset += got;
  next_look_ = steady_now();
  if (fed && !close_asked_) return;
  // Read from its beginning again after a pause: what was stored is known by
  // its ids, what was not is not lost.
  const auto why = fed ? close_asked_->second : fed.error().text;
  const auto pause = fed ? std::max(close_asked_->first, step_ * 4) : Millis(kAfterFailure);
  close();
  rest(fmt::format("{}: {}", wish_.address, why), pause);
}

bool FileEndpoint::is_replaced() const {
  struct stat now {};
  // Gone for the moment of a rotation: the old one may still grow.
  if (::stat(wish_.address.c_str(), &now) != 0) return false;
  const auto& spot = reading_->spot;
  return now.st_dev != spot.device || now.st_ino != spot.inode || now.st_size < spot.offset;
}

void FileEndpoint::close() {
  close_asked_.reset();
  desk_.closed(reading_->connection);
  ::close(reading_->fd);
  reading_.reset();
}

void FileEndpoint::rest(const std::string& why, Millis pause) {
  next_look_ = steady_now() + pause;
  desk_.log().write_rarely(HKL_LOG_WARNING, why, why);
  desk_.health().show(slot_, "waiting", why);
}

void FileEndpoint::end() {
  if (reading_) close();
}

void FileEndpoint::close_asked(std::uint64_t connection, Millis after, const std::string& why) {
  if (reading_ && reading_->connection == connection) close_asked_ = {after, why};
}

}  // namespace hkl
