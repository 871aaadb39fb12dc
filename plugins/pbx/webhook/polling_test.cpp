// The `poll` section of a profile, through the plugin's own C interface.
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

constexpr std::int64_t kNow = 1789369200000;  // 2026-09-14T07:00:00Z

// A vendor that is asked by POST with pages of two, from a day ago at first.
json asked_by_post() {
  return json::parse(R"({"settings": {"key": {"secret": true, "default": ""}}, "poll": {
    "url": "=https://api.example.com/v2",
    "json": {"method": "=report", "params": {"key": "$key", "limit": "size", "offset": "offset",
             "from": "from > clock:%Y-%m-%d %H:%M:%S", "to": "to > clock:unix", "fields": ["=id", "=talk"]}},
    "pages": 2, "overlap_s": 3600, "first_s": 86400, "span_s": 172800,
    "records": "result.data", "fault": "error.message", "call": "id",
    "kinds": [{"when": {"state": "=open"}, "emit": []},
              {"when": {"talk": "present"},
               "emit": [{"is": "summary", "start": "at > time:unix", "extension": "ext", "talked": true}]}]}})");
}

class Polled : public testing::Test {
 protected:
  void begin(const json& profile, std::string_view secrets = R"({"key": "k1"})") {
    adapter_.emplace(
        hookline_plugin_v1, host_,
        R"({"profile": )" + profile.dump() + R"(, "secrets": )" + std::string(secrets) + R"(, "timezone": "MSK"})");
    adapter_->now_ms = kNow;
  }
  std::string fault_of(const json& profile) {
    try {
      begin(profile);
      return "";
    } catch (const hookline::Failure& failure) {
      return failure.what();
    }
  }
  std::string fault_of_answer(std::uint32_t status, std::string_view body) {
    try {
      adapter_->answer(status, body);
      return "";
    } catch (const hookline::Failure& failure) {
      return failure.what();
    }
  }
  std::vector<std::string> calls() const {
    std::vector<std::string> calls;
    for (const auto& event : adapter_->heard().events) calls.emplace_back(event.call());
    return calls;
  }
  static std::string records(std::initializer_list<int> ids) {
    auto data = json::array();
    for (const auto id : ids) data.push_back({{"id", id}, {"talk", 5}, {"at", 1789360000 + id}, {"ext", "101"}});
    return json{{"result", {{"data", data}}}}.dump();
  }

  Polled() { host_.zones["MSK"] = 3 * 3600000; }
  hookline::fake::Host host_;
  std::optional<hookline::fake::HttpAdapter> adapter_;
};

TEST_F(Polled, TheFirstTimeADayIsAskedForAsTheVendorWantsIt) {
  begin(asked_by_post());
  const auto asks = adapter_->poll("");
  ASSERT_EQ(asks.size(), 1u);
  EXPECT_EQ(asks[0].method, "POST");
  EXPECT_EQ(asks[0].url, "https://api.example.com/v2");
  EXPECT_EQ(json::parse(asks[0].body),
            json::parse(R"({"method": "report", "params": {"key": "k1", "limit": 2, "offset": 0,
    "from": "2026-09-13 10:00:00", "to": "1789369200", "fields": ["id", "talk"]}})"));
}

TEST_F(Polled, AFullPageIsFollowedByTheNextAndThenThePositionIsTold) {
  begin(asked_by_post());
  adapter_->poll("");
  const auto next = adapter_->answer(200, records({1, 2}));
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(json::parse(next[0].body)["params"]["offset"], 2);
  EXPECT_EQ(adapter_->position(), "") << "not before all pages are there";
  EXPECT_TRUE(adapter_->answer(200, records({3})).empty());
  EXPECT_THAT(calls(), ElementsAre("1", "2", "3"));
  EXPECT_EQ(adapter_->position(), "1789369200");
}

TEST_F(Polled, WindowsOverlapAndALongGapIsAskedForPieceByPiece) {
  begin(asked_by_post());
  const auto taken = kNow / 1000 - 3 * 86400;
  auto asks = adapter_->poll(std::to_string(taken));
  const auto until = [](const hookline::fake::Ask& ask) {
    return json::parse(ask.body)["params"]["to"].get<std::string>();
  };
  EXPECT_EQ(json::parse(asks[0].body)["params"]["from"], "2026-09-11 09:00:00") << "an hour before";
  EXPECT_EQ(until(asks[0]), std::to_string(taken - 3600 + 172800));
  asks = adapter_->answer(200, records({1}));
  EXPECT_EQ(adapter_->position(), std::to_string(taken - 3600 + 172800));
  ASSERT_EQ(asks.size(), 1u);
  EXPECT_EQ(until(asks[0]), std::to_string(kNow / 1000));
  EXPECT_TRUE(adapter_->answer(200, records({2})).empty());
  EXPECT_EQ(adapter_->position(), std::to_string(kNow / 1000));
}

TEST_F(Polled, ARecordThatComesAgainHasTheSameEventsAndAChangedOneHasNot) {
  begin(asked_by_post());
  const auto id_of = [&](const std::string& body) {
    adapter_->forget();
    adapter_->poll("");
    adapter_->answer(200, body);
    return std::string(adapter_->heard().events.at(0).id());
  };
  const auto first = id_of(records({1}));
  EXPECT_EQ(id_of(records({1})), first);
  EXPECT_NE(id_of(R"({"result": {"data": [{"id": 1, "talk": 6, "at": 1789360001, "ext": "101"}]}})"), first);
}

