// What a source sent and its adapter did not understand: a kind of event that
// the vendor made after the profile, a line no layout fits. It costs nothing,
// but somebody should see it: how often each kind came, when, and the latest
// as it came. Kept in the store with how far sources were read, so that
// `hookline plugins` can show it beside a running host.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugins/instances.h"
#include "values/instant.h"

namespace hkl {

struct UnknownKind {
  std::string kind;  // "unknown_kind: event=transfer_failed"
  std::uint64_t count = 0;
  Instant first_at{}, last_at{};
  std::string sample;  // the latest, without headers and secrets; may be empty
};

// Under which name a kind is kept; nothing for any other of a source's marks.
std::optional<UnknownKind> read_unknown(const std::string& place, const std::string& value);

// The kind of a request from a known sender that was not understood; nothing
// for all others: what tells, what is declared to be of no interest, and
// requests of strangers, of which nothing is kept.
std::optional<std::string> unknown_kind_of(const HookReply& reply);

// For one thread.
class UnknownInput {
 public:
  struct Mark {
    std::string place, value;
  };
  // `marks`: what an earlier process had kept. `secrets` stand in no sample.
  UnknownInput(const std::map<std::string, std::string>& marks, std::vector<std::string> secrets);

  // Counts one; the mark to keep for it. Beyond a few dozen kinds they are
  // counted as one.
  Mark note(const std::string& kind, Instant at, std::string sample);
  Mark note(const std::string& kind, Instant at, const HttpRequest& request);

 private:
  std::map<std::string, UnknownKind> kinds_;  // by place
  std::vector<std::string> secrets_;
};

}  // namespace hkl
