// Delivers entities to a CRM by signed webhooks, in place of its callback.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "config/config.h"
#include "endpoints/http_asker.h"
#include "pipeline/outbox.h"

namespace hkl {

class CrmSender {
 public:
  // HKL_BAD_SETTINGS: the authorities cannot be read. Nothing is connected.
  static Result<std::unique_ptr<CrmSender>> make(CrmWebhook settings, CrmConfig::Links links);

  bool wants(const std::string& entity) const;

  // Posts {"type": "lead.changed" or "lead.deleted", "timestamp", "data"}. Blocks up
  // to the timeout. Any 2xx is taken; a JSON object's `id` is the CRM's own. 400,
  // 410, 413, 415 and 422 set the delivery aside: the same would be refused again.
  DeliveryAnswer deliver(const Delivery& delivery, Instant now);
  // From another thread: what is under way is given up, and comes again later.
  void cancel() { asker_->cancel(); }

 private:
  CrmSender(CrmWebhook settings, CrmConfig::Links links) : settings_(std::move(settings)), links_(std::move(links)) {}
  std::string body_of(const Delivery& delivery, Instant now) const;
  Result<HttpAnswer> ask(HookAsk ask);

  CrmWebhook settings_;
  CrmConfig::Links links_;
  std::mutex mutex_;  // guards is_answered_
  std::condition_variable answered_;
  bool is_answered_ = false;
  std::unique_ptr<HttpAsker> asker_;  // ends first: it rings the above
};

// A screen pop with the addresses of the cards that it names, as "link" in its
// "contact" and "lead"; every other delivery as it is.
Delivery with_links(Delivery delivery, const CrmConfig::Links& links);

// The address of a card: `link` with the id, escaped, in place of {id}; empty
// where there is no link.
std::string link_to(const std::string& link, const std::string& id);

}  // namespace hkl
