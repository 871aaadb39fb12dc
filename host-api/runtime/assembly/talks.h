// Who was connected with whom, and when: bridges over time, across the halves
// of local pairs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "assembly/switchboard.h"

namespace hkl {

struct Span {
  Instant from{}, to{};
  Millis length() const { return to - from; }
};

// Sorted, united; touching ones are one.
std::vector<Span> united(std::vector<Span> spans);
Millis total(const std::vector<Span>& spans);
std::vector<Span> without(const std::vector<Span>& spans, const std::vector<Span>& taken);
std::vector<Span> within(const std::vector<Span>& spans, Span frame);

// For every other channel: when it could hear `channel`, through bridges and
// local pairs. `until` ends what is still going on.
std::map<std::string, std::vector<Span>> heard_by(const Switchboard& board, const std::string& channel, Instant until);

}  // namespace hkl
