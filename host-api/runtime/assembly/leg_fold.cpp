#include "assembly/leg_fold.h"

#include <algorithm>

namespace hkl {
namespace {

Instant rang_from(const Channel& channel) {
  return channel.ringing_at.value_or(channel.begun_at.value_or(channel.first_at));
}

// Why a phone that rang did not take the call. The leg's own cause decides,
// then what the queue says, then the dial, then how the call went on.
LegOutcome not_answered(const Switchboard& board, const Channel& phone, const Channel* client, const Call& call) {
  // 404 and 484 come as "unavailable" too, and mean that the route failed.
  if (phone.cause == "1" || phone.cause == "28") return LegOutcome::failed;
  if (phone.ended_as != LegOutcome::unknown) return phone.ended_as;
  for (const auto& offer : board.offers)
    if (offer.phone == phone.ref && offer.did_not_answer) return LegOutcome::no_answer;
  const DialAttempt* dial = nullptr;
  for (const auto& attempt : board.dials)
    if (attempt.to == phone.ref) dial = &attempt;
  const auto told = dial == nullptr ? LegOutcome::unknown : dial->outcome;
  if (told != LegOutcome::unknown && told != LegOutcome::cancelled && told != LegOutcome::answered) return told;
  const bool is_open = !phone.ended_at && !call.ended_at && (dial == nullptr || !dial->ended_at);
  if (is_open) return LegOutcome::unknown;
  // Cancelled: by the caller, or because another phone was quicker.
  const auto end = phone.ended_at.value_or(dial != nullptr && dial->ended_at ? *dial->ended_at : board.last_at);
  for (const auto& [ref, other] : board.channels) {
    // Who rings a phone is up already and is no rival of it.
    if (ref == phone.ref || ref == phone.rung_by || &other == client || !other.up_at) continue;
    if (other.kind != ChannelKind::phone && other.kind != ChannelKind::trunk) continue;
    if (other.ringing_at && *other.up_at >= rang_from(phone) - Millis(200) && *other.up_at <= end + Millis(500))
      return LegOutcome::elsewhere;
  }
  // A queue rings its local members through a pair: what it says of one half
  // holds for the phone behind the other.
  const auto half = board.channels.find(phone.rung_by);
  if (half != board.channels.end() && !half->second.pair.empty())
    for (const auto& offer : board.offers)
      if (offer.phone == half->second.pair && offer.did_not_answer) return LegOutcome::no_answer;
  if (call.ended_at && end + Millis(2000) < *call.ended_at && call.outcome != Outcome::answered)
    return LegOutcome::no_answer;
  return LegOutcome::cancelled;
}

Leg phone_leg(const Switchboard& board, const Channel& channel, const Channel* client, const Channel& first,
              Direction direction, const std::map<std::string, std::vector<Span>>& heard, const Call& call) {
  Leg leg;
  const bool is_outside = channel.kind == ChannelKind::trunk;
  leg.kind = is_outside ? LegKind::external : LegKind::employee;
  leg.extension = is_outside ? "" : channel.extension;
  leg.number = is_outside ? channel.client : "";
  leg.started_at = rang_from(channel);
  leg.ended_at = channel.ended_at;
  leg.cause = channel.cause;
  const auto had = heard.find(channel.ref);
  const bool is_dialler = &channel == &first && direction != Direction::in;
  if (&channel == client || (direction == Direction::internal && is_dialler)) {
    leg.talk = call.connected;
  } else if (had != heard.end()) {
    leg.talk = sure_total(had->second);
  } else if (channel.ended_at || call.ended_at) {
    leg.talk = Millis(0);
  }
  if (is_dialler && channel.ringing_at == std::nullopt) {
    // Who dials holds the phone already: the leg is answered with the call.
    if (call.outcome == Outcome::answered) {
      leg.outcome = LegOutcome::answered;
      leg.answered_at = call.answered_at;
    } else if (std::any_of(channel.hangups_asked.begin(), channel.hangups_asked.end(),
                           [](const Channel::Asked& asked) { return is_own_hangup(asked.cause); })) {
      leg.outcome = LegOutcome::cancelled;
    }
    return leg;
  }
  if (channel.up_at || channel.was_up_in_list || had != heard.end()) {
    leg.outcome = LegOutcome::answered;
    leg.answered_at = channel.up_at;
  } else {
    leg.outcome = not_answered(board, channel, client, call);
  }
  Millis held{0};
  for (const auto& hold : channel.holds) held += hold.to.value_or(call.ended_at.value_or(hold.from)) - hold.from;
  if (channel.up_at) leg.hold = held;
  return leg;
}

// A phone's second channel for a consultation is the same stretch of that phone.
bool is_consulting(const Switchboard& board, const Channel& channel, const Channel& first) {
  if (channel.kind != ChannelKind::phone || channel.ringing_at || &channel == &first) return false;
  const bool retrieves = std::any_of(board.parkings.begin(), board.parkings.end(),
                                     [&](const Parking& p) { return p.retrieved_by == channel.ref; });
  if (retrieves) return false;
  return std::any_of(board.channels.begin(), board.channels.end(), [&](const auto& entry) {
    const auto& other = entry.second;
    return &other != &channel && other.kind == ChannelKind::phone && other.extension == channel.extension &&
           rang_from(other) <= rang_from(channel) && (!other.ended_at || *other.ended_at >= rang_from(channel));
  });
}

bool gave_up_before(const Channel& client, std::optional<Instant> end) {
  return std::any_of(client.hangups_asked.begin(), client.hangups_asked.end(), [&](const Channel::Asked& asked) {
    return is_own_hangup(asked.cause) && (!end || asked.at <= *end + Millis(1000));
  });
}

Leg queue_leg(const QueueStay& stay, const Channel* client, const Call& call) {
  Leg leg;
  leg.kind = LegKind::queue;
  leg.name = stay.queue;
  leg.started_at = stay.from;
  leg.ended_at = stay.to ? stay.to : call.ended_at;
  if (stay.was_connected) {
    leg.outcome = LegOutcome::answered;
    leg.answered_at = stay.to;
  } else if (stay.left_as != LegOutcome::unknown) {
    leg.outcome = stay.left_as;
  } else if (stay.was_abandoned && (client == nullptr || gave_up_before(*client, leg.ended_at))) {
    // A queue may tell its own running out of time in the same words.
    leg.outcome = LegOutcome::abandoned;
  } else if (stay.to && call.ended_at && *call.ended_at - *stay.to > Millis(1500)) {
    leg.outcome = LegOutcome::moved;  // by a key, or on to somewhere else
  } else if (call.is_over) {
    leg.outcome = LegOutcome::timed_out;
  }
  return leg;
}

std::vector<Leg> app_legs(const Switchboard& board, const Call& call) {
  std::vector<Leg> legs;
  for (const auto& app : board.apps) {
    // A menu plays several prompts: one leg.
    if (!legs.empty() && legs.back().kind == app.kind && legs.back().name == app.name) continue;
    Leg leg;
    leg.kind = app.kind;
    leg.name = app.name;
    leg.started_at = app.from;
    leg.outcome = app.kind == LegKind::ivr ? LegOutcome::moved : LegOutcome::answered;
    if (app.kind == LegKind::voicemail) leg.answered_at = app.from;
    std::optional<Instant> next = app.to ? app.to : call.ended_at;
    const auto see = [&](Instant at) {
      if (at > app.from && (!next || at < *next)) next = at;
    };
    for (const auto& dial : board.dials) see(dial.begun_at);
    for (const auto& queue : board.queues) see(queue.from);
    leg.ended_at = next;
    const auto channel = board.channels.find(app.channel);
    if (app.kind == LegKind::ivr && channel != board.channels.end()) leg.keys = channel->second.keys;
    legs.push_back(std::move(leg));
  }
  return legs;
}

}  // namespace

std::vector<Leg> fold_legs(const Switchboard& board, const Channel* client, const Channel& first, Direction direction,
                           const std::map<std::string, std::vector<Span>>& heard, const Call& call) {
  std::vector<Leg> legs;
  for (const auto& [ref, channel] : board.channels) {
    const bool is_client_of_in = direction == Direction::in && &channel == client;
    if (is_client_of_in || (channel.kind != ChannelKind::phone && channel.kind != ChannelKind::trunk)) continue;
    if (channel.kind == ChannelKind::trunk && channel.came_itself && direction != Direction::out) continue;
    if (is_consulting(board, channel, first)) continue;
    legs.push_back(phone_leg(board, channel, client, first, direction, heard, call));
  }
  for (const auto& queue : board.queues) legs.push_back(queue_leg(queue, client, call));
  for (auto& leg : app_legs(board, call)) legs.push_back(std::move(leg));
  std::stable_sort(legs.begin(), legs.end(), [](const Leg& a, const Leg& b) {
    return std::tuple(a.started_at, a.kind, a.extension, a.number) <
           std::tuple(b.started_at, b.kind, b.extension, b.number);
  });
  return legs;
}

}  // namespace hkl
