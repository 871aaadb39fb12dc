#include "assembly/closing.h"

#include <algorithm>

#include "assembly/reason_rank.h"
#include "hookline/sdk/endings.h"

namespace hkl {
namespace {

bool is_silent_after(const SourceHistory& source, Instant at) {
  return std::any_of(source.events.begin(), source.events.end(),
                     [&](const Event& event) { return event.kind == HKL_EVENT_SOURCE_SILENT && event.at >= at; });
}

}  // namespace

Gone gone(const Channel& channel, const SourceHistory& source) {
  if (channel.ended_at) return {true, channel.ended_at, {}};
  for (const auto& event : source.events) {
    if (event.at < channel.last_at) continue;
    const bool is_anew = event.kind == HKL_EVENT_SOURCE_RESTARTED && channel.last_at < event.at;
    const bool is_missing =
        event.kind == HKL_EVENT_SOURCE_LISTED &&
        std::find(channel.lists.begin(), channel.lists.end(), event.list_ref) == channel.lists.end();
    if (is_anew || is_missing) return {true, {}, event.at};
    if (event.kind == HKL_EVENT_SOURCE_SILENT) return {true, {}, {}};
  }
  return {};
}

namespace {

// A gap hides nothing of a call when a list after it names all that lived on:
// what changed meanwhile is then told by the list (and marked as a guess).
bool is_mended(const Event& gap, const Switchboard& board, const SourceHistory& source) {
  return std::any_of(source.events.begin(), source.events.end(), [&](const Event& list) {
    if (list.kind != HKL_EVENT_SOURCE_LISTED || list.at < gap.at) return false;
    return std::all_of(board.channels.begin(), board.channels.end(), [&](const auto& entry) {
      const auto& channel = entry.second;
      const bool was_there =
          channel.begun_at.value_or(channel.first_at) <= list.at && (!channel.ended_at || *channel.ended_at > list.at);
      return !was_there || std::find(channel.lists.begin(), channel.lists.end(), list.list_ref) != channel.lists.end();
    });
  });
}

// Nor where every channel that lived then told all its times at its end.
bool was_told_later(const Event& gap, const Switchboard& board) {
  return std::all_of(board.channels.begin(), board.channels.end(), [&](const auto& entry) {
    const auto& channel = entry.second;
    const bool was_there = channel.begun_at.value_or(channel.first_at) <= gap.ended_at.value_or(gap.at) &&
                           (!channel.ended_at || *channel.ended_at >= gap.at);
    return !was_there || channel.was_told_whole;
  });
}

}  // namespace

Closing closing_of(const Switchboard& board, const Channel& first, const Channel* client, Direction direction,
                   const SourceHistory& source) {
  Closing closing;
  // Answered outgoing calls live as long as the client's phone; until then the
  // caller decides, who may hear the busy tone for a while.
  const bool was_up = client != nullptr && client->up_at.has_value();
  const Channel& decides = direction == Direction::out && !was_up ? first : client != nullptr ? *client : first;
  const auto end = gone(decides, source);
  closing.is_over = end.is_gone;
  closing.ended_at = end.at;
  if (closing.is_over && !closing.ended_at) closing.incomplete = true;
  if (!closing.is_over && is_silent_after(source, board.last_at)) closing.is_over = closing.incomplete = true;
  // Something was not heard while it was going on.
  const auto until = closing.ended_at.value_or(board.last_at);
  for (const auto& event : source.events)
    if (event.kind == HKL_EVENT_SOURCE_GAP && event.at <= until && event.ended_at.value_or(event.at) > board.first_at &&
        !is_mended(event, board, source) && !was_told_later(event, board))
      closing.incomplete = true;
  return closing;
}

namespace {

// The client gave up, or the caller of ours did: asked for before any answer,
// with a cause that is not the switch's own rejection coming back.
bool gave_up(const Channel& channel) {
  return std::any_of(channel.hangups_asked.begin(), channel.hangups_asked.end(),
                     [](const Channel::Asked& asked) { return is_own_hangup(asked.cause); });
}

Reason told_reason(std::string_view vocabulary, std::string_view word, bool is_client) {
  const auto& ending = hookline::ending_of(vocabulary, word);
  return static_cast<Reason>(is_client ? ending.of_client : ending.of_employee);
}

Reason reason_of(LegOutcome outcome, bool is_client) {
  switch (outcome) {
    case LegOutcome::busy:
      return is_client ? Reason::client_busy : Reason::employee_busy;
    case LegOutcome::no_answer:
      return is_client ? Reason::client_no_answer : Reason::employee_no_answer;
    case LegOutcome::rejected:
      return is_client ? Reason::client_rejected : Reason::employee_rejected;
    case LegOutcome::unavailable:
      return is_client ? Reason::client_unavailable : Reason::employee_unavailable;
    case LegOutcome::failed:
      return Reason::network;
    default:
      return Reason::not_told;
  }
}

// Q.850 of the caller's own channel, where no leg tells.
Reason reason_of_cause(const Switchboard& board, const std::string& cause, bool is_client) {
  if (const auto told = board.reasons.find(cause); told != board.reasons.end()) return told->second;
  const auto reason = told_reason("q850", cause, is_client);
  return reason == Reason::not_told ? Reason::unknown : reason;
}

// Of a channel that was never picked up by a person: its cause, or its sense.
Reason reason_of_end(const Switchboard& board, const Channel& channel, bool is_client) {
  const auto reason = reason_of_cause(board, channel.cause, is_client);
  if (reason != Reason::unknown) return reason;
  const auto sense = reason_of(channel.ended_as, is_client);
  return sense == Reason::not_told ? Reason::unknown : sense;
}

// Of the legs of the last round the first that applies (metrics §4.1).
Reason reason_of_legs(const Call& call, const Switchboard& board) {
  // An order whose employee did not pick up never rang the client.
  const bool is_out =
      call.direction == Direction::out &&
      std::any_of(call.legs.begin(), call.legs.end(), [](const Leg& leg) { return leg.kind == LegKind::external; });
  std::optional<Instant> last;
  for (const auto& leg : call.legs)
    if ((is_out ? leg.kind == LegKind::external : leg.kind == LegKind::employee || leg.kind == LegKind::external) &&
        leg.outcome != LegOutcome::answered && leg.started_at && (!last || *leg.started_at > *last))
      last = leg.started_at;
  if (!last) return Reason::not_told;
  // Causes are finer than outcomes: 404 of a client's phone is no network fault.
  Reason best = Reason::not_told;
  for (const auto& leg : call.legs) {
    if (!leg.started_at || *last - *leg.started_at > Millis(1000)) continue;
    if (is_out ? leg.kind != LegKind::external : leg.kind != LegKind::employee && leg.kind != LegKind::external)
      continue;
    auto reason = leg.outcome == LegOutcome::failed && !leg.cause.empty() ? reason_of_cause(board, leg.cause, is_out)
                                                                          : reason_of(leg.outcome, is_out);
    if (reason == Reason::unknown) reason = Reason::technical;
    if (rank_of(reason) < rank_of(best)) best = reason;
  }
  for (const auto& dial : board.dials) {
    if (best != Reason::not_told && best != Reason::technical) break;
    if (dial.result == "CONGESTION" || dial.result == "CHANUNAVAIL")
      best = told_reason("asterisk", dial.result, is_out);
  }
  return best;
}

// Who ended a talk: whoever asked first of those connected at the end.
By who_hung_up(const Call& call, const Switchboard& board, const Channel& client,
               const std::map<std::string, std::vector<Span>>& heard) {
  const auto end = call.ended_at.value_or(board.last_at);
  struct Sign {
    Instant at;
    By by;
  };
  std::optional<Sign> asked, left;
  const auto see = [](std::optional<Sign>& sign, Instant at, By by) {
    if (!sign || at < sign->at) sign = Sign{at, by};
  };
  std::optional<Instant> last_talk;
  for (const auto& [ref, when] : heard) {
    const auto phone = board.channels.find(ref);
    if (phone != board.channels.end() && phone->second.kind != ChannelKind::local && !when.empty())
      last_talk = std::max(last_talk.value_or(when.back().to), when.back().to);
  }
  const auto recent = last_talk.value_or(end) - Millis(1500);
  const auto watch = [&](const Channel& channel, By by) {
    for (const auto& request : channel.hangups_asked)
      if (request.at >= recent && request.at <= end + Millis(1000)) see(asked, request.at, by);
    if (!channel.was_ended_by_switch && !channel.bridges.empty() && channel.bridges.back().to &&
        *channel.bridges.back().to >= recent)
      see(left, *channel.bridges.back().to, by);
  };
  const By caller = call.direction == Direction::internal ? By::employee : By::client;
  watch(client, caller);
  for (const auto& [ref, when] : heard) {
    const auto phone = board.channels.find(ref);
    if (phone == board.channels.end() || &phone->second == &client || phone->second.kind == ChannelKind::local)
      continue;
    // Only who was with the client at the end: a transferer left before.
    if (when.empty() || when.back().to + Millis(1500) < last_talk.value_or(end)) continue;
    watch(phone->second, By::employee);
  }
  // The client was alone: after a transfer that nobody took, however soon.
  const bool was_handed_on = std::any_of(board.transfers.begin(), board.transfers.end(), [&](const HandOver& handed) {
    return handed.kind != TransferKind::attended && last_talk && handed.at + Millis(1500) >= *last_talk;
  });
  if (last_talk && (*last_talk + Millis(1500) < end || was_handed_on)) {
    if (!client.hangups_asked.empty() && client.hangups_asked.back().at + Millis(1500) >= end &&
        is_own_hangup(client.hangups_asked.back().cause))
      return caller;
    return By::system;
  }
  if (asked) return asked->by;
  return left ? left->by : By::system;
}

}  // namespace

void tell_outcome(Call& call, const Switchboard& board, const Channel* client, const Channel& first,
                  const std::map<std::string, std::vector<Span>>& heard) {
  if (call.outcome == Outcome::answered) {
    call.finish_reason = Reason::normal;
    if (call.ended_at) call.hung_up_by = who_hung_up(call, board, *client, heard);
    call.result = "ANSWER";
    if (call.hung_up_by == By::system) {
      // The system ended it after a transfer that nobody took.
      const bool is_after_talk = !call.legs.empty() && call.legs.back().started_at &&
                                 call.legs.back().started_at > call.answered_at &&
                                 call.legs.back().outcome != LegOutcome::answered;
      // No phone was even rung: the client's own cause tells (20: not registered).
      const auto reason = is_after_talk ? reason_of_legs(call, board) : reason_of_end(board, *client, false);
      if (reason != Reason::not_told && reason != Reason::unknown) call.finish_reason = reason;
    }
    return;
  }
  call.outcome = call.direction == Direction::in ? Outcome::missed : Outcome::unsuccessful;
  for (const auto& dial : board.dials)
    if (!dial.result.empty()) call.result = dial.result;
  if (!call.ended_at) {
    call.finish_reason = Reason::unknown;
    return;
  }
  if (gave_up(first) && !(call.direction == Direction::out && client != nullptr && client->ended_at &&
                          !first.hangups_asked.empty() && *client->ended_at < first.hangups_asked.front().at)) {
    call.hung_up_by = call.direction == Direction::in ? By::client : By::employee;
    call.finish_reason = call.direction == Direction::in ? Reason::client_hung_up : Reason::employee_hung_up;
    return;
  }
  call.hung_up_by = By::system;
  const bool is_out = call.direction == Direction::out;
  for (const auto& leg : call.legs)
    if (leg.kind == LegKind::queue && leg.outcome == LegOutcome::timed_out) {
      call.finish_reason = Reason::queue_timeout;
      return;
    }
  call.finish_reason = reason_of_legs(call, board);
  if (call.finish_reason == Reason::not_told) call.finish_reason = reason_of_end(board, first, is_out);
}

}  // namespace hkl
