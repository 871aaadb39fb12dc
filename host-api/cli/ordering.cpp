// The command originate: a call from an employee's phone to a number.
#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <memory>

#include "commands.h"
#include "common.h"
#include "console.h"
#include "exit_code.h"

namespace cli {
namespace {

struct OrderOptions {
  CommonOptions common;
  std::string employee, number;
};

int originate(const OrderOptions& options) {
  const Runtime runtime(options.common, Runtime::Access::read);
  if (runtime.get() == nullptr) return runtime.exit_code();
  std::array<char, 64> request{};
  auto error = no_error();
  const auto status = hkl_order_call(runtime.get(), options.employee.c_str(), options.number.c_str(), request.data(),
                                     request.size(), &error);
  if (status != HKL_OK) return complain({error.text, error.text_len}), kNo;
  if (!options.common.is_quiet) std::cout << request.data() << std::endl;
  return kGood;
}

}  // namespace

void add_originate(CLI::App& app, Action& chosen) {
  auto* command =
      app.add_subcommand("originate", "Order a call: the employee's phone rings, then the number is dialled");
  const auto options = std::make_shared<OrderOptions>();
  command->add_option("--employee", options->employee, "the id of the one whose phone rings")
      ->type_name("ID")
      ->required();
  command->add_option("--to", options->number, "the number that is dialled, as people write it")
      ->type_name("NUMBER")
      ->required();
  describe_common(*command, options->common);
  command->footer(
      "Examples:\n"
      "  hookline originate --employee ivanova --to +79161234567\n"
      "  hookline originate --employee ivanova --to \"8 (916) 123-45-67\" --as ivanova\n"
      "The host that runs on the store orders it, from the PBX that the employee has a phone on: be that host's user, "
      "or\n"
      "root. What is printed is the order's id, which the call carries:\n"
      "  hookline calls --where \"request = 'hl-r-1764219600000'\"\n"
      "Exit code 1, with the reason in words: refused by the PBX or its vendor, no such employee, no phone, no host.\n"
      "Where \"whether it dials is not known\", ask the employee before you order again.");
  command->callback([options, &chosen] { chosen = [=] { return originate(*options); }; });
}

}  // namespace cli
