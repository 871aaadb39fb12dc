#include "assembly/witness.h"

#include <algorithm>

#include "assembly/fill.h"
#include "assembly/told_legs.h"

namespace hkl {
namespace {

bool ends_with_path(const std::string& whole, const std::string& part) {
  return whole.size() >= part.size() && whole.ends_with(part) &&
         (whole.size() == part.size() || part.front() == '/' || whole[whole.size() - part.size() - 1] == '/');
}

// The same file, told by its whole path and by a part of it, is one.
void add_recording(Call& call, const std::string& recording) {
  for (auto& known : call.recordings) {
    if (ends_with_path(known, recording)) return;
    if (!ends_with_path(recording, known)) continue;
    known = recording;
    return;
  }
  call.recordings.push_back(recording);
}

// Which leg of `call` is this one? Of one phone the nearest in time.
Leg* same_leg(Call& call, const Leg& leg) {
  for (auto& mine : call.legs) {
    if (mine.kind != leg.kind || mine.extension != leg.extension ||
        (leg.kind == LegKind::external && mine.number != leg.number))
      continue;
    if (!mine.started_at || !leg.started_at) return &mine;
    const auto ended = mine.ended_at.value_or(Instant::max() - kSameMoment);
    if (*leg.started_at <= ended + kSameMoment &&
        *mine.started_at <= leg.ended_at.value_or(Instant::max() - kSameMoment) + kSameMoment)
      return &mine;
  }
  return nullptr;
}

void complete_legs(Call& fine, const Call& coarse) {
  for (const auto& leg : coarse.legs) {
    auto* mine = same_leg(fine, leg);
    if (mine == nullptr) {
      fine.legs.push_back(leg);
      continue;
    }
    if (mine->outcome == LegOutcome::unknown || leg.outcome == LegOutcome::answered) mine->outcome = leg.outcome;
    fill(mine->started_at, leg.started_at);
    fill(mine->answered_at, leg.answered_at);
    fill(mine->ended_at, leg.ended_at);
    fill(mine->talk, leg.talk);
  }
  std::stable_sort(fine.legs.begin(), fine.legs.end(),
                   [](const Leg& a, const Leg& b) { return a.started_at < b.started_at; });
}

// What a source of channels did not see of a call, from a record of the whole.
void mend(Call& fine, const Call& coarse) {
  fill(fine.started_at, coarse.started_at);
  fill(fine.ended_at, coarse.ended_at);
  complete_legs(fine, coarse);
  if (fine.outcome != Outcome::answered) {
    fine.outcome = coarse.outcome;
    fine.finish_reason = coarse.finish_reason;
    if (fine.outcome == Outcome::answered) fine.hung_up_by = coarse.hung_up_by;
  }
  const bool talked = fine.outcome == Outcome::answered;
  if (talked) fill(fine.answered_at, coarse.answered_at);
  if (fine.transfers.empty()) fine.transfers = coarse.transfers;
  derive_times(fine, talked);
  fine.incomplete = !fine.started_at || !fine.ended_at;
}

}  // namespace

void complete(Call& fine, const Call& coarse) {
  fill(fine.direction, coarse.direction);
  fill(fine.call_type, coarse.call_type);
  fill(fine.request, coarse.request);
  if (!fine.is_withheld && fine.direction != Direction::internal) {
    fill(fine.client_raw, coarse.client_raw);
    fill(fine.client_number, coarse.client_number);
    fill(fine.client_name, coarse.client_name);
    fill(fine.line, coarse.line);
  }
  fill(fine.queue, coarse.queue);
  fill(fine.result, coarse.result);
  fill(fine.rating, coarse.rating);
  fill(fine.extra, coarse.extra);
  for (const auto& recording : coarse.recordings) add_recording(fine, recording);
  for (const auto& tag : coarse.tags)
    if (std::find(fine.tags.begin(), fine.tags.end(), tag) == fine.tags.end()) fine.tags.push_back(tag);
  if (fine.legs.empty()) fine.legs = coarse.legs;
  // CEL does not name the space a call was parked in.
  for (auto& transfer : fine.transfers)
    for (const auto& told : coarse.transfers)
      if (transfer.to.empty() && transfer.kind == told.kind && transfer.at && told.at &&
          *transfer.at <= *told.at + kSameMoment && *told.at <= *transfer.at + kSameMoment)
        transfer.to = told.to;
  // One that goes on has records of its first stretches only.
  if (fine.incomplete && fine.is_over && coarse.is_over && !coarse.incomplete) mend(fine, coarse);
}

}  // namespace hkl
