// Commands about a config in use: run, config check.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>

#include "commands.h"
#include "common.h"
#include "console.h"
#include "exit_code.h"
#include "hookline/host.h"
#include "moment.h"

namespace cli {
namespace {

const char* level_word(std::uint32_t level) {
  switch (level) {
    case HKL_LOG_ERROR:
      return "error";
    case HKL_LOG_WARNING:
      return "warning";
    case HKL_LOG_INFO:
      return "info";
    default:
      return "debug";
  }
}

// The log of a running host: one line each, UTC, level. `user` is the options.
void log_line(void* user, std::uint32_t level, hkl_str text) {
  if (static_cast<const CommonOptions*>(user)->is_quiet && level != HKL_LOG_ERROR) return;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  say(utc_text(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()) + " " + level_word(level) + " " +
      std::string(text.ptr, text.len));
}

// SIGTERM, SIGINT and SIGHUP, held back from all threads and waited for in one.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, number);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  // The next one.
  int wait() {
    int number = 0;
    while (sigwait(&set_, &number) != 0) {
    }
    return number;
  }
  // From now on a signal ends the process: what arrived is durable anyway. A
  // handler, as the default does nothing to the first process of a container.
  void let_through() {
    for (const int number : {SIGTERM, SIGINT}) (void)std::signal(number, [](int) { ::_exit(kNo); });
    pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
  }

 private:
  sigset_t set_;
};

// A host without a CRM: it takes no deliveries, so they wait in the store for
// one that does.
int run(CommonOptions& options) {
  Signals signals;  // before any thread
  hkl_callbacks callbacks{};
  callbacks.struct_size = sizeof callbacks;
  callbacks.user = &options;
  callbacks.log = log_line;
  const Runtime runtime(options, Runtime::Access::own, callbacks);
  if (runtime.get() == nullptr) return runtime.exit_code();
  auto error = no_error();
  if (hkl_start(runtime.get(), &error) != HKL_OK) return tell(options, error);
  if (!options.is_quiet) complain("running; Ctrl-C or SIGTERM stops it, SIGHUP loads the config again");
  // What becomes of a reload is in the log.
  while (signals.wait() == SIGHUP) (void)hkl_reload(runtime.get(), nullptr, &error);
  signals.let_through();
  if (hkl_stop(runtime.get(), &error) != HKL_OK) return tell(options, error);
  if (!options.is_quiet) complain("stopped");
  return kGood;
}

int check(const CommonOptions& options) {
  if (!has_config(options)) return kWrongUse;
  hkl_writer complaints{};
  complaints.struct_size = sizeof complaints;
  complaints.write = [](void*, hkl_bytes bytes) -> hkl_status {
    std::string_view text(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
    while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
    say(text);
    return HKL_OK;
  };
  const auto abi = abi_options(options);
  auto error = no_error();
  const auto status = hkl_check(&abi, &complaints, &error);
  if (status == HKL_BAD_SETTINGS) return kNo;  // each complaint was told
  if (status != HKL_OK) return tell(options, error);
  if (!options.is_quiet) std::cout << options.config << ": good" << std::endl;
  return kGood;
}

}  // namespace

void add_run(CLI::App& app, Action& chosen) {
  auto* command = app.add_subcommand("run", "Listen to the sources until stopped");
  const auto options = std::make_shared<CommonOptions>();
  command
      ->add_option("--listen", options->listen,
                   "serve HTTP there, in place of the config's http.listen; port 0: a free one")
      ->type_name("ADDRESS:PORT");
  describe_common(*command, *options);
  command->footer(
      "Examples:\n"
      "  hookline run --config hookline.yaml\n"
      "  hookline run --config hookline.yaml --listen 127.0.0.1:8080\n"
      "  hookline run --config hookline.yaml --store sqlite:/var/lib/hookline/main.db --quiet\n"
      "Its log goes to standard error. The other commands read beside it. SIGHUP, or `hookline reload`, loads a\n"
      "changed config and changed plugins while calls go on.");
  command->callback([options, &chosen] { chosen = [=] { return run(*options); }; });
}

void add_config_check(CLI::App& app, Action& chosen) {
  auto* config = app.add_subcommand("config", "About the config: check");
  config->require_subcommand(1);
  config->footer("Examples:\n  hookline config check hookline.yaml");
  auto* command = config->add_subcommand("check", "Judge a config and the settings of its plugins, running nothing");
  const auto options = std::make_shared<CommonOptions>();
  command->add_option("FILE", options->config, "the YAML file, the same as --config");
  describe_common(*command, *options);
  command->footer(
      "Examples:\n"
      "  hookline config check hookline.yaml\n"
      "Each complaint is one line: file:line:column: what is wrong, and what to do. Exit code 1 when there is any.");
  command->callback([options, &chosen] { chosen = [=] { return check(*options); }; });
}

}  // namespace cli
