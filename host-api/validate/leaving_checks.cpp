// U: exit, reload, and being closed.
#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <future>
#include <thread>

#include "child.h"
#include "hookline/plugin.h"
#include "judging.h"
#include "plugins/note.h"

namespace hkl::validate {
namespace {

enum class Left { alive, stopped, by_another_thread };

// Exits for real, in a child of its own; "" when that went well.
std::string exit_with(const Candidate& candidate, Left how, const char* words) {
  const auto child = ::fork();
  if (child == 0) {
    auto* bench = new Bench(candidate, opened(candidate));  // lives on, which is the point
    (void)guarded([&] {
      if (bench->begin()) (void)bench->work();
      if (how == Left::stopped) (void)bench->stop();
    });
    if (how == Left::by_another_thread) std::thread([] { std::exit(0); }).join();
    std::exit(0);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) return "no process for it";
  if (WIFSIGNALED(status)) return fmt::format("exit {} died of signal {}", words, WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? "" : fmt::format("exit {} gave code {}", words, WEXITSTATUS(status));
}

Outcome exits_cleanly(const Candidate& candidate) {
  for (const auto& [how, words] :
       {std::pair(Left::alive, "with a live instance"), std::pair(Left::stopped, "with a stopped instance"),
        std::pair(Left::by_another_thread, "by another thread than the plugin's")}) {
    if (auto fault = exit_with(candidate, how, words); !fault.empty()) return fails(std::move(fault));
  }
  return pass();
}

Outcome reloads(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    const auto image = image_of(candidate);
    const auto old_file = open_plugin(note_of(candidate), image);
    // Bytes behind the last section make another content of the same code.
    const auto new_file = open_plugin(note_of(candidate), image + std::string(8, '\0'));
    if (!old_file || !new_file) return fails((old_file ? new_file : old_file).error().text);
    Bench older(candidate, *old_file);
    if (!older.begin()) return does_not_start(older);
    Bench newer(candidate, *new_file);
    if (!newer.begin())
      return fails(fmt::format("a changed copy does not start while the old one works: {}", newer.text()));
    for (auto* bench : {&older, &newer}) (void)bench->work();
    for (auto* bench : {&older, &newer}) (void)bench->stop();
    for (auto* bench : {&older, &newer}) bench->destroy();
    const auto fault = first_difference(older.told(), newer.told(), "of the old copy", "of the new one");
    return fault.empty() ? pass() : fails(fault);
  });
}

// --- U03 ---

// Opened without the flag that keeps it mapped.
void* open_closable(const std::string& image) {
  const int fd = ::memfd_create("closable", MFD_CLOEXEC);
  if (fd < 0 || ::write(fd, image.data(), image.size()) != static_cast<ssize_t>(image.size())) return nullptr;
  return ::dlopen(fmt::format("/proc/self/fd/{}", fd).c_str(), RTLD_NOW | RTLD_LOCAL);
}

Outcome can_be_closed(const Candidate& candidate) {
  void* library = open_closable(image_of(candidate));
  if (library == nullptr) return skips("it cannot be opened a second time");
  const auto* descriptor = static_cast<const hkl_plugin*>(::dlsym(library, HKL_PLUGIN_SYMBOL));
  const auto file = file_over(note_of(candidate), descriptor);
  std::promise<void> has_lived, may_end;
  std::thread worker([&] {
    (void)guarded([&] {
      Bench bench(candidate, file);
      bench.live();
    });
    has_lived.set_value();
    may_end.get_future().wait();
  });
  has_lived.get_future().wait();
  {
    const Doing now("dlclose");
    (void)::dlclose(library);
  }
  Dl_info info;
  const bool is_mapped = ::dladdr(descriptor, &info) != 0;
  const Doing now("the end of a thread that had worked with the closed file");
  may_end.set_value();
  worker.join();
  return is_mapped ? Outcome{Verdict::pass,
                             "it cannot be closed (thread-local destructors or unique symbols keep it "
                             "mapped); the host never closes it either"}
                   : pass();
}

}  // namespace

std::vector<Check> leaving_checks() {
  return {
      {"U01", Level::standard, "the process exits normally, whatever lives", "R12", {"I01"}, exits_cleanly},
      {"U02", Level::standard, "a changed copy works beside the old one", "R12", {"I01"}, reloads},
      {"U03", Level::strict, "survives being closed, or cannot be closed", "R12", {"I01"}, can_be_closed},
  };
}

}  // namespace hkl::validate
