// Stretches of time as half-open spans of milliseconds, and how many calls are
// on at once. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace agent_timeline {

struct Span {
  std::int64_t from = 0, to = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

inline Span common(Span a, Span b) { return {std::max(a.from, b.from), std::min(a.to, b.to)}; }
inline std::int64_t length(Span span) { return std::max<std::int64_t>(0, span.to - span.from); }

// Those that overlap or touch become one: paused in two queues is paused once.
inline std::vector<Span> united(std::vector<Span> spans) {
  std::sort(spans.begin(), spans.end(), [](Span a, Span b) { return a.from < b.from; });
  std::vector<Span> found;
  for (const auto& span : spans) {
    if (length(span) == 0) continue;
    if (!found.empty() && span.from <= found.back().to)
      found.back().to = std::max(found.back().to, span.to);
    else
      found.push_back(span);
  }
  return found;
}

// How much of `span` lies within the others, which do not overlap.
inline std::int64_t within(Span span, const std::vector<Span>& others) {
  std::int64_t sum = 0;
  for (const auto& other : others) sum += length(common(span, other));
  return sum;
}

// The calls that are on at once, at most. A call of several people is one.
class Peak {
 public:
  void add(Span span, const std::string& call) {
    if (length(span) == 0) return;
    events_.push_back({span.from, call, true});
    events_.push_back({span.to, call, false});
  }

  // At the first moment at which they are most; in the order of their ids.
  std::set<std::string> calls() const {
    auto events = events_;
    // One that ends as another begins is not on together with it.
    std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
      return std::tie(a.at, a.is_begin, a.call) < std::tie(b.at, b.is_begin, b.call);
    });
    std::map<std::string, int> on;
    std::set<std::string> most;
    for (const auto& event : events) {
      if (!event.is_begin) {
        if (--on[event.call] == 0) on.erase(event.call);
        continue;
      }
      ++on[event.call];
      if (on.size() <= most.size()) continue;
      most.clear();
      for (const auto& [call, people] : on) most.insert(call);
    }
    return most;
  }

 private:
  struct Event {
    std::int64_t at;
    std::string call;
    bool is_begin;
  };
  std::vector<Event> events_;
};

}  // namespace agent_timeline
