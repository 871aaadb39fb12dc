// The `order` section of a profile, through the plugin's own C interface.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "hookline/sdk/fake_http.h"

extern "C" const hkl_plugin hookline_plugin_v1;

namespace webhook {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A vendor that is told by JSON-RPC whose phone rings, and names the call.
json ordered_by_json() {
  return json::parse(R"({"profile": "cloud",
    "settings": {"key": {"secret": true, "default": ""}, "people": {"type": "map", "default": {}}},
    "auth": [{"open": true}], "call": "id", "kinds": [{"name": "any", "emit": []}],
    "order": {"if_set": "key", "url": "=https://api.example.com/v4",
      "needs": {"employee": "extension > setting_of:people"},
      "json": {"method": "=start", "params": {"token": "$key", "employee": {"id": "extension > setting_of:people > int"},
               "contact": "number > re:[0-9]+", "line": "line", "external_id": "request", "timeout": "ring_s"}},
      "taken": {"result.call": "present"}, "fault": "error.message", "call": "result.call"}})");
}

class Ordered : public testing::Test {
 protected:
  void begin(const json& profile, const json& secrets = {{"key", "k1"}}) {
    const json settings{{"profile", profile}, {"secrets", secrets}, {"values", values_}};
    adapter_.emplace(hookline_plugin_v1, host_, settings.dump());
    adapter_->now_ms = 1789369200000;
  }
  static hkl_originate order(std::string_view extension = "101") {
    hkl_originate order{};
    order.struct_size = sizeof order;
    order.request = hookline::str("hl-r-1");
    order.extension = hookline::str(extension);
    order.number = hookline::str("+79001112233");
    order.ring_ms = 30000;
    return order;
  }
  template <typename Step>
  static std::string refusal_of(Step&& step) {
    try {
      step();
      return "";
    } catch (const hookline::Failure& failure) {
      return std::to_string(failure.status()) + " " + failure.what();
    }
  }
  std::string refusal(std::uint32_t status, std::string_view body) {
    return refusal_of([&] { adapter_->ordered(order(), status, body); });
  }
  // Digests of one letter: what was digested is kept.
  Ordered() {
    host_.digest = [this](std::uint32_t, std::string_view key, std::string_view data) {
      digested_.push_back((key.empty() ? "" : std::string(key) + " over ") + std::string(data));
      return std::string(1, static_cast<char>('a' + digested_.size() - 1));
    };
  }
  std::vector<std::string> digested_;
  json values_ = {{"people", {{"758101", "101"}}}};
  hookline::fake::Host host_;
  std::optional<hookline::fake::HttpAdapter> adapter_;
};

TEST_F(Ordered, AnOrderIsOneRequestAsTheVendorWantsIt) {
  begin(ordered_by_json());
  const auto asks = adapter_->order(order());
  ASSERT_EQ(asks.size(), 1u);
  EXPECT_EQ(asks[0].method, "POST");
  EXPECT_EQ(asks[0].url, "https://api.example.com/v4");
  EXPECT_EQ(asks[0].body,
            R"({"method":"start","params":{"contact":"79001112233","employee":{"id":758101},"external_id":"hl-r-1",)"
            R"("timeout":30,"token":"k1"}})");
}

TEST_F(Ordered, ASignatureInTheBodyIsMadeAndItsKeyIsNotSent) {
  auto profile = ordered_by_json();
  profile["order"]["json"] = json::parse(
      R"({"to": {"join": ["=tel:", "number"]}, "sign": {"hash": "sha256", "over": ["extension", "$key"], "encoding": "hex"}})");
  begin(profile);
  const auto asks = adapter_->order(order());
  ASSERT_EQ(asks.size(), 1u);
  EXPECT_EQ(asks[0].body, R"({"sign":"61","to":"tel:+79001112233"})");
  EXPECT_THAT(digested_, ElementsAre("101k1"));
}

TEST_F(Ordered, TheCallThatTheVendorNamesCarriesTheOrder) {
  begin(ordered_by_json());
  adapter_->ordered(order(), 200, R"({"result": {"call": 237859081}})");
  ASSERT_EQ(adapter_->heard().events.size(), 1u);
  const auto& event = adapter_->heard().events[0];
  EXPECT_EQ(event.kind(), HKL_EVENT_CALL_REQUESTED);
  EXPECT_EQ(event.call(), "237859081");
  EXPECT_EQ(hookline::view(event.raw().request), "hl-r-1");
}

TEST_F(Ordered, ARefusalIsToldInTheVendorsWords) {
  begin(ordered_by_json());
  EXPECT_EQ(refusal(200, R"({"error": {"message": "Access token is invalid"}})"),
            std::to_string(HKL_INVALID) + " the vendor refuses the order with 200: Access token is invalid");
  EXPECT_THAT(refusal(403, "<html>no</html>"), HasSubstr("refuses the order with 403"));
  EXPECT_THAT(refusal(302, ""), HasSubstr("refuses the order with 302"));
  EXPECT_THAT(refusal(400, R"({"error": {"message": {"contact": ["is no number"]}}})"),
              HasSubstr(R"(with 400: {"contact":["is no number"]})"));
  EXPECT_THAT(refusal(429, "{}"), HasSubstr(std::to_string(HKL_UNAVAILABLE) + " "));
  EXPECT_THAT(adapter_->heard().events, IsEmpty());
}

