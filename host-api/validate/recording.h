// A recording as an adapter hears it: its messages, and what the adapter tells of them.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bench.h"
#include "check.h"

namespace hkl::validate {

inline constexpr const char* kNoRecording = "no recording; give one with --capture, or put NAME.capture beside it";

bool is_adapter(const Candidate& candidate);

// Whether the recording is of HTTP requests, one behind the other as on the
// wire, and the adapter takes such.
bool is_of_requests(const Candidate& candidate, const PluginNote& note);
// Of such a recording: what tells no time of its own happened when it came, so
// it comes after all that may be told in it (the first of 2036).
inline constexpr std::int64_t kRequestsMs = 2'082'758'400'000;
// Those of them that are whole; the host puts them together, and drops the rest.
std::vector<HttpRequest> requests_of(std::string_view bytes);
HookRequest hook_request(const HttpRequest& request);  // refers to it

// A piece of the recording, as the host hands it on: to feed, or request by request.
hkl_status hear(Bench& bench, std::uint64_t connection, std::string_view bytes, std::int64_t now_ms);

// The messages of a recording, which together are all of it: lines, or where
// there are empty lines what these part, with a body of the length that it tells.
std::vector<std::string_view> messages_of(std::string_view capture);
inline constexpr std::string_view kAnyRequest = "POST / HTTP/1.1";
// An unknown message of the same kind.
std::string unknown_message(std::string_view capture);

// Events that come of the bytes on a connection of their own: "event ID {JSON}".
std::vector<std::string> events_of(Bench& bench, std::string_view bytes, std::uint64_t connection, std::int64_t now_ms);
// Ids of those that tell of a call, not of the connection: a stretch without
// news, a list, a restart are others when the connection ends elsewhere.
std::set<std::string> ids_in(const std::vector<std::string>& events);

// P02 and P03.
Outcome bad_connections(const Candidate& candidate);
Outcome messages_in_disorder(const Candidate& candidate);

}  // namespace hkl::validate
