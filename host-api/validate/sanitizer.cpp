#include "sanitizer.h"

#if defined(__SANITIZE_ADDRESS__)
// A signal is a crash of the check that met it, as in any other build; what the
// sanitizer itself finds is left to M04. Asked for by its runtime, by this name.
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options() {
  return "handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0";
}
#endif

namespace hkl::validate {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
namespace {

bool is_finding(std::string_view line) {
  for (const auto* mark : {"ERROR: AddressSanitizer:", "ERROR: LeakSanitizer:", "WARNING: ThreadSanitizer:",
                           "FATAL: ThreadSanitizer:", ": runtime error: "})
    if (line.find(mark) != std::string_view::npos) return true;
  return false;
}

// "==1234==ERROR: …" without the number of the process.
std::string_view without_process(std::string_view line) {
  if (!line.starts_with("==")) return line;
  const auto end = line.find("==", 2);
  return end == std::string_view::npos ? line : line.substr(end + 2);
}

}  // namespace

std::string words_of_sanitizer(std::string_view printed) {
  std::string out;
  while (!printed.empty()) {
    const auto line = printed.substr(0, printed.find('\n'));
    printed.remove_prefix(line.size() == printed.size() ? line.size() : line.size() + 1);
    if (out.empty() && is_finding(line)) out = without_process(line);
    if (!out.empty() && line.starts_with("SUMMARY: ")) return out + "; " + std::string(line);
  }
  return out;
}

#if defined(__SANITIZE_ADDRESS__)
std::string_view check_of_sanitizer() { return "M04"; }
#else
std::string_view check_of_sanitizer() { return "T05"; }
#endif

#else
std::string words_of_sanitizer(std::string_view) { return {}; }
std::string_view check_of_sanitizer() { return {}; }
#endif

}  // namespace hkl::validate
