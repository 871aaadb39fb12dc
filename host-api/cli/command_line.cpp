#include "command_line.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "console.h"
#include "exit_code.h"
#include "hookline/hookline.h"

namespace cli {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  hookline config check hookline.yaml\n"
    "  hookline run --config hookline.yaml\n"
    "  hookline import --source pbx1 ami.raw\n"
    "  hookline calls --from 2026-11-23 --where \"outcome = 'missed'\"\n"
    "  hookline report calls-by-manager --from 2026-11-01 --to 2026-11-30\n"
    "Each command has its own: hookline report --help\n"
    "Exit code: 0 good; 1 the answer is no, or part of the input was refused; 2 wrong use or unusable input.";

// "hookline config check", as far as the words were understood.
std::string name_of(const CLI::App& app) {
  std::string name = app.get_name();
  for (const auto* command : app.get_subcommands()) name += " " + name_of(*command);
  return name;
}

void complain_of_words(const CLI::App& app, const CLI::ParseError& error) {
  const auto unknown = app.get_subcommands().empty() ? app.remaining() : std::vector<std::string>();
  const auto what = unknown.empty() ? std::string(error.what()) : "there is no command \"" + unknown.front() + "\"";
  complain(what + "; see " + name_of(app) + " --help");
}

Action show(const std::string& text) {
  return [text] { return std::cout << text << std::endl ? kGood : kNo; };
}

}  // namespace

Action read_command_line(int count, const char* const* words) {
  CLI::App app("Hookline puts telephony into a CRM: calls become inquiries, leads, tasks and reports.", "hookline");
  app.set_version_flag("--version", std::string("hookline ") + hkl_version());
  app.footer(kExamples);
  app.require_subcommand(1);
  Action chosen;
  for (const auto add :
       {add_run, add_config_check, add_plugins, add_import, add_export, add_lists, add_report, add_rebuild, add_explain,
        add_outbox, add_key, add_poison, add_profile, add_reload, add_erase, add_retention, add_originate})
    add(app, chosen);
  try {
    app.parse(count, words);
    return chosen;
  } catch (const CLI::CallForHelp&) {
    return show(app.help());
  } catch (const CLI::CallForVersion& version) {
    return show(version.what());
  } catch (const CLI::ParseError& error) {
    complain_of_words(app, error);
    return [] { return kWrongUse; };
  }
}

}  // namespace cli