TEST_F(Ordered, AnAnswerThatSaysNeitherIsNotKnown) {
  begin(ordered_by_json());
  for (const auto* body : {R"({"result": {}})", "<html>Welcome</html>", "[]"})
    EXPECT_EQ(refusal(200, body),
              std::to_string(HKL_TIMEOUT) + " the vendor's answer does not say that it took the order");
  EXPECT_THAT(adapter_->heard().events, IsEmpty());
}

TEST_F(Ordered, APhoneIsAPhoneAndNothingElse) {
  auto profile = ordered_by_json();
  profile["order"]["needs"] = json::object();
  profile["order"]["url"] = {{"join", {"=https://api.example.com/users/", "extension", "=/call"}}};
  begin(profile);
  EXPECT_EQ(adapter_->order(order("sip-101")).at(0).url, "https://api.example.com/users/sip-101/call");
  for (const auto* odd : {"101/../../admin", "101@evil.example", "101?x=1", "1 HTTP/1.1\r\nX: y", "<Hangup/>", ""})
    EXPECT_THAT(refusal_of([&] { adapter_->order(order(odd)); }), HasSubstr("no call can be ordered on the phone"))
        << odd;
}

TEST_F(Ordered, WhatCannotBeOrderedSaysWhy) {
  begin(ordered_by_json(), json::object());
  const auto ordered = [&](std::string_view extension) {
    return refusal_of([&] { adapter_->order(order(extension)); });
  };
  EXPECT_THAT(ordered("101"), HasSubstr(R"(where the setting "key" is given)"));
  auto profile = ordered_by_json();
  profile.erase("order");
  begin(profile);
  EXPECT_EQ(ordered("101"),
            std::to_string(HKL_UNSUPPORTED) + R"( the profile "cloud" has no `order`, so it cannot order calls)");
  begin(ordered_by_json());
  EXPECT_THAT(ordered("102"), HasSubstr("an order for the phone 102 lacks the employee"));
}

TEST_F(Ordered, AFormCarriesTheJsonAndItsSignature) {
  auto profile = ordered_by_json();
  profile["order"] = json::parse(R"({"url": "=https://api.example.com/callback",
    "json": {"command_id": "request", "to_number": "number"},
    "form": {"key": "$key", "sign": {"hash": "sha256", "over": ["$key", "json", "=salt"]}, "json": "json"}})");
  begin(profile);
  const auto asks = adapter_->order(order());
  ASSERT_EQ(asks.size(), 1u);
  EXPECT_EQ(asks[0].body,
            "json=%7B%22command_id%22%3A%22hl-r-1%22%2C%22to_number%22%3A%22%2B79001112233%22%7D&key=k1"
            "&sign=61");
  EXPECT_THAT(digested_, ElementsAre(R"(k1{"command_id":"hl-r-1","to_number":"+79001112233"}salt)"));
  EXPECT_THAT(asks[0].headers,
              ElementsAre(std::pair<std::string, std::string>("Content-Type", "application/x-www-form-urlencoded")));
}

TEST_F(Ordered, AHeaderMaySignTheQueryOrNameTheUser) {
  auto profile = ordered_by_json();
  profile["order"] = json::parse(R"({"url": "=https://api.example.com/v1/callback/",
    "query": {"to": "number > re:[0-9]+", "from": "extension"},
    "headers": {"Authorization": {"join": ["=user", {"hmac": "sha1", "key": "$key", "encoding": "base64_hex",
      "over": ["=/v1/callback/", "query", {"hash": "md5", "over": ["query"]}]}], "by": ":"},
      "X-Basic": {"basic": ["=me", "$key"]}}})");
  begin(profile);
  const auto asks = adapter_->order(order());
  ASSERT_EQ(asks.size(), 1u);
  EXPECT_EQ(asks[0].method, "GET");
  EXPECT_EQ(asks[0].url, "https://api.example.com/v1/callback/?from=101&to=79001112233");
  EXPECT_THAT(asks[0].headers, ElementsAre(std::pair<std::string, std::string>("Authorization", "user:NjI="),
                                           std::pair<std::string, std::string>("X-Basic", "Basic bWU6azE=")));
  EXPECT_THAT(digested_, ElementsAre("from=101&to=79001112233", "k1 over /v1/callback/from=101&to=7900111223361"));
}

TEST_F(Ordered, FaultsOfTheSectionNameTheirPlace) {
  const auto fault = [&](const char* name, json value) {
    auto profile = ordered_by_json();
    profile["order"][name] = std::move(value);
    return refusal_of([&] { begin(profile); });
  };
  EXPECT_THAT(fault("tken", "x"), HasSubstr("tken"));
  EXPECT_THAT(fault("url", nullptr), HasSubstr("order.url: say what is asked"));
  EXPECT_THAT(fault("if_set", "kye"), HasSubstr("did you mean \"key\"?"));
  EXPECT_THAT(fault("headers", {{"A", {{"hmac", "sha1"}}}}), HasSubstr("order.headers.A.key"));
  EXPECT_THAT(fault("form", {{"a", {{"hash", "sha3"}}}}), HasSubstr("order.form.a.hash"));
}

}  // namespace
}  // namespace webhook
