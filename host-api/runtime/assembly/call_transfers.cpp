#include "assembly/call_transfers.h"

#include <algorithm>
#include <string>
#include <vector>

namespace hkl {
namespace {

// The phones that a channel had rung, through local pairs too.
void add_rung_by(std::vector<std::string>& found, const Switchboard& board, const std::string& dialler, int depth = 0) {
  constexpr int kDeepest = 4;  // forwards of forwards; a loop is none
  for (const auto& dial : board.dials) {
    if (dial.from != dialler || depth > kDeepest) continue;
    const auto to = board.channels.find(dial.to);
    if (to == board.channels.end()) continue;
    const auto& channel = to->second;
    if (channel.kind == ChannelKind::local && !channel.pair.empty()) {
      add_rung_by(found, board, channel.pair, depth + 1);
    } else if (!channel.extension.empty() && std::find(found.begin(), found.end(), channel.extension) == found.end()) {
      found.push_back(channel.extension);
    }
  }
}

bool is_told_between(const std::vector<Transfer>& found, Instant from, Instant to) {
  return std::any_of(found.begin(), found.end(),
                     [&](const Transfer& t) { return t.at && *t.at >= from && *t.at <= to; });
}

// The phone that the client hears next: by feature code a transfer does not name it.
std::string who_has_client_after(const Switchboard& board, const Heard& heard, Instant at, const std::string& from) {
  std::pair<Instant, std::string> first{Instant::max(), {}};
  for (const auto& [ref, when] : heard) {
    const auto phone = board.channels.find(ref);
    if (phone == board.channels.end() || phone->second.kind == ChannelKind::local) continue;
    const auto& name = phone->second.kind == ChannelKind::phone ? phone->second.extension : phone->second.client;
    if (name.empty() || name == from) continue;
    for (const auto& span : when)
      if (span.to > at) first = std::min(first, {std::max(span.from, at), name});
  }
  return first.second;
}

// Who had a channel just before it was handed on, where the switch does not say.
std::string who_had(const Switchboard& board, const std::string& channel, Instant at) {
  std::pair<Instant, std::string> last{Instant::min(), {}};
  for (const auto& [ref, when] : heard_by(board, channel, board.last_at + Millis(1), false)) {
    const auto phone = board.channels.find(ref);
    if (phone == board.channels.end() || phone->second.kind != ChannelKind::phone) continue;
    for (const auto& span : when)
      if (span.from < at && span.to >= at - Millis(2000)) last = std::max(last, {span.to, phone->second.extension});
  }
  return last.second;
}

// The phone or number that the switch rang next for a channel.
std::string rung_next(const Switchboard& board, const std::string& channel, Instant at) {
  for (const auto& dial : board.dials) {
    if (dial.from != channel || dial.begun_at < at) continue;
    const auto to = board.channels.find(dial.to);
    if (to == board.channels.end()) continue;
    if (to->second.kind == ChannelKind::phone) return to->second.extension;
    if (to->second.kind == ChannelKind::trunk) return dial.client;
  }
  return {};
}

// A forward inside: the route of one extension rings another through a local
// pair, alone. A queue and a group ring several, or for themselves.
void tell_forwards_inside(std::vector<Transfer>& found, const Switchboard& board) {
  for (const auto& dial : board.dials) {
    const auto half = board.channels.find(dial.to);
    if (half == board.channels.end() || half->second.kind != ChannelKind::local) continue;
    const auto& target = half->second.extension;
    if (dial.caller_extension.empty() || target.empty() || target == dial.caller_extension) continue;
    const bool is_reached = std::any_of(board.channels.begin(), board.channels.end(), [&](const auto& entry) {
      return entry.second.kind == ChannelKind::phone && entry.second.extension == target &&
             entry.second.rung_by == half->second.pair;
    });
    const bool is_alone = std::none_of(board.dials.begin(), board.dials.end(), [&](const DialAttempt& other) {
      return &other != &dial && other.from == dial.from && other.begun_at <= dial.begun_at + Millis(1000) &&
             dial.begun_at <= other.begun_at + Millis(1000);
    });
    const bool is_of_queue = std::any_of(board.queues.begin(), board.queues.end(), [&](const QueueStay& stay) {
      return stay.channel == dial.from && stay.from <= dial.begun_at && (!stay.to || dial.begun_at <= *stay.to);
    });
    if (is_reached && is_alone && !is_of_queue)
      found.push_back({TransferKind::forward, dial.caller_extension, target, dial.begun_at});
  }
}

// An attended transfer of which no word was said: the client leaves one phone
// and is with somebody whom a second channel of that phone had rung, or whom a
// program had on the line already.
void tell_taken_over(std::vector<Transfer>& found, const Switchboard& board, const Heard& heard) {
  struct Talk {
    Span span;
    const Channel* with;
  };
  std::vector<Talk> talks;
  for (const auto& [ref, when] : heard) {
    const auto channel = board.channels.find(ref);
    if (channel == board.channels.end() || channel->second.kind == ChannelKind::local) continue;
    for (const auto& span : when) talks.push_back({span, &channel->second});
  }
  std::sort(talks.begin(), talks.end(), [](const Talk& a, const Talk& b) { return a.span.from < b.span.from; });
  for (std::size_t i = 1; i < talks.size(); ++i) {
    const auto &before = talks[i - 1], &after = talks[i];
    if (before.with->kind != ChannelKind::phone || before.span.to > after.span.from + Millis(100)) continue;
    for (const auto& dial : board.dials) {
      if (dial.to != after.with->ref || dial.begun_at > before.span.to) continue;
      const auto by = board.channels.find(dial.from);
      const bool is_asked = by != board.channels.end() && &by->second != before.with &&
                            by->second.extension == before.with->extension && !by->second.extension.empty();
      const bool is_ready = dial.from.empty() && after.with->up_at && *after.with->up_at < before.span.to;
      if (!is_asked && !is_ready) continue;
      const bool is_told = is_told_between(found, before.span.to - Millis(3000), after.span.from + Millis(500));
      const auto& to = after.with->kind == ChannelKind::phone ? after.with->extension : dial.client;
      if (!is_told) found.push_back({TransferKind::attended, before.with->extension, to, before.span.to});
      break;
    }
  }
}

// What the switch says. Parking begins as a blind transfer (PBX formats, fold of AMI, 9).
void tell_told(std::vector<Transfer>& found, const Switchboard& board, const Heard& heard) {
  for (const auto& handed : board.transfers) {
    Transfer transfer{handed.kind, handed.from, handed.to, handed.at};
    if (transfer.from.empty() && handed.kind == TransferKind::blind) {
      // A channel that nobody has is on its way, not handed on.
      transfer.from = who_had(board, handed.channel, handed.at);
      if (transfer.from.empty()) continue;
      if (const auto next = rung_next(board, handed.channel, handed.at); !next.empty()) transfer.to = next;
    }
    const auto parking = std::find_if(board.parkings.begin(), board.parkings.end(), [&](const Parking& p) {
      return p.at >= handed.at - Millis(100) && p.at <= handed.at + Millis(2000) &&
             (p.channel == handed.other || p.channel == handed.channel);
    });
    if (handed.kind == TransferKind::blind && parking != board.parkings.end()) {
      transfer.kind = TransferKind::park;
      transfer.to = parking->space;
    }
    if (handed.kind == TransferKind::attended && (transfer.to.empty() || transfer.to == transfer.from)) {
      std::vector<std::string> rung;
      add_rung_by(rung, board, handed.other);
      // Of a group it is whoever took the client.
      transfer.to = rung.size() == 1 ? rung[0] : who_has_client_after(board, heard, handed.at, transfer.from);
      if (transfer.to.empty() && !rung.empty()) transfer.to = rung[0];
    }
    if (transfer.to.empty()) transfer.to = who_has_client_after(board, heard, handed.at, transfer.from);
    found.push_back(std::move(transfer));
  }
  for (const auto& parking : board.parkings) {
    const bool is_told = std::any_of(found.begin(), found.end(), [&](const Transfer& t) {
      return t.kind == TransferKind::park && t.at && *t.at >= parking.at - Millis(2000) &&
             *t.at <= parking.at + Millis(2000);
    });
    if (!is_told) found.push_back({TransferKind::park, parking.by, parking.space, parking.at});
  }
}

struct Left {
  const Channel* phone = nullptr;
  Instant at{};
};

// The phone that the client heard last before `at`.
Left phone_left_before(const Switchboard& board, const Heard& heard, Instant at) {
  Left left;
  for (const auto& [ref, when] : heard) {
    const auto phone = board.channels.find(ref);
    if (phone == board.channels.end() || phone->second.kind != ChannelKind::phone) continue;
    for (const auto& span : when)
      if (span.to <= at && span.to > left.at) left = {&phone->second, span.to};
  }
  return left;
}

// The client was taken from a phone without a word (AMI Redirect) and then
// rang another.
void tell_redirected(std::vector<Transfer>& found, const Switchboard& board, const Channel& client,
                     const Heard& heard) {
  for (const auto& dial : board.dials) {
    if (dial.from != client.ref) continue;
    const auto to = board.channels.find(dial.to);
    if (to == board.channels.end() || (to->second.kind != ChannelKind::phone && to->second.kind != ChannelKind::trunk))
      continue;
    const auto& target = to->second.kind == ChannelKind::phone ? to->second.extension : dial.client;
    const auto left = phone_left_before(board, heard, dial.begun_at);
    if (left.phone == nullptr || left.phone->extension == target) continue;
    if (!is_told_between(found, left.at - Millis(2000), dial.begun_at + Millis(500)))
      found.push_back({TransferKind::blind, left.phone->extension, target, left.at});
  }
}

// Forwarded on: the route of an extension rang an outside phone.
void tell_forwards_outside(std::vector<Transfer>& found, const Switchboard& board) {
  for (const auto& dial : board.dials) {
    const auto to = board.channels.find(dial.to);
    if (to == board.channels.end() || to->second.kind != ChannelKind::trunk) continue;
    std::string from = dial.caller_extension;
    for (const auto& outer : board.dials) {
      const auto half = board.channels.find(outer.to);
      if (half != board.channels.end() && half->second.kind == ChannelKind::local && half->second.pair == dial.from)
        from = outer.caller_extension;
    }
    if (!is_told_between(found, dial.begun_at - Millis(3000), dial.begun_at))
      found.push_back({TransferKind::forward, from, dial.client, dial.begun_at});
  }
}

}  // namespace

void tell_transfers(Call& call, const Switchboard& board, const Roles& roles, const Heard& heard) {
  std::vector<Transfer> found;
  tell_told(found, board, heard);
  if (roles.client != nullptr) tell_redirected(found, board, *roles.client, heard);
  tell_taken_over(found, board, heard);
  if (roles.direction == Direction::in) tell_forwards_outside(found, board);
  tell_forwards_inside(found, board);
  std::stable_sort(found.begin(), found.end(), [](const Transfer& a, const Transfer& b) { return a.at < b.at; });
  call.transfers = std::move(found);
}

}  // namespace hkl
