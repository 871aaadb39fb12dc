// Commands for the one who writes a profile: profile test.
#include <CLI/CLI.hpp>
#include <memory>
#include <vector>

#include "commands.h"
#include "common.h"
#include "console.h"
#include "exit_code.h"
#include "output.h"

namespace cli {
namespace {

struct ProfileTestOptions {
  std::string profile, source, timezone, region, config = "hookline.yaml", format = "text";
  std::vector<std::string> files, settings;
};

std::vector<const char*> pointers(const std::vector<std::string>& texts) {
  std::vector<const char*> out;
  for (const auto& text : texts) out.push_back(text.c_str());
  return out;
}

int test_profile(const ProfileTestOptions& options) {
  const auto files = pointers(options.files), settings = pointers(options.settings);
  hkl_profile_test test{};
  test.struct_size = sizeof test;
  test.profile = options.profile.c_str();
  test.files = files.data();
  test.file_count = files.size();
  test.settings = settings.data();
  test.setting_count = settings.size();
  test.timezone = options.timezone.c_str();
  test.region = options.region.c_str();
  test.config_path = options.config.c_str();
  test.source = options.source.c_str();
  test.format = options.format.c_str();
  Output output("");
  const auto writer = output.writer();
  auto error = no_error();
  const auto status = hkl_test_profile(&test, &writer, &error);
  if (!output.finish()) {
    if (!output.is_unread()) complain(output.trouble());
    return kNo;
  }
  if (status != HKL_OK) complain({error.text, error.text_len});
  // A profile that cannot be is an answer to the question.
  return status == HKL_BAD_SETTINGS ? kNo : exit_code_of(status);
}

}  // namespace

void add_profile(CLI::App& app, Action& chosen) {
  auto* profile = app.add_subcommand("profile", "About webhook profiles: test");
  profile->require_subcommand(1);
  profile->footer("Examples:\n  hookline profile test profiles/acme.yaml ringing.http");
  auto* command = profile->add_subcommand("test", "Show what requests become by a profile, storing nothing");
  const auto options = std::make_shared<ProfileTestOptions>();
  command->add_option("FILE", options->profile, "the profile, YAML")->required();
  command->add_option("REQUEST", options->files, "requests as they were sent, as `record:` on a source keeps them")
      ->required();
  command
      ->add_option("--set", options->settings,
                   "a setting that the profile declares; maps and lists as YAML; without its secrets the sender is not "
                   "checked")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command->add_option("--timezone", options->timezone, "of the account, such as Europe/Moscow; else UTC")
      ->type_name("ZONE");
  command->add_option("--region", options->region, "of numbers without a country, such as RU")->type_name("COUNTRY");
  command->add_option("--source", options->source, "take the settings of this source of the config")->type_name("NAME");
  command->add_option("--config", options->config, "the YAML file with that source")
      ->type_name("FILE")
      ->capture_default_str();
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  hookline profile test profiles/acme.yaml ringing.http ended.http --timezone Europe/Moscow --region RU\n"
      "  hookline profile test profiles/acme.yaml ringing.http --set token=hl-acme-1 --set 'logins={ivanova: "
      "\"101\"}'\n"
      "  hookline profile test profiles/acme.yaml captures/*.http --source acme --format json\n"
      "Exit code 1: a request was refused, or the profile cannot be; the text says where.");
  command->callback([options, &chosen] { chosen = [=] { return test_profile(*options); }; });
}

}  // namespace cli
