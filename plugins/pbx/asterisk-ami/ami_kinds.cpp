// Which events of AMI tell anything of calls and of who takes them.
#include <array>

#include "ami_facts.h"

namespace asterisk {
namespace {

constexpr std::size_t kSlots = 64;

// A place of its own for each kind below: found by trying, and tried again by
// the compiler. Every event of the switch is asked for, and most are none of them.
constexpr std::size_t slot_of(std::string_view name) {
  const auto letter = [&](std::size_t at) { return static_cast<unsigned char>(name[at]); };
  return (name.size() + 15U * letter(name.size() / 2) + 6U * letter(name.size() - 1)) % kSlots;
}

// The numbers of kinds by slot, counted from 1.
template <typename Kinds>
consteval std::array<std::uint8_t, kSlots> slots_of(const Kinds& kinds) {
  std::array<std::uint8_t, kSlots> slots{};
  for (std::size_t i = 0; i < std::size(kinds); ++i) {
    auto& slot = slots[slot_of(kinds[i].name)];
    if (slot != 0) throw "two kinds have one slot: other factors are wanted";
    slot = static_cast<std::uint8_t>(i + 1);
  }
  return slots;
}

}  // namespace

const Facts::Kind* Facts::kind_of(std::string_view name) {
  static constexpr Kind kKinds[] = {{"VarSet", &Facts::variable, {"Variable", "Value"}},
                                    {"Newexten", &Facts::application, {"Application", "AppData"}},
                                    {"Newchannel", &Facts::channel_begun, {}},
                                    {"Newstate", &Facts::changed_state, {}},
                                    {"DialBegin", &Facts::begins_dial, {}},
                                    {"DialEnd", &Facts::ends_dial, {"DialStatus"}},
                                    {"BridgeEnter", &Facts::enters_bridge, {}},
                                    {"BridgeLeave", &Facts::leaves_bridge, {}},
                                    {"Hold", &Facts::held, {}},
                                    {"Unhold", &Facts::unheld, {}},
                                    {"Hangup", &Facts::ended, {"Cause"}},
                                    {"HangupRequest", &Facts::hangup_asked, {"Cause"}},
                                    {"BlindTransfer", &Facts::transfer_blind, {"Result"}},
                                    {"AttendedTransfer", &Facts::transfer_attended, {"Result"}},
                                    {"ParkedCall", &Facts::parked, {}},
                                    {"UnParkedCall", &Facts::unparked, {}},
                                    {"QueueCallerJoin", &Facts::queue, {"Queue"}},
                                    {"QueueCallerLeave", &Facts::queue, {"Queue"}},
                                    {"QueueCallerAbandon", &Facts::queue, {"Queue"}},
                                    {"AgentCalled", &Facts::rings_member, {"Queue", "Interface"}},
                                    {"AgentRingNoAnswer", &Facts::leaves_member, {"Queue", "Interface"}},
                                    {"AgentConnect", &Facts::connects_member, {"Queue", "Interface"}},
                                    {"QueueMemberAdded", &Facts::signs_in, {"Queue", "Interface"}},
                                    {"QueueMemberRemoved", &Facts::signs_out, {"Queue", "Interface"}},
                                    {"QueueMemberPause", &Facts::pauses, {"Queue", "Interface"}},
                                    {"DTMFEnd", &Facts::keyed, {"Digit", "Direction"}},
                                    {"LocalBridge", &Facts::paired, {}},
                                    {"Pickup", &Facts::picked_up, {}},
                                    {"OriginateResponse", &Facts::ordered, {"Response"}}};
  static constexpr auto kBySlot = slots_of(kKinds);
  if (name.empty()) return nullptr;
  const auto number = kBySlot[slot_of(name)];
  return number > 0 && kKinds[number - 1].name == name ? &kKinds[number - 1] : nullptr;
}

}  // namespace asterisk
