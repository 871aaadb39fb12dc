// Any cloud PBX by a YAML profile: a request in, facts and an answer out. The
// language is described in README.md.
#include "hookline/sdk/plugin.h"
#include "profile.h"
#include "settings.h"

namespace {

class Webhook final : public hookline::PbxAdapter<webhook::Settings>,
                      public hookline::SpeaksHttp,
                      public hookline::OrdersCallsByHttp {
 public:
  void endpoints(hookline::EndpointList& list) override {
    if (profile_->takes_requests()) list.http_route();
    if (const auto* poll = profile_->poll()) list.http_poll(poll->address(), poll->every_ms());
  }
  void configured() override { profile_ = std::make_unique<webhook::Profile>(std::move(given_), host()); }

  void request(const hookline::HttpRequest& request, std::int64_t, hookline::HttpOutput& out) override {
    profile_->answer(request, out);
  }
  void poll(std::string_view, std::string_view position, std::int64_t now_ms, hookline::HttpOutput& out) override {
    asked().begin(position, now_ms, out);
  }
  void answer(std::string_view, std::uint32_t status, std::string_view body, std::int64_t now_ms,
              hookline::HttpOutput& out) override {
    asked().take(status, body, now_ms, out);
  }
  void order(const hookline::Order& order, std::int64_t now_ms, hookline::HttpOutput& out) override {
    profile_->ordering().send(order, now_ms, out);
  }
  void ordered(const hookline::Order& order, std::uint32_t status, std::string_view body, std::int64_t now_ms,
               hookline::HttpOutput& out) override {
    profile_->ordering().take(order, status, body, now_ms, out);
  }
  void feed(std::uint64_t, std::string_view, std::int64_t, hookline::Output&) override {
    throw hookline::Failure(HKL_UNSUPPORTED, "a webhook takes whole requests, not bytes");
  }

 protected:
  // The profile is a tree of its own, more than settings() can hold.
  void take_settings(std::string_view text) override {
    const auto json = webhook::Json::parse(text, nullptr, false);
    if (!json.is_object()) throw hookline::Failure(HKL_BAD_SETTINGS, "settings: expected an object");
    if (!json.contains("profile") || !json["profile"].is_object())
      throw hookline::Failure(HKL_BAD_SETTINGS, "settings: \"profile\" names the YAML file of the vendor's profile");
    given_.profile = json["profile"];
    given_.secrets = json.value("secrets", webhook::Json::object());
    given_.values = json.value("values", webhook::Json::object());
    given_.timezone = json.value("timezone", "");
    given_.region = json.value("region", "");
  }

 private:
  webhook::Poll& asked() const {
    if (profile_->poll() == nullptr) throw hookline::Failure(HKL_UNSUPPORTED, "the profile asks nobody");
    return *profile_->poll();
  }
  webhook::SourceSettings given_;
  std::unique_ptr<webhook::Profile> profile_;
};

}  // namespace

HOOKLINE_PLUGIN(Webhook, {"webhook", "1.0.0", "Hookline", "Apache-2.0",
                          "Any cloud PBX that posts its events, by a YAML profile of the vendor",
                          "hookline.host.digest/1 hookline.host.phone/1 hookline.host.time/1"})