TEST_F(Polled, WhatIsNoAnswerEndsTheWalkWithASentenceAndMovesNothing) {
  begin(asked_by_post());
  const std::string kDeep = std::string(100000, '[') + std::string(100000, ']');
  for (const auto& [status, body, said] : std::initializer_list<std::tuple<int, const char*, const char*>>{
           {200, R"({"error": {"message": "Access token has been expired"}})",
            "refused with 200: Access token has been expired"},
           {403, "<html>no</html>", "refused with 403"},
           {302, "", "refused with 302"},
           {200, R"({"result": {"data": [)", "answers no list of records"},
           {200, R"({"result": {"data": "none"}})", "answers no list of records"},
           {200, kDeep.c_str(), "nested too deep"}}) {
    adapter_->poll("");
    EXPECT_THAT(fault_of_answer(static_cast<std::uint32_t>(status), body), HasSubstr(said));
    EXPECT_THAT(fault_of_answer(200, records({1})), HasSubstr("not asked"));
  }
  EXPECT_EQ(adapter_->position(), "");
  EXPECT_THAT(calls(), ElementsAre());
}

TEST_F(Polled, RecordsOfNoKindOrOfNoCallAreLeftOutAndSaid) {
  begin(asked_by_post());
  adapter_->poll("");
  adapter_->answer(200, R"({"result": {"data": [{"id": 1}, {"talk": 5}]}})");
  EXPECT_THAT(calls(), ElementsAre());
  ASSERT_EQ(adapter_->heard().skipped.size(), 2u);
  EXPECT_THAT(adapter_->heard().skipped[0].why, HasSubstr("none of poll.kinds"));
  EXPECT_THAT(adapter_->heard().skipped[1].why, HasSubstr("without poll.call"));
}

TEST_F(Polled, AnEmptyWindowMayBeAListOrNothing) {
  begin(asked_by_post());
  for (const auto* body : {R"({"result": {"data": []}})", R"({"result": {"data": null}})"}) {
    adapter_->poll("");
    EXPECT_TRUE(adapter_->answer(200, body).empty()) << body;
    EXPECT_EQ(adapter_->position(), "1789369200");
  }
}

TEST_F(Polled, AVendorThatNamesTheNextPageIsFollowedUntilItNamesNone) {
  auto profile = asked_by_post();
  auto& poll = profile["poll"];
  poll.erase("pages");
  poll.erase("json");
  poll["next"] = "meta.next";
  poll["query"] = {{"after", "cursor"}, {"from", "from > clock:iso"}};
  poll["headers"] = {{"Auth-key", "$key"}};
  begin(profile);
  auto asks = adapter_->poll("");
  EXPECT_EQ(asks[0].method, "GET");
  EXPECT_EQ(asks[0].url, "https://api.example.com/v2?from=2026-09-13T07%3A00%3A00Z");
  EXPECT_THAT(asks[0].headers, ElementsAre(std::pair<std::string, std::string>("Auth-key", "k1")));
  asks = adapter_->answer(200, R"({"result": {"data": []}, "meta": {"next": "a b"}})");
  ASSERT_EQ(asks.size(), 1u);
  EXPECT_THAT(asks[0].url, HasSubstr("?after=a%20b&from="));
  EXPECT_TRUE(adapter_->answer(200, R"({"result": {"data": []}, "meta": {"next": "a b"}})").empty()) << "no circles";
}

TEST_F(Polled, AWindowThatHoldsTooManyIsHalved) {
  auto profile = asked_by_post();
  profile["poll"].erase("pages");
  profile["poll"]["split_at"] = 2;
  begin(profile);
  adapter_->poll("");
  const auto asks = adapter_->answer(200, records({1, 2}));
  ASSERT_EQ(asks.size(), 1u);
  EXPECT_EQ(json::parse(asks[0].body)["params"]["to"], std::to_string(kNow / 1000 - 43200));
  EXPECT_EQ(adapter_->position(), "");
  const auto rest = adapter_->answer(200, records({1}));
  EXPECT_EQ(adapter_->position(), std::to_string(kNow / 1000 - 43200));
  ASSERT_EQ(rest.size(), 1u);
}

TEST_F(Polled, OnlyWhereItsSettingIsGiven) {
  auto profile = asked_by_post();
  profile["poll"]["if_set"] = "key";
  begin(profile, "{}");
  EXPECT_TRUE(adapter_->endpoints().empty());
  EXPECT_THROW(adapter_->poll(""), hookline::Failure);
  begin(profile);
  const auto wanted = adapter_->endpoints();
  ASSERT_EQ(wanted.size(), 1u) << "without kinds no request is waited for";
  EXPECT_EQ(wanted[0].kind, HKL_ENDPOINT_HTTP_POLL);
  EXPECT_EQ(wanted[0].address, "https://api.example.com/v2");
}

TEST_F(Polled, FaultsOfTheSectionNameTheirPlace) {
  const auto with = [](const char* name, json value) {
    auto profile = asked_by_post();
    profile["poll"][name] = std::move(value);
    return profile;
  };
  EXPECT_THAT(fault_of(with("evry_s", 5)), HasSubstr("evry_s"));
  EXPECT_THAT(fault_of(with("every_s", "soon")), HasSubstr("poll.every_s"));
  EXPECT_THAT(fault_of(with("span_s", 60)), HasSubstr("poll.span_s: has to be longer than overlap_s"));
  EXPECT_THAT(fault_of(with("if_set", "kye")), HasSubstr("did you mean \"key\"?"));
  EXPECT_THAT(fault_of(with("query", {{"from", "from > clock:%Q"}})), HasSubstr("poll.query.from"));
  EXPECT_THAT(fault_of(with("call", nullptr)), HasSubstr("poll.call"));
}

}  // namespace
}  // namespace webhook
