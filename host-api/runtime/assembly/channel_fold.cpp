#include "assembly/channel_fold.h"

#include <algorithm>

#include "assembly/closing.h"
#include "assembly/leg_fold.h"
#include "assembly/talks.h"

namespace hkl {
namespace {

bool is_real(const Channel& channel) {
  return channel.kind == ChannelKind::phone || channel.kind == ChannelKind::trunk;
}

Instant began(const Channel& channel) { return channel.begun_at.value_or(channel.first_at); }

// Of two that began in one moment the one that nobody rang, then the one with
// the smaller name; names end in counters, so a shorter one is smaller.
bool is_before(const Channel& a, const Channel& b) {
  return std::tuple(began(a), !a.rung_by.empty(), a.ref.size(), std::string_view(a.ref)) <
         std::tuple(began(b), !b.rung_by.empty(), b.ref.size(), std::string_view(b.ref));
}

// Who began: the first channel that leads to anybody.
const Channel* first_channel(const Switchboard& board) {
  const Channel* first = nullptr;
  for (const auto& [ref, channel] : board.channels) {
    if (!is_real(channel)) continue;
    if (first == nullptr || is_before(channel, *first)) first = &channel;
  }
  return first;
}

// The outside phone an outgoing call is about: the one that was picked up,
// else the last that was tried.
const Channel* dialled_outside(const Switchboard& board) {
  const Channel* chosen = nullptr;
  for (const auto& [ref, channel] : board.channels) {
    if (channel.kind != ChannelKind::trunk || channel.came_itself) continue;
    const auto rank = [](const Channel& c) {
      // The first that was picked up, else the last that was tried.
      return c.up_at ? std::tuple(0, ms_of(began(c))) : std::tuple(1, -ms_of(began(c)));
    };
    if (chosen == nullptr || rank(channel) < rank(*chosen)) chosen = &channel;
  }
  return chosen;
}

struct Roles {
  const Channel* first = nullptr;   // who began
  const Channel* client = nullptr;  // the outside party; internal: who called
  Direction direction{};
};

Roles roles_of(const Switchboard& board) {
  Roles roles;
  roles.first = first_channel(board);
  if (roles.first == nullptr) return roles;
  const bool is_from_outside = roles.first->kind == ChannelKind::trunk && roles.first->rung_by.empty() &&
                               roles.first->direction != Direction::out;
  if (is_from_outside) {
    roles.direction = Direction::in;
    roles.client = roles.first;
    return roles;
  }
  if (const auto* outside = dialled_outside(board)) {
    roles.direction = Direction::out;
    roles.client = outside;
    return roles;
  }
  // An order whose client was never rung is told by what the phone shows.
  if ((!roles.first->client.empty() || !board.ordered_client.empty()) && !roles.first->came_itself) {
    roles.direction = Direction::out;
    return roles;
  }
  roles.direction = Direction::internal;
  roles.client = roles.first;
  return roles;
}

void tell_numbers(Call& call, const Switchboard& board, const Roles& roles, const NormaliseNumber& normalise) {
  if (roles.direction == Direction::internal) return;
  const auto* client = roles.client != nullptr ? roles.client : roles.first;
  call.client_raw = roles.client == nullptr && !board.ordered_client.empty() ? board.ordered_client : client->client;
  call.client_number = call.client_raw.empty() ? "" : normalise(call.client_raw);
  call.is_withheld = roles.direction == Direction::in && (client->is_withheld || call.client_number.empty());
  if (roles.direction == Direction::in) call.client_name = client->client_name;
  auto line = client->line;
  if (line.empty() && roles.direction == Direction::out)
    for (const auto& dial : board.dials)
      if (!dial.line.empty() && line.empty()) line = dial.line;
  call.line = line.empty() ? "" : normalise(line);
}

// When the client could hear a person of ours.
std::vector<Span> with_people(const Switchboard& board, const Roles& roles,
                              const std::map<std::string, std::vector<Span>>& heard) {
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

// A consultation counts as a hold however it is made: the client waits while
// who had him talks with a colleague and is still there.
std::vector<Span> consultations(const Switchboard& board, const std::map<std::string, std::vector<Span>>& heard,
                                const std::vector<Span>& talks) {
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

std::vector<Span> holds_of(const Switchboard& board, const std::map<std::string, std::vector<Span>>& heard,
                           const Roles& roles, Instant until) {
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

// The phone that the client hears next: by feature code a transfer does not name it.
std::string who_has_client_after(const Switchboard& board, const std::map<std::string, std::vector<Span>>& heard,
                                 Instant at, const std::string& from) {
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
void tell_taken_over(std::vector<Transfer>& found, const Switchboard& board,
                     const std::map<std::string, std::vector<Span>>& heard) {
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
      const bool is_told = std::any_of(found.begin(), found.end(), [&](const Transfer& t) {
        return t.at && *t.at >= before.span.to - Millis(3000) && *t.at <= after.span.from + Millis(500);
      });
      const auto& to = after.with->kind == ChannelKind::phone ? after.with->extension : dial.client;
      if (!is_told) found.push_back({TransferKind::attended, before.with->extension, to, before.span.to});
      break;
    }
  }
}

void tell_transfers(Call& call, const Switchboard& board, const Roles& roles,
                    const std::map<std::string, std::vector<Span>>& heard) {
  std::vector<Transfer> found;
  const auto extension_rung_by = [&](const std::string& dialler) -> std::string {
    for (const auto& dial : board.dials) {
      if (dial.from != dialler) continue;
      const auto to = board.channels.find(dial.to);
      if (to != board.channels.end() && !to->second.extension.empty()) return to->second.extension;
    }
    return {};
  };
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
    if (handed.kind == TransferKind::attended && (transfer.to.empty() || transfer.to == transfer.from))
      transfer.to = extension_rung_by(handed.other);
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
  // The client was taken from a phone without a word (AMI Redirect) and then
  // rang another.
  if (roles.client != nullptr) {
    for (const auto& dial : board.dials) {
      if (dial.from != roles.client->ref) continue;
      const auto to = board.channels.find(dial.to);
      if (to == board.channels.end() ||
          (to->second.kind != ChannelKind::phone && to->second.kind != ChannelKind::trunk))
        continue;
      const auto& target = to->second.kind == ChannelKind::phone ? to->second.extension : dial.client;
      const Channel* left = nullptr;
      Instant left_at{};
      for (const auto& [ref, when] : heard) {
        const auto phone = board.channels.find(ref);
        if (phone == board.channels.end() || phone->second.kind != ChannelKind::phone) continue;
        for (const auto& span : when)
          if (span.to <= dial.begun_at && span.to > left_at) {
            left = &phone->second;
            left_at = span.to;
          }
      }
      if (left == nullptr || left->extension == target) continue;
      const bool is_told = std::any_of(found.begin(), found.end(), [&](const Transfer& t) {
        return t.at && *t.at >= left_at - Millis(2000) && *t.at <= dial.begun_at + Millis(500);
      });
      if (!is_told) found.push_back({TransferKind::blind, left->extension, target, left_at});
    }
  }
  tell_taken_over(found, board, heard);
  if (roles.direction == Direction::in) {
    for (const auto& dial : board.dials) {
      const auto to = board.channels.find(dial.to);
      if (to == board.channels.end() || to->second.kind != ChannelKind::trunk) continue;
      // Forwarded on: the route of an extension rang an outside phone.
      std::string from = dial.caller_extension;
      for (const auto& outer : board.dials) {
        const auto half = board.channels.find(outer.to);
        if (half != board.channels.end() && half->second.kind == ChannelKind::local && half->second.pair == dial.from)
          from = outer.caller_extension;
      }
      const bool is_told = std::any_of(found.begin(), found.end(), [&](const Transfer& t) {
        return t.at && *t.at >= dial.begun_at - Millis(3000) && *t.at <= dial.begun_at;
      });
      if (!is_told) found.push_back({TransferKind::forward, from, dial.client, dial.begun_at});
    }
  }
  tell_forwards_inside(found, board);
  std::stable_sort(found.begin(), found.end(), [](const Transfer& a, const Transfer& b) { return a.at < b.at; });
  call.transfers = std::move(found);
}

// A phone that dialled a code of the switch (*8) and reached nobody: no call.
bool is_code_alone(const Switchboard& board, const Roles& roles) {
  if (roles.direction != Direction::internal ||
      !(roles.first->dialled.starts_with('*') || roles.first->dialled.starts_with('#')))
    return false;
  return board.dials.empty() && board.queues.empty() && roles.first->bridges.empty();
}

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

// The times of an answered call; nothing where an edge was not seen.
void tell_talk(Call& call, const Switchboard& board, const Roles& roles, const std::vector<Span>& talks,
               const std::map<std::string, std::vector<Span>>& heard, Instant until) {
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
  std::map<std::string, std::vector<Span>> heard;
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
