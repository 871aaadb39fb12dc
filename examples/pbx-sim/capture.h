// A recorded conversation with an Asterisk: the folder's ami.raw (every byte it
// sent) and ami.timing (one line a read: epoch seconds, offset, length), either
// of them also gzipped.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "ami_message.h"

namespace pbx_sim {

struct CapturedEvent {
  std::chrono::microseconds after_first;  // since the capture's first event
  AmiMessage message;
};

struct Capture {
  std::string greeting;  // "Asterisk Call Manager/9.0.0", without its line end
  std::vector<CapturedEvent> events;
};

// Keeps what every listener heard. What the capture's own client asked for is
// left out: responses, lists, FullyBooted after its log-in; so is half a
// message at the end. Without ami.timing all events come at once.
// Throws std::runtime_error that names the file and the way out.
Capture read_capture(const std::string& folder);

// Whether everybody connected hears this message.
bool is_heard_by_all(const AmiMessage& message);

}  // namespace pbx_sim
