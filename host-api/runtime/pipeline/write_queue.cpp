#include "pipeline/write_queue.h"

#include <utility>

namespace hkl::queued {
namespace {

constexpr std::size_t kJoinsAtMost = 20000;  // of each half: those of some ten thousand calls, five megabytes

}  // namespace

std::string join_told(const Event& event) {
  return event.kind == HKL_EVENT_REFS_JOINED ? event.source + '\n' + event.event_id : std::string();
}

std::vector<Events::Prepared> prepared(const std::vector<Event>& events) {
  std::vector<Events::Prepared> all;
  all.reserve(events.size());
  for (const auto& event : events) all.push_back({event_to_json(event), call_names(event)});
  return all;
}

bool is_waited_for(const Item& item) {
  return std::holds_alternative<Barrier>(item) || std::holds_alternative<Work>(item);
}

bool is_of_other_hands(const Item& item) {
  return std::holds_alternative<Work>(item) || std::holds_alternative<Change>(item);
}

std::size_t weight(const Item& item) {
  if (const auto* events = std::get_if<Events>(&item)) return events->events.size();
  if (const auto* records = std::get_if<Records>(&item)) return records->records.size();
  return 1;
}

void Queue::take(std::vector<Item>& into, std::size_t most) {
  into.reserve(into.size() + items.size());
  std::size_t taken = 0;
  while (!items.empty() && taken < most) {
    if (std::holds_alternative<Work>(items.front()) && !into.empty()) break;
    taken += queued::weight(items.front());
    into.push_back(std::move(items.front()));
    items.pop_front();
  }
  weight -= taken;
  taken_joins = std::exchange(joins, {});
  if (!items.empty()) taken_joins.clear();
}

void StoredJoins::add(std::unordered_set<std::string>&& joins) {
  if (young_.size() >= kJoinsAtMost) old_ = std::exchange(young_, {});
  young_.merge(joins);
}

void StoredJoins::clear() {
  young_.clear();
  old_.clear();
}

}  // namespace hkl::queued
