#include "console.h"

#include <unistd.h>

#include <cstdio>
#include <mutex>
#include <string>

namespace cli {
namespace {

std::mutex console_mutex;  // guards bar_is_shown and the order of writes
bool bar_is_shown = false;

constexpr std::string_view kWipe = "\r\033[K";

// What standard error does not take cannot be told anywhere.
void put(const std::string& text) { (void)std::fwrite(text.data(), 1, text.size(), stderr); }

}  // namespace

bool is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

void say(std::string_view line) {
  const std::lock_guard lock(console_mutex);
  std::string text(bar_is_shown ? kWipe : "");
  bar_is_shown = false;
  put(text.append(line).append("\n"));
}

void complain(std::string_view text) { say(std::string("hookline: ").append(text)); }

void show_bar(std::string_view text) {
  const std::lock_guard lock(console_mutex);
  if (text.empty() && !bar_is_shown) return;
  bar_is_shown = !text.empty();
  put(std::string(kWipe).append(text));
}

}  // namespace cli
