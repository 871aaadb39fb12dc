#include "host_of_child.h"

#include <set>

#include "hookline/host.h"
#include "plugins/digests.h"
#include "plugins/sized.h"
#include "plugins/texts.h"

namespace hkl::isolation {
namespace {

struct Desk {
  hkl_host host{};
  Talk* talk = nullptr;
  std::set<std::string, std::less<>> offered;
};

// One plugin, one process, one host.
Desk& desk() {
  static auto* const only = new Desk;
  return *only;
}

Talk& talk() { return *desk().talk; }

// What was answered: a status and, where it is good, one thing.
class Answer {
 public:
  explicit Answer(const std::string& bytes) : in_(bytes, arena_) {
    // Another thread than that of the call, or none: not now.
    status_ = bytes.empty() ? HKL_UNAVAILABLE : in_.one<hkl_status>();
  }
  hkl_status status() const { return status_; }
  template <typename T>
  hkl_status give(T* out) {
    if (status_ != HKL_OK) return status_;
    if (out == nullptr) return HKL_INVALID;
    *out = in_.one<T>();
    return HKL_OK;
  }
  template <typename Struct>
  hkl_status give_sized(Struct* out) {
    if (status_ != HKL_OK) return status_;
    return give_struct(out, in_.one<Struct>()) ? HKL_OK : HKL_INVALID;
  }
  Unpacker& in() { return in_; }

 private:
  Arena arena_;
  Unpacker in_;
  hkl_status status_;
};

void log_write(const hkl_host*, std::uint32_t level, hkl_str text) { talk().log(level, text); }

hkl_status digest_hash(const hkl_host*, std::uint32_t algorithm, hkl_bytes data, hkl_digest* out) {
  hkl_digest digest{};
  const auto status = hash(algorithm, data, digest);
  if (status != HKL_OK) return status;
  return give_struct(out, digest) ? HKL_OK : HKL_INVALID;
}

hkl_status digest_hmac(const hkl_host*, std::uint32_t algorithm, hkl_bytes key, hkl_bytes data, hkl_digest* out) {
  hkl_digest digest{};
  const auto status = hmac(algorithm, key, data, digest);
  if (status != HKL_OK) return status;
  return give_struct(out, digest) ? HKL_OK : HKL_INVALID;
}

hkl_status phone_normalise(const hkl_host*, hkl_str raw, hkl_str region, hkl_phone* out) {
  return Answer(talk().ask(Ask::normalise, raw, region)).give_sized(out);
}

hkl_status time_to_utc(const hkl_host*, const hkl_local_time* local, hkl_str zone, std::int64_t* out_ms) {
  const auto taken = take_struct(local);
  if (!taken) return HKL_INVALID;
  return Answer(talk().ask(Ask::to_utc, *taken, zone)).give(out_ms);
}

hkl_status time_to_local(const hkl_host*, std::int64_t at_ms, hkl_str zone, hkl_local_time* out) {
  return Answer(talk().ask(Ask::to_local, at_ms, zone)).give_sized(out);
}

hkl_status calendar_add_open(const hkl_host*, hkl_str calendar, std::int64_t from_ms, std::int64_t open_ms,
                             std::int64_t* out_ms) {
  return Answer(talk().ask(Ask::add_open, calendar, from_ms, open_ms)).give(out_ms);
}

hkl_status calendar_open_between(const hkl_host*, hkl_str calendar, std::int64_t from_ms, std::int64_t to_ms,
                                 std::int64_t* out_open_ms) {
  return Answer(talk().ask(Ask::open_between, calendar, from_ms, to_ms)).give(out_open_ms);
}

hkl_status calendar_is_open(const hkl_host*, hkl_str calendar, std::int64_t at_ms, std::uint32_t* out) {
  return Answer(talk().ask(Ask::is_open, calendar, at_ms)).give(out);
}

hkl_status history_touches(const hkl_host*, hkl_str contact, std::int64_t before_ms, std::uint64_t limit,
                           const hkl_touch_sink* sink) {
  const auto taken = take_struct(sink);
  if (!taken || taken->take == nullptr) return HKL_INVALID;
  if (!talk().is_in_call()) return HKL_CANCELLED;
  Answer answer(talk().ask(Ask::touches, contact, before_ms, limit));
  if (answer.status() != HKL_OK) return answer.status();
  const auto count = answer.in().one<std::uint64_t>();
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto touch = answer.in().one<hkl_touch>();
    if (taken->take(taken->user, &touch) != HKL_OK) break;
  }
  return HKL_OK;
}

hkl_status condition_compile(const hkl_host*, hkl_str text, const hkl_condition** out, hkl_error* err) {
  Answer answer(talk().ask(Ask::compile, text));
  if (answer.status() == HKL_OK && out != nullptr) {
    // The host's own address, which is only a number here.
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    *out = reinterpret_cast<const hkl_condition*>(static_cast<std::uintptr_t>(answer.in().one<std::uint64_t>()));
    return HKL_OK;
  }
  if (answer.status() == HKL_BAD_SETTINGS) give_error(err, HKL_BAD_SETTINGS, answer.in().one<std::string>());
  return answer.status() == HKL_OK ? HKL_INVALID : answer.status();
}

hkl_status condition_holds(const hkl_host*, const hkl_condition* condition, const hkl_touch* touch,
                           const hkl_contact* contact, std::uint64_t earlier_count, std::uint32_t* out) {
  if (touch == nullptr || touch->struct_size < sizeof *touch) return HKL_INVALID;
  if (contact != nullptr && contact->struct_size < sizeof *contact) return HKL_INVALID;
  std::string question;
  Packer pack(question);
  pack(static_cast<std::uint8_t>(Ask::holds), static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(condition)));
  pack.maybe(touch);
  pack.maybe(contact);
  pack(earlier_count);
  return Answer(talk().ask_packed(question)).give(out);
}

