// Commands that change the store: import, rebuild.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>

#include "commands.h"
#include "common.h"
#include "console.h"
#include "exit_code.h"
#include "output.h"
#include "progress.h"

namespace cli {
namespace {

struct ImportOptions {
  CommonOptions common;
  std::string source, format = "text";
  std::vector<std::string> files;
  bool is_history = false;
};

// The first Ctrl-C stops between two batches, the second at once: either way
// what was taken is stored.
class Interruptible {
 public:
  explicit Interruptible(Progress& progress) {
    running = &progress;
    (void)std::signal(SIGINT, [](int) {
      running->stop();
      (void)std::signal(SIGINT, SIG_DFL);
    });
  }
  ~Interruptible() {
    (void)std::signal(SIGINT, SIG_DFL);
    running = nullptr;
  }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  static inline Progress* running = nullptr;
};

// Before anything is taken: half an import for a misspelled name helps nobody.
bool are_readable(const std::vector<std::string>& files) {
  bool all = true;
  for (const auto& file : files) {
    if (file == "-" || ::access(file.c_str(), R_OK) == 0) continue;
    complain(file + ": cannot be read: " + std::strerror(errno));
    all = false;
  }
  return all;
}

// Lines that were refused, one by one, to standard error.
hkl_writer refusals() {
  hkl_writer writer{};
  writer.struct_size = sizeof writer;
  writer.write = [](void*, hkl_bytes bytes) -> hkl_status {
    std::string_view text(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
    while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
    if (!text.empty()) say(text);
    return HKL_OK;
  };
  return writer;
}

void sum_up(const hkl_tally& tally) {
  complain(std::to_string(tally.accepted) + " accepted, " + std::to_string(tally.duplicates) + " duplicates, " +
           std::to_string(tally.refused) + " refused");
}

int import_files(const ImportOptions& options) {
  if (!are_readable(options.files)) return kWrongUse;
  const Runtime runtime(options.common, Runtime::Access::own);
  if (runtime.get() == nullptr) return runtime.exit_code();

  std::vector<const char*> files;
  for (const auto& file : options.files) files.push_back(file.c_str());
  hkl_import request{};
  request.struct_size = sizeof request;
  request.flags = options.is_history ? HKL_IMPORT_HISTORY : 0;
  request.source = options.source.c_str();
  request.files = files.data();
  request.file_count = files.size();
  request.format = options.format.c_str();

  // Verdicts as NDJSON are the answer; as text they are complaints.
  Output output("");
  const auto verdicts = options.format == "ndjson" ? output.writer() : refusals();
  hkl_tally tally{};
  tally.struct_size = sizeof tally;
  auto error = no_error();
  hkl_status status = HKL_OK;
  {
    Progress progress(is_terminal() && !options.common.is_quiet, Unit::bytes);
    const Interruptible interruptible(progress);
    const auto steps = progress.abi();
    status = hkl_import_files(runtime.get(), &request, &steps, &verdicts, &tally, &error);
  }
  if (!output.finish()) {
    if (!output.is_unread()) complain(output.trouble());
    return kNo;
  }
  if (status != HKL_OK && status != HKL_PARTLY) return tell(options.common, error);
  if (!options.common.is_quiet) sum_up(tally);
  return exit_code_of(status);
}

int rebuild(const CommonOptions& options) {
  const Runtime runtime(options, Runtime::Access::own);
  if (runtime.get() == nullptr) return runtime.exit_code();
  auto error = no_error();
  Progress progress(is_terminal() && !options.is_quiet, Unit::items);
  const auto steps = progress.abi();
  const auto status = hkl_rebuild(runtime.get(), &steps, &error);
  return status == HKL_OK ? kGood : tell(options, error);
}

}  // namespace

void add_import(CLI::App& app, Action& chosen) {
  auto* command = app.add_subcommand("import", "Feed captures or records through a source");
  const auto options = std::make_shared<ImportOptions>();
  command->add_option("--source", options->source, "a source of the config, or canonical for NDJSON records")
      ->type_name("NAME")
      ->required();
  command->add_option("FILE", options->files, "in this order; - is standard input, .gz is unpacked")->required();
  command->add_flag("--history", options->is_history, "calls and figures, but no lead, task or delivery");
  command->add_option("--format", options->format, "of verdicts: text to standard error, or ndjson")
      ->check(CLI::IsMember({"text", "ndjson"}))
      ->capture_default_str();
  describe_common(*command, options->common);
  command->footer(
      "Examples:\n"
      "  hookline import --source pbx1 ami.raw\n"
      "  hookline import --source pbx1 monday.raw.gz tuesday.raw.gz --history\n"
      "  hookline import --source canonical all.ndjson\n"
      "  zcat all.ndjson.gz | hookline import --source canonical -\n"
      "Importing the same again changes nothing. Exit code 1: part was refused, and named.");
  command->callback([options, &chosen] { chosen = [=] { return import_files(*options); }; });
}

void add_rebuild(CLI::App& app, Action& chosen) {
  auto* command = app.add_subcommand("rebuild", "Recompute everything from the journal; nothing is sent twice");
  const auto options = std::make_shared<CommonOptions>();
  describe_common(*command, *options);
  command->footer(
      "Examples:\n"
      "  hookline rebuild --config hookline.yaml     after a change of employees, calendars or rules\n"
      "Where neither facts nor config have changed, a plugin that answers otherwise than before is named.");
  command->callback([options, &chosen] { chosen = [=] { return rebuild(*options); }; });
}

}  // namespace cli
