// Commands that show what is there: export, explain, plugins.
#include <CLI/CLI.hpp>
#include <memory>
#include <vector>

#include "commands.h"
#include "common.h"
#include "exit_code.h"

namespace cli {
namespace {

struct ExportOptions {
  CommonOptions common;
  std::vector<std::string> types;
};

struct ShowOptions {
  CommonOptions common;
  std::string call, format = "table";
};

void describe_format(CLI::App& command, ShowOptions& options) {
  command.add_option("--format", options.format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
}

int export_records(const ExportOptions& options) {
  return ask(options.common, "", [&](hkl_runtime* rt, const hkl_writer* writer, hkl_error* err) {
    std::vector<const char*> types;
    for (const auto& type : options.types) types.push_back(type.c_str());
    return hkl_export(rt, types.data(), types.size(), writer, err);
  });
}

int explain(const ShowOptions& options) {
  bool is_unknown = false;
  const auto code = ask(options.common, "", [&](hkl_runtime* rt, const hkl_writer* writer, hkl_error* err) {
    const auto status = hkl_explain(rt, options.call.c_str(), options.format.c_str(), writer, err);
    is_unknown = status == HKL_NOT_FOUND;
    return status;
  });
  return is_unknown ? kNo : code;  // the question was right, the answer is no
}

int list_plugins(const ShowOptions& options) {
  return ask(options.common, "", [&](hkl_runtime* rt, const hkl_writer* writer, hkl_error* err) {
    return hkl_plugins(rt, options.format.c_str(), writer, err);
  });
}

}  // namespace

void add_export(CLI::App& app, Action& chosen) {
  auto* command = app.add_subcommand("export", "All canonical records as NDJSON; import takes them back");
  const auto options = std::make_shared<ExportOptions>();
  command->add_option("--type", options->types, "only these records: call, contact, lead …; may be repeated")
      ->allow_extra_args(false);
  describe_common(*command, options->common);
  command->footer(
      "Examples:\n"
      "  hookline export > all.ndjson\n"
      "  hookline export --type call --type contact | gzip > calls.ndjson.gz\n"
      "  hookline import --source canonical all.ndjson --store sqlite:copy.db");
  command->callback([options, &chosen] { chosen = [=] { return export_records(*options); }; });
}

void add_explain(CLI::App& app, Action& chosen) {
  auto* command = app.add_subcommand("explain", "The story of one call, and why each thing was made");
  const auto options = std::make_shared<ShowOptions>();
  command->add_option("CALL", options->call, "its id, as `hookline calls` shows it, or an alias")->required();
  describe_format(*command, *options);
  describe_common(*command, options->common);
  command->footer(
      "Examples:\n"
      "  hookline explain pbx1:1795415572.53\n"
      "  hookline explain pbx1:1795415572.53 --format json");
  command->callback([options, &chosen] { chosen = [=] { return explain(*options); }; });
}

void add_plugins(CLI::App& app, Action& chosen) {
  auto* command = app.add_subcommand("plugins", "What is loaded, with its settings documented");
  const auto options = std::make_shared<ShowOptions>();
  describe_format(*command, *options);
  describe_common(*command, options->common);
  command->footer(
      "Examples:\n"
      "  hookline plugins\n"
      "  hookline plugins --format json");
  command->callback([options, &chosen] { chosen = [=] { return list_plugins(*options); }; });
}

}  // namespace cli
