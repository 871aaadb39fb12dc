#include "plugins/http_outlet.h"

#include <algorithm>

#include "plugins/sized.h"
#include "plugins/texts.h"

namespace hkl {
namespace {

constexpr std::uint64_t kMostBytes = 16 << 20;  // of a body
constexpr std::size_t kMostHeaders = 100;
constexpr std::size_t kMostAsks = 100;

Result<std::string> take_bytes(hkl_bytes bytes) {
  if (bytes.len == 0) return std::string();
  if (bytes.ptr == nullptr || bytes.len > kMostBytes) return fail(HKL_INVALID, "a body without bytes or above 16 MiB");
  return std::string(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
}

// Into a header: a line end there would begin another one.
Result<std::string> take_header_text(hkl_str text, const char* name) {
  auto taken = take_text(text, name);
  if (!taken) return taken;
  const bool is_plain = std::all_of(taken->begin(), taken->end(),
                                    [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
  if (!is_plain) return fail(HKL_INVALID, std::string(name) + " has control characters");
  return taken;
}

template <typename F>
hkl_status guarded(F&& take) noexcept {
  try {
    return take();
  } catch (const std::exception&) {
    return HKL_RESOURCE;
  }
}

}  // namespace

AdapterHttpOutlet::AdapterHttpOutlet(const hkl_pbx_sink& events)
    : sink_{sizeof(hkl_http_sink), 0, &events, this, take_reply, answer_look_up, take_ask, take_position} {}

void AdapterHttpOutlet::open(AdapterOutput& out, const LookUp* look_up) {
  out_ = &out;
  look_up_ = look_up;
  found_.clear();
}

hkl_status AdapterHttpOutlet::take_reply(void* user, const hkl_http_reply* given) {
  auto& self = *static_cast<AdapterHttpOutlet*>(user);
  if (self.out_ == nullptr) return HKL_CANCELLED;
  return guarded([&]() -> hkl_status {
    const auto taken = take_struct(given);
    if (!taken || self.out_->reply) return HKL_INVALID;  // a request has one answer
    const bool is_legal = taken->verdict >= HKL_VERDICT_ACCEPT && taken->verdict <= HKL_VERDICT_REJECT &&
                          taken->http_status >= 200 && taken->http_status <= 599;
    auto type = take_header_text(taken->content_type, "the content type");
    auto body = take_bytes(taken->body);
    if (!is_legal || !type || !body) return HKL_INVALID;
    const auto line = [](hkl_str text) {
      return text.ptr == nullptr ? std::string() : one_line(std::string_view(text.ptr, text.len), 500);
    };
    self.out_->reply = HookReply{taken->verdict,   taken->http_status,  std::move(*type),
                                 std::move(*body), line(taken->reason), line(taken->detail)};
    return HKL_OK;
  });
}

hkl_status AdapterHttpOutlet::answer_look_up(void* user, hkl_str number, hkl_lookup* out) {
  auto& self = *static_cast<AdapterHttpOutlet*>(user);
  if (self.out_ == nullptr) return HKL_CANCELLED;
  return guarded([&]() -> hkl_status {
    const auto asked = take_text(number, "the number");
    if (!asked) return HKL_INVALID;
    auto found = self.look_up_ != nullptr && *self.look_up_ ? (*self.look_up_)(*asked) : std::nullopt;
    if (!found) return HKL_NOT_FOUND;
    const auto& kept = self.found_.emplace_back(std::move(*found));
    hkl_lookup given{};
    given.struct_size = sizeof given;
    given.contact = str_of(kept.contact);
    given.contact_name = str_of(kept.contact_name);
    given.responsible = str_of(kept.responsible);
    given.responsible_extension = str_of(kept.responsible_extension);
    given.lead = str_of(kept.lead);
    return give_struct(out, given) ? HKL_OK : HKL_INVALID;
  });
}

hkl_status AdapterHttpOutlet::take_ask(void* user, const hkl_http_request* given, std::int64_t at_ms) {
  auto& self = *static_cast<AdapterHttpOutlet*>(user);
  if (self.out_ == nullptr) return HKL_CANCELLED;
  return guarded([&]() -> hkl_status {
    const auto taken = take_request(given);
    if (!taken) return taken.error().status;
    if (self.out_->asks.size() >= kMostAsks) return HKL_RESOURCE;
    HookAsk ask;
    auto method = take_header_text(taken->method, "the method");
    auto url = take_header_text(taken->url, "the address");
    auto body = take_bytes(taken->body);
    if (!method || !url || !body || url->empty() || taken->header_count > kMostHeaders) return HKL_INVALID;
    for (std::uint64_t i = 0; i < taken->header_count; ++i) {
      auto name = take_header_text(taken->headers[i].name, "a header's name");
      auto value = take_header_text(taken->headers[i].value, "a header");
      if (!name || !value || name->empty()) return HKL_INVALID;
      ask.headers.emplace_back(std::move(*name), std::move(*value));
    }
    ask.method = method->empty() ? "GET" : std::move(*method);
    ask.url = std::move(*url);
    ask.body = std::move(*body);
    ask.at = at_ms > 0 ? instant_of(at_ms) : Instant{};
    self.out_->asks.push_back(std::move(ask));
    return HKL_OK;
  });
}

hkl_status AdapterHttpOutlet::take_position(void* user, hkl_str position) {
  auto& self = *static_cast<AdapterHttpOutlet*>(user);
  if (self.out_ == nullptr) return HKL_CANCELLED;
  return guarded([&]() -> hkl_status {
    auto text = take_text(position, "the position");
    if (!text) return HKL_INVALID;
    self.out_->position = std::move(*text);
    return HKL_OK;
  });
}

hkl_http_request abi_request(const HookRequest& request, std::vector<hkl_header>& headers) {
  headers.clear();
  for (const auto& [name, value] : request.http.headers) headers.push_back({str_of(name), str_of(value)});
  hkl_http_request given{};
  given.struct_size = sizeof given;
  given.is_capture = request.is_capture ? 1 : 0;
  given.method = str_of(request.http.method);
  given.url = str_of(request.url);
  given.path = str_of(request.path);
  given.query = str_of(request.http.query());
  given.headers = headers.data();
  given.header_count = headers.size();
  given.body = {reinterpret_cast<const std::uint8_t*>(request.http.body.data()), request.http.body.size()};
  given.peer = str_of(request.http.peer);
  given.received_ms = ms_of(request.http.received_at);
  return given;
}

}  // namespace hkl
