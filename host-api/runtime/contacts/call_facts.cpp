#include "contacts/call_facts.h"

#include <algorithm>

namespace hkl {
namespace {

bool is_external(const Call& call) { return call.direction == Direction::in || call.direction == Direction::out; }

}  // namespace

std::vector<CallFacts> call_facts(const std::vector<Call>& calls) {
  std::vector<CallFacts> facts(calls.size());
  std::optional<Instant> before, inbound_before;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto& call = calls[i];
    facts[i].call = call.id;
    if (!is_external(call) || call.contact.empty() || !call.started_at) continue;
    facts[i].is_counted = true;
    if (before) facts[i].gap_any = *call.started_at - *before;
    if (inbound_before) facts[i].gap_inbound = *call.started_at - *inbound_before;
    before = call.started_at;
    if (call.direction == Direction::in) inbound_before = call.started_at;
  }

  std::vector<Instant> inbound;
  for (std::size_t i = 0; i < calls.size(); ++i)
    if (facts[i].is_counted && calls[i].direction == Direction::in && calls[i].is_over)
      inbound.push_back(*calls[i].started_at);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].contact.empty() || !calls[i].ended_at) continue;
    const auto next = std::upper_bound(inbound.begin(), inbound.end(), *calls[i].ended_at);
    if (next != inbound.end()) facts[i].next_inbound_at = *next;
  }

  // Talks and attempts in the order of their moments, so that each miss finds
  // its own with one search.
  std::vector<const Call*> talks, attempts;
  for (const auto& call : calls) {
    if (!is_external(call) || call.contact.empty()) continue;
    if (call.outcome == Outcome::answered && call.answered_at) talks.push_back(&call);
    if (call.direction == Direction::out && call.started_at) attempts.push_back(&call);
  }
  std::stable_sort(talks.begin(), talks.end(),
                   [](const Call* a, const Call* b) { return *a->answered_at < *b->answered_at; });
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto& call = calls[i];
    if (!facts[i].is_counted || call.outcome != Outcome::missed || !call.is_over || !call.ended_at) continue;
    const auto talk = std::lower_bound(talks.begin(), talks.end(), *call.ended_at,
                                       [](const Call* talk, Instant at) { return *talk->answered_at < at; });
    if (talk != talks.end()) {
      facts[i].called_back_at = (*talk)->answered_at;
      facts[i].called_back_by = (*talk)->employee;
      facts[i].called_back_call = (*talk)->id;
      facts[i].called_back_direction = (*talk)->direction;
    }
    const auto attempt = std::lower_bound(attempts.begin(), attempts.end(), *call.ended_at,
                                          [](const Call* attempt, Instant at) { return *attempt->started_at < at; });
    if (attempt != attempts.end()) facts[i].tried_back_at = (*attempt)->started_at;
  }
  return facts;
}

void add_facts_of_targets(const std::vector<Call>& calls, std::vector<CallFacts>& facts) {
  std::vector<std::size_t> inbound;
  std::optional<Instant> talked;  // when the misses so far have all been answered
  bool is_open = false;           // one of them never was
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto& call = calls[i];
    auto& fact = facts[i];
    if (!fact.is_counted || !call.is_over || fact.quality == Quality::non_target) continue;
    if (call.direction == Direction::in) inbound.push_back(i);
    if (call.outcome != Outcome::missed || call.client_number.empty()) continue;
    fact.begins_episode = !is_open && (!talked || *talked <= *call.started_at);
    if (fact.called_back_at)
      talked = std::max(talked.value_or(*fact.called_back_at), *fact.called_back_at);
    else
      is_open = true;
  }
  for (std::size_t first = 0; first + 2 < inbound.size(); ++first) {
    const auto within = *calls[inbound[first + 2]].started_at - *calls[inbound[first]].started_at;
    for (auto one = first; one < first + 3; ++one) {
      auto& shortest = facts[inbound[one]].three_inbound;
      if (!shortest || within < *shortest) shortest = within;
    }
  }
}

}  // namespace hkl
