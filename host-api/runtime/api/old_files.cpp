#include "api/old_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace hkl {
namespace {

namespace fs = std::filesystem;

// Looked through at once; a number that lies across two is found as they overlap.
constexpr std::size_t kPiece = 4 << 20, kOverlap = 4096;

// "pbx1-20260302T091500.123Z.raw"
bool is_capture(const std::string& name, const std::string& source) {
  if (!name.starts_with(source + "-")) return false;
  const auto time = name.substr(source.size() + 1);
  return time.size() > 9 && time[8] == 'T' &&
         std::all_of(time.begin(), time.begin() + 8, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::vector<std::string> captures_of(const std::string& folder, const std::string& source) {
  std::vector<std::string> files;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code))
    if (entry.is_regular_file(code) && is_capture(entry.path().filename().string(), source))
      files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

bool tells(const std::string& file, const NameEraser& person) {
  std::ifstream in(file, std::ios::binary);
  std::string text, kept;
  while (in) {
    text.resize(kPiece);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    kept += text;
    if (person.is_in(kept)) return true;
    if (kept.size() > kOverlap) kept.erase(0, kept.size() - kOverlap);
  }
  return false;
}

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code code;
  for (fs::recursive_directory_iterator at(folder, code), end; !code && at != end; at.increment(code))
    if (fs::is_regular_file(at->symlink_status(code))) files.push_back(at->path().string());
  std::sort(files.begin(), files.end());
  return files;
}

bool is_older(const std::string& file, Instant until) {
  struct stat about {};
  if (::lstat(file.c_str(), &about) != 0) return false;
  return static_cast<std::int64_t>(about.st_mtim.tv_sec) * 1000 + about.st_mtim.tv_nsec / 1'000'000 < ms_of(until);
}

Done remove_file(const std::string& file) {
  std::error_code code;
  fs::remove(file, code);
  if (code) return fail(HKL_RESOURCE, fmt::format("{}: cannot be removed: {}", file, code.message()));
  return {};
}

std::string file_within(const std::string& folder, const std::string& name) {
  std::error_code code;
  const auto root = fs::canonical(folder, code);
  if (code) return {};
  const auto file = fs::canonical(root / fs::path(name).relative_path(), code);
  if (code || !fs::is_regular_file(file, code)) return {};
  const auto [end, in_file] = std::mismatch(root.begin(), root.end(), file.begin(), file.end());
  return end == root.end() ? file.string() : std::string();
}

}  // namespace hkl
