// Keys of programs that ask the HTTP API.
#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

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

// What the config says of the keys, one a line.
struct Keys {
  std::string text;

  static hkl_status take(void* user, hkl_bytes bytes) {
    static_cast<Keys*>(user)->text.append(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
    return HKL_OK;
  }
  std::string table() const {
    const auto keys = nlohmann::json::parse(text);
    if (keys.empty()) return "there are no keys; `hookline key add` makes one\n";
    std::string lines;
    for (const auto& key : keys) {
      const auto& role = key["role"];
      lines +=
          key["name"].get<std::string>() +
          (role.is_null() ? "  as the user " + key["user"].get<std::string>() : "  role " + role.get<std::string>()) +
          "\n";
    }
    return lines;
  }
};

// As the API tells of them.
int list_keys(const CommonOptions& options, const std::string& format) {
  return ask(options, "", [&](hkl_runtime* rt, const hkl_writer* writer, hkl_error* err) {
    hkl_api_request request{};
    request.struct_size = sizeof request;
    request.method = "GET";
    request.target = "/api/v1/keys";
    request.user = options.user.empty() ? nullptr : options.user.c_str();
    hkl_api_reply reply{};
    reply.struct_size = sizeof reply;
    Keys keys;
    const hkl_writer into = {sizeof(hkl_writer), 0, &keys, Keys::take};
    if (const auto status = hkl_answer_api(rt, &request, &into, &reply, err); status != HKL_OK) return status;
    if (reply.http_status != 200) {
      const auto problem = nlohmann::json::parse(keys.text).value("detail", "");
      err->status = HKL_AUTH;
      err->text_len = problem.copy(err->text, sizeof err->text - 1);
      err->text[err->text_len] = '\0';
      return HKL_AUTH;
    }
    const auto shown = format == "json" ? keys.text : keys.table();
    return writer->write(writer->user, {reinterpret_cast<const std::uint8_t*>(shown.data()), shown.size()});
  });
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

  auto* listed = command->add_subcommand("list", "The keys of the config: names, and whose role each has");
  const auto asked = std::make_shared<CommonOptions>();
  const auto format = std::make_shared<std::string>("table");
  listed->add_option("--format", *format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  describe_common(*listed, *asked);
  listed->callback([asked, format, &chosen] { chosen = [=] { return list_keys(*asked, *format); }; });
}

}  // namespace cli
