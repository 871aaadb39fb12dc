// Delivers to the CRM what the outbox holds: at least once, in order per
// contact, with an idempotency key, with backoff (DESIGN section 4, step 9).
//
// Owns one thread; with `pump` none, and deliver_due() is called by the host.
// What the CRM answers is journalled by the writer before the next one of the
// same contact goes out.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "pipeline/writer.h"
#include "store/store.h"

namespace hkl {

struct Delivery {
  std::string entity;  // contact, call, inquiry, lead, task
  std::string id, key, json;
  int attempt = 1;
};

struct DeliveryAnswer {
  hkl_status status = HKL_OK;  // OK: done; INVALID: set aside; else again later
  std::string crm_id, text;
  Millis retry_after{0};  // not before, whatever the backoff says
  bool is_down = false;   // the CRM takes nothing at all now: the others wait too
};

using Deliver = std::function<DeliveryAnswer(const Delivery&)>;

class Outbox {
 public:
  Outbox(Store& store, Writer& writer, Deliver deliver, std::function<Instant()> now);
  ~Outbox();
  void start();  // the thread; not with pump
  void close();  // no further delivery begins
  void stop();
  void wake();  // something may be due
  // Nothing is on its way to the CRM while it is held. Not held: something still
  // was when the patience ended.
  std::unique_lock<std::timed_mutex> pause(Millis patience);
  // Delivers what is due now, on this thread; the number of attempts.
  std::uint64_t deliver_due();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hkl
