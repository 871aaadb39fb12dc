#include "sandbox.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <system_error>

#include "isolation/protocol.h"

namespace hkl::isolation {
namespace {

// A sanitizer's runtime maps terabytes and asks the system for much.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true;
#else
constexpr bool kIsSanitized = false;
#endif

constexpr rlim_t kMostFiles = 64;

Done limit(decltype(RLIMIT_CORE) what, rlim_t most) {
  const rlimit both{most, most};
  if (::setrlimit(what, &both) == 0) return {};
  return fail(HKL_RESOURCE, fmt::format("cannot be limited: {}", std::generic_category().message(errno)));
}

// Says which call it was: what an author has to know. Nothing here may
// allocate or lock, as it may stand in the middle of either.
void on_forbidden(int, siginfo_t* info, void*) {
  char text[120] = "made a system call that a confined plugin may not: number ";
  auto at = std::strlen(text);
  char digits[12];
  int count = 0;
  for (auto number = static_cast<unsigned>(info->si_syscall); number > 0 || count == 0; number /= 10)
    digits[count++] = static_cast<char>('0' + number % 10);
  while (count > 0) text[at++] = digits[--count];
  text[at++] = '\n';
  (void)!::write(STDERR_FILENO, text, at);
  ::_exit(kForbiddenExit);
}

class Filter {
 public:
  Filter() : context_(::seccomp_init(SCMP_ACT_TRAP)) {}
  ~Filter() { ::seccomp_release(context_); }
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;

  void allow(std::initializer_list<int> calls) {
    for (const int call : calls) note(::seccomp_rule_add(context_, SCMP_ACT_ALLOW, call, 0));
  }
  void allow_if(int call, scmp_arg_cmp condition) {
    note(::seccomp_rule_add(context_, SCMP_ACT_ALLOW, call, 1, condition));
  }
  // Answered with an error, as a C library asks and lives with the answer.
  void refuse(std::initializer_list<int> calls, int error) {
    for (const int call : calls)
      note(::seccomp_rule_add(context_, SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error)), call, 0));
  }
  Done load() {
    (void)::seccomp_attr_set(context_, SCMP_FLTATR_CTL_TSYNC, 1);  // the watching thread too
    if (failed_ == 0) note(::seccomp_load(context_));
    if (failed_ == 0) return {};
    return fail(HKL_UNSUPPORTED,
                fmt::format("its system calls cannot be filtered: {}; this kernel or container allows no seccomp",
                            std::generic_category().message(-failed_)));
  }

 private:
  void note(int result) {
    if (result != 0 && failed_ == 0) failed_ = result;
  }
  scmp_filter_ctx context_;
  int failed_ = 0;
};

// Reading, writing what is open, memory, time, ending.
void allow_work(Filter& filter) {
  filter.allow({SCMP_SYS(read),
                SCMP_SYS(write),
                SCMP_SYS(writev),
                SCMP_SYS(recvfrom),
                SCMP_SYS(recvmsg),
                SCMP_SYS(sendmsg),
                SCMP_SYS(sendto),
                SCMP_SYS(poll),
                SCMP_SYS(ppoll),
                SCMP_SYS(close),
                SCMP_SYS(fstat),
                SCMP_SYS(lseek),
                SCMP_SYS(munmap),
                SCMP_SYS(mremap),
                SCMP_SYS(madvise),
                SCMP_SYS(brk),
                SCMP_SYS(futex),
                SCMP_SYS(rt_sigprocmask),
                SCMP_SYS(rt_sigreturn),
                SCMP_SYS(sigaltstack),
                SCMP_SYS(getpid),
                SCMP_SYS(gettid),
                SCMP_SYS(exit),
                SCMP_SYS(exit_group),
                SCMP_SYS(clock_gettime),
                SCMP_SYS(clock_getres),
                SCMP_SYS(gettimeofday),
                SCMP_SYS(time),
                SCMP_SYS(getrandom),
                SCMP_SYS(sched_yield),
                SCMP_SYS(restart_syscall),
                SCMP_SYS(nanosleep),
                SCMP_SYS(clock_nanosleep),
                SCMP_SYS(getcpu),
                SCMP_SYS(rseq),
                SCMP_SYS(set_robust_list)});
  // abort(), to nobody but itself.
  filter.allow_if(SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid())));
  filter.allow_if(SCMP_SYS(ioctl), SCMP_A1(SCMP_CMP_EQ, TCGETS));  // printf asks whether it is a terminal
}

