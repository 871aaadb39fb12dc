#include "api/owner_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "endpoints/waiting.h"
#include "endpoints/wake.h"

namespace hkl {
namespace {

// An answer may take seconds, and the next who asks need not wait for it.
constexpr int kThreads = 2;
constexpr int kBacklog = 16;
constexpr std::size_t kMostBytes = 1 << 20;
constexpr Millis kPause{100};
constexpr Millis kPatience{5000};  // for what is asked to arrive, and an answer to be taken

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

Fd make_socket() { return Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)); }

// An address takes 107 bytes and a path may be longer, so it is told by the
// open folder. The folder stays open as long as the address is used.
struct Address {
  Fd folder;
  sockaddr_un name{};
};

Result<Address> address_of(const std::string& path) {
  const std::filesystem::path whole(path);
  const auto folder = whole.parent_path().empty() ? std::filesystem::path(".") : whole.parent_path();
  Address address{Fd(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)), {}};
  if (address.folder.get() < 0)
    return fail(HKL_UNAVAILABLE, fmt::format("{}: {}", folder.string(), std::strerror(errno)));
  const auto text = fmt::format("/proc/self/fd/{}/{}", address.folder.get(), whole.filename().string());
  if (text.size() >= sizeof address.name.sun_path)
    return fail(HKL_UNAVAILABLE, fmt::format("{}: the name is too long for a socket", path));
  address.name.sun_family = AF_UNIX;
  std::memcpy(address.name.sun_path, text.c_str(), text.size() + 1);
  return address;
}

const sockaddr* abi(const Address& address) { return reinterpret_cast<const sockaddr*>(&address.name); }

// False: not before `until`.
bool wait_for(int fd, short events, Steady until) {
  Waiting waiting(until);
  const auto place = waiting.watch(fd, events);
  do waiting.wait();
  while (waiting.ready(place) == 0 && steady_now() < until);
  return waiting.ready(place) != 0;
}

bool send_all(int fd, std::string_view text, Steady until) {
  while (!text.empty()) {
    if (!wait_for(fd, POLLOUT, until)) return false;
    const auto sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// Nothing: the other side does not say it to its end, or says too much.
std::optional<std::string> receive_line(int fd, Steady until) {
  std::string line;
  std::array<char, 4096> piece{};
  while (line.size() <= kMostBytes && wait_for(fd, POLLIN, until)) {
    const auto got = ::recv(fd, piece.data(), piece.size(), 0);
    if (got == 0) return std::nullopt;
    if (got < 0 && errno != EAGAIN && errno != EINTR) return std::nullopt;
    if (got > 0) line.append(piece.data(), static_cast<std::size_t>(got));
    if (!line.ends_with('\n')) continue;
    line.pop_back();
    return line;
  }
  return std::nullopt;
}

bool is_ours(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == 0 || peer.uid == ::geteuid();
}

}  // namespace

struct OwnerSocket::State {
  ~State() {
    if (socket >= 0) ::close(socket);
  }
  std::string path;
  Answer answer;
  int socket = -1;
  Wake closing;
  std::atomic<bool> is_closing{false};
  std::vector<std::thread> threads;

  void run();
  void serve(int fd);
};

OwnerSocket::OwnerSocket(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<OwnerSocket>> OwnerSocket::open(const std::string& path, Answer answer) {
  auto address = address_of(path);
  if (!address) return fail(address.error());
  auto state = std::make_unique<State>();
  state->path = path;
  state->answer = std::move(answer);
  state->socket = make_socket().release();
  (void)::unlink(path.c_str());  // of an owner that was killed
  const int fd = state->socket;
  // On Linux the file gets the mode that the socket has when it is bound; the
  // process's umask, which is not ours to change, would do it too late.
  const bool is_open = fd >= 0 && ::fchmod(fd, S_IRUSR | S_IWUSR) == 0 &&
                       ::bind(fd, abi(*address), sizeof address->name) == 0 && ::listen(fd, kBacklog) == 0;
  if (!is_open) return fail(HKL_UNAVAILABLE, fmt::format("{}: {}", path, std::strerror(errno)));
  auto& running = *state;
  std::unique_ptr<OwnerSocket> made(new OwnerSocket(std::move(state)));
  for (int i = 0; i < kThreads; ++i) running.threads.emplace_back([&running] { running.run(); });
  return made;
}

OwnerSocket::~OwnerSocket() {
  close_door();
  for (auto& thread : state_->threads) thread.join();
}

void OwnerSocket::close_door() {
  if (state_->is_closing.exchange(true)) return;
  state_->closing.ring();  // and never hushed: each thread sees it
  (void)::unlink(state_->path.c_str());
}

void OwnerSocket::State::run() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are the program's that we are in
  constexpr std::chrono::hours kLong{1};
  while (!is_closing) {
    Waiting waiting(steady_now() + kLong);
    waiting.watch(closing.fd(), POLLIN);
    waiting.watch(socket, POLLIN);
    waiting.wait();
    if (is_closing) return;
    const Fd asker(::accept4(socket, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    // Whoever knocks stays at the door, so without a pause it would be tried all the time.
    const bool is_full = asker.get() < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS);
    if (is_full) wait_for(closing.fd(), POLLIN, steady_now() + kPause);
    if (asker.get() >= 0 && is_ours(asker.get())) serve(asker.get());
  }
}

void OwnerSocket::State::serve(int fd) {
  const auto asked = receive_line(fd, steady_now() + kPatience);
  // Whoever has gone does not hear it; what was asked is done all the same.
  if (asked) (void)send_all(fd, answer(*asked) + "\n", steady_now() + kPatience);
}

Result<std::string> OwnerSocket::ask(const std::string& path, const std::string& line, Millis patience) {
  const auto address = address_of(path);
  if (!address) return fail(address.error());
  const auto socket = make_socket();
  const int fd = socket.get();
  // A full backlog fails at once, as nothing that waits is worth waiting for.
  if (fd < 0 || ::connect(fd, abi(*address), sizeof address->name) != 0)
    return fail(HKL_UNAVAILABLE, fmt::format("{}: {}", path, std::strerror(errno)));
  if (!send_all(fd, line + "\n", steady_now() + kPatience))
    return fail(HKL_UNAVAILABLE, fmt::format("{}: takes nothing", path));
  auto answer = receive_line(fd, steady_now() + patience);
  if (!answer) return fail(HKL_TIMEOUT, fmt::format("{}: no answer came", path));
  return std::move(*answer);
}

}  // namespace hkl
