#include "bench_plugins.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdlib>

#include "isolation/isolated_plugin.h"
#include "plugins/note.h"
#include "plugins/plugin_file.h"

namespace hkl {

void give_up(const std::string& why) {
  fmt::print(stderr, "dispatch_bench: {}\n", why);
  std::exit(1);
}

std::shared_ptr<PluginFile> bench_plugin(const std::string& path, bool is_isolated) {
  auto image = read_plugin_file(path);
  if (!image) give_up(image.error().text);
  auto note = judge_note(path, *image);
  if (!note) give_up(note.error().text);
  if (!is_isolated) {
    auto opened = open_plugin(*note, *image);
    if (!opened) give_up(opened.error().text);
    return *opened;
  }
  IsolationSetup setup;
  setup.entry = "bench";
  setup.program = HKL_CHILD;
  return std::make_shared<IsolatedPlugin>(std::move(*note), std::move(*image), std::move(setup));
}

InstanceEntry bench_entry(const std::string& settings, bool is_isolated) {
  static CallWatch watch([](const std::string& line) { give_up(line); });
  InstanceEntry entry;
  entry.id = "bench";
  entry.settings_json = settings;
  entry.surroundings.timezone = "Europe/Moscow";
  entry.surroundings.phone_region = "RU";
  if (!is_isolated) entry.gauge = watch.gauge("bench", Millis(5000));
  return entry;
}

namespace {

long waits_so_far() {
  rusage used{};
  ::getrusage(RUSAGE_THREAD, &used);
  return used.ru_nvcsw;
}

}  // namespace

Waits::Waits() : before_(waits_so_far()) {}
double Waits::since() const { return static_cast<double>(waits_so_far() - before_); }

}  // namespace hkl
