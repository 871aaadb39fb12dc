#include "surroundings.h"

#include <fmt/format.h>
#include <malloc.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <filesystem>
#include <set>
#include <tuple>

namespace hkl::validate {
namespace {

namespace fs = std::filesystem;

std::string thread_count() {
  std::error_code failed;
  std::size_t count = 0;
  for (fs::directory_iterator at("/proc/self/task", failed), end; !failed && at != end; at.increment(failed)) ++count;
  return fmt::format("{}", count);
}

// The private copies of plugins are the host's own and stay open.
std::string open_files() {
  std::error_code failed;
  std::multiset<std::string> names;
  for (fs::directory_iterator at("/proc/self/fd", failed), end; !failed && at != end; at.increment(failed)) {
    std::error_code gone;
    const auto target = fs::read_symlink(at->path(), gone).string();
    const bool is_own = gone || target.starts_with("/memfd:") || target.starts_with("/proc/");
    if (!is_own) names.insert(target);
  }
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::string signal_handlers() {
  std::string out;
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction set {};
    if (::sigaction(number, nullptr, &set) != 0 || set.sa_handler == SIG_DFL) continue;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", number, reinterpret_cast<const void*>(set.sa_handler));
  }
  return out;
}

std::string environment() {
  std::string out;
  for (char** at = ::environ; at != nullptr && *at != nullptr; ++at) out += std::string(*at) + "\n";
  return out;
}

std::string current_umask() {
  const auto mask = ::umask(0);
  ::umask(mask);
  return fmt::format("{:03o}", mask);
}

std::string bytes_printed() {
  (void)std::fflush(nullptr);
  struct stat info {};
  return ::fstat(STDOUT_FILENO, &info) == 0 && S_ISREG(info.st_mode) ? fmt::format("{} bytes", info.st_size) : "";
}

}  // namespace

Surroundings look_around() {
  std::error_code failed;
  return {thread_count(),
          open_files(),
          signal_handlers(),
          std::setlocale(LC_ALL, nullptr),
          fs::current_path(failed).string(),
          current_umask(),
          environment(),
          bytes_printed()};
}

std::string difference(const Surroundings& before, const Surroundings& after) {
  const std::tuple<const char*, const std::string&, const std::string&> parts[] = {
      {"number of threads", before.threads, after.threads},
      {"open files", before.files, after.files},
      {"signal handlers", before.signals, after.signals},
      {"locale", before.locale, after.locale},
      {"working folder", before.folder, after.folder},
      {"umask", before.umask, after.umask},
      {"output", before.printed, after.printed}};
  std::string out;
  for (const auto& [name, was, is] : parts) {
    if (was != is) out += fmt::format("{}{} was [{}] and is [{}]", out.empty() ? "the " : "; the ", name, was, is);
  }
  // Its values may be secret.
  if (before.environment != after.environment)
    out += (out.empty() ? "" : "; ") + std::string("the environment changed");
  return out;
}

std::size_t allocated() { return ::mallinfo2().uordblks; }

}  // namespace hkl::validate
