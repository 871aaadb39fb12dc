// A PBX adapter in C++. The PBX is made up and writes one line for each event:
// time, word, call, extension; of a call that begins also its direction, the
// client's number and ours. - is nobody.
//   1772442900123 CALL c1 - in +12125550148 +12125550100
//   1772442900200 RING c1 101
#include <map>
#include <sstream>

#include "hookline/sdk/plugin.h"

namespace {

struct Settings {
  std::string_view host;
  std::int64_t port = 7000;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(host, "Name or address of the PBX").required(),
                  HOOKLINE_FIELD(port, "The port it speaks on").range(1, 65535))

namespace {

constexpr std::size_t kLongestLine = 200;

std::uint32_t kind_of(std::string_view word) {
  if (word == "CALL") return HKL_EVENT_CALL_BEGUN;
  if (word == "RING") return HKL_EVENT_LEG_RINGING;
  if (word == "ANSWER") return HKL_EVENT_LEG_ANSWERED;
  if (word == "END") return HKL_EVENT_LEG_ENDED;
  if (word == "OVER") return HKL_EVENT_CALL_ENDED;
  return HKL_EVENT_UNKNOWN;
}

class Lines final : public hookline::PbxAdapter<Settings> {
 public:
  void endpoints(hookline::EndpointList& list) override { list.tcp_client(settings().host, settings().port); }

  void opened(const hookline::Connection& connection, std::int64_t, hookline::Output& out) override {
    out.state(connection.id, HKL_SOURCE_LIVE, "connected");
  }

  // Bytes end anywhere; what is no whole line yet waits for the rest.
  void feed(std::uint64_t connection, std::string_view bytes, std::int64_t, hookline::Output& out) override {
    auto& line = lines_[connection];
    for (const char c : bytes) {
      if (c == '\n') {
        end_line(connection, line, out);
        line = {};
      } else if (line.text.size() < kLongestLine) {
        line.text += c;
      } else {
        ++line.left_out;
      }
    }
  }

  void closed(std::uint64_t connection, std::int64_t, hookline::Output& out) override {
    const auto& line = lines_[connection];
    if (!line.text.empty()) out.skipped(connection, line.size(), "the connection ended within a line");
    lines_.erase(connection);
  }

 private:
  struct Line {
    std::string text;
    std::uint64_t left_out = 0;  // bytes beyond the longest line
    std::uint64_t size() const { return text.size() + left_out; }
  };
  std::map<std::uint64_t, Line> lines_;

  static void end_line(std::uint64_t connection, const Line& line, hookline::Output& out) {
    if (line.left_out > 0) return out.skipped(connection, line.size(), "the line is too long");
    std::istringstream words(line.text);
    hkl_call_event event;
    hkl_call_event_init(&event);
    std::string word, call, extension, direction, client, number;
    if (!(words >> event.at_ms >> word >> call >> extension)) {
      if (!line.text.empty()) out.skipped(connection, line.size(), "four words were expected");
      return;
    }
    words >> direction >> client >> number;
    event.kind = kind_of(word);
    if (event.kind == HKL_EVENT_UNKNOWN) return out.skipped(connection, line.size(), "an unknown word");
    event.event_id = hookline::str(line.text);  // this PBX numbers nothing; the line tells itself apart
    event.call_ref = hookline::str(call);
    if (extension != "-") event.extension = hookline::str(extension);
    event.direction = direction == "in" ? HKL_DIRECTION_IN : direction == "out" ? HKL_DIRECTION_OUT : 0;
    event.client = hookline::str(client);
    event.line = hookline::str(number);
    out.event(event);
  }
};

}  // namespace

HOOKLINE_PLUGIN(Lines, {"com.example.lines-cpp", "1.0.0", "Example", "MIT", "Calls told in lines, in C++"})
