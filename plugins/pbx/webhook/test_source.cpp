#include "test_source.h"

#include <chrono>

namespace webhook {
namespace {

constexpr std::size_t kDigestSize = 16;

hkl_status fill(std::string text, hkl_digest* out) {
  text.resize(kDigestSize, '.');
  out->len = kDigestSize;
  std::copy(text.begin(), text.end(), out->bytes);
  return HKL_OK;
}

const hkl_host_digest kDigests{sizeof(hkl_host_digest), 0,
                               [](const hkl_host*, std::uint32_t, hkl_bytes data, hkl_digest* out) {
                                 return fill("h:" + std::string(hookline::view(data)), out);
                               },
                               [](const hkl_host*, std::uint32_t, hkl_bytes key, hkl_bytes data, hkl_digest* out) {
                                 return fill(std::string(hookline::view(key)) + ":" + std::string(hookline::view(data)),
                                             out);
                               }};

const hkl_host_phone kPhones{sizeof(hkl_host_phone), 0,
                             [](const hkl_host*, hkl_str raw, hkl_str, hkl_phone* out) -> hkl_status {
                               std::string digits;
                               for (const char c : hookline::view(raw))
                                 if (c >= '0' && c <= '9') digits += c;
                               if (digits.empty() || digits.size() > 20) return HKL_NOT_FOUND;
                               out->is_valid = 1;
                               ("+" + digits).copy(out->e164, sizeof out->e164 - 1);
                               return HKL_OK;
                             }};

// Its zones are UTC and "East", an hour ahead.
const hkl_host_time kTimes{
    sizeof(hkl_host_time), 0,
    [](const hkl_host*, const hkl_local_time* local, hkl_str zone, int64_t* out) -> hkl_status {
      using namespace std::chrono;
      const year_month_day day{year(local->year), month(static_cast<unsigned>(local->month)),
                               std::chrono::day(static_cast<unsigned>(local->day))};
      if (!day.ok()) return HKL_INVALID;
      const auto s =
          sys_days(day).time_since_epoch() + hours(local->hour) + minutes(local->minute) + seconds(local->second);
      *out = duration_cast<milliseconds>(s).count() - (hookline::view(zone) == "East" ? 3600000 : 0);
      return HKL_OK;
    },
    [](const hkl_host*, int64_t, hkl_str, hkl_local_time*) -> hkl_status { return HKL_UNSUPPORTED; }};

std::string text(const hkl_str& s) { return std::string(hookline::view(s)); }

SourceSettings settings_of(const std::string& profile, Json secrets, Json values) {
  return {Json::parse(profile), std::move(secrets), std::move(values), "", ""};
}

struct Taking {
  const TestSource& source;
  Told told;
  std::string name;
};

}  // namespace

FakeHost::FakeHost() {
  host.struct_size = sizeof host;
  host.get_interface = find;
}

const void* FakeHost::find(const hkl_host*, hkl_str id) {
  const auto name = hookline::view(id);
  if (name == HKL_HOST_DIGEST_V1) return &kDigests;
  if (name == HKL_HOST_PHONE_V1) return &kPhones;
  return name == HKL_HOST_TIME_V1 ? &kTimes : nullptr;
}

TestSource::TestSource(const std::string& profile, Json secrets, Json values)
    : profile_(settings_of(profile, std::move(secrets), std::move(values)), hookline::Host(&host_.host)) {}

Told TestSource::send(const Sent& sent) const {
  Taking taking{*this, {}, {}};
  hkl_pbx_sink events{};
  events.struct_size = sizeof events;
  events.user = &taking;
  events.event = [](void* user, const hkl_call_event* e, hkl_error*) -> hkl_status {
    auto& told = static_cast<Taking*>(user)->told;
    told.ids.push_back(text(e->event_id));
    told.events.push_back(std::to_string(e->kind) + " " + text(e->call_ref) + " " + text(e->leg_ref) + " " +
                          text(e->client) + " " + text(e->extension) + " " + std::to_string(e->at_ms));
    return HKL_OK;
  };
  events.skipped = [](void* user, std::uint64_t, std::uint64_t, hkl_str why) -> hkl_status {
    static_cast<Taking*>(user)->told.skipped.push_back(text(why));
    return HKL_OK;
  };
  hkl_http_sink sink{};
  sink.struct_size = sizeof sink;
  sink.events = &events;
  sink.user = &taking;
  sink.reply = [](void* user, const hkl_http_reply* reply) -> hkl_status {
    auto& told = static_cast<Taking*>(user)->told;
    told.status = reply->http_status;
    told.verdict = reply->verdict;
    told.content_type = text(reply->content_type);
    told.body = hookline::view(reply->body);
    told.reason = text(reply->reason);
    return HKL_OK;
  };
  sink.look_up = [](void* user, hkl_str number, hkl_lookup* out) -> hkl_status {
    auto& taking = *static_cast<Taking*>(user);
    const auto found = taking.source.contacts.find(text(number));
    if (found == taking.source.contacts.end()) return HKL_NOT_FOUND;
    out->contact_name = hookline::str(found->second);
    return HKL_OK;
  };
  std::vector<hkl_header> headers{{hookline::str("Content-Type"), hookline::str(sent.type)}};
  for (const auto& [name, value] : sent.headers) headers.push_back({hookline::str(name), hookline::str(value)});
  hookline::HttpRequest request;
  request.method = sent.method;
  request.path = sent.path;
  request.query = sent.query;
  request.body = sent.body;
  request.peer = sent.peer;
  request.headers = {headers.data(), headers.size()};
  request.received_ms = sent.received_ms;
  request.is_capture = sent.is_capture;
  const auto url = "https://h" + sent.path + (sent.query.empty() ? "" : "?" + sent.query);
  request.url = url;
  hookline::HttpOutput out(sink);
  profile_.answer(request, out);
  return taking.told;
}

std::string fault_of(const std::string& profile, Json secrets, Json values) {
  try {
    const FakeHost host;
    const Profile made(settings_of(profile, std::move(secrets), std::move(values)), hookline::Host(&host.host));
    return {};
  } catch (const hookline::Failure& failure) {
    return failure.what();
  }
}

}  // namespace webhook
