#include "asking.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "commands.h"

namespace cli {
namespace {

struct Listed {
  std::uint32_t entity;
  const char *name, *purpose, *examples;
};

constexpr Listed kLists[] = {
    {HKL_ENTITY_CALL, "calls", "Calls, newest first",
     "Examples:\n"
     "  hookline calls\n"
     "  hookline calls --from 2026-11-23 --to 2026-11-23 --where \"outcome = 'missed' and wait_s > 20\"\n"
     "  hookline calls --format csv --out calls.csv\n"
     "  hookline calls --format xlsx --out calls.xlsx\n"
     "  hookline calls --format json"},
    {HKL_ENTITY_INQUIRY, "inquiries", "Touches of contacts (calls, requests, chats) with their quality, newest first",
     "Examples:\n"
     "  hookline inquiries --from 2026-11-01\n"
     "  hookline inquiries --where \"quality = 'target'\" --format ndjson"},
    {HKL_ENTITY_LEAD, "leads", "Leads with their stage and responsible, newest first",
     "Examples:\n"
     "  hookline leads --where \"responsible = 'ivanova'\"\n"
     "  hookline leads --from 2026-11-01 --format csv --out leads.csv"},
    {HKL_ENTITY_TASK, "tasks", "What employees must do, with deadlines, newest first",
     "Examples:\n"
     "  hookline tasks\n"
     "  hookline tasks --now 2026-11-23T18:00:00+03:00     what was overdue then\n"
     "  hookline tasks --where \"kind = 'callback'\" --format json"},
    {HKL_ENTITY_CONTACT, "contacts", "People and firms outside, with their numbers",
     "Examples:\n"
     "  hookline contacts\n"
     "  hookline contacts --format ndjson --out contacts.ndjson"}};

void describe_format(CLI::App& command, ListOptions& options) {
  command.add_option("--format", options.format, "table, json, ndjson, csv, xlsx or html; of a report svg too")
      ->capture_default_str();
  command.add_option("--out", options.out, "write to this file in place of standard output")->type_name("FILE");
}

void describe_period(CLI::App& command, ListOptions& options) {
  command.add_option("--from", options.from, "2026-03-02, or with a time")->type_name("TIME");
  command.add_option("--to", options.to, "a date counts whole, a time is excluded")->type_name("TIME");
  command.add_option("--where", options.where, "a condition, such as \"direction = 'in' and talk_s > 60\"")
      ->type_name("EXPR");
}

int list(const ListOptions& options, std::uint32_t entity) {
  return ask(options.common, options.out, [&](hkl_runtime* rt, const hkl_writer* writer, hkl_error* err) {
    hkl_query query{};
    query.struct_size = sizeof query;
    query.entity = entity;
    query.format = options.format.c_str();
    query.from = options.from.c_str();
    query.to = options.to.c_str();
    query.where = options.where.c_str();
    return hkl_list(rt, &query, writer, err);
  });
}

int report(const ReportOptions& options) {
  return ask(options.common, options.out, [&](hkl_runtime* rt, const hkl_writer* writer, hkl_error* err) {
    std::vector<const char*> settings;
    for (const auto& setting : options.settings) settings.push_back(setting.c_str());
    hkl_report_query query{};
    query.struct_size = sizeof query;
    query.report = options.report.c_str();
    query.format = options.format.c_str();
    query.from = options.from.c_str();
    query.to = options.to.c_str();
    query.settings = settings.data();
    query.setting_count = settings.size();
    query.where = options.where.c_str();
    query.drill = options.drill.c_str();
    query.sort = options.sort.c_str();
    query.compare = options.compare.c_str();
    const auto answer = options.is_explained ? hkl_explain_report : hkl_run_report;
    return answer(rt, &query, writer, err);
  });
}

}  // namespace

void describe_list(CLI::App& command, ListOptions& options) {
  describe_period(command, options);
  describe_format(command, options);
  describe_common(command, options.common);
}

void describe_report(CLI::App& command, ReportOptions& options) {
  command.add_option("ID", options.report, "the report, as the config names it")->required();
  describe_period(command, options);
  // One value each: what follows is another option or nothing.
  command
      .add_option("--set", options.settings,
                  "an option or a filter of the report, each with a --set of its own; several values with commas")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_option("--drill", options.drill, "the rows behind one figure: its row's key and its column")
      ->type_name("KEY:MEASURE");
  command.add_option("--sort", options.sort, "columns in order, those with - the largest first: --sort=-calls,manager")
      ->type_name("COLUMNS");
  command.add_option("--compare", options.compare, "previous: beside the figures of the period before")
      ->type_name("WHAT");
  command.add_flag("--explain", options.is_explained, "how it is answered, in place of the answer");
  describe_format(command, options);
  describe_common(command, options.common);
}

void add_lists(CLI::App& app, Action& chosen) {
  for (const auto& listed : kLists) {
    auto* command = app.add_subcommand(listed.name, listed.purpose);
    const auto options = std::make_shared<ListOptions>();
    describe_list(*command, *options);
    command->footer(listed.examples);
    command->callback([options, &chosen, entity = listed.entity] { chosen = [=] { return list(*options, entity); }; });
  }
}

void add_report(CLI::App& app, Action& chosen) {
  auto* command = app.add_subcommand("report", "A report, or the rows behind one of its figures");
  const auto options = std::make_shared<ReportOptions>();
  describe_report(*command, *options);
  command->footer(
      "Examples:\n"
      "  hookline report calls-by-manager --from 2026-11-01 --to 2026-11-30\n"
      "  hookline report calls-by-manager --set first_call=true --set manager=ivanova,petrov\n"
      "  hookline report lost-calls --set day_start=18:00 --set day_end=09:00 --set week_days=mon-fri\n"
      "  hookline report calls-by-manager --drill ivanova:leads     the calls behind that figure\n"
      "  hookline report calls-by-manager --explain                 how it is answered: from columns or by SQL\n"
      "  hookline report calls-by-manager --drill total:target_missed --format csv --out missed.csv\n"
      "  hookline report calls-by-manager --from 2026-11-01 --to 2026-11-30 --compare previous\n"
      "  hookline report calls-by-manager --format xlsx --out november.xlsx\n"
      "  hookline report calls-by-manager --sort=-calls --format svg --out calls.svg\n"
      "Keys of rows are in --format json; \"-\" is nothing assigned.");
  command->callback([options, &chosen] { chosen = [=] { return report(*options); }; });
}

}  // namespace cli
