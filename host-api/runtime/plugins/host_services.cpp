#include "plugins/host_services.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "contacts/numbers.h"
#include "plugins/digests.h"
#include "plugins/sized.h"
#include "plugins/texts.h"
#include "services/zone.h"

namespace hkl {
namespace {

constexpr std::size_t kLongestLine = 8192;
// A plugin that logs each event of a burst stays readable, one in an endless
// loop does not fill the disk.
constexpr unsigned kLinesASecond = 200;

}  // namespace

struct HostServices::State {
  HostSurroundings around;
  std::atomic<std::thread::id> caller{};  // of the Call that stands

  std::mutex log_mutex;
  std::chrono::steady_clock::time_point second{};  // guarded by log_mutex
  unsigned lines_this_second = 0, lines_left_out = 0;

  std::mutex conditions_mutex;
  std::vector<std::unique_ptr<InquiryCondition>> conditions;  // guarded by conditions_mutex

  const InquiryCondition* keep_condition(std::unique_ptr<InquiryCondition> condition) {
    const std::lock_guard lock(conditions_mutex);
    return conditions.emplace_back(std::move(condition)).get();
  }
  // Null for a pointer that is none of ours.
  const InquiryCondition* kept_condition(const InquiryCondition* condition) {
    const std::lock_guard lock(conditions_mutex);
    for (const auto& known : conditions)
      if (known.get() == condition) return condition;
    return nullptr;
  }

  // A thread sees what it wrote itself, and any other value is not its own: no
  // order among threads is needed.
  bool is_in_call() const { return caller.load(std::memory_order_relaxed) == std::this_thread::get_id(); }

  std::string masked(std::string text) const {
    for (const auto& secret : around.secrets) {
      for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3)) {
        text.replace(at, secret.size(), "***");
      }
    }
    return text;
  }

  // Lines left out before this one, or nothing when this one is left out too.
  std::optional<unsigned> admit_line() {
    const std::lock_guard lock(log_mutex);
    const auto now = std::chrono::steady_clock::now();
    if (now - second >= std::chrono::seconds(1)) {
      second = now;
      lines_this_second = 0;
    }
    if (lines_this_second == kLinesASecond) {
      ++lines_left_out;
      return {};
    }
    ++lines_this_second;
    return std::exchange(lines_left_out, 0u);
  }

  void tell_left_out(unsigned count) const {
    if (count == 0 || !around.log) return;
    around.log(HKL_LOG_WARNING, fmt::format("{}: {} lines were left out: more than {} in a second", around.component,
                                            count, kLinesASecond));
  }

  void end_log() {
    unsigned left_out = 0;
    {
      const std::lock_guard lock(log_mutex);
      left_out = std::exchange(lines_left_out, 0u);
    }
    tell_left_out(left_out);
  }

  void write(std::uint32_t level, std::string_view text) {
    if (!around.log) return;
    const auto left_out = admit_line();
    if (!left_out) return;
    tell_left_out(*left_out);
    const bool is_known = HKL_LOG_ERROR <= level && level <= HKL_LOG_DEBUG;
    // Masked before it is cut, or the first half of a secret would show.
    around.log(is_known ? level : HKL_LOG_INFO,
               fmt::format("{}: {}", around.component, one_line(masked(std::string(text)), kLongestLine)));
  }
};

