#include "isolation/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "isolation/protocol.h"

namespace hkl::isolation {
namespace {

constexpr std::size_t kLongestLine = 2000;

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

Error cannot(const char* what, int number) {
  return {HKL_RESOURCE, fmt::format("cannot {}: {}", what, std::generic_category().message(number))};
}

// Sealed, so that a plugin that is open cannot be changed under it.
Result<int> image_in_memory(const std::string& file, const std::string& image) {
  const auto name = file.substr(file.rfind('/') + 1).substr(0, 200);
  Descriptor fd(::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (fd.get() < 0) return fail(cannot("copy the plugin for its process", errno));
  for (std::size_t done = 0; done < image.size();) {
    const auto written = ::write(fd.get(), image.data() + done, image.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return fail(cannot("copy the plugin for its process", errno));
    done += static_cast<std::size_t>(written);
  }
  ::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
  return fd.release();
}

// Nothing of the CRM's secrets: only what the loader of a sanitizer build needs
// and what a plugin's messages may depend on.
std::vector<std::string> environment() {
  std::vector<std::string> out;
  for (const char* name : {"LANG", "LC_ALL", "TZ", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(name)) out.push_back(fmt::format("{}={}", name, value));
  return out;
}

class SpawnPlan {
 public:
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  // The originals lie above `kPluginFd`, so that no step overwrites the next one's.
  void descriptors(int output, int socket, int plugin) {
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, socket, kSocketFd);
    posix_spawn_file_actions_adddup2(&actions_, plugin, kPluginFd);
    // What the CRM opened without O_CLOEXEC is none of the plugin's business.
    posix_spawn_file_actions_addclosefrom_np(&actions_, kPluginFd + 1);
  }
  // A group of its own, and no signal blocked or ignored as the CRM has it.
  void process() {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  int spawn(pid_t& pid, const std::string& program) {
    auto texts = environment();
    std::vector<char*> variables;
    for (auto& text : texts) variables.push_back(text.data());
    variables.push_back(nullptr);
    std::string name = program;
    char* arguments[] = {name.data(), nullptr};
    return ::posix_spawn(&pid, program.c_str(), &actions_, &attributes_, arguments, variables.data());
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

int above_the_childs(int fd) {
  const int moved = ::fcntl(fd, F_DUPFD_CLOEXEC, kPluginFd + 1);
  if (moved >= 0) ::close(fd);
  return moved >= 0 ? moved : fd;
}

}  // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::spawn(const std::string& program, const std::string& plugin_file,
                                                          const std::string& plugin_image) {
  auto image = image_in_memory(plugin_file, plugin_image);
  if (!image) return fail(image.error());
  const Descriptor plugin(above_the_childs(*image));
  int sockets[2], pipe[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) return fail(cannot("make a socket", errno));
  Descriptor ours(sockets[0]);
  const Descriptor theirs(above_the_childs(sockets[1]));
  if (::pipe2(pipe, O_CLOEXEC | O_NONBLOCK) != 0) return fail(cannot("make a pipe", errno));
  Descriptor output(pipe[0]);
  const Descriptor output_end(above_the_childs(pipe[1]));

  SpawnPlan plan;
  plan.descriptors(output_end.get(), theirs.get(), plugin.get());
  plan.process();
  pid_t pid = -1;
  if (const int number = plan.spawn(pid, program); number != 0)
    return fail(HKL_UNAVAILABLE, fmt::format("{}: cannot be started: {}; plugins with `isolation: process` need it",
                                             program, std::generic_category().message(number)));
  return std::unique_ptr<ChildProcess>(new ChildProcess(pid, ours.release(), output.release()));
}

ChildProcess::~ChildProcess() {
  end();
  ::close(socket_);
  ::close(output_);
}

void ChildProcess::take_lines(const std::function<void(const std::string&)>& line) {
  char bytes[4096];
  for (;;) {
    const auto got = ::read(output_, bytes, sizeof bytes);
    if (got <= 0) break;
    for (ssize_t i = 0; i < got; ++i) {
      if (bytes[i] != '\n') line_ += bytes[i];
      if (bytes[i] == '\n' || line_.size() >= kLongestLine) line(std::exchange(line_, {}));
    }
  }
  if (is_reaped_ && !line_.empty()) line(std::exchange(line_, {}));
}

bool ChildProcess::has_ended() {
  if (is_reaped_) return true;
  siginfo_t info{};
  // Not reaped by it: the number stays ours until end().
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0) return true;
  return info.si_pid == pid_;
}

void ChildProcess::kill() {
  if (!is_reaped_) (void)::kill(-pid_, SIGKILL);
}

std::string ChildProcess::end() {
  if (!is_reaped_) {
    kill();
    pid_t got = 0;
    while ((got = ::waitpid(pid_, &status_, 0)) < 0 && errno == EINTR) continue;
    is_status_known_ = got == pid_;  // a CRM may ignore or reap all its children
    is_reaped_ = true;
  }
  if (!is_status_known_) return "ended";
  constexpr const char* kForbidden = "made a system call that a confined plugin may not";
  if (WIFEXITED(status_) && WEXITSTATUS(status_) == kForbiddenExit) return kForbidden;
  if (!WIFSIGNALED(status_)) return fmt::format("ended with exit code {}", WEXITSTATUS(status_));
  const int number = WTERMSIG(status_);
  if (number == SIGSYS) return kForbidden;  // with that signal blocked
  return fmt::format("died of SIG{} ({})", ::sigabbrev_np(number), ::sigdescr_np(number));
}

}  // namespace hkl::isolation
