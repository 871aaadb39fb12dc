#include "api/api_door.h"

#include <Poco/DeflatingStream.h>
#include <fmt/format.h>
#include <xxhash.h>

#include <chrono>
#include <sstream>

#include "api/api_keys.h"
#include "canonical/json_text.h"

namespace hkl {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kOpen = "/api/v1/openapi.json";  // holds nothing of anybody's
constexpr std::string_view kEvents = "/api/v1/events";
constexpr std::size_t kWorthPacking = 1024;
// A listener is told so often that the connection stands, and as often it is
// looked whether anybody listens still.
constexpr Millis kGlance{250};
constexpr int kGlancesOfSilence = 60;

HttpReply problem(std::uint32_t status, std::string_view detail) {
  return {status, "application/problem+json", problem_json(status, detail), {}};
}

// RFC 6266, with the name as people wrote it in RFC 8187's form.
std::string disposition(const std::string& name) {
  std::string plain, coded;
  for (const auto c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = std::isalnum(byte) != 0 || c == '.' || c == '-' || c == '_';
    plain += is_plain ? c : '_';
    coded += is_plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", plain, coded);
}

HttpReply reply_of(const RestHead& head) {
  HttpReply reply{head.status, head.content_type, "", head.headers};
  if (!head.file_name.empty()) reply.headers.emplace_back("Content-Disposition", disposition(head.file_name));
  if (!head.location.empty()) reply.headers.emplace_back("Location", head.location);
  return reply;
}

// A whole answer is kept, to be given a length and a tag; what is larger goes
// out in chunks.
class ServerSink final : public RestSink {
 public:
  explicit ServerSink(HttpOutlet& outlet) : outlet_(outlet) {}
  Done begin(const RestHead& head) override {
    reply_ = reply_of(head);
    is_whole_ = head.is_whole;
    if (!is_whole_) outlet_.begin(reply_);
    return {};
  }
  Done body(std::string_view bytes) override {
    if (is_whole_) {
      reply_.body += bytes;
    } else {
      outlet_.write(bytes);
    }
    return {};
  }
  std::optional<HttpReply> whole() { return is_whole_ ? std::optional(std::move(reply_)) : std::nullopt; }

 private:
  HttpOutlet& outlet_;
  HttpReply reply_;
  bool is_whole_ = true;
};

std::string packed(const std::string& text) {
  std::ostringstream out;
  Poco::DeflatingOutputStream pack(out, Poco::DeflatingStreamBuf::STREAM_GZIP);
  pack.write(text.data(), static_cast<std::streamsize>(text.size()));
  pack.close();
  return out.str();
}

// RFC 9110 §13.1.2: what the client has is what it would get.
void tag(const HttpRequest& request, HttpReply& reply) {
  const auto hash = XXH3_128bits(reply.body.data(), reply.body.size());
  const auto tag = fmt::format("W/\"{:016x}{:016x}\"", hash.high64, hash.low64);
  reply.headers.emplace_back("ETag", tag);
  reply.headers.emplace_back("Cache-Control", "private, no-cache");
  if (request.header("If-None-Match").find(tag) == std::string_view::npos) return;
  reply.status = 304;
  reply.content_type.clear();
  reply.body.clear();
}

void pack(const HttpRequest& request, HttpReply& reply) {
  reply.headers.emplace_back("Vary", "Accept-Encoding");
  if (reply.body.size() < kWorthPacking || request.header("Accept-Encoding").find("gzip") == std::string_view::npos)
    return;
  reply.body = packed(reply.body);
  reply.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace

std::optional<Asker> ApiDoor::asker_of(const HttpRequest& request) const {
  auto given = request.header("Authorization");
  if (!given.starts_with(kBearer)) return std::nullopt;
  given.remove_prefix(kBearer.size());
  const auto* key = find_key(rules_.keys, given);
  if (key == nullptr) return std::nullopt;
  const auto language = request.header("Accept-Language").substr(0, 2);
  return Asker{std::make_shared<const Access>(rules_.of_key(*key)),
               language == "ru" || language == "en" ? std::string(language) : std::string()};
}

std::optional<HttpReply> ApiDoor::admit(const HttpCall& call) {
  const auto& request = call.request;
  if (request.path() == kOpen) return std::nullopt;
  const std::shared_lock entered(gate_);
  if (const auto wait = limit_.wait_s(request.peer, request.received_at); wait > 0) {
    auto reply = problem(429, fmt::format("too many requests without a right key; wait {} s", wait));
    reply.headers.emplace_back("Retry-After", std::to_string(wait));
    return reply;
  }
  if (asker_of(request)) return std::nullopt;
  limit_.note(request.peer, request.received_at);
  auto reply = problem(
      401, rules_.keys.empty() ? "the config names no keys; make one with `hookline key new` and put it under http.keys"
                               : "send a key of the config as Authorization: Bearer …");
  reply.headers.emplace_back("WWW-Authenticate", "Bearer");
  return reply;
}

std::optional<HttpReply> ApiDoor::answer(HttpCall& call, HttpOutlet& outlet) {
  auto& request = call.request;
  std::shared_lock entered(gate_);
  const auto asker = asker_of(request);
  // Nobody is asked for a key there, so nothing but that is answered without one.
  if (!asker && request.path() != kOpen) return problem(401, "send a key of the config as Authorization: Bearer …");
  const auto method = request.method == "HEAD" ? std::string("GET") : request.method;
  if (request.path() == kEvents && method == "GET") {
    entered.unlock();  // who listens does so for days
    return tell_changes(*asker, outlet);
  }
  ServerSink sink(outlet);
  if (auto done = answer_rest(backend_, {method, request.target, request.body, asker.value_or(Asker{})}, sink); !done)
    throw std::runtime_error(done.error().text);  // breaks the answer off
  auto reply = sink.whole();
  if (reply && reply->status == 200 && method == "GET") tag(request, *reply);
  if (reply) pack(request, *reply);
  return reply;
}

// HTML Living Standard, "Server-sent events".
std::optional<HttpReply> ApiDoor::tell_changes(const Asker& asker, HttpOutlet& outlet) {
  if (asker.access->role.sees != Role::Sees::all)
    return problem(403, fmt::format("{} may not listen here: changes are everybody's, and the role \"{}\" sees less",
                                    asker.access->name, asker.access->role_name));
  const auto listener = changes_.listen();
  if (!listener) {
    auto reply = problem(503, "too many listen already");
    reply.headers.emplace_back("Retry-After", "30");
    return reply;
  }
  outlet.begin({200, "text/event-stream", "", {}});
  outlet.write(": changes follow\n\n");
  for (int silence = 0; outlet.is_wanted();) {
    if (const auto change = listener->next(kGlance)) {
      outlet.write(fmt::format("data: {}\n\n", dumped({{"entity", change->entity}, {"id", change->id}})));
      silence = 0;
    } else if (++silence == kGlancesOfSilence) {
      outlet.write(": nothing new\n\n");
      silence = 0;
    }
    if (listener->missed()) outlet.write("event: missed\ndata: {}\n\n");
  }
  return std::nullopt;
}

}  // namespace hkl
