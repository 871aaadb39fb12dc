// Which events of AMI tell anything of calls and of who takes them.
#include <algorithm>

#include "ami_facts.h"

namespace asterisk {

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
  const auto* found = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& one) {
    return one.name.size() == name.size() && one.name.front() == name.front() && one.name == name;
  });
  return found == std::end(kKinds) ? nullptr : found;
}

}  // namespace asterisk
