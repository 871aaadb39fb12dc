// What one AMI message means: canonical events, made from the message alone.
// No memory of calls: the host puts facts together, so a repeated, late or cut
// stream tells the same (AMI event reference of Asterisk 18 and 20).
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "ami_message.h"
#include "hookline/events.h"
#include "settings.h"

namespace asterisk {

using Emit = std::function<void(const hkl_call_event& event)>;

class Facts {
 public:
  explicit Facts(const Settings& settings) : numbering_(settings) {}

  // `receipt_ms` stands in where the message has no Timestamp. Returns the
  // message's own time, or HKL_UNKNOWN_MS.
  std::int64_t of(const Message& message, std::int64_t receipt_ms, const Emit& emit) const;

 private:
  struct Draft;
  void channel_begun(Draft& draft) const;
  void dial(Draft& draft, bool begins) const;
  void bridge(Draft& draft, bool enters) const;
  void transfer_blind(Draft& draft) const;
  void transfer_attended(Draft& draft) const;
  void park(Draft& draft, bool parks) const;
  void queue(Draft& draft) const;
  void member(Draft& draft, std::uint32_t kind) const;
  void application(Draft& draft) const;
  void ended(Draft& draft) const;
  void joined(const Message& message, Draft& draft) const;
  Numbering numbering_;
};

// "1795415750.531803" as milliseconds and the microseconds within.
bool parse_timestamp(std::string_view text, std::int64_t& ms, std::uint64_t& micros);

}  // namespace asterisk
