#include "output.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace cli {
namespace {

namespace fs = std::filesystem;

// Renaming would put a file in the place of a link or a device.
std::string behind_links(const std::string& path) {
  std::error_code ignored;
  const auto real = fs::canonical(path, ignored);
  return ignored ? path : real.string();
}

bool is_written_in_place(const std::string& path) {
  std::error_code ignored;
  const auto status = fs::status(path, ignored);
  return fs::exists(status) && !fs::is_regular_file(status);
}

}  // namespace

Output::Output(const std::string& path) {
  if (path.empty()) return;
  path_ = behind_links(path);
  if (!is_written_in_place(path_)) part_ = path_ + ".part-" + std::to_string(::getpid());
  file_ = std::fopen((part_.empty() ? path_ : part_).c_str(), "wb");
  if (file_ == nullptr) {
    note_trouble(errno);
    part_.clear();
  }
}

Output::~Output() {
  if (file_ != nullptr && file_ != stdout) (void)std::fclose(file_);
  if (!part_.empty()) (void)::unlink(part_.c_str());
}

hkl_writer Output::writer() {
  hkl_writer writer{};
  writer.struct_size = sizeof writer;
  writer.user = this;
  writer.write = [](void* user, hkl_bytes bytes) { return static_cast<Output*>(user)->write(bytes); };
  return writer;
}

hkl_status Output::write(hkl_bytes bytes) {
  if (bytes.len > 0 && std::fwrite(bytes.ptr, 1, bytes.len, file_) != bytes.len) {
    note_trouble(errno);
    return HKL_CANCELLED;
  }
  written_ += bytes.len;
  return steps_.step == nullptr ? HKL_OK : steps_.step(steps_.user, written_, 0, {"written", 7});
}

bool Output::finish() {
  if (!trouble_.empty()) return false;
  if (file_ == stdout) {
    if (std::fflush(stdout) != 0) note_trouble(errno);
    return trouble_.empty();
  }
  if (std::fclose(std::exchange(file_, nullptr)) != 0) {
    note_trouble(errno);
  } else if (!part_.empty()) {
    if (std::rename(part_.c_str(), path_.c_str()) != 0) {
      note_trouble(errno);
    } else {
      part_.clear();
    }
  }
  return trouble_.empty();
}

void Output::note_trouble(int number) {
  is_unread_ = path_.empty() && number == EPIPE;
  trouble_ = (path_.empty() ? "standard output" : path_) + ": cannot be written: " + std::strerror(number);
}

}  // namespace cli
