#include "endpoints/unknown_input.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "plugins/texts.h"

namespace hkl {
namespace {

constexpr std::string_view kPlace = "unknown:";
constexpr std::size_t kMostKinds = 50;
constexpr std::size_t kLongestKind = 200, kLongestSample = 4096;
// Shorter ones would take half of every text with them.
constexpr std::size_t kShortestSecret = 4;

void replace_all(std::string& text, const std::string& what) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 3))
    text.replace(at, what.size(), "***");
}

// Of a cut sample the last character may be half.
void cut(std::string& text, std::size_t most) {
  if (text.size() <= most) return;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  text.resize(most);
}

}  // namespace

std::optional<UnknownKind> read_unknown(const std::string& place, const std::string& value) {
  if (!place.starts_with(kPlace)) return std::nullopt;
  const auto json = nlohmann::json::parse(value, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return UnknownKind{place.substr(kPlace.size()), json.value("count", std::uint64_t{0}),
                     instant_of(json.value("first_at", std::int64_t{0})),
                     instant_of(json.value("last_at", std::int64_t{0})), json.value("sample", "")};
}

std::optional<std::string> unknown_kind_of(const HookReply& reply) {
  if (reply.verdict == HKL_VERDICT_ACCEPT) return std::nullopt;
  if (reply.verdict == HKL_VERDICT_IGNORE) {
    if (reply.reason != "unknown_kind") return std::nullopt;
    return reply.reason + (reply.detail.empty() ? "" : ": " + reply.detail);
  }
  if (reply.status == 401 || reply.status == 403 || reply.status == 405) return std::nullopt;
  return reply.reason;  // its detail is another for each request
}

UnknownInput::UnknownInput(const std::map<std::string, std::string>& marks, std::vector<std::string> secrets)
    : secrets_(std::move(secrets)) {
  for (const auto& [place, value] : marks)
    if (auto known = read_unknown(place, value)) kinds_[place] = std::move(*known);
}

UnknownInput::Mark UnknownInput::note(const std::string& given, Instant at, std::string sample) {
  auto kind = one_line(given, kLongestKind);
  auto place = std::string(kPlace) + kind;
  if (kinds_.size() >= kMostKinds && kinds_.count(place) == 0) place = std::string(kPlace) + (kind = "other");
  auto& known = kinds_[place];
  if (known.count == 0) known.first_at = at;
  ++known.count;
  known.last_at = std::max(known.last_at, at);
  if (!sample.empty()) {
    for (const auto& secret : secrets_)
      if (secret.size() >= kShortestSecret) replace_all(sample, secret);
    cut(sample, kLongestSample);
    known.sample = std::move(sample);
  }
  const nlohmann::json value = {{"count", known.count},
                                {"first_at", ms_of(known.first_at)},
                                {"last_at", ms_of(known.last_at)},
                                {"sample", known.sample}};
  return {std::move(place), value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

UnknownInput::Mark UnknownInput::note(const std::string& kind, Instant at, const HttpRequest& request) {
  auto sample = request.method + " " + request.target;
  if (!request.body.empty()) sample += "\n\n" + request.body.substr(0, kLongestSample);
  return note(kind, at, std::move(sample));
}

}  // namespace hkl
