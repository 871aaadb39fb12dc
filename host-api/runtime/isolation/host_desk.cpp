#include "isolation/host_desk.h"

#include "isolation/abi_fields.h"
#include "isolation/codec.h"
#include "isolation/protocol.h"
#include "plugins/host_services.h"
#include "plugins/texts.h"

namespace hkl::isolation {
namespace {

template <typename Interface>
const Interface* find(const hkl_host* host, const char* id) {
  return static_cast<const Interface*>(host->get_interface(host, str_of(id)));
}

template <typename Out>
std::string with_status(hkl_status status, const Out& out) {
  return status == HKL_OK ? packed(status, out) : packed(status);
}

std::string normalise(const hkl_host* host, Unpacker& in) {
  hkl_str raw{}, region{};
  in(raw, region);
  hkl_phone phone{};
  phone.struct_size = sizeof phone;
  const auto* offered = find<hkl_host_phone>(host, HKL_HOST_PHONE_V1);
  return with_status(offered->normalise(host, raw, region, &phone), phone);
}

std::string to_utc(const hkl_host* host, Unpacker& in) {
  hkl_local_time local{};
  hkl_str zone{};
  in(local, zone);
  std::int64_t at_ms = 0;
  const auto* offered = find<hkl_host_time>(host, HKL_HOST_TIME_V1);
  return with_status(offered->to_utc(host, &local, zone, &at_ms), at_ms);
}

std::string to_local(const hkl_host* host, Unpacker& in) {
  std::int64_t at_ms = 0;
  hkl_str zone{};
  in(at_ms, zone);
  hkl_local_time local{};
  local.struct_size = sizeof local;
  const auto* offered = find<hkl_host_time>(host, HKL_HOST_TIME_V1);
  return with_status(offered->to_local(host, at_ms, zone, &local), local);
}

std::string add_open(const hkl_host* host, Unpacker& in) {
  hkl_str calendar{};
  std::int64_t from_ms = 0, open_ms = 0, at_ms = 0;
  in(calendar, from_ms, open_ms);
  const auto* offered = find<hkl_host_calendar>(host, HKL_HOST_CALENDAR_V1);
  return with_status(offered->add_open(host, calendar, from_ms, open_ms, &at_ms), at_ms);
}

std::string open_between(const hkl_host* host, Unpacker& in) {
  hkl_str calendar{};
  std::int64_t from_ms = 0, to_ms = 0, open_ms = 0;
  in(calendar, from_ms, to_ms);
  const auto* offered = find<hkl_host_calendar>(host, HKL_HOST_CALENDAR_V1);
  return with_status(offered->open_between(host, calendar, from_ms, to_ms, &open_ms), open_ms);
}

std::string is_open(const hkl_host* host, Unpacker& in) {
  hkl_str calendar{};
  std::int64_t at_ms = 0;
  in(calendar, at_ms);
  std::uint32_t open = 0;
  const auto* offered = find<hkl_host_calendar>(host, HKL_HOST_CALENDAR_V1);
  return with_status(offered->is_open(host, calendar, at_ms, &open), open);
}

struct Touches {
  std::string bytes;
  std::uint64_t count = 0;
};

hkl_status take_touch(void* user, const hkl_touch* touch) noexcept {
  auto& touches = *static_cast<Touches*>(user);
  try {
    Packer pack(touches.bytes);
    pack(*touch);
    ++touches.count;
    return HKL_OK;
  } catch (const std::exception&) {
    return HKL_RESOURCE;
  }
}

// All at once: the plugin takes from them as many as it wants.
std::string touches(const hkl_host* host, Unpacker& in) {
  hkl_str contact{};
  std::int64_t before_ms = 0;
  std::uint64_t limit = 0;
  in(contact, before_ms, limit);
  const auto* offered = find<hkl_host_history>(host, HKL_HOST_HISTORY_V1);
  if (offered == nullptr) return packed(HKL_UNSUPPORTED);
  Touches taken;
  const hkl_touch_sink sink{sizeof(hkl_touch_sink), 0, &taken, take_touch};
  const auto status = offered->touches(host, contact, before_ms, limit, &sink);
  if (status != HKL_OK) return packed(status);
  return packed(status, taken.count) + taken.bytes;
}

std::string compile(const hkl_host* host, Unpacker& in) {
  hkl_str text{};
  in(text);
  const auto* offered = find<hkl_host_condition>(host, HKL_HOST_CONDITION_V1);
  if (offered == nullptr) return packed(HKL_UNSUPPORTED, std::string());
  hkl_error err{};
  err.struct_size = sizeof err;
  const hkl_condition* condition = nullptr;
  const auto status = offered->compile(host, text, &condition, &err);
  if (status != HKL_OK) return packed(status, std::string(err.text, err.text_len));
  // The host knows its own conditions again by their address, and any other
  // number is refused there.
  return packed(status, static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(condition)));
}

std::string holds(const hkl_host* host, Unpacker& in) {
  std::uint64_t handle = 0, earlier_count = 0;
  const hkl_touch* touch = nullptr;
  const hkl_contact* contact = nullptr;
  in(handle);
  in.maybe(touch);
  in.maybe(contact);
  in(earlier_count);
  const auto* offered = find<hkl_host_condition>(host, HKL_HOST_CONDITION_V1);
  if (offered == nullptr) return packed(HKL_UNSUPPORTED);
  std::uint32_t out = 0;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a handle of ours
  const auto* condition = reinterpret_cast<const hkl_condition*>(static_cast<std::uintptr_t>(handle));
  return with_status(offered->holds(host, condition, touch, contact, earlier_count, &out), out);
}

std::string wake_at(const hkl_host* host, Unpacker& in) {
  hkl_str key{};
  std::int64_t at_ms = 0;
  in(key, at_ms);
  const auto* offered = find<hkl_host_wake>(host, HKL_HOST_WAKE_V1);
  return packed(offered == nullptr ? HKL_UNSUPPORTED : offered->wake_at(host, key, at_ms));
}

std::string look_up(const hkl_http_sink* http, Unpacker& in) {
  hkl_str number{};
  in(number);
  if (http == nullptr) return packed(HKL_CANCELLED);
  hkl_lookup found{};
  found.struct_size = sizeof found;
  return with_status(http->look_up(http->user, number, &found), found);
}

}  // namespace

