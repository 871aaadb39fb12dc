#include "fresh.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <clocale>
#include <cstdio>
#include <sstream>

#include "imports.h"
#include "judging.h"
#include "plugins/texts.h"

namespace hkl::validate {
namespace {

std::int64_t shift_s = 0;  // of this process

int shifted_clock_gettime(clockid_t clock, timespec* out) {
  const int result = ::clock_gettime(clock, out);
  out->tv_sec += shift_s;
  return result;
}
time_t shifted_time(time_t* out) {
  const auto now = ::time(nullptr) + shift_s;
  if (out != nullptr) *out = now;
  return now;
}
int shifted_gettimeofday(timeval* out, void*) {
  const int result = ::gettimeofday(out, nullptr);
  out->tv_sec += shift_s;
  return result;
}
std::chrono::system_clock::time_point shifted_system_clock() {
  return std::chrono::system_clock::now() + std::chrono::seconds(shift_s);
}
std::chrono::steady_clock::time_point shifted_steady_clock() {
  return std::chrono::steady_clock::now() + std::chrono::seconds(shift_s);
}

void* in_place_of_clock(const std::string& name) {
  if (name == "clock_gettime") return reinterpret_cast<void*>(shifted_clock_gettime);
  if (name == "time") return reinterpret_cast<void*>(shifted_time);
  if (name == "gettimeofday") return reinterpret_cast<void*>(shifted_gettimeofday);
  if (name == "_ZNSt6chrono3_V212system_clock3nowEv") return reinterpret_cast<void*>(shifted_system_clock);
  if (name == "_ZNSt6chrono3_V212steady_clock3nowEv") return reinterpret_cast<void*>(shifted_steady_clock);
  return nullptr;
}

// A file without a name that the new process inherits; its path there.
std::string inherited(const std::string& content) {
  const int fd = ::memfd_create("input", 0);
  if (fd < 0 || ::write(fd, content.data(), content.size()) != static_cast<ssize_t>(content.size())) return "/dev/null";
  return fmt::format("/proc/self/fd/{}", fd);
}

[[noreturn]] void begin_anew(const Candidate& candidate, const Elsewhere& elsewhere, int output) {
  for (const auto& [name, value] : elsewhere.environment) ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<std::string> words = {"hookline-validate", "--tell-work", fmt::format("{}", elsewhere.clock_shift_s)};
  if (!candidate.settings_json.empty()) {
    words.emplace_back("--settings");
    words.push_back(inherited(candidate.settings_json));
  }
  if (!candidate.capture.empty()) {
    words.emplace_back("--capture");
    words.push_back(inherited(candidate.capture));
  }
  words.push_back(candidate.file);
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  (void)::dup2(output, STDOUT_FILENO);
  ::execv("/proc/self/exe", pointers.data());
  ::_exit(126);
}

std::string content_of(int fd) {
  std::string out;
  char bytes[4096];
  for (ssize_t got = 0; (got = ::pread(fd, bytes, sizeof bytes, static_cast<off_t>(out.size()))) > 0;)
    out.append(bytes, static_cast<std::size_t>(got));
  return out;
}

}  // namespace

std::optional<std::vector<std::string>> told_elsewhere(const Candidate& candidate, const Elsewhere& elsewhere) {
  const int output = ::memfd_create("told", MFD_CLOEXEC);
  const auto child = ::fork();
  if (child == 0) begin_anew(candidate, elsewhere, output);
  int status = 0;
  const bool has_ended = child > 0 && ::waitpid(child, &status, 0) == child;
  std::istringstream said(content_of(output));
  ::close(output);
  if (!has_ended || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return {};
  std::vector<std::string> lines;
  for (std::string line; std::getline(said, line);) lines.push_back(line);
  return lines;
}

int tell_here(const Candidate& candidate, std::int64_t clock_shift_s) {
  shift_s = clock_shift_s;
  // A CRM may have set its user's locale before it loads us.
  (void)std::setlocale(LC_ALL, "");
  try {
    const auto file = opened(candidate);
    if (shift_s != 0)
      replace_imports(reinterpret_cast<const void*>(file->descriptor().get_interface), in_place_of_clock);
    Bench bench(candidate, file);
    bench.live();
    for (const auto& line : bench.told()) (void)std::printf("%s\n", one_line(line, 100'000).c_str());
    // What the plugin does at exit is another check's matter.
    ::_exit(std::fflush(stdout) == 0 ? 0 : 1);
  } catch (const std::exception& thrown) {
    (void)std::fprintf(stderr, "%s\n", thrown.what());
    return 1;
  }
}

}  // namespace hkl::validate
