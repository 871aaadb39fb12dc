// The commands. Each adds itself to the command line and, when it is the one
// that was given, leaves what to do in `chosen`.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace cli {

using Action = std::function<int()>;  // returns the exit code

void add_run(CLI::App& app, Action& chosen);
void add_reload(CLI::App& app, Action& chosen);
void add_config_check(CLI::App& app, Action& chosen);
void add_plugins(CLI::App& app, Action& chosen);
void add_import(CLI::App& app, Action& chosen);
void add_export(CLI::App& app, Action& chosen);
void add_lists(CLI::App& app, Action& chosen);
void add_report(CLI::App& app, Action& chosen);
void add_rebuild(CLI::App& app, Action& chosen);
void add_explain(CLI::App& app, Action& chosen);
void add_outbox(CLI::App& app, Action& chosen);
void add_key(CLI::App& app, Action& chosen);
void add_poison(CLI::App& app, Action& chosen);
void add_erase(CLI::App& app, Action& chosen);
void add_retention(CLI::App& app, Action& chosen);
void add_originate(CLI::App& app, Action& chosen);
void add_profile(CLI::App& app, Action& chosen);

}  // namespace cli
