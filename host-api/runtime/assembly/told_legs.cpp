#include "assembly/told_legs.h"

#include <algorithm>

#include "assembly/fill.h"
#include "assembly/reason_rank.h"
#include "assembly/talks.h"
#include "assembly/told_people.h"

namespace hkl {
namespace {

// Legs by their own reference, else by the phone they are about.
Leg& leg_of(std::vector<std::pair<std::string, Leg>>& legs, const Event& e) {
  const auto key = !e.leg_ref.empty() ? "ref:" + e.leg_ref : "ext:" + (e.extension.empty() ? e.queue : e.extension);
  for (auto& [name, leg] : legs)
    if (name == key ||
        (!e.extension.empty() && name.starts_with("ext:") && leg.extension == e.extension && !leg.ended_at))
      return leg;
  auto& leg = legs.emplace_back(key, Leg{}).second;
  leg.kind = e.leg_kind == LegKind::unknown
                 ? (e.queue.empty() || !e.extension.empty() ? LegKind::employee : LegKind::queue)
                 : e.leg_kind;
  return leg;
}

void lower(std::optional<Instant>& to, std::optional<Instant> from) {
  if (from && (!to || *from < *to)) to = from;
}
void raise(std::optional<Instant>& to, std::optional<Instant> from) {
  if (from && (!to || *from > *to)) to = from;
}

// A call may have several records, one for each pair of parties.
void tell_whole(Call& call, const Event& e) {
  if (e.started_at || !is_untimed(e)) lower(call.started_at, e.started_at.value_or(e.at));
  fill(call.offered_at, e.offered_at);
  fill(call.answered_at, e.answered_at);
  raise(call.ended_at, e.ended_at);
  fill(call.wait, e.wait);
  fill(call.talk, e.talk);
}

void tell_common(Call& call, const Event& e) {
  fill(call.direction, e.direction);
  fill(call.call_type, e.call_type);
  fill(call.client_raw, e.client);
  fill(call.client_name, e.client_name);
  fill(call.line, e.line);
  fill(call.queue, e.queue);
  fill(call.request, e.request);
  fill(call.hung_up_by, e.hung_up_by);
  fill(call.rating, e.rating);
  fill(call.extra, e.extra);
  if (e.is_withheld == Tri::yes) call.is_withheld = true;
  if (!e.recording.empty() &&
      std::find(call.recordings.begin(), call.recordings.end(), e.recording) == call.recordings.end())
    call.recordings.push_back(e.recording);
  for (const auto& tag : e.tags)
    if (std::find(call.tags.begin(), call.tags.end(), tag) == call.tags.end()) call.tags.push_back(tag);
}

// Who called whom is a whole record's to tell: of a callback the first leg looks
// like a call from the client.
void tell_ends(Call& call, const std::vector<const Event*>& events) {
  for (const auto* e : events) {
    if (e->kind != HKL_EVENT_CALL_SUMMARY) continue;
    fill(call.direction, e->direction);
    fill(call.client_raw, e->client);
    fill(call.line, e->line);
  }
}

// Of several records the last round tells why nobody answered; of those that
// began together the first that applies (metrics §4.1).
class LastWord {
 public:
  void take(const Event& e) {
    if (!e.result.empty() && !has_talked_) result_ = e.result;
    if (e.talked == Tri::yes && !e.result.empty()) has_talked_ = true;
    if (e.reason == Reason::not_told) return;
    if (reason_ == Reason::not_told || e.at > at_ || (e.at == at_ && rank_of(e.reason) < rank_of(reason_)))
      reason_ = e.reason;
    at_ = e.at;
  }
  void tell(Call& call) const {
    call.result = result_;
    call.finish_reason = reason_;
  }

