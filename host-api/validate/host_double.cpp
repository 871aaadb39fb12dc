#include "host_double.h"

#include <fmt/format.h>

#include "allocations.h"
#include "plugins/texts.h"

namespace hkl::validate {
namespace {

using Tag = HostDouble::Tag;
// Deep enough for every honest answer that asks a question of its own.
constexpr int kDeepest = 32;

template <typename Table>
const Table* real_table(const hkl_host* host, const char* id) {
  const auto* real = HostDouble::of(host).real();
  return static_cast<const Table*>(real->get_interface(real, str_of(id)));
}

// Asks the real host unless the visit ends here.
template <typename Table, typename F>
hkl_status asked(const hkl_host* host, const char* function, Tag tag, const char* id, F&& ask) {
  const NoFailures kept;
  const HostDouble::Visit visit(HostDouble::of(host), function, tag);
  if (visit.status() != HKL_OK) return visit.status();
  const auto* table = real_table<Table>(host, id);
  return table == nullptr ? HKL_UNSUPPORTED : ask(table, HostDouble::of(host).real());
}

void log_write(const hkl_host* host, std::uint32_t level, hkl_str text) {
  (void)asked<hkl_host_log>(host, "log.write", Tag::any, HKL_HOST_LOG_V1, [&](const auto* table, const hkl_host* real) {
    table->write(real, level, text);
    return HKL_OK;
  });
}
hkl_status digest_hash(const hkl_host* host, std::uint32_t algorithm, hkl_bytes data, hkl_digest* out) {
  return asked<hkl_host_digest>(
      host, "digest.hash", Tag::any, HKL_HOST_DIGEST_V1,
      [&](const auto* table, const hkl_host* real) { return table->hash(real, algorithm, data, out); });
}
hkl_status digest_hmac(const hkl_host* host, std::uint32_t algorithm, hkl_bytes key, hkl_bytes data, hkl_digest* out) {
  return asked<hkl_host_digest>(
      host, "digest.hmac", Tag::any, HKL_HOST_DIGEST_V1,
      [&](const auto* table, const hkl_host* real) { return table->hmac(real, algorithm, key, data, out); });
}
hkl_status phone_normalise(const hkl_host* host, hkl_str raw, hkl_str region, hkl_phone* out) {
  return asked<hkl_host_phone>(
      host, "phone.normalise", Tag::any, HKL_HOST_PHONE_V1,
      [&](const auto* table, const hkl_host* real) { return table->normalise(real, raw, region, out); });
}
hkl_status time_to_utc(const hkl_host* host, const hkl_local_time* local, hkl_str zone, std::int64_t* out_ms) {
  return asked<hkl_host_time>(
      host, "time.to_utc", Tag::any, HKL_HOST_TIME_V1,
      [&](const auto* table, const hkl_host* real) { return table->to_utc(real, local, zone, out_ms); });
}
hkl_status time_to_local(const hkl_host* host, std::int64_t at_ms, hkl_str zone, hkl_local_time* out) {
  return asked<hkl_host_time>(
      host, "time.to_local", Tag::any, HKL_HOST_TIME_V1,
      [&](const auto* table, const hkl_host* real) { return table->to_local(real, at_ms, zone, out); });
}
hkl_status calendar_add_open(const hkl_host* host, hkl_str calendar, std::int64_t from_ms, std::int64_t open_ms,
                             std::int64_t* out_ms) {
  return asked<hkl_host_calendar>(host, "calendar.add_open", Tag::any, HKL_HOST_CALENDAR_V1,
                                  [&](const auto* table, const hkl_host* real) {
                                    return table->add_open(real, calendar, from_ms, open_ms, out_ms);
                                  });
}
hkl_status calendar_open_between(const hkl_host* host, hkl_str calendar, std::int64_t from_ms, std::int64_t to_ms,
                                 std::int64_t* out_open_ms) {
  return asked<hkl_host_calendar>(host, "calendar.open_between", Tag::any, HKL_HOST_CALENDAR_V1,
                                  [&](const auto* table, const hkl_host* real) {
                                    return table->open_between(real, calendar, from_ms, to_ms, out_open_ms);
                                  });
}
hkl_status calendar_is_open(const hkl_host* host, hkl_str calendar, std::int64_t at_ms, std::uint32_t* out_is_open) {
  return asked<hkl_host_calendar>(
      host, "calendar.is_open", Tag::any, HKL_HOST_CALENDAR_V1,
      [&](const auto* table, const hkl_host* real) { return table->is_open(real, calendar, at_ms, out_is_open); });
}
hkl_status history_touches(const hkl_host* host, hkl_str contact, std::int64_t before_ms, std::uint64_t limit,
                           const hkl_touch_sink* sink) {
  return asked<hkl_host_history>(
      host, "history.touches", Tag::in_call, HKL_HOST_HISTORY_V1,
      [&](const auto* table, const hkl_host* real) { return table->touches(real, contact, before_ms, limit, sink); });
}
hkl_status condition_compile(const hkl_host* host, hkl_str text, const hkl_condition** out, hkl_error* err) {
  return asked<hkl_host_condition>(
      host, "condition.compile", Tag::any, HKL_HOST_CONDITION_V1,
      [&](const auto* table, const hkl_host* real) { return table->compile(real, text, out, err); });
}
hkl_status condition_holds(const hkl_host* host, const hkl_condition* condition, const hkl_touch* touch,
                           const hkl_contact* contact, std::uint64_t earlier_count, std::uint32_t* out) {
  return asked<hkl_host_condition>(host, "condition.holds", Tag::any, HKL_HOST_CONDITION_V1,
                                   [&](const auto* table, const hkl_host* real) {
                                     return table->holds(real, condition, touch, contact, earlier_count, out);
                                   });
}
hkl_status wake_at(const hkl_host* host, hkl_str key, std::int64_t at_ms) {
  return asked<hkl_host_wake>(
      host, "wake.wake_at", Tag::in_call, HKL_HOST_WAKE_V1,
      [&](const auto* table, const hkl_host* real) { return table->wake_at(real, key, at_ms); });
}

constexpr hkl_host_log kLog{sizeof(hkl_host_log), 0, log_write};
constexpr hkl_host_digest kDigest{sizeof(hkl_host_digest), 0, digest_hash, digest_hmac};
constexpr hkl_host_phone kPhone{sizeof(hkl_host_phone), 0, phone_normalise};
constexpr hkl_host_time kTime{sizeof(hkl_host_time), 0, time_to_utc, time_to_local};
constexpr hkl_host_calendar kCalendar{sizeof(hkl_host_calendar), 0, calendar_add_open, calendar_open_between,
                                      calendar_is_open};
constexpr hkl_host_history kHistory{sizeof(hkl_host_history), 0, history_touches};
constexpr hkl_host_condition kCondition{sizeof(hkl_host_condition), 0, condition_compile, condition_holds};
constexpr hkl_host_wake kWake{sizeof(hkl_host_wake), 0, wake_at};

const void* table_of(std::string_view id) {
  if (id == HKL_HOST_LOG_V1) return &kLog;
  if (id == HKL_HOST_DIGEST_V1) return &kDigest;
  if (id == HKL_HOST_PHONE_V1) return &kPhone;
  if (id == HKL_HOST_TIME_V1) return &kTime;
  if (id == HKL_HOST_CALENDAR_V1) return &kCalendar;
  if (id == HKL_HOST_HISTORY_V1) return &kHistory;
  if (id == HKL_HOST_CONDITION_V1) return &kCondition;
  if (id == HKL_HOST_WAKE_V1) return &kWake;
  return nullptr;
}

}  // namespace

HostDouble::HostDouble(HostSurroundings surroundings) : services_(std::move(surroundings)) {
  host_ = *services_.host();
  host_.self = this;
  host_.get_interface = find;
}

const void* HostDouble::find(const hkl_host* host, hkl_str id) {
  const NoFailures kept;
  auto& self = of(host);
  const std::string name(id.ptr == nullptr ? "" : id.ptr, id.len);
  if (self.absent_.count(name) != 0 || self.real()->get_interface(self.real(), id) == nullptr) return nullptr;
  const std::lock_guard lock(self.notes_mutex_);
  self.offered_.insert(name);
  return table_of(name);
}

void HostDouble::note(std::string& where, std::string what) {
  const std::lock_guard lock(notes_mutex_);
  if (where.empty()) where = std::move(what);
}
std::string HostDouble::fault() const {
  const std::lock_guard lock(notes_mutex_);
  return fault_;
}
std::string HostDouble::late() const {
  const std::lock_guard lock(notes_mutex_);
  return late_;
}

HostDouble::Call::Call(HostDouble& of) : of_(of), services_(of.services_) { of_.caller_ = std::this_thread::get_id(); }
HostDouble::Call::~Call() { of_.caller_ = std::thread::id(); }

HostDouble::Visit::Visit(HostDouble& of, const char* function, Tag tag) : of_(of) {
  const NoFailures kept;
  const auto caller = of_.caller_.load();
  if (of_.is_stopped_) of_.note(of_.late_, fmt::format("{} was used after stop", function));
  if (tag == Tag::in_call && caller != std::this_thread::get_id()) {
    of_.note(of_.fault_, fmt::format("{} is [in-call] and was used {}", function,
                                     caller == std::thread::id() ? "while the host was not inside the plugin"
                                                                 : "from another thread than the host's call"));
    status_ = HKL_CANCELLED;
  }
  if (of_.is_slow_ && tag == Tag::in_call) std::this_thread::sleep_for(std::chrono::microseconds(50));
  if (++of_.depth_ > kDeepest) {
    of_.note(of_.fault_, fmt::format("{} was used from within itself {} times over", function, kDeepest));
    status_ = HKL_RESOURCE;
  }
  if (std::string_view(function) == "log.write") ++of_.lines_;
  if (++of_.asked_ == of_.refuse_at_) status_ = of_.refusal_;
}
HostDouble::Visit::~Visit() { --of_.depth_; }

}  // namespace hkl::validate