std::string HostDesk::offered() const {
  std::string out;
  for (const auto& id : host_interface_ids())
    if (host_->get_interface(host_, str_of(id)) != nullptr) out += id + "\n";
  return out;
}

std::string HostDesk::answer(std::string_view question, const hkl_http_sink* http) const {
  Arena arena;
  Unpacker in(question, arena);
  switch (static_cast<Ask>(in.one<std::uint8_t>())) {
    case Ask::normalise:
      return normalise(host_, in);
    case Ask::to_utc:
      return to_utc(host_, in);
    case Ask::to_local:
      return to_local(host_, in);
    case Ask::add_open:
      return add_open(host_, in);
    case Ask::open_between:
      return open_between(host_, in);
    case Ask::is_open:
      return is_open(host_, in);
    case Ask::touches:
      return touches(host_, in);
    case Ask::compile:
      return compile(host_, in);
    case Ask::holds:
      return holds(host_, in);
    case Ask::wake_at:
      return wake_at(host_, in);
    case Ask::look_up:
      return look_up(http, in);
    case Ask::flush:
      break;  // the caller's
  }
  return packed(HKL_UNSUPPORTED);
}

void HostDesk::log(std::string_view payload) const {
  Arena arena;
  Unpacker in(payload, arena);
  std::uint32_t level = 0;
  hkl_str text{};
  in(level, text);
  const auto* offered = find<hkl_host_log>(host_, HKL_HOST_LOG_V1);
  if (in.is_good() && offered != nullptr) offered->write(host_, level, text);
}

}  // namespace hkl::isolation