 private:
  Instant at_{};
  Reason reason_{};
  std::string result_;
  bool has_talked_ = false;
};

void tell_leg(Leg& leg, const Event& e) {
  const auto at = is_untimed(e) ? std::nullopt : std::optional(e.at);
  fill(leg.extension, e.extension);
  fill(leg.name, e.name.empty() ? e.queue : e.name);
  fill(leg.employee, e.employee);
  fill(leg.cause, e.cause);
  fill(leg.keys, e.keys);
  switch (e.kind) {
    case HKL_EVENT_LEG_RINGING:
    case HKL_EVENT_QUEUE_ENTERED:
      fill(leg.started_at, at);
      break;
    case HKL_EVENT_LEG_ANSWERED:
      fill(leg.answered_at, at);
      leg.outcome = LegOutcome::answered;
      break;
    case HKL_EVENT_LEG_ENDED:
    case HKL_EVENT_QUEUE_LEFT:
      fill(leg.ended_at, at);
      if (leg.outcome != LegOutcome::answered) fill(leg.outcome, e.leg_outcome);
      break;
    default:  // a whole leg
      if (leg.kind == LegKind::external) fill(leg.number, e.client);
      lower(leg.started_at, e.started_at ? e.started_at : at);
      fill(leg.answered_at, e.answered_at);
      raise(leg.ended_at, e.ended_at);
      fill(leg.talk, e.talk);
      fill(leg.hold, e.hold);
      fill(leg.acw, e.acw);
      fill(leg.outcome, e.leg_outcome);
      if (leg.answered_at || e.leg_outcome == LegOutcome::answered) leg.outcome = LegOutcome::answered;
  }
}

bool is_leg_event(std::uint32_t kind) {
  return kind == HKL_EVENT_LEG_RINGING || kind == HKL_EVENT_LEG_ANSWERED || kind == HKL_EVENT_LEG_ENDED ||
         kind == HKL_EVENT_QUEUE_ENTERED || kind == HKL_EVENT_QUEUE_LEFT || kind == HKL_EVENT_LEG_SUMMARY;
}

bool is_person(const Leg& leg, Direction direction) {
  return leg.kind == LegKind::employee || (leg.kind == LegKind::external && direction != Direction::out);
}

// Whoever the client spoke with first; not known where a leg before is only
// known to have been answered.
std::optional<Instant> first_answer(const Call& call) {
  std::optional<Instant> first;
  for (const auto& leg : call.legs) {
    if (!is_person(leg, call.direction) || leg.outcome != LegOutcome::answered) continue;
    if (!leg.answered_at && !first) return {};
    lower(first, leg.answered_at);
  }
  return first;
}

// The records tell that one phone had the client after another, not how it was
// handed on.
void tell_moves(Call& call) {
  const Leg* had = nullptr;
  for (const auto& leg : call.legs) {
    if (!is_person(leg, call.direction) || !leg.started_at) continue;
    const auto& name = leg.extension.empty() ? leg.number : leg.extension;
    if (had != nullptr && had->ended_at && *had->ended_at <= *leg.started_at + kSameMoment && had->extension != name)
      call.transfers.push_back({TransferKind::not_told, had->extension, name, leg.started_at});
    if (leg.outcome == LegOutcome::answered) had = &leg;
  }
}

// Parking is told by the space alone: who had the client just before?
void tell_who_parked(Call& call) {
  for (auto& transfer : call.transfers)
    for (const auto& leg : call.legs)
      if (transfer.from.empty() && transfer.at && leg.kind == LegKind::employee && leg.ended_at &&
          leg.outcome == LegOutcome::answered && *leg.ended_at <= *transfer.at + kSameMoment &&
          *transfer.at <= *leg.ended_at + kSameMoment)
        transfer.from = leg.extension;
}

// A phone that stopped as another was picked up did not fail to answer.
void tell_elsewhere(Call& call) {
  for (auto& leg : call.legs) {
    if (leg.outcome != LegOutcome::no_answer || !leg.ended_at) continue;
    for (const auto& other : call.legs)
      if (&other != &leg && other.kind == LegKind::employee && other.outcome == LegOutcome::answered &&
          other.answered_at && leg.started_at < other.answered_at &&
          *leg.ended_at >= *other.answered_at - kSameMoment && *leg.ended_at <= *other.answered_at + kSameMoment)
        leg.outcome = LegOutcome::elsewhere;
  }
}

// When the client had anybody, from the legs; nothing where an edge is missing.
std::optional<Millis> connected_time(const Call& call) {
  std::vector<Span> spans;
  const auto add = [&](LegKind kind) {
    for (const auto& leg : call.legs) {
      if (leg.kind != kind || leg.outcome != LegOutcome::answered) continue;
      if (!leg.answered_at || !leg.ended_at) return false;
      spans.push_back({*leg.answered_at, *leg.ended_at});
    }
    return true;
  };
  if (call.legs.size() == 1 && call.legs[0].outcome == LegOutcome::answered && !call.legs[0].answered_at)
    return call.legs[0].talk;
  if (!add(LegKind::employee)) return {};
  // Of an outgoing call the outside leg is the client's own.
  if ((call.direction != Direction::out || spans.empty()) && !add(LegKind::external)) return {};
  if (spans.empty()) return {};
  return total(united(std::move(spans)));
}

}  // namespace

void derive_times(Call& call, bool talked) {
  // When the client of an outgoing call answered is the whole record's to tell:
  // of a call-back the employee's own phone was picked up before.
  const bool is_told = call.direction == Direction::out && call.answered_at;
  if (talked && !is_told) lower(call.answered_at, first_answer(call));
  for (const auto& leg : call.legs)
    if (call.direction == Direction::in && (leg.kind == LegKind::queue || leg.kind == LegKind::employee))
      lower(call.offered_at, leg.started_at);
  if (!call.answered_at && talked && call.ended_at && call.talk) call.answered_at = *call.ended_at - *call.talk;
  if (!call.started_at) return;
  const auto until = talked ? call.answered_at : call.ended_at;
  if (until) call.wait = *until - *call.started_at;
  if (call.direction == Direction::in && until) call.queue_wait = *until - call.offered_at.value_or(*call.started_at);
  if (call.answered_at && call.ended_at) call.talk = *call.ended_at - *call.answered_at;
  if (!talked && call.ended_at) call.talk = call.connected = call.clean_talk = Millis(0);
  for (auto& leg : call.legs) {
    if (!leg.talk && leg.answered_at && leg.ended_at) leg.talk = *leg.ended_at - *leg.answered_at;
    if (!leg.talk && leg.ended_at && leg.outcome != LegOutcome::answered && leg.outcome != LegOutcome::unknown)
      leg.talk = Millis(0);
  }
  if (talked && !call.connected)
    if (const auto connected = connected_time(call); connected && (call.talk || call.legs.size() == 1))
      call.connected = std::min(*connected, call.talk.value_or(*connected));
}

Call fold_told_legs(const std::vector<const Event*>& events, const SourceHistory& source,
                    const NormaliseNumber& normalise) {
  Call call;
  std::vector<std::pair<std::string, Leg>> legs;
  bool is_ended = false, says_talked = false, says_not_talked = false, has_whole_legs = false;
  LastWord word;
  Instant last{};
  tell_ends(call, events);
  for (const auto* event : events) {
    const auto& e = *event;
    if (call.id.empty()) call.id = e.call_ref.empty() ? e.leg_ref : e.call_ref;
    last = std::max(last, e.at);
    tell_common(call, e);
    word.take(e);
    if (e.kind == HKL_EVENT_LEG_SUMMARY) has_whole_legs = true;
    if (e.talked == Tri::yes) says_talked = true;
    if (e.talked == Tri::no) says_not_talked = true;
    switch (e.kind) {
      case HKL_EVENT_CALL_BEGUN:
        if (!is_untimed(e)) fill(call.started_at, std::optional(e.at));
        break;
      case HKL_EVENT_CALL_SUMMARY:
        tell_whole(call, e);
        is_ended = true;
        break;
      case HKL_EVENT_CALL_ENDED:
        if (e.ended_at || !is_untimed(e)) fill(call.ended_at, std::optional(e.ended_at.value_or(e.at)));
        lower(call.started_at, e.started_at);
        fill(call.answered_at, e.answered_at);
        is_ended = true;
        break;
      case HKL_EVENT_TRANSFERRED:
        call.transfers.push_back({e.transfer_kind, e.from, e.to, is_untimed(e) ? std::nullopt : std::optional(e.at)});
        break;
      default:
        break;
    }
    if (is_leg_event(e.kind)) tell_leg(leg_of(legs, e), e);
    if (e.kind == HKL_EVENT_CALL_BEGUN && !e.extension.empty() && e.direction == Direction::out) {
      auto& leg = leg_of(legs, e);
      fill(leg.extension, e.extension);
      if (!is_untimed(e)) fill(leg.started_at, std::optional(e.at));
    }
  }
  if (call.id.empty() || !is_about_a_call(events)) return {};
  word.tell(call);
  for (auto& [key, leg] : legs) call.legs.push_back(std::move(leg));
  std::stable_sort(call.legs.begin(), call.legs.end(),
                   [](const Leg& a, const Leg& b) { return a.started_at < b.started_at; });
  if (!call.started_at)
    for (const auto& leg : call.legs)
      if (leg.started_at && (!call.started_at || *leg.started_at < *call.started_at)) call.started_at = leg.started_at;
  if (has_whole_legs) {
    tell_elsewhere(call);
    if (call.transfers.empty()) tell_moves(call);
    tell_who_parked(call);
  }
  const bool a_phone_talked = std::any_of(call.legs.begin(), call.legs.end(), [](const Leg& leg) {
    return leg.kind == LegKind::employee && leg.outcome == LegOutcome::answered;
  });
  const bool talked =
      says_talked || call.answered_at.has_value() || (a_phone_talked && call.direction != Direction::out);
  const bool is_silent = std::any_of(source.events.begin(), source.events.end(), [&](const Event& event) {
    return event.kind == HKL_EVENT_SOURCE_SILENT && event.at >= last;
  });
  // What a record of a call without a talk calls its duration is ringing or a menu.
  if (!talked && call.talk) call.talk = says_not_talked ? std::optional(Millis(0)) : std::nullopt;
  tell_people(call, events, talked);
  if (!call.started_at) call.started_at = received_first(events);
  call.is_over = is_ended || is_silent;
  call.incomplete = (is_silent && !is_ended) || !call.started_at;
  derive_times(call, talked);
  // Who tells talks as they happen tells the holds too.
  if (talked && call.connected && !call.clean_talk && !has_whole_legs)
    call.clean_talk = *call.connected - std::min(*call.connected, held_time(call, events));
  if (!call.client_raw.empty()) call.client_number = normalise(call.client_raw);
  if (!call.line.empty()) call.line = normalise(call.line);
  for (auto& leg : call.legs)
    if (!leg.number.empty()) leg.number = normalise(leg.number);
  if (call.is_over) {
    call.outcome = talked                            ? Outcome::answered
                   : call.direction == Direction::in ? Outcome::missed
                                                     : Outcome::unsuccessful;
    if (talked) {
      call.finish_reason = Reason::normal;
    } else {
      fill(call.finish_reason, Reason::unknown);
    }
  }
  return call;
}

}  // namespace hkl
