#include "assembly/call_times.h"

#include <algorithm>

namespace hkl {
namespace {

// A consultation counts as a hold however it is made: the client waits while
// who had him talks with a colleague and is still there.
std::vector<Span> consultations(const Switchboard& board, const Heard& heard, const std::vector<Span>& talks) {
  std::vector<Span> found;
  for (std::size_t i = 0; i + 1 < talks.size(); ++i) {
    const Span gap{talks[i].to, talks[i + 1].from};
    for (const auto& [ref, when] : heard) {
      const auto channel = board.channels.find(ref);
      if (channel == board.channels.end() || channel->second.kind != ChannelKind::phone) continue;
      const bool had_client = std::any_of(when.begin(), when.end(), [&](const Span& s) {
        return s.to <= gap.from + Millis(20) && s.to + Millis(20) >= gap.from;
      });
      if (!had_client) continue;
      const auto ended = channel->second.ended_at;
      if (ended && *ended < gap.to - Millis(1000)) continue;
      const bool was_parked = std::any_of(board.parkings.begin(), board.parkings.end(), [&](const Parking& p) {
        return p.at >= gap.from - Millis(500) && p.at < gap.to;
      });
      if (!was_parked) found.push_back(gap);
    }
  }
  return found;
}

std::vector<Span> holds_of(const Switchboard& board, const Heard& heard, const Roles& roles, Instant until) {
  std::vector<Span> spans;
  const auto add = [&](const Channel& channel) {
    for (const auto& hold : channel.holds) spans.push_back({hold.from, hold.to.value_or(until)});
  };
  for (const auto& [ref, when] : heard) {
    const auto channel = board.channels.find(ref);
    if (channel == board.channels.end()) continue;
    // A hold that goes on after the phone lost the client is not the client's.
    for (const auto& hold : channel->second.holds)
      for (const auto& part : within(when, {hold.from, hold.to.value_or(until)})) spans.push_back(part);
  }
  if (roles.client != nullptr) add(*roles.client);
  return united(std::move(spans));
}

std::optional<Instant> offered(const Switchboard& board) {
  std::optional<Instant> first;
  const auto see = [&](Instant at) {
    if (!first || at < *first) first = at;
  };
  for (const auto& queue : board.queues) see(queue.from);
  for (const auto& [ref, channel] : board.channels)
    if (channel.kind == ChannelKind::phone && channel.ringing_at) see(*channel.ringing_at);
  for (const auto& offer : board.offers) see(offer.at);
  return first;
}

}  // namespace

std::vector<Span> with_people(const Switchboard& board, const Roles& roles, const Heard& heard) {
  std::vector<Span> spans;
  for (const auto& [ref, when] : heard) {
    const auto found = board.channels.find(ref);
    if (found == board.channels.end()) continue;
    const auto& other = found->second;
    const bool is_person = other.kind == ChannelKind::phone ||
                           (other.kind == ChannelKind::trunk && roles.direction == Direction::in && !other.came_itself);
    if (is_person && &other != roles.client) spans.insert(spans.end(), when.begin(), when.end());
  }
  return united(std::move(spans));
}

void tell_talk(Call& call, const Switchboard& board, const Roles& roles, const std::vector<Span>& talks,
               const Heard& heard, Instant until) {
  call.outcome = Outcome::answered;
  if (talks.front().is_from_known) call.answered_at = talks.front().from;
  if (!call.answered_at || !call.ended_at) return;
  call.talk = *call.ended_at - *call.answered_at;
  auto connected = talks;
  const auto consulted = consultations(board, heard, talks);
  connected.insert(connected.end(), consulted.begin(), consulted.end());
  connected = united(std::move(connected));
  const auto sure = sure_total(connected);
  if (!sure) return;
  call.connected = std::min(*sure, *call.talk);
  auto holds = holds_of(board, heard, roles, until);
  holds.insert(holds.end(), consulted.begin(), consulted.end());
  call.clean_talk = std::min(*call.connected, total(without(connected, united(std::move(holds)))));
}

void tell_waiting(Call& call, const Switchboard& board) {
  if (call.direction == Direction::in) {
    call.offered_at = offered(board);
    if (call.offered_at && call.answered_at && *call.offered_at > *call.answered_at) call.offered_at = call.answered_at;
  }
  const auto until = call.outcome == Outcome::answered ? call.answered_at : call.ended_at;
  if (!until || !call.started_at) return;
  call.wait = std::max(Millis(0), *until - *call.started_at);
  if (call.direction == Direction::in)
    call.queue_wait = std::max(Millis(0), *until - call.offered_at.value_or(*call.started_at));
}

}  // namespace hkl
