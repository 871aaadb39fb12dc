// Orders of calls that a vendor takes over HTTP: each is sent once, and whoever
// waits for it is told what the vendor answered. Nothing is sent again by
// itself, as nobody may be dialled twice. A line has one order at a time; a
// source has several, so that one that the vendor thinks about holds up nobody.
//
// Used by the runner's thread alone. Every order ends within some twenty
// seconds.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "endpoints/desk.h"
#include "endpoints/http_asker.h"

namespace hkl {

class OrderLine {
 public:
  // HKL_OK: the vendor took it. HKL_INVALID, HKL_UNAVAILABLE: it did not, in its
  // own words. HKL_UNSUPPORTED, HKL_BAD_SETTINGS: nothing was sent. HKL_TIMEOUT:
  // nobody knows whether it dials.
  using Tell = std::function<void(Done)>;

  explicit OrderLine(SourceDesk& desk) : desk_(desk) {}
  OrderLine(const OrderLine&) = delete;
  OrderLine& operator=(const OrderLine&) = delete;

  bool is_busy() const { return pending_.has_value(); }
  // Must not be busy. `tell` is called once, now or in work() or end().
  void begin(CallOrder order, Tell tell);
  void plan(Waiting& waiting) const;
  void work();
  void end();

 private:
  struct Pending {
    CallOrder order;
    Tell tell;
    std::string place;  // whom it was sent to, for messages
    Steady until;
  };
  Result<HookAsk> prepare(const CallOrder& order);
  Done outcome_of(const Result<HttpAnswer>& answer);
  Done unanswered(const std::string& why);
  void conclude(Done outcome);

  SourceDesk& desk_;
  std::unique_ptr<HttpAsker> asker_;
  std::optional<Pending> pending_;
};

}  // namespace hkl
