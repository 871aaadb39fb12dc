// What one record of Channel Event Logging means: canonical events, made from
// the record alone (CEL specification of Asterisk 12 and newer). CEL does not
// tell who dialled whom, nor queues as such: the host concludes that from the
// channels.
#pragma once

#include <functional>
#include <string>

#include "hookline/events.h"
#include "hookline/sdk/host.h"
#include "layout.h"
#include "settings.h"

namespace asterisk {

using Emit = std::function<void(const hkl_call_event& event)>;

class CelFacts {
 public:
  CelFacts(const CelSettings& settings, const hookline::Host& host) : numbering_(settings), host_(host) {}

  // Returns the record's time, or HKL_UNKNOWN_MS for what is no record of CEL.
  std::int64_t of(const Record& record, const Emit& emit) const;

 private:
  struct Draft;
  void begun(Draft& draft) const;
  void learned(Draft& draft) const;
  void ended(Draft& draft) const;
  void bridge(Draft& draft, std::uint32_t kind) const;
  void bridge_of_two(Draft& draft, std::uint32_t kind) const;
  void transfer_blind(Draft& draft) const;
  void transfer_attended(Draft& draft) const;
  void parked(Draft& draft) const;
  void stream(Draft& draft) const;
  void application(Draft& draft, std::uint32_t kind) const;

  Numbering numbering_;
  const hookline::Host& host_;
};

// Makes the settings' layouts ready; `settings` outlives them.
LayoutBook cel_layouts(const CelSettings& settings);

}  // namespace asterisk
