// hookline-crm: a small CRM on the public C API of Hookline. See ../README.md.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "app.h"
#include "demo/demo.h"
#include "demo/rush_hour.h"
#include "web_server.h"

namespace {

namespace fs = std::filesystem;

struct Options {
  std::string config, web, database, port_file, allow_origin, recordings;
  int keep_recordings_days = 0;
  crm::WebSettings server;
  std::size_t streams = 32;
  double requests_a_minute = 1200;
  bool is_demo = false, is_quiet_demo = false;
  crm::DemoSettings demo;
  crm::User new_user{"", "", "", "", "manager", "ru", ""};
};

fs::path beside_program(const char* name) { return fs::read_symlink("/proc/self/exe").parent_path() / name; }

void describe(CLI::App& app, Options& options) {
  app.add_option("--config", options.config, "Hookline's YAML; with --demo it is written if it is not there")
      ->type_name("FILE");
  app.add_option("--listen", options.server.listen, "address and port; port 0: a free one")->capture_default_str();
  app.add_option("--port-file", options.port_file, "write the server's address there once it is open");
  app.add_option("--web", options.web, "the folder of the pages")->type_name("FOLDER");
  app.add_option("--database", options.database, "users and sessions; crm.db beside the config unless set");
  app.add_option("--recordings", options.recordings, "folder of recordings; `recordings` beside the config unless set");
  app.add_option("--keep-recordings", options.keep_recordings_days, "days after which none is played; 0: for ever")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--streams", options.streams, "pages that may watch at once; each holds a thread")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--requests-per-minute", options.requests_a_minute, "of one user, half of them at once")
      ->check(CLI::Range(10.0, 1e6))
      ->capture_default_str();
  app.add_option("--allow-origin", options.allow_origin,
                 "of a page elsewhere that embeds reports: https://crm.example");
  auto* certificate =
      app.add_option("--tls-certificate", options.server.certificate, "PEM file")->check(CLI::ExistingFile);
  auto* key = app.add_option("--tls-key", options.server.key, "PEM file")->check(CLI::ExistingFile);
  certificate->needs(key);
  key->needs(certificate);
  auto* demo = app.add_flag("--demo", options.is_demo, "a made-up firm with a year of calls, and calls right now");
  app.add_option("--demo-days", options.demo.days, "how long its history is")
      ->needs(demo)
      ->check(CLI::Range(1, 400))
      ->capture_default_str();
  app.add_option("--demo-seed", options.demo.seed, "another firm")->needs(demo)->capture_default_str();
  app.add_flag("--demo-quiet", options.is_quiet_demo, "no calls right now, history alone")->needs(demo);
  app.require_subcommand(0, 1);
  app.footer(
      "Examples:\n"
      "  hookline-crm --demo\n"
      "  hookline-crm add-user --config hookline.yaml --login anna --role head <password.txt\n"
      "  hookline-crm --config hookline.yaml --listen 0.0.0.0:8443 --tls-certificate c.pem --tls-key k.pem");
}

CLI::App* describe_add_user(CLI::App& app, Options& options) {
  auto* add = app.add_subcommand("add-user", "make a user, or give one a new password, read from standard input");
  add->add_option("--config", options.config, "Hookline's YAML")->required()->type_name("FILE");
  add->add_option("--database", options.database, "crm.db beside the config unless set");
  add->add_option("--login", options.new_user.login, "the name to sign in with")->required();
  add->add_option("--name", options.new_user.name, "as shown");
  add->add_option("--user", options.new_user.hookline_user, "id of the YAML's users: what they see; without it all");
  add->add_option("--employee", options.new_user.employee, "whose calls pop up");
  add->add_option("--role", options.new_user.role, "admin, head or manager")
      ->check(CLI::IsMember({"admin", "head", "manager"}))
      ->capture_default_str();
  add->add_option("--language", options.new_user.language, "ru or en")->check(CLI::IsMember({"ru", "en"}));
  return add;
}

int add_user(Options& options) {
  std::string password;
  std::getline(std::cin, password);
  constexpr std::size_t kShortest = 10;
  if (password.size() < kShortest) {
    std::fprintf(stderr, "the first line of standard input is the password; it needs at least %zu bytes\n", kShortest);
    return 2;
  }
  if (options.new_user.name.empty()) options.new_user.name = options.new_user.login;
  crm::Database database(options.database);
  crm::Users(database).add(options.new_user, password);
  return 0;
}

// Readers wait until the file is there: it comes whole.
void write_whole(const std::string& path, const std::string& text) {
  std::ofstream file(path + ".part");
  file << text << "\n";
  file.close();
  if (!file) throw std::runtime_error(path + ".part: cannot be written");
  fs::rename(path + ".part", path);
}

int wait_for_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  int signal = 0;
  return sigwait(&signals, &signal);
}

void serve(const Options& options) {
  crm::AppSettings settings;
  settings.config = options.config;
  settings.web = options.web;
  settings.database = options.database;
  settings.recordings = options.recordings;
  settings.keep_recordings_days = options.keep_recordings_days;
  settings.allow_origin = options.allow_origin;
  settings.streams = options.streams;
  settings.requests_a_minute = options.requests_a_minute;
  settings.is_demo = options.is_demo;
  if (options.is_demo) crm::prepare_demo(options.config, options.demo);
  crm::App app(settings);
  if (options.is_demo) crm::fill_demo(app, options.demo);
  if (app.users.is_empty())
    throw std::runtime_error(options.database + " has no user yet: hookline-crm add-user --config " + options.config +
                             " --login NAME --role admin <password.txt");
  app.hookline.start();
  app.read_presence();
  crm::RushHour rush_hour(app, options.demo.seed);
  const bool is_playing = options.is_demo && !options.is_quiet_demo;
  if (is_playing)
    app.demo_pbx = [&](const auto& employee, const auto& number) { return rush_hour.order(employee, number); };
  crm::WebServer server(app, options.server);
  std::printf("Hookline CRM: %s\n", server.address().c_str());
  if (options.is_demo) std::printf("%s", crm::demo_welcome().c_str());
  std::fflush(stdout);
  if (!options.port_file.empty()) write_whole(options.port_file, server.address());
  if (is_playing) rush_hour.start();
  wait_for_signal();
  rush_hour.stop();
  app.close();
  server.stop();
}

}  // namespace

int main(int argc, char** argv) {
  // Signals go to the one thread that waits for them; a reader that left is an
  // error of its write alone.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  Options options;
  options.web = beside_program("../share/hookline/crm").string();
  CLI::App app("A small CRM on the public C API of Hookline: reports, live board, leads, tasks.");
  describe(app, options);
  const auto* add = describe_add_user(app, options);
  try {
    app.parse(argc, argv);
    if (options.is_demo && options.config.empty()) options.config = "hookline-demo/hookline.yaml";
    if (options.config.empty()) throw CLI::RequiredError("--config or --demo");
    if (options.database.empty()) options.database = (fs::path(options.config).parent_path() / "crm.db").string();
    if (options.recordings.empty())
      options.recordings = (fs::path(options.config).parent_path() / "recordings").string();
    if (add->parsed()) return add_user(options);
    serve(options);
    return 0;
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "%s\n", failed.what());
    return 2;
  }
}
