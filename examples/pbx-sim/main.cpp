// pbx-sim: a stand-in for an Asterisk, for trying things out and for tests. It
// speaks the manager interface (AMI) on a loopback port with the bytes that a
// real Asterisk sent: greeting, log-in, lists of what lives at that moment, and
// the events, paced as they were and sped up at will.
//
// A capture is a folder with ami.raw (every byte the Asterisk sent) and
// ami.timing (when it came); tests/fixtures/asterisk has some. The events keep
// their own timestamps. Nobody connected: they pass unheard, as on a real one.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "server.h"

namespace {

struct Options {
  std::vector<std::string> folders;
  std::uint16_t port = 5038;
  std::string port_file;
  double speed = 1, linger_s = 0;
  bool waits_for_client = false, is_quiet = false;
  pbx_sim::Account account{"hookline", ""};
};

void describe(CLI::App& app, Options& options) {
  app.add_option("FOLDER", options.folders, "captures (ami.raw, ami.timing; .gz too), said one after another")
      ->required();
  app.add_option("--port", options.port, "on 127.0.0.1; 0: a free one")->capture_default_str();
  app.add_option("--port-file", options.port_file, "write the port's number there once it is open");
  app.add_option("--speed", options.speed, "how many times faster than it was; 0: all at once")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_flag("--wait-for-client", options.waits_for_client, "begin at the first log-in");
  app.add_option("--linger", options.linger_s, "seconds to stay after the last event")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--username", options.account.username, "who may log in")->capture_default_str();
  app.add_option("--secret", options.account.secret, "the password, also for an MD5 log-in")->required();
  app.add_flag("--quiet", options.is_quiet, "say nothing on standard error");
  app.footer(
      "Examples:\n"
      "  pbx-sim --port 5038 --secret hookline-test tests/fixtures/asterisk/01-inbound-answered\n"
      "  pbx-sim --port 0 --port-file port --speed 20 --wait-for-client --linger 60 \\\n"
      "          --username crm --secret x tests/fixtures/asterisk/{01-inbound-answered,burst-100}\n"
      "Exits 0 after the last event and the linger.");
}

// Readers wait until the file is there: it comes whole.
void write_port(const std::string& path, std::uint16_t port) {
  const auto part = path + ".part";
  std::ofstream file(part);
  file << port << "\n";
  file.close();
  if (!file) throw std::runtime_error(part + ": cannot be written");
  std::filesystem::rename(part, path);
}

int play(const Options& options) {
  std::vector<pbx_sim::Capture> captures;
  for (const auto& folder : options.folders) captures.push_back(pbx_sim::read_capture(folder));
  pbx_sim::ServerSettings settings;
  settings.port = options.port;
  settings.account = options.account;
  settings.greeting = captures.front().greeting.empty() ? "Asterisk Call Manager/9.0.0" : captures.front().greeting;
  settings.waits_for_client = options.waits_for_client;
  settings.linger = std::chrono::milliseconds(static_cast<std::int64_t>(options.linger_s * 1000));
  settings.log = [&](const std::string& line) {
    if (!options.is_quiet) std::fprintf(stderr, "pbx-sim: %s\n", line.c_str());
  };
  pbx_sim::Playback playback(std::move(captures), options.speed);
  const auto count = playback.event_count();
  pbx_sim::Server server(std::move(settings), std::move(playback));
  if (!options.is_quiet) std::fprintf(stderr, "pbx-sim: %zu events on 127.0.0.1:%d\n", count, server.port());
  if (!options.port_file.empty()) write_port(options.port_file, server.port());
  server.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("A stand-in for an Asterisk: says on a loopback port what a real one said.", "pbx-sim");
  describe(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    return play(options);
  } catch (const Poco::Exception& error) {
    std::fprintf(stderr, "pbx-sim: port %d: %s\n", options.port, error.displayText().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pbx-sim: %s\n", error.what());
  }
  return 2;
}
