// Keys of programs that ask the HTTP API.
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

int make_key() {
  std::array<char, 128> key{}, hash{};
  auto error = no_error();
  if (hkl_make_key(key.data(), key.size(), hash.data(), hash.size(), &error) != HKL_OK)
    return complain({error.text, error.text_len}), exit_code_of(error.status);
  std::cout << "key:  " << key.data() << "\nhash: " << hash.data() << std::endl;
  return std::cout ? kGood : kNo;
}

}  // namespace

void add_key(CLI::App& app, Action& chosen) {
  auto* command = app.add_subcommand("key", "Keys of programs that ask /api/v1");
  command->require_subcommand(1);
  auto* made = command->add_subcommand("new", "Makes a key, and the hash of it for the config");
  made->alias("add");
  const auto options = std::make_shared<CommonOptions>();
  describe_common(*made, *options);  // as every command; a key is made without any
  made->callback([options, &chosen] { chosen = make_key; });
  made->footer(
      "The key is shown this once and kept nowhere; give it to the program. The hash goes into the config:\n"
      "  http: {keys: [{name: warehouse, role: analyst, hash: \"sha256:…\"}]}\n"
      "The program sends it with each request:\n"
      "  curl -H \"Authorization: Bearer hk_…\" http://127.0.0.1:8080/api/v1/reports\n"
      "To take it back, remove it from the config and say `hookline reload`.");
}

}  // namespace cli
