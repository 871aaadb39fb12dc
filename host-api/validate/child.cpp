#include "child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <system_error>

#include "plugins/guard.h"
#include "plugins/texts.h"
#include "sanitizer.h"

namespace hkl::validate {
namespace {

using Clock = std::chrono::steady_clock;

// Beyond those that run on the machine already: the limit counts a user's.
constexpr rlim_t kMoreProcesses = 64;
constexpr rlim_t kMostMemory = rlim_t{2} << 30;
constexpr rlim_t kMostFiles = 256;
constexpr rlim_t kLargestFile = rlim_t{128} << 20;  // the store that reports are tried on has seventy

// Shared by a check's child and who watches it.
struct Progress {
  std::atomic<const char*> step{nullptr};  // a literal, at the same place in both
  std::atomic<std::uint64_t> round{0};
};
Progress* progress = nullptr;

// " in configure, round 3", or "".
std::string where() {
  if (progress == nullptr || progress->step == nullptr) return {};
  const auto round = progress->round.load();
  return fmt::format(" in {}{}", progress->step.load(), round == 0 ? "" : fmt::format(", round {}", round));
}

void write_all(int fd, const std::string& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const auto written = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    done += static_cast<std::size_t>(written);
  }
}

// What the child says is one byte of verdict, the text, and an end mark that
// tells a whole answer from one that was cut off.
constexpr char kEnd = '\x04';
int answer_fd = -1;  // of the child, which is one check

void answer(const Outcome& outcome) {
  write_all(answer_fd, std::string(1, static_cast<char>('0' + static_cast<int>(outcome.verdict))) +
                           one_line(outcome.text, 4000) + kEnd);
}

[[noreturn]] void on_terminate() {
  std::string what = "std::terminate without an exception";
  if (std::current_exception()) {
    const auto thrown = guarded([] { std::rethrow_exception(std::current_exception()); });
    what = fmt::format("an exception went where none may go: {}", thrown.value_or("?"));
  }
  answer({Verdict::crash, what + where()});
  ::_exit(0);
}

void limit(decltype(RLIMIT_CORE) what, rlim_t most) {
  const rlimit both{most, most};
  (void)::setrlimit(what, &both);
}

[[noreturn]] void be_child(const Check& check, const Candidate& candidate, int output, std::chrono::seconds time) {
  (void)::setpgid(0, 0);
  limit(RLIMIT_CORE, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // these map terabytes
  limit(RLIMIT_AS, kMostMemory);
#endif
  limit(RLIMIT_NOFILE, kMostFiles);
  limit(RLIMIT_FSIZE, kLargestFile);
  struct sysinfo machine {};
  if (::sysinfo(&machine) == 0) limit(RLIMIT_NPROC, machine.procs + kMoreProcesses);
  limit(RLIMIT_CPU, static_cast<rlim_t>(time.count()) + 1);
  (void)::dup2(output, STDOUT_FILENO);
  (void)::dup2(output, STDERR_FILENO);
  ::close(output);
  std::set_terminate(on_terminate);
  Outcome outcome;
  const auto thrown = guarded([&] { outcome = check.run(candidate); });
  answer(thrown ? fails("an exception came out of the plugin: " + *thrown) : outcome);
  // No destructors: what the plugin does at exit is the matter of one check.
  ::_exit(0);
}

// What the child answers until it ends or the time is over.
std::string read_until(int fd, Clock::time_point end, bool& is_over) {
  std::string said;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) break;
    pollfd waiting{fd, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) break;
    if (ready <= 0) continue;
    char bytes[4096];
    const auto got = ::read(fd, bytes, sizeof bytes);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return said;
    said.append(bytes, static_cast<std::size_t>(got));
    if (said.back() == kEnd) return said;
  }
  is_over = true;
  return said;
}

std::string printed(int output, std::size_t most) {
  std::string out(most, '\0');
  const auto got = ::pread(output, out.data(), out.size(), 0);
  out.resize(got <= 0 ? 0 : static_cast<std::size_t>(got));
  return out;
}

// For the end of a sentence.
std::string told_print(const std::string& print) {
  return print.empty() ? "" : fmt::format("; it printed \"{}\"", one_line(print, 250));
}

Outcome outcome_of(const std::string& said, bool is_over, int status, std::chrono::milliseconds limit,
                   const std::string& print) {
  if (!said.empty() && said.back() == kEnd) {
    return {static_cast<Verdict>(said[0] - '0'), said.substr(1, said.size() - 2), {}};
  }
  if (is_over)
    return {Verdict::timeout, fmt::format("did not come back within {} ms{}{}", limit.count(), where(), print)};
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    if (number == SIGXCPU || number == SIGKILL)
      return {Verdict::timeout, "used up its processor time" + where() + print};
    return {Verdict::crash,
            fmt::format("died of {} ({}){}{}", ::sigabbrev_np(number), ::sigdescr_np(number), where(), print)};
  }
  return {Verdict::crash, fmt::format("ended the process with exit code {} instead of returning{}{}",
                                      WEXITSTATUS(status), where(), print)};
}

Progress* shared_progress() {
  static Progress* const only = [] {
    void* got = ::mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return got == MAP_FAILED ? nullptr : new (got) Progress;
  }();
  return only;
}

}  // namespace

Doing::Doing(const char* what) : before_(doing_now()) {
  if (progress != nullptr) progress->step = what;
}
Doing::~Doing() {
  if (progress != nullptr) progress->step = before_;
}
const char* doing_now() { return progress == nullptr ? nullptr : progress->step.load(); }
void set_round(std::uint64_t round) {
  if (progress != nullptr) progress->round = round;
}

void finish(const Outcome& outcome) {
  if (answer_fd < 0) {  // --in-process: nobody watches
    (void)std::fprintf(stderr, "%s: %s\n", name_of(outcome.verdict).data(), outcome.text.c_str());
    ::_exit(outcome.verdict == Verdict::fail || outcome.verdict == Verdict::crash ? 1 : 0);
  }
  answer(outcome);
  ::_exit(0);
}

Outcome run_in_child(const Check& check, const Candidate& candidate, std::chrono::milliseconds limit) {
  int ends[2];
  const int output = ::memfd_create("output", MFD_CLOEXEC);
  if (output < 0 || ::pipe2(ends, O_CLOEXEC) != 0) {
    return {Verdict::skip, "no process for it: " + std::generic_category().message(errno)};
  }
  progress = shared_progress();
  if (progress != nullptr) {
    progress->step = nullptr;
    progress->round = 0;
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    answer_fd = ends[1];
    be_child(check, candidate, output, std::chrono::ceil<std::chrono::seconds>(limit));
  }
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    ::close(output);
    return {Verdict::skip, "no process for it: " + std::generic_category().message(errno)};
  }
  (void)::setpgid(child, child);  // whoever of the two comes first
  bool is_over = false;
  const auto said = read_until(ends[0], Clock::now() + limit, is_over);
  const bool has_answer = !said.empty() && said.back() == kEnd;
  if (is_over || has_answer) (void)::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  (void)::kill(-child, SIGKILL);  // what it left behind
  auto outcome = outcome_of(said, is_over, status, limit, told_print(printed(output, 300)));
  if (!check_of_sanitizer().empty()) outcome.sanitizer = words_of_sanitizer(printed(output, 1 << 20));
  ::close(ends[0]);
  ::close(output);
  return outcome;
}

}  // namespace hkl::validate
