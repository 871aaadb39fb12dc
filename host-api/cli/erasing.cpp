// Commands on what is kept of people: erase, retention.
#include <CLI/CLI.hpp>
#include <memory>

#include "commands.h"
#include "common.h"
#include "console.h"
#include "exit_code.h"
#include "output.h"

namespace cli {
namespace {

struct EraseOptions {
  CommonOptions common;
  std::string contact, format = "table";
  bool is_dry_run = false;
};

// The answer goes to standard output unless nobody wants to hear it.
int change(const EraseOptions& options, Runtime::Access access, const Question& question) {
  const Runtime runtime(options.common, access);
  if (runtime.get() == nullptr) return runtime.exit_code();
  Output output("");
  auto writer = output.writer();
  if (options.common.is_quiet) writer.write = [](void*, hkl_bytes) -> hkl_status { return HKL_OK; };
  auto error = no_error();
  const auto status = question(runtime.get(), &writer, &error);
  if (status == HKL_OK) return output.finish() ? kGood : kNo;
  complain({error.text, error.text_len});
  // No such contact, more than one, one that is on the phone: the answer is no.
  return status == HKL_NOT_FOUND || status == HKL_INVALID || status == HKL_UNAVAILABLE ? kNo : exit_code_of(status);
}

int erase(const EraseOptions& options) {
  const auto flags = options.is_dry_run ? HKL_ERASE_DRY_RUN : 0;
  return change(options, options.is_dry_run ? Runtime::Access::read : Runtime::Access::own,
                [&](hkl_runtime* rt, const hkl_writer* writer, hkl_error* err) {
                  return hkl_erase(rt, options.contact.c_str(), flags, options.format.c_str(), writer, err);
                });
}

int apply_retention(const EraseOptions& options) {
  return change(options, Runtime::Access::own, [&](hkl_runtime* rt, const hkl_writer* writer, hkl_error* err) {
    return hkl_apply_retention(rt, options.format.c_str(), writer, err);
  });
}

void describe_format(CLI::App& command, EraseOptions& options) {
  command.add_option("--format", options.format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
}

}  // namespace

void add_erase(CLI::App& app, Action& chosen) {
  auto* command = app.add_subcommand("erase", "Erase a person from all that is kept; figures stay as they are");
  const auto options = std::make_shared<EraseOptions>();
  command->add_option("CONTACT", options->contact, "the contact's id, one of its numbers or an e-mail")->required();
  command->add_flag("--dry-run", options->is_dry_run, "tell what would go, and change nothing; also while a host runs");
  describe_format(*command, *options);
  describe_common(*command, options->common);
  command->footer(
      "Examples:\n"
      "  hookline erase +79161234567 --dry-run\n"
      "  hookline erase c1\n"
      "  hookline erase \"8 (916) 123-45-67\" --format json\n"
      "A random token takes the place of numbers, names, addresses and free text, in the store and its journal; files "
      "of\n"
      "recordings and of recorded bytes that tell the person are removed. Calls, leads and tasks stay, and with them "
      "every\n"
      "figure. Nothing leads back: keep what you need before. While a host runs on the store, ask it in place of "
      "this:\n"
      "  curl -X POST -H \"Authorization: Bearer hk_…\" http://127.0.0.1:8080/api/v1/contacts/c1/erase\n"
      "What comes of the person later is stored again; copies, backups and reports that were sent are yours to erase.\n"
      "Exit code 1: there is no such contact, more than one has that number, a call goes on, or a host has the store.");
  command->callback([options, &chosen] { chosen = [=] { return erase(*options); }; });
}

void add_retention(CLI::App& app, Action& chosen) {
  auto* command = app.add_subcommand("retention", "Remove now what `retention` of the config keeps no longer");
  const auto options = std::make_shared<EraseOptions>();
  describe_format(*command, *options);
  describe_common(*command, options->common);
  command->footer(
      "Examples:\n"
      "  hookline retention\n"
      "  hookline retention --format json\n"
      "A running host does it by itself once a day, at `retention.at`. In the config:\n"
      "  retention: {events: 400d, record: 14d, recordings: 180d}\n"
      "Exit code 1: the config says nothing of it.");
  command->callback([options, &chosen] { chosen = [=] { return apply_retention(*options); }; });
}

}  // namespace cli
