// The command reload: asks the host that owns the store to load its config
// again, and tells what came of it.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "commands.h"
#include "common.h"
#include "console.h"
#include "exit_code.h"

namespace cli {
namespace {

using Json = nlohmann::json;

// A source may take ten seconds to be handed over, and one to stop.
constexpr std::chrono::seconds kPatience{60};

std::optional<Json> health_of(hkl_runtime* rt, hkl_error& error) {
  std::string text;
  hkl_writer writer{};
  writer.struct_size = sizeof writer;
  writer.user = &text;
  writer.write = [](void* user, hkl_bytes bytes) -> hkl_status {
    static_cast<std::string*>(user)->append(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
    return HKL_OK;
  };
  if (hkl_report_health(rt, &writer, &error) != HKL_OK) return {};
  auto health = Json::parse(text, nullptr, false);
  if (!health.is_object()) return {};
  return health;
}

int tell_outcome(const CommonOptions& options, const Json& reload) {
  const bool is_done = reload.value("is_done", false);
  const auto text = reload.value("text", "");
  if (!is_done) {
    complain(text.empty() || text.back() != '\n' ? text : text.substr(0, text.size() - 1));
    complain("the old config stays in use");
  } else if (!options.is_quiet) {
    std::cout << "reloaded: " << text << std::endl;
  }
  return is_done ? kGood : kNo;
}

int reload(const CommonOptions& options) {
  // A config that is wrong cannot be opened, not even to find the store.
  const Runtime runtime(options, Runtime::Access::read);
  if (runtime.get() == nullptr) return kNo;
  auto error = no_error();
  const auto before = health_of(runtime.get(), error);
  if (!before) return tell(options, error);
  const auto& owner = (*before)["owner"];
  if (!owner.is_number_integer()) {
    complain("no host runs on this store; the next one that is started reads the config as it is");
    return kNo;
  }
  if (::kill(owner.get<pid_t>(), SIGHUP) != 0) {
    complain("process " + owner.dump() + ", which owns the store, cannot be told: be its user, or root");
    return kNo;
  }
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const auto now = health_of(runtime.get(), error);
    if (now && (*now)["reload"] != (*before)["reload"]) return tell_outcome(options, (*now)["reload"]);
  }
  complain("process " + owner.dump() + " does not say what came of it; is it a host that takes SIGHUP?");
  return kNo;
}

}  // namespace

void add_reload(CLI::App& app, Action& chosen) {
  auto* command = app.add_subcommand("reload", "Let the running host load its config and changed plugins again");
  const auto options = std::make_shared<CommonOptions>();
  describe_common(*command, *options);
  command->footer(
      "Examples:\n"
      "  hookline reload --config hookline.yaml\n"
      "No event is lost and no call is split; sources that have not changed keep their connections. When the new\n"
      "config is wrong the old one stays, and the exit code is 1.");
  command->callback([options, &chosen] { chosen = [=] { return reload(*options); }; });
}

}  // namespace cli
