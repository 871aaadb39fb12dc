// The host's services for C++: asked for by name, absent ones say so.
#pragma once

#include <optional>

#include "hookline/host.h"
#include "hookline/sdk/failure.h"

namespace hookline {

class Host {
 public:
  Host() = default;
  explicit Host(const hkl_host* host) : host_(host) {}

  // Null where this host does not offer it.
  template <typename Interface>
  const Interface* find(std::string_view id) const {
    return host_ == nullptr ? nullptr : static_cast<const Interface*>(host_->get_interface(host_, str(id)));
  }
  const hkl_host* get() const { return host_; }

  void log(std::uint32_t level, std::string_view text) const {
    if (const auto* log = find<hkl_host_log>(HKL_HOST_LOG_V1)) log->write(host_, level, str(text));
  }
  void error(std::string_view text) const { log(HKL_LOG_ERROR, text); }
  void warning(std::string_view text) const { log(HKL_LOG_WARNING, text); }
  void info(std::string_view text) const { log(HKL_LOG_INFO, text); }

  // Hex digits of a digest; nothing where the host has none or not this one.
  std::optional<std::string> hash_hex(std::uint32_t algorithm, std::string_view data) const {
    const auto* digest = find<hkl_host_digest>(HKL_HOST_DIGEST_V1);
    hkl_digest out{};
    out.struct_size = sizeof out;
    if (digest == nullptr || digest->hash(host_, algorithm, bytes(data), &out) != HKL_OK) return std::nullopt;
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (std::uint32_t i = 0; i < out.len; ++i) {
      hex += kDigits[out.bytes[i] >> 4];
      hex += kDigits[out.bytes[i] & 15];
    }
    return hex;
  }

  // A number in E.164, or its digits; nothing for a text without any, or where
  // the host knows no numbers.
  std::optional<std::string> e164(std::string_view raw) const {
    const auto* phone = find<hkl_host_phone>(HKL_HOST_PHONE_V1);
    hkl_phone out{};
    out.struct_size = sizeof out;
    if (phone == nullptr || phone->normalise(host_, str(raw), str(std::string_view{}), &out) != HKL_OK)
      return std::nullopt;
    return std::string(out.e164);
  }

  // UTC of a local time; an empty zone is the source's. Nothing where there is
  // no such date or zone, or the host has no time zones.
  std::optional<std::int64_t> to_utc(const hkl_local_time& local, std::string_view zone = {}) const {
    const auto* time = find<hkl_host_time>(HKL_HOST_TIME_V1);
    std::int64_t at = 0;
    if (time == nullptr || time->to_utc(host_, &local, str(zone), &at) != HKL_OK) return std::nullopt;
    return at;
  }

  // Local time of a moment; nothing where there is no such zone.
  std::optional<hkl_local_time> to_local(std::int64_t at_ms, std::string_view zone = {}) const {
    const auto* time = find<hkl_host_time>(HKL_HOST_TIME_V1);
    hkl_local_time local{};
    local.struct_size = sizeof local;
    if (time == nullptr || time->to_local(host_, at_ms, str(zone), &local) != HKL_OK) return std::nullopt;
    return local;
  }

  // Working time; throws Failure for an unknown calendar or one without hours.
  std::int64_t add_open(std::string_view calendar, std::int64_t from_ms, std::int64_t open_ms) const {
    const auto* hours = find<hkl_host_calendar>(HKL_HOST_CALENDAR_V1);
    if (hours == nullptr) throw Failure(HKL_UNSUPPORTED, "this host has no calendars");
    std::int64_t at = 0;
    const auto status = hours->add_open(host_, str(calendar), from_ms, open_ms, &at);
    if (status == HKL_NOT_FOUND) throw Failure(status, "there is no calendar \"" + std::string(calendar) + "\"");
    if (status != HKL_OK) throw Failure(status, "calendar \"" + std::string(calendar) + "\" has no open time for it");
    return at;
  }

  // Have the contact in hand looked at again at that moment; a later call with
  // the same key moves it. False where this host wakes nobody.
  bool wake_at(std::string_view key, std::int64_t at_ms) const {
    const auto* wake = find<hkl_host_wake>(HKL_HOST_WAKE_V1);
    return wake != nullptr && wake->wake_at(host_, str(key), at_ms) == HKL_OK;
  }

 private:
  const hkl_host* host_ = nullptr;
};

}  // namespace hookline