namespace {

using State = HostServices::State;

// What hkl_host.self points to. Never freed: a plugin may keep the host
// beyond its life, and is then answered in place of crashing (abi-rules R12).
struct Door {
  hkl_host host{};
  std::shared_mutex mutex;
  std::shared_ptr<State> state;  // guarded by mutex; null once the instance is gone
};

std::shared_ptr<State> state_of(const hkl_host* host) {
  if (host == nullptr || host->self == nullptr) return nullptr;
  auto* door = static_cast<Door*>(host->self);
  const std::shared_lock lock(door->mutex);
  return door->state;
}

// Runs `serve` with the state, and lets nothing unwind into the plugin.
template <typename F>
hkl_status served(const hkl_host* host, F&& serve) noexcept {
  try {
    const auto state = state_of(host);
    if (!state) return HKL_CANCELLED;
    return serve(*state);
  } catch (...) {
    return HKL_RESOURCE;
  }
}

std::string_view view_of(hkl_str text) {
  return text.ptr == nullptr ? std::string_view() : std::string_view(text.ptr, text.len);
}

// --- Log ---

void log_write(const hkl_host* host, std::uint32_t level, hkl_str text) {
  served(host, [&](State& state) -> hkl_status {
    state.write(level, view_of(text));
    return HKL_OK;
  });
}

// --- Digests ---

hkl_status digest_hash(const hkl_host* host, std::uint32_t algorithm, hkl_bytes data, hkl_digest* out) {
  return served(host, [&](State&) -> hkl_status {
    hkl_digest digest{};
    const auto status = hash(algorithm, data, digest);
    if (status != HKL_OK) return status;
    return give_struct(out, digest) ? HKL_OK : HKL_INVALID;
  });
}

hkl_status digest_hmac(const hkl_host* host, std::uint32_t algorithm, hkl_bytes key, hkl_bytes data, hkl_digest* out) {
  return served(host, [&](State&) -> hkl_status {
    hkl_digest digest{};
    const auto status = hmac(algorithm, key, data, digest);
    if (status != HKL_OK) return status;
    return give_struct(out, digest) ? HKL_OK : HKL_INVALID;
  });
}

// --- Telephone numbers ---

// A text that does not fit is no number; cut, it would equal another one.
template <std::size_t N>
bool put(char (&out)[N], std::string_view text) {
  if (text.size() >= N) return false;
  std::copy(text.begin(), text.end(), out);
  return true;
}

hkl_status phone_normalise(const hkl_host* host, hkl_str raw, hkl_str region, hkl_phone* out) {
  return served(host, [&](State& state) -> hkl_status {
    const auto text = take_text(raw, "the number");
    const auto of = take_text(region, "the region");
    if (!text || !of) return HKL_INVALID;
    const auto number = normalise_number(*text, of->empty() ? state.around.phone_region : *of);
    if (number.e164.empty()) return HKL_NOT_FOUND;
    hkl_phone phone{};
    phone.is_valid = number.is_valid ? 1 : 0;
    if (!put(phone.e164, number.e164) || !put(phone.extension, number.extension) || !put(phone.region, number.region)) {
      return HKL_INVALID;
    }
    return give_struct(out, phone) ? HKL_OK : HKL_INVALID;
  });
}

// --- Time zones ---

Result<std::string> zone_of(const State& state, hkl_str zone) {
  auto name = take_text(zone, "the time zone");
  if (name && name->empty()) return state.around.timezone;
  return name;
}

hkl_status time_to_utc(const hkl_host* host, const hkl_local_time* local, hkl_str zone, std::int64_t* out_ms) {
  return served(host, [&](State& state) -> hkl_status {
    const auto taken = take_struct(local);
    const auto name = zone_of(state, zone);
    if (!taken || !name || out_ms == nullptr) return HKL_INVALID;
    const auto at =
        to_utc({taken->year, taken->month, taken->day, taken->hour, taken->minute, taken->second, taken->ms}, *name);
    if (!at) return at.error().status;
    *out_ms = ms_of(*at);
    return HKL_OK;
  });
}

hkl_status time_to_local(const hkl_host* host, std::int64_t at_ms, hkl_str zone, hkl_local_time* out) {
  return served(host, [&](State& state) -> hkl_status {
    const auto name = zone_of(state, zone);
    if (!name || at_ms == HKL_UNKNOWN_MS) return HKL_INVALID;
    const auto local = to_local(instant_of(at_ms), *name);
    if (!local) return local.error().status;
    hkl_local_time given{};
    given.year = local->year;
    given.month = local->month;
    given.day = local->day;
    given.hour = local->hour;
    given.minute = local->minute;
    given.second = local->second;
    given.ms = local->ms;
    given.offset_s = local->offset_s;
    given.weekday = local->weekday;
    return give_struct(out, given) ? HKL_OK : HKL_INVALID;
  });
}

// --- Working hours ---

const Calendar* find_calendar(const State& state, hkl_str id) {
  const auto name = take_text(id, "the calendar");
  if (!name || state.around.calendars == nullptr) return nullptr;
  const auto found = state.around.calendars->find(*name);
  return found == state.around.calendars->end() ? nullptr : &found->second;
}

hkl_status calendar_add_open(const hkl_host* host, hkl_str id, std::int64_t from_ms, std::int64_t open_ms,
                             std::int64_t* out_ms) {
  return served(host, [&](State& state) -> hkl_status {
    const auto* calendar = find_calendar(state, id);
    if (calendar == nullptr) return HKL_NOT_FOUND;
    if (out_ms == nullptr || from_ms == HKL_UNKNOWN_MS) return HKL_INVALID;
    const auto at = add_open(*calendar, instant_of(from_ms), Millis(open_ms));
    if (!at) return at.error().status;
    *out_ms = ms_of(*at);
    return HKL_OK;
  });
}

hkl_status calendar_open_between(const hkl_host* host, hkl_str id, std::int64_t from_ms, std::int64_t to_ms,
                                 std::int64_t* out_open_ms) {
  return served(host, [&](State& state) -> hkl_status {
    const auto* calendar = find_calendar(state, id);
    if (calendar == nullptr) return HKL_NOT_FOUND;
    if (out_open_ms == nullptr || from_ms == HKL_UNKNOWN_MS || to_ms == HKL_UNKNOWN_MS) return HKL_INVALID;
    *out_open_ms = open_between(*calendar, instant_of(from_ms), instant_of(to_ms)).count();
    return HKL_OK;
  });
}

hkl_status calendar_is_open(const hkl_host* host, hkl_str id, std::int64_t at_ms, std::uint32_t* out_is_open) {
  return served(host, [&](State& state) -> hkl_status {
    const auto* calendar = find_calendar(state, id);
    if (calendar == nullptr) return HKL_NOT_FOUND;
    if (out_is_open == nullptr || at_ms == HKL_UNKNOWN_MS) return HKL_INVALID;
    *out_is_open = is_open(*calendar, instant_of(at_ms)) ? 1 : 0;
    return HKL_OK;
  });
}

// --- History, waking ---

hkl_status history_touches(const hkl_host* host, hkl_str contact, std::int64_t before_ms, std::uint64_t limit,
                           const hkl_touch_sink* sink) {
  return served(host, [&](State& state) -> hkl_status {
    if (!state.is_in_call()) return HKL_CANCELLED;
    const auto id = take_text(contact, "the contact");
    const auto taken = take_struct(sink);
    if (!id || !taken || taken->take == nullptr || before_ms == HKL_UNKNOWN_MS) return HKL_INVALID;
    return state.around.touches(*id, instant_of(before_ms), limit, *taken);
  });
}

// --- Conditions ---

hkl_status condition_compile(const hkl_host* host, hkl_str text, const hkl_condition** out, hkl_error* err) {
  return served(host, [&](State& state) -> hkl_status {
    const auto taken = take_text(text, "the condition");
    if (!taken || out == nullptr) return HKL_INVALID;
    auto made = state.around.condition(*taken);
    if (!made) {
      give_error(err, HKL_BAD_SETTINGS, made.error().text);
      return HKL_BAD_SETTINGS;
    }
    *out = reinterpret_cast<const hkl_condition*>(state.keep_condition(std::move(*made)));
    return HKL_OK;
  });
}

hkl_status condition_holds(const hkl_host* host, const hkl_condition* condition, const hkl_touch* touch,
                           const hkl_contact* contact, std::uint64_t earlier_count, std::uint32_t* out) {
  return served(host, [&](State& state) -> hkl_status {
    const auto* known = state.kept_condition(reinterpret_cast<const InquiryCondition*>(condition));
    if (known == nullptr || touch == nullptr || touch->struct_size < sizeof *touch || out == nullptr)
      return HKL_INVALID;
    if (contact != nullptr && contact->struct_size < sizeof *contact) return HKL_INVALID;
    *out = known->holds(*touch, contact, earlier_count) ? 1 : 0;
    return HKL_OK;
  });
}

hkl_status wake_wake_at(const hkl_host* host, hkl_str key, std::int64_t at_ms) {
  return served(host, [&](State& state) -> hkl_status {
    if (!state.is_in_call()) return HKL_CANCELLED;
    const auto text = take_text(key, "the key");
    if (!text) return HKL_INVALID;
    return state.around.wake_at(*text, instant_of_abi(at_ms));
  });
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

const void* get_interface(const hkl_host* host, hkl_str id) {
  const auto state = state_of(host);
  if (!state) return nullptr;
  const auto name = view_of(id);
  if (name == HKL_HOST_LOG_V1) return &kLog;
  if (name == HKL_HOST_DIGEST_V1) return &kDigest;
  if (name == HKL_HOST_PHONE_V1) return &kPhone;
  if (name == HKL_HOST_TIME_V1) return &kTime;
  if (name == HKL_HOST_CALENDAR_V1) return &kCalendar;
  if (name == HKL_HOST_HISTORY_V1) return state->around.touches ? &kHistory : nullptr;
  if (name == HKL_HOST_CONDITION_V1) return state->around.condition ? &kCondition : nullptr;
  if (name == HKL_HOST_WAKE_V1) return state->around.wake_at ? &kWake : nullptr;
  return nullptr;
}

// Keeps every door reachable, for ever; see Door.
Door* new_door(std::shared_ptr<State> state) {
  static auto* const mutex = new std::mutex;
  static auto* const doors = new std::vector<std::unique_ptr<Door>>;
  auto door = std::make_unique<Door>();
  door->state = std::move(state);
  door->host.struct_size = sizeof(hkl_host);
  door->host.abi_minor = HKL_ABI_MINOR;
  door->host.self = door.get();
  door->host.version = str_of(HKL_VERSION_TEXT);
  door->host.get_interface = get_interface;
  const std::lock_guard lock(*mutex);
  return doors->emplace_back(std::move(door)).get();
}

}  // namespace

const std::vector<std::string>& host_interface_ids() {
  static const std::vector<std::string> ids = {HKL_HOST_LOG_V1,       HKL_HOST_DIGEST_V1,   HKL_HOST_PHONE_V1,
                                               HKL_HOST_TIME_V1,      HKL_HOST_CALENDAR_V1, HKL_HOST_HISTORY_V1,
                                               HKL_HOST_CONDITION_V1, HKL_HOST_WAKE_V1};
  return ids;
}

HostServices::HostServices(HostSurroundings surroundings) : state_(std::make_shared<State>()) {
  auto& secrets = surroundings.secrets;
  std::erase(secrets, std::string());
  // The longest first: one secret may be part of another.
  std::sort(secrets.begin(), secrets.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  state_->around = std::move(surroundings);
  host_ = &new_door(state_)->host;
}

HostServices::~HostServices() {
  auto* door = static_cast<Door*>(host_->self);
  {
    const std::unique_lock lock(door->mutex);
    door->state.reset();
  }
  state_->end_log();
}

const hkl_host* HostServices::host() const { return host_; }
std::string HostServices::masked(std::string text) const { return state_->masked(std::move(text)); }

HostServices::Call::Call(HostServices& services) : services_(services) {
  services_.state_->caller.store(std::this_thread::get_id(), std::memory_order_relaxed);
}
HostServices::Call::~Call() { services_.state_->caller.store(std::thread::id(), std::memory_order_relaxed); }

}  // namespace hkl
