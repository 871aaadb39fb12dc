#include "assembly/untold.h"

#include <algorithm>
#include <map>

#include "hookline/sdk/endings.h"

namespace hkl {
namespace {

// A phone that a queue gave up on stops this long before the caller leaves;
// less, and it was the caller who ended its ringing.
constexpr Millis kStillWaiting{500};
// Members of a pair begin together with what the second half dials.
constexpr Millis kDialsWithin{5000};
constexpr Millis kRungTogether{1000};
// Within one hang-up the log's order of channels says nothing.
constexpr Millis kOneHangup{100};

bool is_alive(const Channel& channel, Instant at) {
  return began(channel) <= at && (!channel.ended_at || at < *channel.ended_at);
}

bool is_first_half(const Channel& channel) {
  return channel.kind == ChannelKind::local && channel.name.ends_with(";1");
}
bool is_second_half(const Channel& channel) {
  return channel.kind == ChannelKind::local && channel.name.ends_with(";2");
}

// "Local/101@queue-00000003;1" and "…;2".
void pair_halves(Switchboard& board) {
  std::map<std::string, std::vector<Channel*>> halves;
  for (auto& [ref, channel] : board.channels)
    if (channel.kind == ChannelKind::local && channel.pair.empty() && channel.name.size() > 2)
      halves[channel.name.substr(0, channel.name.size() - 2)].push_back(&channel);
  for (auto& [name, pair] : halves) {
    if (pair.size() != 2) continue;
    pair[0]->pair = pair[1]->ref;
    pair[1]->pair = pair[0]->ref;
  }
}

void name_retrievers(Switchboard& board) {
  for (auto& parking : board.parkings) {
    for (const auto& [ref, channel] : board.channels)
      if (parking.retrieved_by.empty() && !channel.name.empty() && channel.name == parking.retriever_name)
        parking.retrieved_by = ref;
    const auto retriever = board.channels.find(parking.retrieved_by);
    // Whoever picks up dials the space.
    if (parking.space.empty() && retriever != board.channels.end()) parking.space = retriever->second.dialled;
  }
}

// Made by the switch to reach somebody, and nobody said for whom.
bool was_rung(const Channel& channel) {
  return channel.began_seen &&
         ((channel.kind == ChannelKind::phone && channel.direction == Direction::unknown) ||
          (channel.kind == ChannelKind::trunk && channel.direction == Direction::out) || is_first_half(channel));
}

bool leads_to(const Channel& half, const Channel& target) {
  if (target.kind == ChannelKind::phone) return half.extension == target.extension;
  return target.client.empty() || half.extension.ends_with(target.client);
}

// The second half of a pair that dials the same; the latest of several.
const Channel* half_that_dials(const Switchboard& board, const Channel& target) {
  const Channel* found = nullptr;
  for (const auto& [ref, half] : board.channels)
    if (is_second_half(half) && is_alive(half, began(target)) && began(target) - began(half) <= kDialsWithin &&
        leads_to(half, target) && (found == nullptr || began(*found) < began(half)))
      found = &half;
  return found;
}

// Who is on the line and was last talking: the one a transfer sent on.
const Channel* left_alone(const Switchboard& board, const Channel& target) {
  const Channel* found = nullptr;
  Instant left_at{};
  for (const auto& [ref, channel] : board.channels) {
    if (&channel == &target || !is_alive(channel, began(target)) || channel.kind == ChannelKind::local) continue;
    for (const auto& stay : channel.bridges)
      if (stay.to && *stay.to <= began(target) && *stay.to > left_at) {
        found = &channel;
        left_at = *stay.to;
      }
  }
  return found;
}

const Channel* dialler_of(const Switchboard& board, const Channel& target) {
  if (!is_first_half(target))
    if (const auto* half = half_that_dials(board, target)) return half;
  // The conversation bears the name of the channel that began it.
  const auto first = board.channels.find(target.conversation);
  if (first == board.channels.end() || &first->second == &target) return nullptr;
  if (is_alive(first->second, began(target))) return &first->second;
  return left_alone(board, target);
}

LegOutcome outcome_of(const std::string& word) {
  const auto outcome = static_cast<LegOutcome>(hookline::ending_of("asterisk", word).outcome);
  return outcome == LegOutcome::answered ? LegOutcome::unknown : outcome;
}

// A channel tells one word for its last dialling, however many it rang in it.
void tell_results(const Switchboard& board, std::vector<DialAttempt>& dials) {
  for (const auto& entry : board.channels) {
    const auto& ref = entry.first;
    const auto& channel = entry.second;
    const auto last = std::find_if(dials.rbegin(), dials.rend(), [&](const DialAttempt& d) { return d.from == ref; });
    if (last == dials.rend()) continue;
    for (auto& dial : dials) {
      if (dial.from != ref || last->begun_at - dial.begun_at > kRungTogether) continue;
      dial.result = channel.dial_result;
      if (dial.outcome != LegOutcome::unknown) continue;
      dial.outcome = outcome_of(dial.result);
      // The word of an earlier answer stays when a transferred caller's dialling runs out.
      if (dial.outcome == LegOutcome::unknown && (channel.cause == "18" || channel.cause == "19"))
        dial.outcome = LegOutcome::no_answer;
    }
  }
}

void conclude_dials(Switchboard& board) {
  std::vector<DialAttempt> dials;
  for (auto& [ref, channel] : board.channels) {
    if (!was_rung(channel)) continue;
    DialAttempt dial;
    dial.to = ref;
    dial.begun_at = began(channel);
    dial.ended_at = channel.up_at ? channel.up_at : channel.ended_at;
    dial.outcome = channel.up_at ? LegOutcome::answered : LegOutcome::unknown;
    if (channel.kind == ChannelKind::trunk) dial.client = channel.client;
    if (const auto* dialler = dialler_of(board, channel)) {
      dial.from = dialler->ref;
      // The switch notes it on whom it rings, or on who rings.
      dial.caller_extension = channel.route.empty() ? dialler->route : channel.route;
      dial.line = dialler->line;
    }
    channel.rung_by = dial.from;
    channel.ringing_at = dial.begun_at;
    channel.came_itself = false;
    dials.push_back(std::move(dial));
  }
  std::stable_sort(dials.begin(), dials.end(),
                   [](const DialAttempt& a, const DialAttempt& b) { return a.begun_at < b.begun_at; });
  tell_results(board, dials);
  board.dials = std::move(dials);
}

// With whom a channel talks where only one of the two is told: whom it names,
// else whom it rang last and who picked up, else who rang it.
const Channel* partner_of(const Switchboard& board, const Channel& channel, const Stay& stay) {
  for (const auto& [ref, other] : board.channels)
    if (!stay.with.empty() && other.name == stay.with && &other != &channel) return &other;
  const Channel* found = nullptr;
  for (const auto& dial : board.dials) {
    const auto other = board.channels.find(dial.from == channel.ref ? dial.to : dial.from);
    if (dial.from != channel.ref && dial.to != channel.ref) continue;
    if (other != board.channels.end() && other->second.up_at && is_alive(other->second, stay.from))
      found = &other->second;
  }
  return found;
}

void complete_bridges(Switchboard& board) {
  for (auto& [ref, channel] : board.channels)
    for (const auto& stay : std::vector<Stay>(channel.bridges)) {
      const auto* partner = stay.is_for_two ? partner_of(board, channel, stay) : nullptr;
      if (partner == nullptr) continue;
      auto with = stay;
      with.is_for_two = false;
      if (partner->ended_at && (!with.to || *partner->ended_at < *with.to)) with.to = partner->ended_at;
      board.channels[partner->ref].bridges.push_back(std::move(with));
    }
}

// Who hung up is told where its channel ends; it was before the others ended.
void date_hangups(Switchboard& board) {
  for (auto& [ref, channel] : board.channels)
    for (auto& asked : channel.hangups_asked) {
      const auto told_at = asked.at;
      const auto see = [&](std::optional<Instant> at) {
        if (at && *at <= told_at && told_at - *at <= kOneHangup) asked.at = std::min(asked.at, *at);
      };
      for (const auto& [other_ref, other] : board.channels) {
        see(other.ended_at);
        for (const auto& stay : other.bridges) see(stay.to);
      }
    }
}

std::optional<Instant> bridged_after(const Channel& channel, Instant at) {
  for (const auto& stay : channel.bridges)
    if (stay.from >= at) return stay.from;
  return {};
}

// A run of records from one queue is one stay: it ends with a member, with
// another application or with the channel.
void conclude_queues(Switchboard& board) {
  std::stable_sort(board.apps.begin(), board.apps.end(), [](const AppRun& a, const AppRun& b) {
    return std::tie(a.from, a.name) < std::tie(b.from, b.name);
  });
  std::map<std::string, AppRun> running;  // by channel
  for (const auto& app : board.apps) {
    const auto last = running.find(app.channel);
    const bool goes_on = last != running.end() && last->second.kind == app.kind && last->second.name == app.name;
    running[app.channel] = app;
    if (goes_on || app.kind != LegKind::queue) continue;
    const bool is_told = std::any_of(board.queues.begin(), board.queues.end(), [&](const QueueStay& stay) {
      return stay.channel == app.channel && stay.queue == app.name;
    });
    const auto channel = board.channels.find(app.channel);
    if (is_told || channel == board.channels.end()) continue;
    QueueStay stay{app.name, app.channel, app.from, {}, false, false};
    // Without music the first that is told of it is a member's answer.
    for (const auto& dial : board.dials)
      if (dial.from == app.channel && channel->second.up_at && dial.begun_at >= *channel->second.up_at)
        stay.from = std::min(stay.from, dial.begun_at);
    stay.to = channel->second.ended_at;
    stay.was_abandoned = stay.to.has_value();
    for (const auto& next : board.apps)
      if (next.channel == app.channel && next.kind != LegKind::queue && next.from > app.from &&
          (!stay.to || next.from < *stay.to)) {
        stay.to = next.from;
        stay.was_abandoned = false;
      }
    if (const auto connected = bridged_after(channel->second, app.from);
        connected && (!stay.to || *connected <= *stay.to)) {
      stay.to = connected;
      stay.was_abandoned = false;
      stay.was_connected = true;
    }
    board.queues.push_back(std::move(stay));
  }
  std::erase_if(board.apps, [](const AppRun& app) { return app.kind == LegKind::queue; });
}

// What a queue rang: a member's phone, or the first half of a pair to it.
void conclude_offers(Switchboard& board) {
  for (const auto& stay : board.queues)
    for (const auto& [ref, channel] : board.channels) {
      if (channel.rung_by != stay.channel || began(channel) < stay.from || (stay.to && began(channel) > *stay.to))
        continue;
      const bool gave_up =
          channel.ended_at && !channel.up_at && (!stay.to || *channel.ended_at + kStillWaiting < *stay.to);
      board.offers.push_back({ref, began(channel), gave_up, ""});
    }
}

}  // namespace

void conclude_untold(Switchboard& board) {
  if (board.tells_dials) return;
  pair_halves(board);
  name_retrievers(board);
  conclude_dials(board);
  complete_bridges(board);
  date_hangups(board);
  conclude_queues(board);
  conclude_offers(board);
}

}  // namespace hkl
