// A vendor's profile, compiled for one source: what its requests mean and what
// is answered. Keeps nothing between requests; not to be moved, its parts point
// into it.
#pragma once

#include <memory>

#include "declared.h"
#include "event_id.h"
#include "fact.h"
#include "ordering.h"
#include "polling.h"
#include "reply.h"
#include "request_tree.h"
#include "sender.h"

namespace webhook {

struct SourceSettings {
  Json profile, secrets = Json::object(), values = Json::object();
  std::string timezone, region;
};

class Profile {
 public:
  // Throws Failure(HKL_BAD_SETTINGS) with the place and what to do.
  Profile(SourceSettings settings, hookline::Host host);
  Profile(const Profile&) = delete;
  Profile& operator=(const Profile&) = delete;

  // For one thread at a time.
  void answer(const hookline::HttpRequest& request, hookline::HttpOutput& out) const;
  // Whether requests are waited for: a profile may only ask.
  bool takes_requests() const { return source_.contains("kinds"); }
  // Null: the vendor is not asked.
  Poll* poll() const { return poll_.get(); }
  // Throws Failure(HKL_UNSUPPORTED) where the vendor takes no orders of calls.
  const Ordering& ordering() const;

 private:
  struct Kind {
    Condition when;
    Value call;
    std::vector<Fact> facts;
    std::optional<Reply> reply;
    std::string verdict = "accept", reason;
    std::string place;  // "kinds[2] a phone rings": which of them it is, for the admin
  };
  void read_request(const Json& source, const Place& place);
  Kind read_kind(const Json& source, const Place& place);
  void read_kinds(const Json& kinds);
  std::string_view event_id(const Scope& scope) const;
  std::string unknown_kind(const Scope& scope) const;
  void take(const Scope& scope, hookline::HttpOutput& out) const;
  void conclude(const Kind& kind, const Scope& scope, hookline::HttpOutput& out) const;

  Json source_, settings_ = Json::object();
  Vocabulary words_;
  std::unique_ptr<Poll> poll_;
  std::unique_ptr<Ordering> ordering_;
  BodyRules body_;
  mutable RequestReader reader_{body_};
  mutable EventId id_room_;
  std::vector<std::string> methods_;
  std::vector<std::vector<std::string>> not_in_id_;
  Sender sender_;
  Value call_, event_id_;
  std::optional<Reply> reply_;
  std::vector<Kind> kinds_;
  Kind otherwise_;
  std::vector<std::pair<std::string, Value>> tellers_;  // what tells kinds apart: "event", "$path"
};

}  // namespace webhook
