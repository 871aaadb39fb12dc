// A PBX adapter to begin with. It takes "1772442900123 102" for "then 102 rang".
#include <charconv>

#include "hookline/sdk/plugin.h"

namespace {
struct Settings {
  std::string_view host;
  std::int64_t port = 5038;
};
}  // namespace
HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(host, "Name or address of the PBX").required(),
                  HOOKLINE_FIELD(port, "Its port").range(1, 65535))

namespace {
class MyPbx final : public hookline::PbxAdapter<Settings> {
  void endpoints(hookline::EndpointList& list) override { list.tcp_client(settings().host, settings().port); }
  // Bytes end anywhere: what is no whole line yet is kept for the next time.
  void feed(std::uint64_t connection, std::string_view bytes, std::int64_t, hookline::Output& out) override {
    for (rest_ += bytes; rest_.find('\n') != std::string::npos; rest_.erase(0, rest_.find('\n') + 1)) {
      const auto line = std::string_view(rest_).substr(0, rest_.find('\n'));
      const auto blank = std::min(line.find(' '), line.size());
      hkl_call_event event;
      hkl_call_event_init(&event);
      event.kind = HKL_EVENT_LEG_RINGING;
      event.event_id = event.call_ref = hookline::str(line);  // better: the PBX's own, the same when it repeats
      event.extension = hookline::str(line.substr(std::min(blank + 1, line.size())));
      if (std::from_chars(line.data(), line.data() + blank, event.at_ms).ec == std::errc() && blank < line.size())
        out.event(event);
      else
        out.skipped(connection, line.size(), "a time and a phone were expected");
    }
    if (rest_.size() > 1000) out.skipped(connection, rest_.size(), "no line is so long");
    if (rest_.size() > 1000) rest_.clear();
  }
  std::string rest_;
};
}  // namespace
HOOKLINE_PLUGIN(MyPbx, {"com.example.my-pbx", "1.0.0", "Example", "MIT", "My PBX, live"})
