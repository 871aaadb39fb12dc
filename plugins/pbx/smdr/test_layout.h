// A layout and its host on the SDK's terms: lines in, events out.
#pragma once

#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "layout.h"

namespace smdr {

// Numbers get a plus; zone "MSK" is three hours ahead, every other is UTC.
struct FakeHost {
  FakeHost() {
    host.struct_size = sizeof host;
    host.get_interface = find;
  }
  hkl_host host{};

 private:
  static hkl_status normalise(const hkl_host*, hkl_str raw, hkl_str, hkl_phone* out) {
    std::string digits;
    for (const char c : hookline::view(raw))
      if (c >= '0' && c <= '9') digits += c;
    if (digits.empty()) return HKL_INVALID;
    digits.insert(digits.begin(), '+');
    digits.resize(std::min(digits.size(), sizeof out->e164 - 1));
    std::copy(digits.begin(), digits.end(), out->e164);
    out->e164[digits.size()] = '\0';
    out->is_valid = 1;
    return HKL_OK;
  }
  static hkl_status to_utc(const hkl_host*, const hkl_local_time* local, hkl_str zone, std::int64_t* out) {
    std::tm tm{};
    tm.tm_year = local->year - 1900;
    tm.tm_mon = local->month - 1;
    tm.tm_mday = local->day;
    tm.tm_hour = local->hour;
    tm.tm_min = local->minute;
    tm.tm_sec = local->second;
    const auto given = tm;
    const auto at = timegm(&tm);
    if (tm.tm_mon != given.tm_mon || tm.tm_mday != given.tm_mday || tm.tm_hour != given.tm_hour) return HKL_INVALID;
    constexpr std::int64_t kMoscowIsAheadS = 3 * 3600;
    *out = (at - (hookline::view(zone) == "MSK" ? kMoscowIsAheadS : 0)) * 1000;
    return HKL_OK;
  }
  static const void* find(const hkl_host*, hkl_str id) {
    static const hkl_host_phone phone{sizeof(hkl_host_phone), 0, normalise};
    static const hkl_host_time time{sizeof(hkl_host_time), 0, to_utc, nullptr};
    if (hookline::view(id) == HKL_HOST_PHONE_V1) return &phone;
    return hookline::view(id) == HKL_HOST_TIME_V1 ? &time : nullptr;
  }
};

struct ToldEvent {
  std::uint32_t kind;
  std::string id, call, client, extension;
  std::int64_t at, started, ended, talk;
};

class TestLayout {
 public:
  explicit TestLayout(const std::string& layout, Json values = Json::object()) {
    SourceSettings settings;
    settings.layout = Json::parse(layout);
    settings.values = std::move(values);
    layout_ = std::make_unique<Layout>(std::move(settings), hookline::Host(&host_.host));
    sink_.struct_size = sizeof sink_;
    sink_.user = this;
    sink_.event = [](void* user, const hkl_call_event* e, hkl_error*) -> hkl_status {
      const auto text = [](const hkl_str& value) { return std::string(hookline::view(value)); };
      static_cast<TestLayout*>(user)->events.push_back({e->kind, text(e->event_id), text(e->call_ref), text(e->client),
                                                        text(e->extension), e->at_ms, e->started_at_ms, e->ended_at_ms,
                                                        e->talk_ms});
      return HKL_OK;
    };
    sink_.skipped = [](void* user, std::uint64_t, std::uint64_t, hkl_str why) -> hkl_status {
      static_cast<TestLayout*>(user)->skipped.emplace_back(hookline::view(why));
      return HKL_OK;
    };
  }
  void line(const std::string& text, std::int64_t received_ms = 0) {
    hookline::Output out(sink_);
    layout_->tell({text, 1, "10.0.0.5:1", received_ms}, chains_, out);
  }
  void begin_anew() { chains_ = {}; }

  std::vector<ToldEvent> events;
  std::vector<std::string> skipped;

 private:
  FakeHost host_;
  std::unique_ptr<Layout> layout_;
  CallChains chains_;
  hkl_pbx_sink sink_{};
};

}  // namespace smdr
