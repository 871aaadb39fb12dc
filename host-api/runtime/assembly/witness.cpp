#include "assembly/witness.h"

#include <algorithm>
#include <map>

namespace hkl {
namespace {

template <typename T>
void fill(T& to, const T& from) {
  if (to == T{}) to = from;
}

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

void tell_whole(Call& call, const Event& e) {
  const auto started = e.started_at.value_or(e.at);
  if (!call.started_at || started < *call.started_at) call.started_at = started;
  fill(call.offered_at, e.offered_at);
  fill(call.answered_at, e.answered_at);
  fill(call.ended_at, e.ended_at);
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
  fill(call.result, e.result);
  fill(call.finish_reason, e.reason);
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

void tell_leg(Leg& leg, const Event& e) {
  fill(leg.extension, e.extension);
  fill(leg.name, e.name.empty() ? e.queue : e.name);
  fill(leg.employee, e.employee);
  fill(leg.cause, e.cause);
  fill(leg.keys, e.keys);
  switch (e.kind) {
    case HKL_EVENT_LEG_RINGING:
    case HKL_EVENT_QUEUE_ENTERED:
      fill(leg.started_at, std::optional(e.at));
      break;
    case HKL_EVENT_LEG_ANSWERED:
      fill(leg.answered_at, std::optional(e.at));
      leg.outcome = LegOutcome::answered;
      break;
    case HKL_EVENT_LEG_ENDED:
    case HKL_EVENT_QUEUE_LEFT:
      fill(leg.ended_at, std::optional(e.at));
      if (leg.outcome != LegOutcome::answered) fill(leg.outcome, e.leg_outcome);
      break;
    default:  // a whole leg
      fill(leg.started_at, std::optional(e.started_at.value_or(e.at)));
      fill(leg.answered_at, e.answered_at);
      fill(leg.ended_at, e.ended_at);
      fill(leg.talk, e.talk);
      fill(leg.hold, e.hold);
      fill(leg.acw, e.acw);
      fill(leg.outcome, e.leg_outcome);
      if (leg.answered_at) leg.outcome = LegOutcome::answered;
  }
}

bool is_leg_event(std::uint32_t kind) {
  return kind == HKL_EVENT_LEG_RINGING || kind == HKL_EVENT_LEG_ANSWERED || kind == HKL_EVENT_LEG_ENDED ||
         kind == HKL_EVENT_QUEUE_ENTERED || kind == HKL_EVENT_QUEUE_LEFT || kind == HKL_EVENT_LEG_SUMMARY;
}

void derive_times(Call& call, bool talked) {
  for (const auto& leg : call.legs) {
    const bool is_person =
        leg.kind == LegKind::employee || (leg.kind == LegKind::external && call.direction != Direction::out);
    if (is_person && leg.answered_at && (!call.answered_at || *leg.answered_at < *call.answered_at) && talked)
      call.answered_at = leg.answered_at;
    if (call.direction == Direction::in && (leg.kind == LegKind::queue || leg.kind == LegKind::employee) &&
        leg.started_at && (!call.offered_at || *leg.started_at < *call.offered_at))
      call.offered_at = leg.started_at;
  }
  if (!call.answered_at && talked && call.ended_at && call.talk) call.answered_at = *call.ended_at - *call.talk;
  if (!call.started_at) return;
  const auto until = call.answered_at ? call.answered_at : call.ended_at;
  if (until) call.wait = *until - *call.started_at;
  if (call.direction == Direction::in && until) call.queue_wait = *until - call.offered_at.value_or(*call.started_at);
  if (call.answered_at && call.ended_at) call.talk = *call.ended_at - *call.answered_at;
  if (!talked && call.ended_at) call.talk = call.connected = call.clean_talk = Millis(0);
  for (auto& leg : call.legs)
    if (!leg.talk && leg.answered_at && leg.ended_at) leg.talk = *leg.ended_at - *leg.answered_at;
}

}  // namespace

Call fold_told_legs(const std::vector<const Event*>& events, const SourceHistory& source,
                    const NormaliseNumber& normalise) {
  Call call;
  std::vector<std::pair<std::string, Leg>> legs;
  bool is_ended = false, says_talked = false;
  Instant last{};
  for (const auto* event : events) {
    const auto& e = *event;
    if (call.id.empty()) call.id = e.call_ref.empty() ? e.leg_ref : e.call_ref;
    last = std::max(last, e.at);
    tell_common(call, e);
    if (e.talked == Tri::yes) says_talked = true;
    switch (e.kind) {
      case HKL_EVENT_CALL_BEGUN:
        fill(call.started_at, std::optional(e.at));
        break;
      case HKL_EVENT_CALL_SUMMARY:
        tell_whole(call, e);
        is_ended = true;
        break;
      case HKL_EVENT_CALL_ENDED:
        fill(call.ended_at, std::optional(e.ended_at.value_or(e.at)));
        is_ended = true;
        break;
      case HKL_EVENT_TRANSFERRED:
        call.transfers.push_back({e.transfer_kind, e.from, e.to, e.at});
        break;
      default:
        break;
    }
    if (is_leg_event(e.kind)) tell_leg(leg_of(legs, e), e);
    if (e.kind == HKL_EVENT_CALL_BEGUN && !e.extension.empty() && e.direction == Direction::out) {
      auto& leg = leg_of(legs, e);
      fill(leg.extension, e.extension);
      fill(leg.started_at, std::optional(e.at));
    }
  }
  if (call.id.empty()) return call;
  for (auto& [key, leg] : legs) call.legs.push_back(std::move(leg));
  std::stable_sort(call.legs.begin(), call.legs.end(),
                   [](const Leg& a, const Leg& b) { return a.started_at < b.started_at; });
  if (!call.started_at)
    for (const auto& leg : call.legs)
      if (leg.started_at && (!call.started_at || *leg.started_at < *call.started_at)) call.started_at = leg.started_at;
  const bool a_phone_talked = std::any_of(call.legs.begin(), call.legs.end(), [](const Leg& leg) {
    return leg.kind == LegKind::employee && leg.outcome == LegOutcome::answered;
  });
  const bool talked =
      says_talked || call.answered_at.has_value() || (a_phone_talked && call.direction != Direction::out);
  const bool is_silent = std::any_of(source.events.begin(), source.events.end(), [&](const Event& event) {
    return event.kind == HKL_EVENT_SOURCE_SILENT && event.at >= last;
  });
  call.is_over = is_ended || is_silent;
  call.incomplete = (is_silent && !is_ended) || !call.started_at;
  derive_times(call, talked);
  if (!call.client_raw.empty()) call.client_number = normalise(call.client_raw);
  if (!call.line.empty()) call.line = normalise(call.line);
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

void complete(Call& fine, const Call& coarse) {
  fill(fine.direction, coarse.direction);
  fill(fine.call_type, coarse.call_type);
  fill(fine.request, coarse.request);
  fill(fine.client_raw, coarse.client_raw);
  fill(fine.client_number, coarse.client_number);
  fill(fine.client_name, coarse.client_name);
  fill(fine.line, coarse.line);
  fill(fine.queue, coarse.queue);
  fill(fine.result, coarse.result);
  fill(fine.rating, coarse.rating);
  fill(fine.extra, coarse.extra);
  for (const auto& recording : coarse.recordings)
    if (std::find(fine.recordings.begin(), fine.recordings.end(), recording) == fine.recordings.end())
      fine.recordings.push_back(recording);
  for (const auto& tag : coarse.tags)
    if (std::find(fine.tags.begin(), fine.tags.end(), tag) == fine.tags.end()) fine.tags.push_back(tag);
  if (fine.legs.empty()) fine.legs = coarse.legs;
  // A record of the whole call mends what the events did not see.
  if (!fine.incomplete && fine.is_over) return;
  if (!coarse.is_over || coarse.incomplete) return;
  fill(fine.started_at, coarse.started_at);
  fill(fine.answered_at, coarse.answered_at);
  fill(fine.ended_at, coarse.ended_at);
  fill(fine.wait, coarse.wait);
  fill(fine.queue_wait, coarse.queue_wait);
  fill(fine.talk, coarse.talk);
  if (fine.outcome == Outcome::unknown || fine.finish_reason == Reason::unknown) {
    fine.outcome = coarse.outcome;
    fine.finish_reason = coarse.finish_reason;
    fine.hung_up_by = coarse.hung_up_by;
  }
  fine.is_over = true;
  fine.incomplete = false;
}

}  // namespace hkl
