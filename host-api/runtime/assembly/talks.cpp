#include "assembly/talks.h"

#include <algorithm>
#include <set>

namespace hkl {
namespace {

// Channels and bridges reachable from one channel at a moment.
std::set<std::string> reachable(const Switchboard& board, const std::string& start, Instant at) {
  std::set<std::string> found = {start};
  std::vector<std::string> open = {start};
  while (!open.empty()) {
    const auto ref = open.back();
    open.pop_back();
    const auto here = board.channels.find(ref);
    if (here == board.channels.end()) continue;
    const auto add = [&](const std::string& other) {
      if (!other.empty() && found.insert(other).second) open.push_back(other);
    };
    // The halves of a pair are one party twice.
    if (here->second.kind == ChannelKind::local) add(here->second.pair);
    for (const auto& stay : here->second.bridges) {
      if (!stay.holds(at)) continue;
      for (const auto& [other, channel] : board.channels)
        if (std::any_of(channel.bridges.begin(), channel.bridges.end(),
                        [&](const Stay& s) { return s.where == stay.where && s.holds(at); }))
          add(other);
    }
  }
  found.erase(start);
  return found;
}

}  // namespace

std::vector<Span> united(std::vector<Span> spans) {
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
  std::vector<Span> whole;
  for (const auto& span : spans) {
    if (span.to <= span.from) continue;
    // Local optimisation leaves and enters within a millisecond or two.
    if (!whole.empty() && span.from - whole.back().to <= Millis(20)) {
      if (span.to >= whole.back().to) {
        whole.back().to = span.to;
        whole.back().is_to_known = span.is_to_known;
      }
    } else {
      whole.push_back(span);
    }
  }
  return whole;
}

Millis total(const std::vector<Span>& spans) {
  Millis sum{0};
  for (const auto& span : spans) sum += span.length();
  return sum;
}

std::optional<Millis> sure_total(const std::vector<Span>& spans) {
  for (const auto& span : spans)
    if (!span.is_from_known || !span.is_to_known) return std::nullopt;
  return total(spans);
}

std::vector<Span> within(const std::vector<Span>& spans, Span frame) {
  std::vector<Span> cut;
  for (const auto& span : spans) {
    const Span part{std::max(span.from, frame.from), std::min(span.to, frame.to)};
    if (part.from < part.to) cut.push_back(part);
  }
  return cut;
}

std::vector<Span> without(const std::vector<Span>& spans, const std::vector<Span>& taken) {
  std::vector<Span> rest;
  for (auto span : spans) {
    for (const auto& hole : taken) {
      if (hole.to <= span.from || hole.from >= span.to) continue;
      if (hole.from > span.from) rest.push_back({span.from, hole.from});
      span.from = hole.to;
    }
    if (span.from < span.to) rest.push_back(span);
  }
  return rest;
}

std::map<std::string, std::vector<Span>> heard_by(const Switchboard& board, const std::string& channel, Instant until,
                                                  bool is_until_known) {
  std::set<Instant> borders = {until}, guesses;
  if (!is_until_known) guesses.insert(until);
  for (const auto& [ref, other] : board.channels)
    for (const auto& stay : other.bridges) {
      borders.insert(stay.from);
      if (stay.from_is_guess) guesses.insert(stay.from);
      if (stay.to) borders.insert(*stay.to);
      if (stay.to && stay.to_is_guess) guesses.insert(*stay.to);
    }
  std::map<std::string, std::vector<Span>> heard;
  for (auto border = borders.begin(); border != borders.end(); ++border) {
    const auto next = std::next(border);
    if (next == borders.end() || *border >= until) break;
    for (const auto& other : reachable(board, channel, *border))
      heard[other].push_back({*border, *next, !guesses.contains(*border), !guesses.contains(*next)});
  }
  for (auto& [other, spans] : heard) spans = united(std::move(spans));
  return heard;
}

}  // namespace hkl
