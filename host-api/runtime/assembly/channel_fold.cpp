#include "assembly/channel_fold.h"

#include <algorithm>

#include "assembly/call_transfers.h"
#include "assembly/closing.h"
#include "assembly/leg_fold.h"

namespace hkl {
namespace {

// What ended while nobody listened ended some time before that was noticed.
void end_unseen(Switchboard& board, const SourceHistory& source) {
  for (auto& [ref, channel] : board.channels) {
    if (channel.ended_at) continue;
    const auto end = gone(channel, source);
    if (!end.noticed_at) continue;
    for (auto* stays : {&channel.bridges, &channel.holds})
      for (auto& stay : *stays)
        if (!stay.to) {
          stay.to = std::max(*end.noticed_at, stay.from);
          stay.to_is_guess = true;
        }
    board.last_at = std::max(board.last_at, *end.noticed_at);
  }
}

}  // namespace

Call fold_channels(Switchboard board, const SourceHistory& source, const NormaliseNumber& normalise) {
  Call call;
  end_unseen(board, source);
  const auto roles = roles_of(board);
  if (roles.first == nullptr) return call;
  if (is_code_alone(board, roles)) return call;
  call.direction = roles.direction;
  call.id = roles.first->ref;  // the caller puts the PBX before it
  call.request = board.request;
  if (!call.request.empty()) call.call_type = CallType::api;
  for (const auto& recording : board.recordings) call.recordings.push_back(recording);
  tell_numbers(call, board, roles, normalise);

  const auto closing = closing_of(board, *roles.first, roles.client, roles.direction, source);
  call.is_over = closing.is_over;
  call.incomplete = closing.incomplete || !roles.first->began_seen;
  call.ended_at = closing.ended_at;
  call.started_at = roles.first->begun_at.value_or(board.first_at);

  // A talk that begins with the last thing heard has begun.
  const Instant until = call.ended_at.value_or(board.last_at + Millis(1));
  Heard heard;
  std::vector<Span> talks;
  if (roles.client != nullptr) {
    heard = heard_by(board, roles.client->ref, until, call.ended_at.has_value());
    talks = with_people(board, roles, heard);
  }
  if (!talks.empty()) {
    tell_talk(call, board, roles, talks, heard, until);
    if (call.is_over && !call.connected) call.incomplete = true;
  } else if (call.ended_at) {
    call.talk = call.connected = call.clean_talk = Millis(0);
  }
  tell_waiting(call, board);

  call.legs = fold_legs(board, roles.client, *roles.first, roles.direction, heard, call);
  for (const auto& leg : call.legs)
    if (leg.kind == LegKind::queue && call.queue.empty()) call.queue = leg.name;
  tell_transfers(call, board, roles, heard);
  if (call.is_over) tell_outcome(call, board, roles.client, *roles.first, heard);
  return call;
}

}  // namespace hkl
