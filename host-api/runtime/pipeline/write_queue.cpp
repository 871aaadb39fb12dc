#include "pipeline/write_queue.h"

namespace hkl::queued {

std::string join_told(const Event& event) {
  return event.kind == HKL_EVENT_REFS_JOINED ? event.source + '\n' + event.event_id : std::string();
}

std::vector<std::string> bodies_of(const std::vector<Event>& events) {
  std::vector<std::string> bodies;
  bodies.reserve(events.size());
  for (const auto& event : events) bodies.push_back(event_to_json(event));
  return bodies;
}

bool is_waited_for(const Item& item) {
  return std::holds_alternative<Barrier>(item) || std::holds_alternative<Work>(item);
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
  joins.clear();
}

}  // namespace hkl::queued
