// What one message tells of one channel, whether it is an event or the record
// that is written when the channel has ended; and the facts that follow. They
// are made from the message alone, so whoever tells them, in whatever order and
// however often, tells the same, and what is told twice has one id.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "esl_event.h"
#include "event_id.h"
#include "hookline/events.h"
#include "numbering.h"

namespace freeswitch {

using Emit = std::function<void(const hkl_call_event& event)>;
using Micros = std::int64_t;  // since 1970, UTC; 0: never

// A stretch of a channel under one caller profile: the dialplan's transfer, a
// blind transfer and the like begin a new one.
struct Profile {
  std::string_view destination, transfer_source;
  Micros begun = 0, bridged = 0, left = 0;
  std::string_view other, other_name, other_number;  // whom it was bridged with
};

struct Leg {
  std::string_view uuid, name, call, originator;
  std::string_view profile, gateway;  // of mod_sofia
  std::string_view presence, user;    // "101@domain"; the name the phone signed in with
  std::string_view caller, caller_name, destination, requested, sent_to, sent_from;
  std::string_view pair;                   // the other half of a loopback
  std::string_view queue_caller, queue;    // mod_callcenter: whom this phone is rung for
  std::string_view request, cause, ended;  // how SIP ended it: recv_bye, send_cancel, …
  bool is_dialled = false;                 // the switch made it
  bool is_first_word = false;              // from its first event: profiles have not turned yet
  bool hides_number = false;
  Micros created = 0, answered = 0, hung_up = 0;
  Profile now;

  std::uint32_t kind = HKL_CHANNEL_KIND_UNKNOWN;
  std::string_view extension;
};

// Of the channel that the event is about, which was made with the names of
// variables_of. Views live as long as the event.
Leg leg_of(const Event& event, const Numbering& numbering);
// The names of an event's fields that carry those variables.
std::vector<std::string> variables_of(const hookline::Texts& variables);
// Fills kind and extension from the rest.
void place(Leg& leg, const Numbering& numbering);

// Where texts of events are made; kept between messages.
struct TextRoom {
  EventId parts;
  std::string id, own_id, bridge;
};

// Makes events of the host with ids of their own text.
class Teller {
 public:
  Teller(const Numbering& numbering, TextRoom& room, const Emit& emit)
      : numbering_(numbering), room_(room), emit_(emit) {}

  void begun(const Leg& leg) const;
  void up(const Leg& leg) const;
  void ended(const Leg& leg) const;
  // The bridge it is in by its own word, when and until when.
  void bridged(const Leg& leg, const Profile& profile) const;
  void transferred(const Leg& leg, const Profile& profile) const;
  // Under an id that is the text's own.
  void tell(hkl_call_event event) const;

 private:
  const Numbering& numbering_;
  TextRoom& room_;
  const Emit& emit_;
};

// What an application of the dialplan is to the caller: a menu, voicemail. Sets
// leg_kind and name; false: nothing that a call's story has in it.
bool application_of(std::string_view app, std::string_view data, std::string_view destination, hkl_call_event& event);

// One name for the bridge of two channels, whichever is asked; it stands in `room`.
std::string_view bridge_of(std::string_view one, std::string_view other, std::string& room);
// The reference under which an order is known before it has a channel.
std::string order_ref(std::string_view request);
// "1795414856562709"; what is no number is 0.
Micros micros_of(std::string_view text);

}  // namespace freeswitch
