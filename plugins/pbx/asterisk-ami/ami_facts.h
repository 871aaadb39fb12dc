// What one AMI message means: canonical events, made from the message alone.
// No memory of calls: the host puts facts together, so a repeated, late or cut
// stream tells the same (AMI event reference of Asterisk 18 and 20).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "ami_message.h"
#include "ami_time.h"
#include "event_id.h"
#include "hookline/events.h"
#include "settings.h"

namespace asterisk {

using Emit = std::function<void(const hkl_call_event& event)>;

// A member of a queue that the configuration names stands in it day and night: only
// the breaks tell of a person. One that signed in is "dynamic".
bool is_signed_in(const Message& member);

class Facts {
  struct Draft;

 public:
  // A kind of message that says something of calls, or of who takes them.
  struct Kind {
    std::string_view name;
    void (Facts::*tell)(Draft& draft) const;
    std::array<Key, 2> telling;  // what tells one such message from another of the same moment and channels
  };
  explicit Facts(const Settings& settings) : numbering_(settings) {}

  // Null: the message says nothing of calls; a busy switch speaks mostly of
  // other things. `name` is that of its event.
  static const Kind* told_by(std::string_view name, const Message& message);
  // `receipt_ms` stands in where the message has no Timestamp.
  void of(const Message& message, const Kind& kind, std::int64_t receipt_ms, const Emit& emit) const;

 private:
  // Where ids are made; kept between messages.
  struct IdRoom {
    EventId parts;
    std::string id, own;
  };
  static const Kind* kind_of(std::string_view name);
  void begins_dial(Draft& draft) const { dial(draft, true); }
  void ends_dial(Draft& draft) const { dial(draft, false); }
  void enters_bridge(Draft& draft) const { bridge(draft, true); }
  void leaves_bridge(Draft& draft) const { bridge(draft, false); }
  void held(Draft& draft) const;
  void unheld(Draft& draft) const;
  void hangup_asked(Draft& draft) const;
  void changed_state(Draft& draft) const;
  void keyed(Draft& draft) const;
  void variable(Draft& draft) const;
  void paired(Draft& draft) const;
  void ordered(Draft& draft) const;
  void parked(Draft& draft) const { park(draft, true); }
  void unparked(Draft& draft) const { park(draft, false); }
  void rings_member(Draft& draft) const { member(draft, HKL_EVENT_MEMBER_RINGING); }
  void leaves_member(Draft& draft) const { member(draft, HKL_EVENT_MEMBER_LEFT); }
  void connects_member(Draft& draft) const { member(draft, HKL_EVENT_MEMBER_CONNECTED); }
  void signs_in(Draft& draft) const;
  void signs_out(Draft& draft) const;
  void pauses(Draft& draft) const;
  // Tells nothing itself: its snapshots are joined.
  void picked_up(Draft& /*draft*/) const {}
  void channel_begun(Draft& draft) const;
  void dial(Draft& draft, bool begins) const;
  void bridge(Draft& draft, bool enters) const;
  void transfer_blind(Draft& draft) const;
  void transfer_attended(Draft& draft) const;
  void park(Draft& draft, bool parks) const;
  void queue(Draft& draft) const;
  void member(Draft& draft, std::uint32_t kind) const;
  void agent(Draft& draft, std::uint32_t presence) const;
  void application(Draft& draft) const;
  void ended(Draft& draft) const;
  void joined(const Message& message, Draft& draft) const;
  Numbering numbering_;
  mutable IdRoom id_room_;
};

}  // namespace asterisk
