// Runs one plugin for the host that started it, and nothing else.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "host_of_child.h"
#include "plugin_calls.h"
#include "plugins/note.h"
#include "plugins/plugin_file.h"
#include "plugins/texts.h"
#include "sandbox.h"
#include "talk.h"

namespace hkl::isolation {
namespace {

// Ends the process when the host is gone, also while the plugin keeps the other
// thread. PR_SET_PDEATHSIG would not do: it speaks of the thread that spawned,
// and a CRM's may end at any time.
void end_with_the_host() {
  std::thread([] {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    pollfd hung_up{kSocketFd, 0, 0};
    while (::poll(&hung_up, 1, -1) < 0) continue;
    ::_exit(0);
  }).detach();
}

Result<std::string> read_image() {
  struct stat found {};
  if (::fstat(kPluginFd, &found) != 0) return fail(HKL_INTERNAL, "the plugin was not handed over");
  std::string image(static_cast<std::size_t>(found.st_size), '\0');
  for (std::size_t done = 0; done < image.size();) {
    const auto got = ::pread(kPluginFd, image.data() + done, image.size() - done, static_cast<off_t>(done));
    if (got <= 0) return fail(HKL_INTERNAL, "the plugin cannot be read");
    done += static_cast<std::size_t>(got);
  }
  return image;
}

struct Hello {
  std::uint32_t protocol = 0;
  std::string file;
  std::uint64_t memory_bytes = 0;
  std::uint8_t is_active = 0;
  std::string offered;
};

Result<Hello> take_hello(Talk& talk) {
  const auto frame = talk.next();
  Arena arena;
  Unpacker in(frame.payload, arena);
  Hello hello;
  in(hello.protocol);
  if (frame.kind != Frame::hello || hello.protocol != kProtocol)
    return fail(HKL_UNSUPPORTED, "hookline-child is of another version than the library; start the host again");
  in(hello.file, hello.memory_bytes, hello.is_active, hello.offered);
  return hello;
}

Result<std::shared_ptr<PluginFile>> open(const Hello& hello) {
  if (auto confined = confine_for_opening(hello.memory_bytes, hello.is_active != 0); !confined)
    return fail(confined.error());
  const auto image = read_image();
  if (!image) return fail(image.error());
  const auto note = judge_note(hello.file, *image);
  if (!note) return fail(note.error());
  auto file = open_plugin(*note, *image);
  if (!file) return file;
  ::close(kPluginFd);
  if (auto confined = confine_for_work(hello.is_active != 0); !confined) return fail(confined.error());
  return file;
}

// The host names the file in front of it.
std::string without(const std::string& file, std::string text) {
  if (text.starts_with(file + ": ")) text.erase(0, file.size() + 2);
  return text;
}

int run() {
  (void)::signal(SIGPIPE, SIG_IGN);
  // What it prints before it dies must not wait in a buffer.
  (void)std::setvbuf(stdout, nullptr, _IOLBF, 4096);
  end_with_the_host();
  static Talk talk;
  const auto hello = take_hello(talk);
  hkl_error err{};
  err.struct_size = sizeof err;
  Result<std::shared_ptr<PluginFile>> file = fail(HKL_INTERNAL, "");
  if (hello) {
    file = open(*hello);
    if (!file) file.error().text = without(hello->file, file.error().text);
  } else {
    file = fail(hello.error());
  }
  talk.begin_call(false);
  if (!file) give_error(&err, file.error().status, file.error().text);
  talk.end_call(file ? HKL_OK : file.error().status, err, {});
  if (!file) return 1;

  static PluginCalls calls(talk, *file, host_of_child(talk, hello->offered));
  for (;;) {
    const auto frame = talk.next();
    if (frame.kind != Frame::call) return 1;
    calls.make(frame.payload);
  }
}

}  // namespace
}  // namespace hkl::isolation

int main() {
  const bool is_started_by_a_host = ::fcntl(hkl::isolation::kSocketFd, F_GETFD) >= 0;
  if (!is_started_by_a_host) {
    (void)std::fputs("hookline-child is started by libhookline.so for a plugin with `isolation: process`\n", stderr);
    return 2;
  }
  const int code = hkl::isolation::run();
  // No destructors: what is left of the plugin is the system's to tidy.
  ::_exit(code);
}