// No new code once it is open.
void allow_memory_without_code(Filter& filter) {
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
    filter.allow_if(call, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

void allow_reading_of_files(Filter& filter) {
  constexpr scmp_datum_t kWrites = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
  filter.allow_if(SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, kWrites, 0));
  filter.allow_if(SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, kWrites, 0));
  filter.allow({SCMP_SYS(pread64), SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx),
                SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
                SCMP_SYS(getcwd), SCMP_SYS(fcntl)});
}

void allow_opening(Filter& filter) {
  allow_work(filter);
  allow_reading_of_files(filter);
  // The private copy of the plugin, its code, and the second filter.
  filter.allow({SCMP_SYS(mmap), SCMP_SYS(mprotect), SCMP_SYS(memfd_create), SCMP_SYS(prctl), SCMP_SYS(seccomp),
                SCMP_SYS(prlimit64), SCMP_SYS(setrlimit), SCMP_SYS(getrlimit), SCMP_SYS(rt_sigaction),
                SCMP_SYS(sched_getaffinity), SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(getuid), SCMP_SYS(geteuid),
                SCMP_SYS(getgid), SCMP_SYS(getegid)});
}

// Threads and sockets of a plugin that cannot be without (abi-rules R10).
void allow_being_active(Filter& filter) {
  allow_reading_of_files(filter);
  filter.allow({SCMP_SYS(socket),
                SCMP_SYS(socketpair),
                SCMP_SYS(connect),
                SCMP_SYS(bind),
                SCMP_SYS(listen),
                SCMP_SYS(accept),
                SCMP_SYS(accept4),
                SCMP_SYS(shutdown),
                SCMP_SYS(getsockopt),
                SCMP_SYS(setsockopt),
                SCMP_SYS(getsockname),
                SCMP_SYS(getpeername),
                SCMP_SYS(sendmmsg),
                SCMP_SYS(recvmmsg),
                SCMP_SYS(select),
                SCMP_SYS(pselect6),
                SCMP_SYS(epoll_create1),
                SCMP_SYS(epoll_ctl),
                SCMP_SYS(epoll_wait),
                SCMP_SYS(epoll_pwait),
                SCMP_SYS(eventfd2),
                SCMP_SYS(pipe2),
                SCMP_SYS(timerfd_create),
                SCMP_SYS(timerfd_settime),
                SCMP_SYS(dup),
                SCMP_SYS(sched_getaffinity),
                SCMP_SYS(prlimit64)});
  constexpr scmp_datum_t kThread = 0x00010000;  // CLONE_THREAD: a thread, never a process
  filter.allow_if(SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, kThread, kThread));
  filter.refuse({SCMP_SYS(clone3)}, ENOSYS);  // its flags lie in memory; the C library then takes clone
}

}  // namespace

Done confine_for_opening(std::uint64_t memory_bytes, bool is_active) {
  if (auto limited = limit(RLIMIT_CORE, 0); !limited) return limited;
  if (auto limited = limit(RLIMIT_NOFILE, kMostFiles); !limited) return limited;
  // No limit of processor time: it would count a life of months. How long a
  // call may take is the host's to watch.
  if (kIsSanitized) return {};
  if (auto limited = limit(RLIMIT_AS, memory_bytes); !limited) return limited;
  struct sigaction action {};
  action.sa_sigaction = on_forbidden;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  ::sigaction(SIGSYS, &action, nullptr);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return fail(HKL_UNSUPPORTED, fmt::format("cannot be confined: {}", std::generic_category().message(errno)));
  Filter filter;
  allow_opening(filter);
  if (is_active) allow_being_active(filter);
  return filter.load();
}

Done confine_for_work(bool is_active) {
  if (auto limited = limit(RLIMIT_FSIZE, 0); !limited) return limited;
  if (kIsSanitized) return {};
  if (!is_active) {
    if (auto limited = limit(RLIMIT_NPROC, 0); !limited) return limited;
  }
  Filter filter;
  allow_work(filter);
  allow_memory_without_code(filter);
  if (is_active) {
    allow_being_active(filter);
  } else {
    // What a C library tries by itself, for locales or time zones, and can do without.
    filter.refuse({SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat),
                   SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(fcntl)},
                  EACCES);
  }
  return filter.load();
}

}  // namespace hkl::isolation
