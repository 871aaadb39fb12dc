// The fields of an event that mean something here. Of three hundred these are
// looked up while it is read; the others are passed over.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace freeswitch {

inline constexpr std::string_view kNames[] = {
    "Event-Name", "Event-Subclass", "Event-Date-Timestamp", "Event-Sequence", "Core-UUID", "Unique-ID",
    // Of a channel.
    "Channel-Name", "Channel-Call-UUID", "Channel-Presence-ID", "Call-Direction", "Caller-Caller-ID-Number",
    "Caller-Caller-ID-Name", "Caller-Destination-Number", "Caller-RDNIS", "Caller-Privacy-Hide-Number",
    "Caller-Transfer-Source", "Caller-Profile-Created-Time", "Caller-Channel-Created-Time",
    "Caller-Channel-Answered-Time", "Caller-Channel-Bridged-Time", "Caller-Channel-Hangup-Time", "Hangup-Cause",
    "Other-Type", "Other-Leg-Unique-ID", "Other-Leg-Channel-Name", "Other-Leg-Caller-ID-Number",
    "Other-Leg-Destination-Number", "variable_originating_leg_uuid", "variable_originator",
    "variable_sofia_profile_name", "variable_sip_gateway_name", "variable_sip_gateway", "variable_user_name",
    "variable_sip_auth_username", "variable_sip_req_user", "variable_sip_to_user", "variable_sip_from_user",
    "variable_sip_hangup_disposition", "variable_other_loopback_leg_uuid", "variable_cc_side",
    "variable_cc_member_session_uuid", "variable_cc_queue",
    // Of bridges, applications, recordings, keys.
    "Bridge-A-Unique-ID", "Bridge-B-Unique-ID", "Application", "Application-Data", "Record-File-Path", "DTMF-Digit",
    // Of mod_callcenter and mod_valet_parking.
    "CC-Action", "CC-Queue", "CC-Member-Session-UUID", "CC-Agent", "CC-Agent-UUID", "CC-Agent-Status", "CC-Cause",
    "CC-Cancel-Reason", "Action", "Valet-Extension", "Bridge-To-UUID",
    // Of orders, and of the switch itself.
    "Job-Command", "Job-Command-Arg", "API-Command", "API-Command-Argument", "Session-Count", "Uptime-msec"};

// One of them, by its literal; what is none of them does not compile.
class Name {
 public:
  template <std::size_t size>
  consteval Name(const char (&literal)[size])  // so that event["Unique-ID"] can be written
      : number_(static_cast<std::size_t>(std::find(std::begin(kNames), std::end(kNames), literal) - kNames)) {
    if (number_ == std::size(kNames)) throw "kNames has no such field";
  }
  constexpr std::size_t number() const { return number_; }

 private:
  std::size_t number_;
};

// Finds the number of a field: that of kNames, and behind them those of `more`.
class Names {
 public:
  static constexpr std::size_t kNone = 0xFFFF;

  explicit Names(std::vector<std::string> more = {}) : more_(std::move(more)) {
    std::size_t size = 1024;
    while (size < 8 * count()) size *= 2;
    mask_ = size - 1;
    slots_.resize(size, kEmpty);
    for (std::size_t i = 0; i < count(); ++i) {
      ends_.push_back(end_of(name(i)));
      auto slot = slot_of(ends_[i], name(i).size());
      while (slots_[slot] != kEmpty) slot = (slot + 1) & mask_;
      slots_[slot] = static_cast<std::uint16_t>(i);
    }
  }
  std::size_t count() const { return std::size(kNames) + more_.size(); }

  // kNone: it is none of them, as most are.
  std::size_t number_of(std::string_view given) const {
    const auto end = end_of(given);
    const auto slot = slot_of(end, given.size());
    return slots_[slot] == kEmpty ? kNone : number_from(slot, end, given);
  }

 private:
  static constexpr auto kEmpty = static_cast<std::uint16_t>(kNone);

  [[gnu::noinline]] std::size_t number_from(std::size_t slot, std::uint64_t end, std::string_view given) const {
    for (;; slot = (slot + 1) & mask_) {
      const std::size_t number = slots_[slot];
      if (number == kNone || (ends_[number] == end && name(number) == given)) return number;
    }
  }
  std::string_view name(std::size_t number) const {
    return number < std::size(kNames) ? kNames[number] : std::string_view(more_[number - std::size(kNames)]);
  }
  // Names begin alike ("variable_sip_…") and end differently.
  static std::uint64_t end_of(std::string_view name) {
    std::uint64_t end = 0;
    if (name.size() >= sizeof end) {
      std::memcpy(&end, name.data() + name.size() - sizeof end, sizeof end);
    } else {
      std::memcpy(&end, name.data(), name.size());
    }
    return end;
  }
  std::size_t slot_of(std::uint64_t end, std::size_t size) const {
    // 2^64 divided by the golden ratio: close numbers end far apart (Knuth, TAOCP 6.4).
    constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15u;
    return static_cast<std::size_t>(((end + size) * kSpread) >> 40) & mask_;
  }

  std::vector<std::string> more_;
  std::vector<std::uint64_t> ends_;   // of the names
  std::size_t mask_ = 0;              // of a slot's number
  std::vector<std::uint16_t> slots_;  // numbers by a hash; few are not empty, and as many as a power of two
};

}  // namespace freeswitch
