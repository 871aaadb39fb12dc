// The command poison: inputs that a plugin's process died of.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "commands.h"
#include "common.h"
#include "exit_code.h"

namespace cli {
namespace {

struct PoisonOptions {
  CommonOptions common;
  std::string id, format = "table";
};

int show(const PoisonOptions& options) {
  bool is_unknown = false;
  const auto code = ask(options.common, "", [&](hkl_runtime* rt, const hkl_writer* writer, hkl_error* err) {
    const auto* id = options.id.empty() ? nullptr : options.id.c_str();
    const auto status = hkl_poison(rt, id, options.format.c_str(), writer, err);
    is_unknown = status == HKL_NOT_FOUND;
    return status;
  });
  return is_unknown ? kNo : code;
}

int act(const PoisonOptions& options, std::uint32_t action) {
  const Runtime runtime(options.common, Runtime::Access::own);
  if (runtime.get() == nullptr) return runtime.exit_code();
  auto error = no_error();
  std::uint64_t count = 0;
  const auto status = hkl_poison_act(runtime.get(), action, options.id.c_str(), &count, &error);
  // The answer is no: there is none, it cannot be replayed, it kills again.
  if (status == HKL_NOT_FOUND || status == HKL_UNSUPPORTED || status == HKL_UNAVAILABLE)
    return tell(options.common, error), kNo;
  if (status != HKL_OK) return tell(options.common, error);
  if (options.common.is_quiet) return kGood;
  if (action == HKL_POISON_DROP) {
    std::cout << options.id << " dropped" << std::endl;
  } else {
    std::cout << options.id << " replayed: " << count << " events" << std::endl;
  }
  return kGood;
}

}  // namespace

void add_poison(CLI::App& app, Action& chosen) {
  auto* command = app.add_subcommand("poison", "Inputs set aside, as the process of their plugin died of them");
  command->require_subcommand(1);
  const auto sub = [&](const char* name, const char* help, bool takes_id, bool takes_format) {
    auto* one = command->add_subcommand(name, help);
    auto options = std::make_shared<PoisonOptions>();
    if (takes_id) one->add_option("NUMBER", options->id, "as `hookline poison list` numbers it")->required();
    if (takes_format)
      one->add_option("--format", options->format, "table, json or ndjson")
          ->check(CLI::IsMember({"table", "json", "ndjson"}))
          ->capture_default_str();
    describe_common(*one, options->common);
    return std::pair(one, options);
  };
  const auto [list, listed] = sub("list", "All of them, the newest first", false, true);
  list->callback([listed = listed, &chosen] { chosen = [=] { return show(*listed); }; });
  const auto [one, shown] = sub("show", "One of them, with its bytes", true, true);
  one->callback([shown = shown, &chosen] { chosen = [=] { return show(*shown); }; });
  const auto [replay, replayed] =
      sub("replay", "Through its source again, as after an update of the plugin; gone if it lives", true, false);
  replay->callback([replayed = replayed, &chosen] { chosen = [=] { return act(*replayed, HKL_POISON_REPLAY); }; });
  const auto [drop, dropped] = sub("drop", "Forget it", true, false);
  drop->callback([dropped = dropped, &chosen] { chosen = [=] { return act(*dropped, HKL_POISON_DROP); }; });
  command->footer(
      "Examples:\n"
      "  hookline poison list\n"
      "  hookline poison show 3\n"
      "  hookline poison replay 3\n"
      "  hookline poison drop 3\n"
      "Exit code 1 when there is none of that number, or it cannot be replayed or kills again.");
}

}  // namespace cli
