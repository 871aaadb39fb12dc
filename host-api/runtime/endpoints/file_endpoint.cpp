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

FileHead head_of(int fd, std::uint64_t size) {
  FileHead head;
  std::array<char, 4096> buffer;
  while (head.size() < size) {
    const auto got = ::pread(fd, buffer.data(), std::min<std::size_t>(buffer.size(), size - head.size()),
                             static_cast<off_t>(head.size()));
    if (got <= 0) break;
    const auto before = head.size();
    head.take(before, {buffer.data(), static_cast<std::size_t>(got)});
    if (head.size() == before) break;  // no more of it is kept
  }
  return head;
}

}  // namespace

FileEndpoint::FileEndpoint(const EndpointWish& wish, SourceDesk& desk)
    : desk_(desk),
      wish_(wish),
      mark_name_("file:" + wish.address),
      step_(wish.interval > Millis(0) ? wish.interval : kLookEvery),
      slot_(desk.health().add_endpoint()),
      next_look_(steady_now()) {}

FileEndpoint::~FileEndpoint() {
  if (reading_ && reading_->fd >= 0) ::close(reading_->fd);
}

void FileEndpoint::work(const Waiting&) {
  if (steady_now() < next_look_) return;
  if (reading_ || open()) work_on();
}

bool FileEndpoint::open() {
  if (older_.empty()) return open_followed();
  const auto file = older_.front();
  older_.pop_front();
  return open_older(file);
}

bool FileEndpoint::open_followed() {
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
  Reading reading;
  reading.path = wish_.address;
  reading.fd = fd;
  reading.device = found.st_dev;
  reading.inode = found.st_ino;
  const auto mark = older_are_read_ ? std::nullopt : FileMark::parse(desk_.marked(mark_name_));
  if (mark) {
    reading.head = head_of(fd, mark->offset);
    if (mark->fits(reading.head) && static_cast<std::uint64_t>(found.st_size) >= mark->offset) {
      reading.offset = mark->offset;
    } else if (const auto older = older_files(wish_.address, *mark); !older.empty()) {
      ::close(fd);
      older_.assign(older.begin(), older.end());
      return open();
    } else {
      desk_.log().write(HKL_LOG_WARNING, fmt::format("{}: the file that was read to byte {} is neither here nor beside "
                                                     "it; if it had more, feed it with `hookline import`",
                                                     wish_.address, mark->offset));
      reading.head = {};
    }
  }
  older_are_read_ = false;
  const auto from = reading.offset;
  if (!begin(std::move(reading))) return false;
  desk_.log().write(HKL_LOG_INFO, from == 0 ? "reads " + wish_.address
                                            : fmt::format("reads {} on from byte {}", wish_.address, from));
  desk_.health().show(slot_, "live", "reads " + wish_.address);
  return true;
}

bool FileEndpoint::open_older(const OlderFile& file) {
  auto stream = CaptureStream::open(file.path);
  if (!stream) {
    rest(stream.error().text, step_);
    return false;
  }
  Reading reading;
  reading.path = file.path;
  reading.old = std::move(*stream);
  while (reading.offset < file.offset) {
    const auto got =
        reading.old->read(buffer_.data(), std::min<std::uint64_t>(buffer_.size(), file.offset - reading.offset));
    if (!got || *got == 0) break;  // said when it is read on
    reading.head.take(reading.offset, {buffer_.data(), *got});
    reading.offset += *got;
  }
  if (!begin(std::move(reading))) return false;
  desk_.log().write(HKL_LOG_INFO, fmt::format("reads {} on from byte {}: it lay at {} before", file.path, file.offset,
                                              wish_.address));
  return true;
}

