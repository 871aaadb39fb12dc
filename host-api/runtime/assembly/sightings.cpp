#include "assembly/sightings.h"

#include <algorithm>
#include <map>

#include "assembly/fill.h"
#include "assembly/untold.h"

namespace hkl {
namespace {

// The same fact as two sources date it.
constexpr Millis kSameFact{2000};

struct Sighting {
  std::string source;
  Switchboard board;
  bool is_whole = false;
};

bool has_guess(const Channel& channel) {
  return std::any_of(channel.bridges.begin(), channel.bridges.end(),
                     [](const Stay& stay) { return stay.from_is_guess || stay.to_is_guess; });
}

bool missed_something(const Sighting& sighting, Instant from, Instant until, const SourceHistory& source) {
  for (const auto& [ref, channel] : sighting.board.channels)
    if (is_real(channel) && (!channel.began_seen || channel.was_up_in_list || has_guess(channel))) return true;
  return std::any_of(source.events.begin(), source.events.end(), [&](const Event& event) {
    return event.kind == HKL_EVENT_SOURCE_GAP && event.source == sighting.source && event.at <= until &&
           event.ended_at.value_or(event.at) >= from;
  });
}

// Did this one see every channel that any saw begin, and end where one did?
bool saw_all(const Sighting& sighting, const std::vector<Sighting>& all) {
  return std::all_of(all.begin(), all.end(), [&](const Sighting& other) {
    return std::all_of(other.board.channels.begin(), other.board.channels.end(), [&](const auto& entry) {
      if (!is_real(entry.second)) return true;
      const auto mine = sighting.board.channels.find(entry.first);
      return mine != sighting.board.channels.end() && (mine->second.ended_at || !entry.second.ended_at);
    });
  });
}

void complete(Channel& mine, const Channel& other) {
  fill(mine.ref, other.ref);
  fill(mine.name, other.name);
  fill(mine.kind, other.kind);
  fill(mine.direction, other.direction);
  fill(mine.extension, other.extension);
  fill(mine.client, other.client);
  fill(mine.client_name, other.client_name);
  fill(mine.line, other.line);
  fill(mine.dialled, other.dialled);
  fill(mine.keys, other.keys);
  fill(mine.cause, other.cause);
  fill(mine.conversation, other.conversation);
  fill(mine.pair, other.pair);
  fill(mine.rung_by, other.rung_by);
  fill(mine.ended_as, other.ended_as);
  fill(mine.route, other.route);
  fill(mine.dial_result, other.dial_result);
  mine.is_withheld = mine.is_withheld || other.is_withheld;
  mine.was_told_whole = mine.was_told_whole || other.was_told_whole;
  mine.was_ended_by_switch = mine.was_ended_by_switch || other.was_ended_by_switch;
  mine.first_at = std::min(mine.first_at, other.first_at);
  mine.last_at = std::max(mine.last_at, other.last_at);
  if (!mine.began_seen && other.began_seen) {
    mine.began_seen = true;
    mine.begun_at = other.begun_at;  // that of a list is to the second
  }
  fill(mine.begun_at, other.begun_at);
  fill(mine.ringing_at, other.ringing_at);
  fill(mine.up_at, other.up_at);
  fill(mine.ended_at, other.ended_at);
  if (mine.up_at) mine.was_up_in_list = false;
  if (mine.bridges.empty() || (has_guess(mine) && !has_guess(other))) mine.bridges = other.bridges;
  if (mine.holds.empty()) mine.holds = other.holds;
  if (mine.hangups_asked.empty()) mine.hangups_asked = other.hangups_asked;
  mine.lists.insert(mine.lists.end(), other.lists.begin(), other.lists.end());
}

// Adds those of `others` that `mine` has no like of.
template <typename T, typename IsSame>
void unite(std::vector<T>& mine, const std::vector<T>& others, const IsSame& is_same) {
  const auto own = mine;
  for (const auto& other : others)
    if (std::none_of(own.begin(), own.end(), [&](const T& one) { return is_same(one, other); })) mine.push_back(other);
}

bool is_near(Instant a, Instant b) { return a <= b + kSameFact && b <= a + kSameFact; }

void complete(Switchboard& mine, const Switchboard& other) {
  for (const auto& [ref, channel] : other.channels) complete(mine.channels[ref], channel);
  unite(mine.dials, other.dials, [](const DialAttempt& a, const DialAttempt& b) { return a.to == b.to; });
  unite(mine.queues, other.queues, [](const QueueStay& a, const QueueStay& b) {
    return a.channel == b.channel && a.queue == b.queue && is_near(a.from, b.from);
  });
  for (auto& stay : mine.queues)
    for (const auto& seen : other.queues) {
      if (stay.to || seen.channel != stay.channel || seen.queue != stay.queue) continue;
      stay.to = seen.to;
      fill(stay.left_as, seen.left_as);
      stay.was_connected = stay.was_connected || seen.was_connected;
      stay.was_abandoned = stay.was_abandoned || seen.was_abandoned;
    }
  unite(mine.apps, other.apps, [](const AppRun& a, const AppRun& b) {
    return a.channel == b.channel && a.kind == b.kind && a.name == b.name;
  });
  unite(mine.offers, other.offers, [](const MemberOffer& a, const MemberOffer& b) { return a.phone == b.phone; });
  unite(mine.transfers, other.transfers,
        [](const HandOver& a, const HandOver& b) { return a.kind == b.kind && is_near(a.at, b.at); });
  unite(mine.parkings, other.parkings,
        [](const Parking& a, const Parking& b) { return a.channel == b.channel && is_near(a.at, b.at); });
  for (auto& parking : mine.parkings)
    for (const auto& seen : other.parkings)
      if (parking.channel == seen.channel && is_near(parking.at, seen.at)) {
        fill(parking.retrieved_by, seen.retrieved_by);
        fill(parking.space, seen.space);
      }
  unite(mine.recordings, other.recordings, [](const std::string& a, const std::string& b) { return a == b; });
  fill(mine.request, other.request);
  fill(mine.ordered_client, other.ordered_client);
  mine.reasons.insert(other.reasons.begin(), other.reasons.end());
  mine.tells_dials = mine.tells_dials || other.tells_dials;
  mine.first_at = std::min(mine.first_at, other.first_at);
  mine.last_at = std::max(mine.last_at, other.last_at);
}

}  // namespace

Sightings gather_sightings(const std::vector<const Event*>& events, const SourceHistory& source) {
  std::map<std::string, std::vector<const Event*>> by_source;
  for (const auto* event : events) by_source[event->source].push_back(event);
  std::vector<Sighting> all;
  for (const auto& [name, own] : by_source) {
    auto& sighting = all.emplace_back(Sighting{name, gather_channels(own), false});
    conclude_untold(sighting.board);
  }
  if (all.size() == 1) return {std::move(all.front().board), false};
  auto first = all.front().board.first_at, last = all.front().board.last_at;
  for (const auto& sighting : all) {
    first = std::min(first, sighting.board.first_at);
    last = std::max(last, sighting.board.last_at);
  }
  for (auto& sighting : all)
    sighting.is_whole = !missed_something(sighting, first, last, source) && saw_all(sighting, all);
  std::stable_sort(all.begin(), all.end(), [](const Sighting& a, const Sighting& b) {
    return std::tuple(!a.is_whole, !a.board.tells_dials, a.source) <
           std::tuple(!b.is_whole, !b.board.tells_dials, b.source);
  });
  Sightings seen{std::move(all.front().board), all.front().is_whole};
  for (std::size_t i = 1; i < all.size(); ++i) complete(seen.board, all[i].board);
  return seen;
}

}  // namespace hkl
