// The command outbox: deliveries to the CRM that wait or failed.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "commands.h"
#include "common.h"
#include "exit_code.h"

namespace cli {
namespace {

struct OutboxOptions {
  CommonOptions common;
  std::string delivery, format = "table";
};

int show(const OutboxOptions& options) {
  bool is_unknown = false;
  const auto code = ask(options.common, "", [&](hkl_runtime* rt, const hkl_writer* writer, hkl_error* err) {
    const auto* delivery = options.delivery.empty() ? nullptr : options.delivery.c_str();
    const auto status = hkl_outbox(rt, delivery, options.format.c_str(), writer, err);
    is_unknown = status == HKL_NOT_FOUND;
    return status;
  });
  return is_unknown ? kNo : code;
}

int act(const OutboxOptions& options, std::uint32_t action, const char* what) {
  const Runtime runtime(options.common, Runtime::Access::own);
  if (runtime.get() == nullptr) return runtime.exit_code();
  auto error = no_error();
  std::uint64_t count = 0;
  const auto* delivery = options.delivery.empty() ? nullptr : options.delivery.c_str();
  const auto status = hkl_outbox_act(runtime.get(), action, delivery, &count, &error);
  if (status == HKL_NOT_FOUND) return tell(options.common, error), kNo;
  if (status != HKL_OK) return tell(options.common, error);
  if (!options.common.is_quiet) std::cout << count << " " << what << std::endl;
  return kGood;
}

}  // namespace

void add_outbox(CLI::App& app, Action& chosen) {
  auto* command = app.add_subcommand("outbox", "Deliveries to the CRM that wait, fail or were set aside");
  command->require_subcommand(1);
  const auto sub = [&](const char* name, const char* help, bool needs_delivery, bool takes_delivery) {
    auto* one = command->add_subcommand(name, help);
    auto options = std::make_shared<OutboxOptions>();
    if (takes_delivery) {
      auto* given = one->add_option("DELIVERY", options->delivery, "as `hookline outbox list` names it: lead:hl-l-…");
      if (needs_delivery) given->required();
    }
    describe_common(*one, options->common);
    return std::pair(one, options);
  };
  const auto describe_format = [](CLI::App& one, OutboxOptions& options) {
    one.add_option("--format", options.format, "table, json or ndjson")
        ->check(CLI::IsMember({"table", "json", "ndjson"}))
        ->capture_default_str();
  };
  const auto [list, listed] = sub("list", "All of them, those set aside first", false, false);
  describe_format(*list, *listed);
  list->callback([listed = listed, &chosen] { chosen = [=] { return show(*listed); }; });
  const auto [one, shown] = sub("show", "One of them, with its body", true, true);
  describe_format(*one, *shown);
  one->callback([shown = shown, &chosen] { chosen = [=] { return show(*shown); }; });
  const auto [retry, retried] =
      sub("retry", "Send it again when the host runs; without DELIVERY all set aside", false, true);
  retry->alias("replay");  // as `hookline poison` says it
  retry->callback(
      [retried = retried, &chosen] { chosen = [=] { return act(*retried, HKL_OUTBOX_RETRY, "to be sent again"); }; });
  const auto [drop, dropped] = sub("drop", "Never send it; what changes later is delivered again", true, true);
  drop->callback([dropped = dropped, &chosen] { chosen = [=] { return act(*dropped, HKL_OUTBOX_DROP, "dropped"); }; });
  command->footer(
      "Examples:\n"
      "  hookline outbox list\n"
      "  hookline outbox show lead:hl-l-0123456789abcdef\n"
      "  hookline outbox retry                   replay is another word for it\n"
      "  hookline outbox drop task:hl-t-0123456789abcdef");
}

}  // namespace cli
