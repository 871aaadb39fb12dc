#include "common.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>

#include "console.h"
#include "exit_code.h"
#include "hookline/host.h"
#include "moment.h"
#include "output.h"
#include "progress.h"

namespace cli {
namespace {

std::int64_t parse_now(const std::string& text) {
  const auto ms = parse_moment(text);
  if (!ms || *ms <= 0)
    throw CLI::ValidationError("--now", "\"" + text +
                                            "\" is no moment; write it with its offset, such as "
                                            "2026-11-23T08:00:00Z or 2026-11-23T11:00:00+03:00");
  return *ms;
}

// What the library warns of while a command runs.
hkl_callbacks warnings() {
  hkl_callbacks callbacks{};
  callbacks.struct_size = sizeof callbacks;
  callbacks.log = [](void*, std::uint32_t level, hkl_str text) {
    if (level == HKL_LOG_WARNING) complain("warning: " + std::string(text.ptr, text.len));
    if (level == HKL_LOG_ERROR) complain({text.ptr, text.len});
  };
  return callbacks;
}

// All complaints about the config; false when it has none.
bool tell_of_config(const CommonOptions& options) {
  std::string lines;
  hkl_writer writer{};
  writer.struct_size = sizeof writer;
  writer.user = &lines;
  writer.write = [](void* user, hkl_bytes bytes) -> hkl_status {
    static_cast<std::string*>(user)->append(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
    return HKL_OK;
  };
  const auto abi = abi_options(options);
  (void)hkl_check(&abi, &writer, nullptr);  // what it finds is in the lines
  while (!lines.empty() && lines.back() == '\n') lines.pop_back();
  if (lines.empty()) return false;
  say(lines);
  return true;
}

}  // namespace

void describe_common(CLI::App& command, CommonOptions& options) {
  const char* group = "For every command";
  command.add_option("--config", options.config, "the YAML file")
      ->type_name("FILE")
      ->capture_default_str()
      ->group(group);
  command.add_option("--store", options.store, "another store than the config's, such as sqlite:/tmp/x.db")
      ->type_name("URL")
      ->group(group);
  command.add_option("--language", options.language, "of titles, in place of the config's")
      ->check(CLI::IsMember({"ru", "en"}))
      ->group(group);
  command.add_option("--as", options.user, "see what this user may see")->type_name("USER")->group(group);
  command
      .add_option_function<std::string>(
          "--now", [&options](const std::string& text) { options.now_ms = parse_now(text); },
          "the present moment, for what is overdue or pending: 2026-11-23T08:00:00Z")
      ->type_name("TIME")
      ->group(group);
  command.add_flag("--quiet", options.is_quiet, "say nothing but errors on standard error")->group(group);
}

hkl_options abi_options(const CommonOptions& options) {
  hkl_options abi{};
  abi.struct_size = sizeof abi;
  abi.config_path = options.config.c_str();
  abi.store_url = options.store.c_str();
  abi.language = options.language.c_str();
  abi.user = options.user.c_str();
  abi.now_ms = options.now_ms;
  abi.listen = options.listen.c_str();
  return abi;
}

bool has_config(const CommonOptions& options) {
  if (::access(options.config.c_str(), R_OK) == 0) return true;
  complain(options.config + ": cannot be read: " + std::strerror(errno) + "; name the config with --config FILE");
  return false;
}

hkl_error no_error() {
  hkl_error error{};
  error.struct_size = sizeof error;
  return error;
}

int tell(const CommonOptions& options, const hkl_error& error) {
  const std::string text(error.text, error.text_len);
  if (error.status == HKL_BAD_SETTINGS && tell_of_config(options)) return exit_code_of(error.status);
  if (error.status == HKL_UNAVAILABLE) {
    complain(text + " (a running Hookline takes input through its own sources)");
  } else {
    complain(text);
  }
  return exit_code_of(error.status);
}

Runtime::Runtime(const CommonOptions& options, Access access)
    : Runtime(options, access, options.is_quiet ? hkl_callbacks{} : warnings()) {}

Runtime::Runtime(const CommonOptions& options, Access access, const hkl_callbacks& callbacks) {
  exit_code_ = kWrongUse;
  if (!has_config(options)) return;
  auto abi = abi_options(options);
  if (access == Access::read) abi.flags |= HKL_OPTION_READ_ONLY;
  abi.callbacks = callbacks;
  auto error = no_error();
  exit_code_ = hkl_create(&abi, &runtime_, &error) == HKL_OK ? kGood : tell(options, error);
}

int ask(const CommonOptions& options, const std::string& out_path, const Question& question) {
  const Runtime runtime(options, Runtime::Access::read);
  if (runtime.get() == nullptr) return runtime.exit_code();
  Output output(out_path);
  if (!output.trouble().empty()) return complain(output.trouble()), kWrongUse;
  const auto writer = output.writer();
  auto error = no_error();
  const bool is_seen = out_path.empty() && ::isatty(STDOUT_FILENO) == 1;  // the answer itself shows that it goes on
  hkl_status status = HKL_OK;
  {
    Progress progress(is_terminal() && !options.is_quiet && !is_seen, Unit::bytes);
    output.show_on(progress);
    status = question(runtime.get(), &writer, &error);
  }
  if (status != HKL_OK && output.trouble().empty()) return tell(options, error);
  if (status == HKL_OK && output.finish()) return kGood;
  if (!output.is_unread()) complain(output.trouble());
  return kNo;
}

}  // namespace cli