hkl_status wake_wake_at(const hkl_host*, hkl_str key, std::int64_t at_ms) {
  if (!talk().is_in_call()) return HKL_CANCELLED;
  return Answer(talk().ask(Ask::wake_at, key, at_ms)).status();
}

constexpr hkl_host_log kLog{sizeof(hkl_host_log), 0, log_write};
constexpr hkl_host_digest kDigest{sizeof(hkl_host_digest), 0, digest_hash, digest_hmac};
constexpr hkl_host_phone kPhone{sizeof(hkl_host_phone), 0, phone_normalise};
constexpr hkl_host_time kTime{sizeof(hkl_host_time), 0, time_to_utc, time_to_local};
constexpr hkl_host_calendar kCalendar{sizeof(hkl_host_calendar), 0, calendar_add_open, calendar_open_between,
                                      calendar_is_open};
constexpr hkl_host_history kHistory{sizeof(hkl_host_history), 0, history_touches};
constexpr hkl_host_condition kCondition{sizeof(hkl_host_condition), 0, condition_compile, condition_holds};
constexpr hkl_host_wake kWake{sizeof(hkl_host_wake), 0, wake_wake_at};

const void* get_interface(const hkl_host*, hkl_str id) {
  const std::string_view name(id.ptr == nullptr ? "" : id.ptr, id.ptr == nullptr ? 0 : id.len);
  if (desk().offered.count(name) == 0) return nullptr;
  if (name == HKL_HOST_LOG_V1) return &kLog;
  if (name == HKL_HOST_DIGEST_V1) return &kDigest;
  if (name == HKL_HOST_PHONE_V1) return &kPhone;
  if (name == HKL_HOST_TIME_V1) return &kTime;
  if (name == HKL_HOST_CALENDAR_V1) return &kCalendar;
  if (name == HKL_HOST_HISTORY_V1) return &kHistory;
  if (name == HKL_HOST_CONDITION_V1) return &kCondition;
  if (name == HKL_HOST_WAKE_V1) return &kWake;
  return nullptr;
}

}  // namespace

const hkl_host* host_of_child(Talk& talk, const std::string& offered) {
  auto& d = desk();
  d.talk = &talk;
  for (std::size_t at = 0; at < offered.size();) {
    const auto end = offered.find('\n', at);
    d.offered.insert(offered.substr(at, end - at));
    at = end == std::string::npos ? offered.size() : end + 1;
  }
  d.host.struct_size = sizeof(hkl_host);
  d.host.abi_minor = HKL_ABI_MINOR;
  d.host.self = &d;
  d.host.version = str_of(HKL_VERSION_TEXT);
  d.host.get_interface = get_interface;
  return &d.host;
}

}  // namespace hkl::isolation
