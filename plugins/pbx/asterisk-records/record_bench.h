// For tests of plugins that read records: a host with one time zone, a sink
// that writes down, and an instance of the plugin fed through its C interface.
#pragma once

#include <string>
#include <vector>

#include "hookline/events.h"
#include "hookline/host.h"
#include "hookline/pbx_rows.h"
#include "hookline/sdk/host.h"
#include "hookline/sdk/text.h"

extern "C" const hkl_plugin hookline_plugin_v1;

namespace asterisk {

// Local time is so many seconds ahead of UTC, always.
class FakeHost {
 public:
  explicit FakeHost(std::int64_t ahead_s) {
    ahead() = ahead_s;
    abi_.struct_size = sizeof abi_;
    abi_.get_interface = [](const hkl_host*, hkl_str id) -> const void* {
      static const hkl_host_time time{sizeof(hkl_host_time), 0, to_utc, nullptr};
      return hookline::view(id) == HKL_HOST_TIME_V1 ? &time : nullptr;
    };
  }
  hookline::Host host() const { return hookline::Host(&abi_); }
  const hkl_host* abi() const { return &abi_; }

 private:
  static std::int64_t& ahead() {
    static std::int64_t seconds = 0;
    return seconds;
  }
  static hkl_status to_utc(const hkl_host*, const hkl_local_time* local, hkl_str, std::int64_t* out) {
    // The tests stay within November and September 2026.
    const std::int64_t month_began = local->month == 9 ? 1788220800 : local->month == 11 ? 1793491200 : 0;
    if (local->year != 2026 || month_began == 0) return HKL_INVALID;
    *out =
        (month_began + (local->day - 1) * 86400 + local->hour * 3600 + local->minute * 60 + local->second - ahead()) *
        1000;
    return HKL_OK;
  }
  hkl_host abi_{};
};

// What a test looks at of an event.
struct ToldEvent {
  std::uint32_t kind, direction, channel_kind, leg_kind, leg_outcome, reason, transfer_kind, is_withheld, talked;
  std::string id, call, leg, other, bridge, client, client_name, line, extension, name, queue, from, to, cause, result,
      recording, extra, keys, dialled;
  std::int64_t at, started, answered, ended;
};

class PluginBench {
 public:
  PluginBench(const std::string& settings, std::int64_t ahead_s = 0) : host_(ahead_s) {
    sink_.struct_size = sizeof sink_;
    sink_.user = this;
    sink_.event = take_event;
    sink_.skipped = take_skipped;
    life_ = static_cast<const hkl_life*>(hookline_plugin_v1.get_interface(hookline::str(HKL_LIFE_V1)));
    adapter_ = static_cast<const hkl_pbx_adapter*>(hookline_plugin_v1.get_interface(hookline::str(HKL_PBX_ADAPTER_V1)));
    rows_ = static_cast<const hkl_pbx_rows*>(hookline_plugin_v1.get_interface(hookline::str(HKL_PBX_ROWS_V1)));
    check(life_->create(hookline::str(HKL_PBX_ADAPTER_V1), host_.abi(), &instance_, &error_));
    check(life_->configure(instance_, hookline::str(settings), &error_));
    check(life_->start(instance_, &error_));
  }
  ~PluginBench() {
    if (instance_ == nullptr) return;
    (void)life_->stop(instance_, nullptr);
    life_->destroy(instance_);
  }
  PluginBench(const PluginBench&) = delete;
  PluginBench& operator=(const PluginBench&) = delete;

  void file(const std::string& name, const std::vector<std::string>& pieces) {
    hkl_connection connection{};
    connection.struct_size = sizeof connection;
    connection.is_capture = 1;
    connection.id = ++connection_id_;
    connection.name = hookline::str(name);
    check(adapter_->opened(instance_, &connection, 0, &sink_, &error_));
    for (const auto& piece : pieces)
      check(adapter_->feed(instance_, connection_id_, hookline::bytes(piece), 0, &sink_, &error_));
    check(adapter_->closed(instance_, connection_id_, 0, &sink_, &error_));
  }
  // One row; a null pointer is an SQL null.
  void row(const std::vector<std::string>& columns, const std::vector<const char*>& values) {
    std::vector<hkl_str> names, cells;
    for (const auto& column : columns) names.push_back(hookline::str(column));
    for (const auto* value : values) cells.push_back(value == nullptr ? hkl_str{nullptr, 0} : hookline::str(value));
    hkl_rows rows{};
    rows.struct_size = sizeof rows;
    rows.is_last = 1;
    rows.columns = {names.data(), names.size()};
    rows.values = cells.data();
    rows.row_count = 1;
    check(rows_->rows(instance_, &rows, 0, &sink_, &error_));
  }
  std::vector<ToldEvent> of_kind(std::uint32_t kind) const {
    std::vector<ToldEvent> found;
    for (const auto& event : events)
      if (event.kind == kind) found.push_back(event);
    return found;
  }

  std::vector<ToldEvent> events;
  std::vector<std::string> skipped;
  std::string failure;  // the first refusal

 private:
  void check(hkl_status status) {
    if (status != HKL_OK && failure.empty()) failure = error_.text;
  }
  static hkl_status take_event(void* user, const hkl_call_event* e, hkl_error*) {
    const auto text = [](const hkl_str& value) { return std::string(hookline::view(value)); };
    static_cast<PluginBench*>(user)->events.push_back({e->kind,
                                                       e->direction,
                                                       e->channel_kind,
                                                       e->leg_kind,
                                                       e->leg_outcome,
                                                       e->reason,
                                                       e->transfer_kind,
                                                       e->is_withheld,
                                                       e->talked,
                                                       text(e->event_id),
                                                       text(e->call_ref),
                                                       text(e->leg_ref),
                                                       text(e->other_ref),
                                                       text(e->bridge_ref),
                                                       text(e->client),
                                                       text(e->client_name),
                                                       text(e->line),
                                                       text(e->extension),
                                                       text(e->name),
                                                       text(e->queue),
                                                       text(e->from),
                                                       text(e->to),
                                                       text(e->cause),
                                                       text(e->result),
                                                       text(e->recording),
                                                       text(e->extra),
                                                       text(e->keys),
                                                       text(e->dialled),
                                                       e->at_ms,
                                                       e->started_at_ms,
                                                       e->answered_at_ms,
                                                       e->ended_at_ms});
    return HKL_OK;
  }
  static hkl_status take_skipped(void* user, std::uint64_t, std::uint64_t count, hkl_str why) {
    static_cast<PluginBench*>(user)->skipped.push_back(std::to_string(count) + " " + std::string(hookline::view(why)));
    return HKL_OK;
  }

  FakeHost host_;
  const hkl_life* life_ = nullptr;
  const hkl_pbx_adapter* adapter_ = nullptr;
  const hkl_pbx_rows* rows_ = nullptr;
  hkl_instance* instance_ = nullptr;
  hkl_pbx_sink sink_{};
  hkl_error error_{sizeof(hkl_error), {}};
  std::uint64_t connection_id_ = 0;
};

}  // namespace asterisk
