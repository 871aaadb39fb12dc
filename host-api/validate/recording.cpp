#include "recording.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "endpoints/hook_request.h"
#include "hookline/pbx_adapter.h"
#include "hookline/pbx_http.h"
#include "specimen.h"

namespace hkl::validate {
namespace {

// The end of the first empty line, or npos.
std::size_t after_blank(std::string_view bytes) {
  for (auto at = bytes.find('\n'); at != bytes.npos; at = bytes.find('\n', at + 1)) {
    if (bytes.substr(at + 1).starts_with("\n")) return at + 2;
    if (bytes.substr(at + 1).starts_with("\r\n")) return at + 3;
  }
  return bytes.npos;
}

// Of the body that a head announces, as HTTP and FreeSWITCH do.
std::size_t length_of_body(std::string_view head) {
  constexpr std::string_view kName = "content-length:";
  const auto found = std::search(head.begin(), head.end(), kName.begin(), kName.end(),
                                 [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
  if (found == head.end()) return 0;
  auto rest = head.substr(static_cast<std::size_t>(found - head.begin()) + kName.size());
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  std::size_t length = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), length);
  return length;
}

std::size_t end_of_message(std::string_view bytes, bool has_blanks) {
  if (!has_blanks) {
    const auto end = bytes.find('\n');
    return end == bytes.npos ? bytes.size() : end + 1;
  }
  const auto end = after_blank(bytes);
  if (end == bytes.npos) return bytes.size();
  return std::min(bytes.size(), end + length_of_body(bytes.substr(0, end)));
}

}  // namespace

bool is_adapter(const Candidate& candidate) { return kind_of(note_of(candidate)) == HKL_PBX_ADAPTER_V1; }

bool is_of_requests(const Candidate& candidate, const PluginNote& note) {
  const auto& offered = note.interfaces;
  return begins_request(std::string_view(candidate.capture).substr(0, kRequestLineBegin)) &&
         std::find(offered.begin(), offered.end(), HKL_PBX_HTTP_V1) != offered.end();
}

std::vector<HttpRequest> requests_of(std::string_view bytes) {
  RequestReader reader(HttpLimits{});
  std::vector<HttpRequest> all;
  for (auto step = reader.take(bytes);; step = reader.next()) {
    if (step == RequestReader::Step::head) step = reader.go_on(HttpLimits{}.body_bytes);
    if (step != RequestReader::Step::whole) return all;
    all.push_back(std::move(reader.request()));
    all.back().peer = "10.0.0.5";
    all.back().received_at = instant_of(kRequestsMs);
  }
}

HookRequest hook_request(const HttpRequest& request) {
  return {request, public_address({}, request, {}), path_on_route(request.path()), true};
}

hkl_status hear(Bench& bench, std::uint64_t connection, std::string_view bytes, std::int64_t now_ms) {
  if (!bench.hears_requests()) return bench.feed(connection, bytes, now_ms);
  auto status = HKL_OK;
  for (const auto& request : requests_of(bytes))
    if (status == HKL_OK) status = bench.request(hook_request(request), kRequestsMs + now_ms - kMondayMs);
  return status;
}

std::vector<std::string_view> messages_of(std::string_view capture) {
  const bool has_blanks = after_blank(capture) != capture.npos;
  std::vector<std::string_view> messages;
  while (!capture.empty()) {
    const auto end = end_of_message(capture, has_blanks);
    messages.push_back(capture.substr(0, end));
    capture.remove_prefix(end);
  }
  return messages;
}

std::string unknown_message(std::string_view capture) {
  if (begins_request(capture.substr(0, kRequestLineBegin)))
    return "POST /hooks/pbx1 HTTP/1.1\r\nHost: crm.example.com\r\nContent-Type: application/json\r\n"
           "Content-Length: 25\r\n\r\n{\"event\":\"NobodyKnowsIt\"}";
  const std::string end_of_line = capture.find("\r\n") == capture.npos ? "\n" : "\r\n";
  if (after_blank(capture) == capture.npos) return "a message that nobody knows" + end_of_line;
  return "Event: NobodyKnowsIt" + end_of_line + "Odd-Header: 1" + end_of_line + end_of_line;
}

std::vector<std::string> events_of(Bench& bench, std::string_view bytes, std::uint64_t connection,
                                   std::int64_t now_ms) {
  const auto before = bench.told().size();
  if (bench.opened(connection, true, now_ms) == HKL_OK) (void)hear(bench, connection, bytes, now_ms);
  (void)bench.closed(connection, now_ms);
  std::vector<std::string> events;
  for (auto at = bench.told().begin() + static_cast<std::ptrdiff_t>(before); at != bench.told().end(); ++at)
    if (at->starts_with("event ")) events.push_back(*at);
  return events;
}

std::set<std::string> ids_in(const std::vector<std::string>& events) {
  std::set<std::string> ids;
  for (const auto& event : events)
    if (event.find(" {\"kind\":3") == event.npos) ids.insert(event.substr(0, event.find(" {")));
  return ids;
}

}  // namespace hkl::validate
