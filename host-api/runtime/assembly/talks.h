// Who was connected with whom, and when: bridges over time, across the halves
// of local pairs.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "assembly/switchboard.h"

namespace hkl {

struct Span {
  Instant from{}, to{};
  // False where only a list of living channels, or nothing, tells the edge.
  bool is_from_known = true, is_to_known = true;
  Millis length() const { return to - from; }
};

// Sorted, united; touching ones are one.
std::vector<Span> united(std::vector<Span> spans);
Millis total(const std::vector<Span>& spans);
// The same, or nothing when an edge of any is not known.
std::optional<Millis> sure_total(const std::vector<Span>& spans);
std::vector<Span> without(const std::vector<Span>& spans, const std::vector<Span>& taken);
std::vector<Span> within(const std::vector<Span>& spans, Span frame);

// For every other channel: when it could hear `channel`, through bridges and
// local pairs. What is still going on ends at `until`, the end of the call where
// that is known.
std::map<std::string, std::vector<Span>> heard_by(const Switchboard& board, const std::string& channel, Instant until,
                                                  bool is_until_known);

}  // namespace hkl