// The adapter is told the name that the settings know, whatever the file is
// called by now.
bool FileEndpoint::begin(Reading reading) {
  reading_ = std::move(reading);
  reading_->connection = desk_.new_connection(*this, Flow::file);
  if (auto opened = desk_.opened(reading_->connection, wish_.name, wish_.address); !opened) {
    if (reading_->fd >= 0) ::close(reading_->fd);
    reading_.reset();
    older_.clear();
    rest(fmt::format("{}: {}", wish_.address, opened.error().text), kAfterFailure);
    return false;
  }
  const auto at = desk_.now();
  desk_.health().count([&](SourceHealth& health) { health.connected_at = at; });
  const auto first_line = reading_->head.first_line();
  if (first_line.empty() || first_line.size() > reading_->offset) return true;
  // What it tells was told before, unless it names the columns. Its fault, if
  // it has one, is that of the next bytes too.
  (void)desk_.feed(reading_->connection, first_line);
  return true;
}

void FileEndpoint::work_on() {
  const auto got = read();
  if (!got) {
    const bool was_old = reading_->old.has_value();
    close();
    // A damaged old file costs what it has lost; the others go on.
    rest(got.error().text, was_old ? step_ : step_ * 4);
    older_are_read_ = was_old && older_.empty();
    return;
  }
  if (*got == 0) return at_end();
  if (std::exchange(reading_->was_at_end, false) && has_other_head()) return begin_anew(true);
  feed({buffer_.data(), *got});
}

Result<std::size_t> FileEndpoint::read() {
  if (reading_->old) return reading_->old->read(buffer_.data(), buffer_.size());
  const auto got = ::pread(reading_->fd, buffer_.data(), buffer_.size(), static_cast<off_t>(reading_->offset));
  if (got < 0) return fail(HKL_UNAVAILABLE, fmt::format("{}: cannot be read on: {}", wish_.address, words_of(errno)));
  return static_cast<std::size_t>(got);
}

void FileEndpoint::at_end() {
  if (reading_->old) {
    close();
    older_are_read_ = older_.empty();
    next_look_ = steady_now();
    return;
  }
  // Only at its end, so that what was written before a rotation is not lost.
  if (is_truncated()) return begin_anew(true);
  if (is_replaced()) return begin_anew(false);
  reading_->was_at_end = true;
  next_look_ = steady_now() + step_;
}

// A file that was replaced had been read to its end; one that was emptied in
// its place may have been copied with more than was read.
void FileEndpoint::begin_anew(bool is_same_file) {
  desk_.log().write(HKL_LOG_INFO, wish_.address + ": was truncated or replaced; it is read from its beginning");
  close();
  older_are_read_ = !is_same_file;
  next_look_ = steady_now();
}

void FileEndpoint::feed(std::string_view bytes) {
  const auto before = reading_->offset;
  const auto fed = desk_.feed(reading_->connection, bytes);
  reading_->head.take(before, bytes);
  reading_->offset += bytes.size();
  next_look_ = steady_now();
  if (fed && !close_asked_) {
    if (const auto line_end = bytes.rfind('\n'); line_end != std::string_view::npos)
      desk_.mark(mark_name_, FileMark::of(reading_->head, before + line_end + 1).text());
    return;
  }
  // Read again from the last mark after a pause: what was stored is known by
  // its ids, what was not is not lost.
  const auto why = fed ? close_asked_->second : fed.error().text;
  const auto pause = fed ? std::max(close_asked_->first, step_ * 4) : Millis(kAfterFailure);
  close();
  older_.clear();
  rest(fmt::format("{}: {}", wish_.address, why), pause);
}

bool FileEndpoint::is_truncated() const {
  struct stat now {};
  return ::fstat(reading_->fd, &now) == 0 && static_cast<std::uint64_t>(now.st_size) < reading_->offset;
}

// Emptied and filled again between two looks, beyond where we had read.
bool FileEndpoint::has_other_head() const {
  const auto mark = FileMark::of(reading_->head, reading_->offset);
  return !mark.fits(head_of(reading_->fd, mark.head_size));
}

bool FileEndpoint::is_replaced() const {
  struct stat now {};
  // Gone for the moment of a rotation: the old one may still grow.
  if (::stat(wish_.address.c_str(), &now) != 0) return false;
  return now.st_dev != reading_->device || now.st_ino != reading_->inode;
}

void FileEndpoint::close() {
  close_asked_.reset();
  desk_.closed(reading_->connection);
  if (reading_->fd >= 0) ::close(reading_->fd);
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
