// Call records that a PBX prints, by a YAML layout: lines in, facts out. The
// language is described in README.md.
#include <charconv>
#include <map>

#include "hookline/sdk/plugin.h"
#include "layout.h"
#include "line_splitter.h"
#include "settings.h"
#include "text_repair.h"

namespace {

using smdr::Json;

// After the last line of a record that may go on: what a printer pauses within
// one record is less.
constexpr std::int64_t kGoesOnWithinMs = 2000;
// What a PBX prints with as it comes from the works.
constexpr std::int64_t kUsualBaud = 9600;

// One connection, file or capture.
struct Reading {
  std::uint64_t id = 0;
  bool is_capture = false;
  std::string peer;
  smdr::LineSplitter lines;
  smdr::CallChains chains;
  std::string held;  // a line that the next may go on
  std::int64_t tell_held_at_ms = 0;
  std::size_t login_step = 0;
};

struct HostAndPort {
  std::string host;
  std::int64_t port = 0;
};

// "2300", "0.0.0.0:2300", "[::]:2300".
HostAndPort host_and_port(const std::string& text, const std::string& setting) {
  const auto colon = text.rfind(':');
  const std::string port = colon == std::string::npos ? text : text.substr(colon + 1);
  HostAndPort out;
  out.host = colon == std::string::npos ? std::string() : text.substr(0, colon);
  if (out.host.size() > 2 && out.host.front() == '[' && out.host.back() == ']')
    out.host = out.host.substr(1, out.host.size() - 2);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (error != std::errc() || end != port.data() + port.size() || out.port < 1 || out.port > 65535)
    throw hookline::Failure(HKL_BAD_SETTINGS, setting + ": \"" + text + "\" has no port from 1 to 65535");
  return out;
}

class Smdr final : public hookline::PbxAdapter<smdr::Settings> {
 public:
  void configured() override { layout_ = std::make_unique<smdr::Layout>(std::move(given_), host()); }

  void endpoints(hookline::EndpointList& list) override {
    if (!listen_.empty()) {
      const auto at = host_and_port(listen_, "listen");
      list.tcp_server(at.host, at.port, allow_);
    }
    if (!connect_.empty()) {
      const auto at = host_and_port(connect_, "connect");
      if (at.host.empty()) throw hookline::Failure(HKL_BAD_SETTINGS, "connect: HOST:PORT was expected");
      list.tcp_client(at.host, at.port, tls_);
    }
    if (!file_.empty()) list.file(file_);
    if (!serial_.empty()) list.serial(serial_, baud_, flow_ == "none" ? frame_ : frame_ + " " + flow_);
  }

  void opened(const hookline::Connection& connection, std::int64_t, hookline::Output& out) override {
    auto& reading = readings_[connection.id];
    reading.id = connection.id;
    reading.is_capture = connection.is_capture;
    reading.peer = connection.name;
    if ((layout_->login().empty() || connect_.empty()) && !connection.is_capture)
      out.state(connection.id, HKL_SOURCE_LIVE, "waits for records");
  }

  void feed(std::uint64_t connection, std::string_view bytes, std::int64_t now_ms, hookline::Output& out) override {
    auto& reading = of(connection);
    reading.lines.feed(
        bytes, [&](std::string_view line) { take(reading, line, now_ms, out); },
        [&](std::size_t count, std::string_view why) { out.skipped(connection, count, why); });
    log_in(reading, reading.lines.begun(), out);
    if (!reading.held.empty() && !reading.is_capture) {
      reading.tell_held_at_ms = now_ms + kGoesOnWithinMs;
      out.tick_at(reading.tell_held_at_ms);
    }
  }

  void closed(std::uint64_t connection, std::int64_t now_ms, hookline::Output& out) override {
    auto& reading = of(connection);
    tell_held(reading, now_ms, out);
    reading.lines.close([&](std::size_t count, std::string_view why) { out.skipped(connection, count, why); });
    readings_.erase(connection);
  }

