// How far a file was read, in words that outlive it: the file is known again
// by its first bytes, whatever it is called by then, copied or packed with
// gzip. A number of its own (an inode) would be given to the next file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hkl {

// The beginning of a file, as far as it is needed to know it again and to
// read on: its first line may name the columns.
class FileHead {
 public:
  // Bytes of the file that begin at `offset`, in order; what is beyond is left out.
  void take(std::uint64_t offset, std::string_view bytes);
  std::string_view first_line() const;  // with its end; empty when it is longer than is kept
  std::uint32_t checksum(std::size_t size) const;
  std::size_t size() const { return bytes_.size(); }

 private:
  std::string bytes_;
};

struct FileMark {
  std::uint64_t offset = 0;  // where a line begins
  std::uint32_t head_size = 0, head_checksum = 0;

  std::string text() const;
  static std::optional<FileMark> parse(std::string_view text);
  static FileMark of(const FileHead& head, std::uint64_t offset);
  // Whether a file with this beginning is the one that was marked.
  bool fits(const FileHead& head) const;
};

// A file that lay at `path` before: rotated, copied, packed.
struct OlderFile {
  std::string path;
  std::uint64_t offset = 0;  // from where it is not read yet
};
// The marked file under its new name, from the mark on, and those that came
// after it, oldest first. Nothing when the marked one is not found.
std::vector<OlderFile> older_files(const std::string& path, const FileMark& mark);

}  // namespace hkl
