// /api/v1 on the runtime's own HTTP server: who asks is known by a key, and
// what HTTP adds to an answer is added here.
#pragma once

#include <shared_mutex>

#include "api/change_feed.h"
#include "http/routes.h"
#include "http/senders.h"
#include "rest/rest.h"

namespace hkl {

// Thread-safe. What is given to it outlives it.
class ApiDoor {
 public:
  // `gate`: held, shared with others, while backend and rules are used.
  ApiDoor(RestBackend& backend, std::shared_mutex& gate, const AccessRules& rules, ChangeFeed& changes,
          std::size_t refusals_per_minute)
      : backend_(backend), gate_(gate), rules_(rules), changes_(changes), limit_(refusals_per_minute) {}

  // Before the body is read: 401 without a key that is known, 429 after too
  // many of those.
  std::optional<HttpReply> admit(const HttpCall& call);
  std::optional<HttpReply> answer(HttpCall& call, HttpOutlet& outlet);

 private:
  std::optional<Asker> asker_of(const HttpRequest& request) const;
  std::optional<HttpReply> tell_changes(const Asker& asker, HttpOutlet& outlet);
  RestBackend& backend_;
  std::shared_mutex& gate_;
  const AccessRules& rules_;
  ChangeFeed& changes_;
  RefusalLimit limit_;
};

}  // namespace hkl
