#include "assembly/call_roles.h"

#include <tuple>

namespace hkl {
namespace {

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

}  // namespace

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

bool is_code_alone(const Switchboard& board, const Roles& roles) {
  if (roles.direction != Direction::internal ||
      !(roles.first->dialled.starts_with('*') || roles.first->dialled.starts_with('#')))
    return false;
  return board.dials.empty() && board.queues.empty() && roles.first->bridges.empty();
}

}  // namespace hkl
