#include "endpoints/file_mark.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "endpoints/capture_stream.h"

namespace hkl {
namespace {

namespace fs = std::filesystem;

// A line of records is far shorter; so is what two files have in common.
constexpr std::size_t kHeadKept = 65536;
constexpr std::size_t kHeadChecked = 1024;

std::optional<FileHead> head_of(const std::string& path, std::size_t size) {
  auto stream = CaptureStream::open(path);
  if (!stream) return std::nullopt;
  FileHead head;
  char buffer[kHeadChecked];
  while (head.size() < size) {
    const auto got = stream->read(buffer, size - head.size());
    if (!got || *got == 0) return std::nullopt;
    head.take(head.size(), {buffer, *got});
  }
  return head;
}

}  // namespace

void FileHead::take(std::uint64_t offset, std::string_view bytes) {
  if (offset != bytes_.size() || bytes_.size() >= kHeadKept) return;
  bytes_ += bytes.substr(0, kHeadKept - bytes_.size());
}

std::string_view FileHead::first_line() const {
  const auto end = bytes_.find('\n');
  return end == std::string::npos ? std::string_view() : std::string_view(bytes_).substr(0, end + 1);
}

std::uint32_t FileHead::checksum(std::size_t size) const {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes_.data()), static_cast<uInt>(std::min(size, bytes_.size()))));
}

std::string FileMark::text() const { return fmt::format("{} {} {:08x}", offset, head_size, head_checksum); }

std::optional<FileMark> FileMark::parse(std::string_view text) {
  FileMark mark;
  unsigned long long offset = 0;
  if (std::sscanf(std::string(text).c_str(), "%llu %u %x", &offset, &mark.head_size, &mark.head_checksum) != 3)
    return std::nullopt;
  mark.offset = offset;
  if (mark.head_size > kHeadChecked || mark.head_size > mark.offset) return std::nullopt;
  return mark;
}

FileMark FileMark::of(const FileHead& head, std::uint64_t offset) {
  FileMark mark;
  mark.offset = offset;
  mark.head_size = static_cast<std::uint32_t>(
      std::min({static_cast<std::size_t>(std::min<std::uint64_t>(offset, kHeadChecked)), head.size()}));
  mark.head_checksum = head.checksum(mark.head_size);
  return mark;
}

bool FileMark::fits(const FileHead& head) const {
  return head.size() >= head_size && head.checksum(head_size) == head_checksum;
}

std::vector<OlderFile> older_files(const std::string& path, const FileMark& mark) {
  const fs::path here(path);
  const auto name = here.filename().string();
  std::vector<std::pair<fs::file_time_type, std::string>> found;
  std::error_code ignored;
  for (fs::directory_iterator at(here.parent_path().empty() ? "." : here.parent_path(), ignored), end; at != end;
       at.increment(ignored)) {
    const auto other = at->path().filename().string();
    if (other.size() <= name.size() + 1 || other.rfind(name, 0) != 0) continue;
    if (other[name.size()] != '.' && other[name.size()] != '-') continue;
    if (at->is_regular_file(ignored)) found.emplace_back(at->last_write_time(ignored), at->path().string());
  }
  std::sort(found.begin(), found.end());
  const auto marked = std::find_if(found.begin(), found.end(), [&](const auto& file) {
    const auto head = head_of(file.second, mark.head_size);
    return mark.offset > 0 && head && mark.fits(*head);
  });
  std::vector<OlderFile> files;
  for (auto file = marked; file != found.end(); ++file)
    files.push_back({file->second, file == marked ? mark.offset : 0});
  return files;
}

}  // namespace hkl
