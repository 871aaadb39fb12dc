// A source and its host on the SDK's terms: requests in, events and answers out.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "profile.h"

namespace webhook {

// Digests are "DIGEST(text)" cut to 16 bytes, so that a test can write them;
// numbers get a plus, local times are UTC.
struct FakeHost {
  FakeHost();
  hkl_host host{};
  static const void* find(const hkl_host*, hkl_str id);
};

struct Told {
  std::uint32_t status = 0, verdict = 0;
  std::string content_type, body, reason;
  std::vector<std::string> events;  // "kind call leg client extension at"
  std::vector<std::string> ids, skipped;
};

struct Sent {
  std::string method = "POST", path, query, type = "application/json", body, peer = "203.0.113.5";
  std::vector<std::pair<std::string, std::string>> headers;
  std::int64_t received_ms = 1000000;
  bool is_capture = false;
};

class TestSource {
 public:
  explicit TestSource(const std::string& profile, Json secrets = Json::object(), Json values = Json::object());
  Told send(const Sent& sent) const;
  std::map<std::string, std::string> contacts;  // number: name

 private:
  FakeHost host_;
  Profile profile_;
};

// What a profile is refused with; empty: it is not.
std::string fault_of(const std::string& profile, Json secrets = Json::object(), Json values = Json::object());

}  // namespace webhook
