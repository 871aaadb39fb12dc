// M: what a plugin does with memory that is not its own.
#include <fmt/format.h>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif
#include <signal.h>
#include <ucontext.h>

#include <cstdlib>
#include <new>

#include "child.h"
#include "imports.h"
#include "judging.h"

namespace hkl::validate {
namespace {

const char* step_name() { return doing_now() == nullptr ? "a call" : doing_now(); }

bool was_write([[maybe_unused]] const void* context) {
#if defined(__x86_64__)
  return (static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_ERR] & 2) != 0;
#else
  return false;
#endif
}

// A touch of what the host handed in is named; any other fault stays a crash.
void on_fault(int number, siginfo_t* info, void* context) {
  const char* meaning = Inputs::meaning_of(info->si_addr, was_write(context));
  if (meaning[0] != '\0') finish(fails(fmt::format("{} {}", step_name(), meaning)));
  (void)::signal(number, SIG_DFL);
}

void watch_inputs() {
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO;
  (void)::sigaction(SIGSEGV, &action, nullptr);
  (void)::sigaction(SIGBUS, &action, nullptr);
}

Outcome works_with_inputs_in(const Candidate& candidate, Inputs::Place place) {
  return without_exceptions([&]() -> Outcome {
    Bench bench(candidate, opened(candidate), {.place = place});
    watch_inputs();
    if (!bench.begin()) return does_not_start(bench);
    (void)bench.work();
    (void)bench.work();  // what was kept from the first time is looked at now
    (void)bench.stop();
    bench.destroy();
    return pass();
  });
}

Outcome inputs_are_borrowed(const Candidate& candidate) {
  return works_with_inputs_in(candidate, Inputs::Place::together);
}

Outcome nothing_behind_the_end(const Candidate& candidate) {
  return works_with_inputs_in(candidate, Inputs::Place::fenced);
}

// --- M03 ---

void free_of_plugin(void* made) {
  if (Inputs::holds(made)) finish(fails(fmt::format("{} freed an input, which belongs to the host", step_name())));
  std::free(made);
}
void* realloc_of_plugin(void* made, std::size_t size) {
  if (Inputs::holds(made)) finish(fails(fmt::format("{} resized an input, which belongs to the host", step_name())));
  return std::realloc(made, size);
}
void delete_of_plugin(void* made) {
  if (Inputs::holds(made)) finish(fails(fmt::format("{} deleted an input, which belongs to the host", step_name())));
  ::operator delete(made);
}
void sized_delete_of_plugin(void* made, std::size_t) { delete_of_plugin(made); }

void* in_place_of_release(const std::string& name) {
  if (name == "free") return reinterpret_cast<void*>(free_of_plugin);
  if (name == "realloc") return reinterpret_cast<void*>(realloc_of_plugin);
  if (name == "_ZdlPv" || name == "_ZdaPv") return reinterpret_cast<void*>(delete_of_plugin);
  if (name == "_ZdlPvm" || name == "_ZdaPvm") return reinterpret_cast<void*>(sized_delete_of_plugin);
  return nullptr;
}

Outcome frees_its_own_alone(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    const auto file = opened(candidate);
    replace_imports(reinterpret_cast<const void*>(file->descriptor().get_interface), in_place_of_release);
    Bench bench(candidate, file);
    if (!bench.begin()) return does_not_start(bench);
    (void)bench.work();
    (void)bench.stop();
    bench.destroy();
    return pass();
  });
}

// --- M04 ---

#if defined(__SANITIZE_ADDRESS__)
// What the sanitizer finds meanwhile is read from its words (sanitizer.h).
Outcome clean_under_sanitizer(const Candidate& candidate) {
  return without_exceptions([&]() -> Outcome {
    const auto file = opened(candidate);
    for (int life = 0; life < 3; ++life) {
      Bench bench(candidate, file);
      if (!bench.begin()) return does_not_start(bench);
      (void)bench.work();
      (void)bench.stop();
      bench.destroy();
    }
    (void)__lsan_do_recoverable_leak_check();
    return pass();
  });
}
#else
Outcome clean_under_sanitizer(const Candidate&) {
  return skips("this tool is built without AddressSanitizer; the one of the preset asan does it");
}
#endif

}  // namespace

std::vector<Check> memory_checks() {
  const std::vector<const char*> after = {"I01"};
  return {
      {"M03", Level::standard, "frees nothing that belongs to the host", "R7", after, frees_its_own_alone, "M01"},
      {"M04", Level::strict, "works without an error of memory under AddressSanitizer", "R7", after,
       clean_under_sanitizer, nullptr, 3},
      {"M01", Level::standard, "writes to no input and keeps none beyond its call", "R7", after, inputs_are_borrowed},
      {"M02", Level::standard, "reads nothing behind the end of a text or a struct", "R4, R6", after,
       nothing_behind_the_end},
  };
}

}  // namespace hkl::validate