  void tick(std::int64_t now_ms, hookline::Output& out) override {
    for (auto& [id, reading] : readings_) {
      if (reading.held.empty() || reading.is_capture) continue;
      if (now_ms >= reading.tell_held_at_ms) {
        tell_held(reading, now_ms, out);
      } else {
        out.tick_at(reading.tell_held_at_ms);
      }
    }
  }

 protected:
  // The layout is a tree of its own, more than settings() can hold.
  void take_settings(std::string_view text) override {
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object()) throw hookline::Failure(HKL_BAD_SETTINGS, "settings: expected an object");
    if (!json.contains("layout") || !json["layout"].is_object())
      throw hookline::Failure(HKL_BAD_SETTINGS, "settings: \"layout\" names the YAML file of the records' layout");
    given_.layout = json["layout"];
    given_.secrets = json.value("secrets", Json::object());
    given_.values = json.value("values", Json::object());
    given_.timezone = json.value("timezone", "");
    given_.region = json.value("region", "");
    listen_ = json.value("listen", "");
    connect_ = json.value("connect", "");
    file_ = json.value("file", "");
    serial_ = json.value("serial", "");
    baud_ = json.value("baud", kUsualBaud);
    frame_ = json.value("frame", "8N1");
    flow_ = json.value("flow", "none");
    tls_ = json.value("tls", false);
    for (const auto& network : json.value("allow", Json::array())) allow_.push_back(profile::text_of(network));
  }

 private:
  Reading& of(std::uint64_t connection) {
    const auto found = readings_.find(connection);
    if (found == readings_.end()) throw hookline::Failure(HKL_INVALID, "there is no such connection");
    return found->second;
  }

  void take(Reading& reading, std::string_view raw, std::int64_t now_ms, hookline::Output& out) const {
    auto line = profile::to_utf8(raw, layout_->charset());
    if (log_in(reading, line, out) || layout_->is_skipped(line)) return;
    if (!reading.held.empty() && layout_->is_continued_by(line)) {
      reading.held += ' ' + line;
      return;
    }
    tell_held(reading, now_ms, out);
    reading.held = std::move(line);
    if (!layout_->has_continuations()) tell_held(reading, now_ms, out);
  }

  void tell_held(Reading& reading, std::int64_t now_ms, hookline::Output& out) const {
    const auto line = std::exchange(reading.held, {});
    if (!line.empty()) layout_->tell({line, reading.id, reading.peer, now_ms}, reading.chains, out);
  }

  // What the PBX asks before it prints, where we connected to it; true where the
  // text was such a question. A page's rule of dashes is none for "-".
  bool log_in(Reading& reading, std::string_view said, hookline::Output& out) const {
    const auto& steps = layout_->login();
    if (connect_.empty() || reading.is_capture || reading.login_step >= steps.size()) return false;
    const auto& step = steps[reading.login_step];
    const auto first = said.find_first_not_of(" \t");
    if (first == std::string_view::npos || said.substr(first, said.find_last_not_of(" \t") - first + 1) != step.expect)
      return false;
    ++reading.login_step;
    reading.lines.drop_begun();
    out.send(reading.id, step.send + "\r\n");
    if (reading.login_step == steps.size()) out.state(reading.id, HKL_SOURCE_LIVE, "logged in");
    return true;
  }

  smdr::SourceSettings given_;
  std::string listen_, connect_, file_, serial_, frame_, flow_;
  std::int64_t baud_ = kUsualBaud;
  std::vector<std::string> allow_;
  bool tls_ = false;
  std::unique_ptr<smdr::Layout> layout_;
  std::map<std::uint64_t, Reading> readings_;
};

}  // namespace

HOOKLINE_PLUGIN(Smdr, {"smdr", "1.0.0", "Hookline", "Apache-2.0",
                       "Call records that a PBX prints, line by line, by a YAML layout",
                       "hookline.host.phone/1 hookline.host.time/1"})
