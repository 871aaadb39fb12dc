// The channels of one call as a switch showed them, gathered from its events:
// who existed when, who rang whom, who was in which bridge.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/event.h"

namespace hkl {

struct Stay {  // in a bridge, on hold: half-open, an open end is "still"
  std::string where;
  Instant from{};
  std::optional<Instant> to;
  // A list of living channels tells that something changed, not when.
  bool from_is_guess = false, to_is_guess = false;
  bool is_for_two = false;  // told once for this channel and another
  std::string with;         // the other's name, where it is told
  bool holds(Instant at) const { return from <= at && (!to || at < *to); }
};

struct Channel {
  std::string ref, name;
  ChannelKind kind{};
  Direction direction{};  // in: came from outside; out: dials or is dialled
  std::string extension, client, client_name, line, dialled, request, keys, cause;
  std::string conversation;  // the switch's own name for it when the channel began
  std::string route;         // the extension whose route it ran last
  std::string dial_result;   // the switch's word for its last dialling, told at its end
  bool is_withheld = false;
  // What its other events say of it, for one whose beginning was not heard.
  struct Hint {
    std::string name, extension, client;
    ChannelKind kind{};
    std::optional<Instant> begun_at;
  } hint;
  bool began_seen = false, came_itself = false;  // came_itself: nobody in the switch made it ring
  Instant first_at{}, last_at{};
  std::optional<Instant> begun_at, up_at, ended_at, ringing_at;
  bool was_up_in_list = false;  // picked up while nobody listened
  LegOutcome ended_as{};
  std::string rung_by;  // the channel whose dial made it ring
  std::vector<Stay> bridges, holds;
  struct Asked {
    Instant at;
    std::string cause;
  };
  std::vector<Asked> hangups_asked;
  std::vector<std::string> lists;  // of living channels that named it
  bool was_told_whole = false;     // its end told its times too: a gap before it hid nothing of it
  bool was_ended_by_switch = false;
  std::string pair;  // the other half of a local pair
};

struct DialAttempt {
  std::string from, to;          // channel refs
  std::string caller_extension;  // the extension whose route dialled
  std::string client, line, result, forward;
  Instant begun_at{};
  std::optional<Instant> ended_at;
  LegOutcome outcome{};
};

struct QueueStay {
  std::string queue, channel;
  Instant from{};
  std::optional<Instant> to;
  bool was_abandoned = false, was_connected = false;
  LegOutcome left_as{};  // where the switch says more than that
};

struct AppRun {
  LegKind kind{};
  std::string name, channel;
  Instant from{};
  std::optional<Instant> to;
};

struct MemberOffer {
  std::string phone;  // channel ref of what the queue rang
  Instant at{};
  bool did_not_answer = false;
  std::string name;
};

struct HandOver {
  TransferKind kind{};
  std::string from, to, channel, other;
  Instant at{};
};

struct Parking {
  std::string channel, space, by, retrieved_by;
  Instant at{};
  std::string retriever_name;  // where only the name of its channel is told
};

struct Switchboard {
  std::map<std::string, Channel> channels;
  std::vector<DialAttempt> dials;
  std::vector<QueueStay> queues;
  std::vector<AppRun> apps;
  std::vector<MemberOffer> offers;
  std::vector<HandOver> transfers;
  std::vector<Parking> parkings;
  std::vector<std::string> recordings;
  std::string request, ordered_client;    // of a click-to-call order
  std::map<std::string, Reason> reasons;  // what a cause means, by the adapter's word
  bool tells_dials = false;               // who rang whom was told, not concluded
  Instant first_at{}, last_at{};
};

// What leads to somebody; a switch's own recorders are not in every log.
bool is_real(const Channel& channel);

// When it was there first, by what was told.
Instant began(const Channel& channel);

// `events` in fold order, channel vocabulary only.
Switchboard gather_channels(const std::vector<const Event*>& events);

// A cause that a caller's own giving up leaves behind; others are the switch's
// own rejection coming back (chan_pjsip raises a request for both).
bool is_own_hangup(const std::string& cause);

}  // namespace hkl
