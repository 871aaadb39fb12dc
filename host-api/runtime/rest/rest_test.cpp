// Routes, parameters and pages of errors, before a runtime that is a stand-in.
#include "rest/rest.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "rest/routes.h"
#include "values/output.h"

namespace hkl {
namespace {

using nlohmann::json;
using testing::HasSubstr;

struct Backend final : RestBackend {
  ListQuery listed;
  std::string large;  // of a list, in place of a page
  Done outcome;

  Done list(const ListQuery& query, const Asker&, const hkl_writer& writer) override {
    listed = query;
    if (!large.empty())
      if (auto put = write_text(writer, large); !put) return put;
    if (!outcome) return outcome;
    return write_text(writer, query.id.empty() ? R"({"rows":[],"next":null})" : R"([{"id":"k1"}])");
  }
  Done look_up(const std::string& number, const Asker&, const hkl_writer& writer) override {
    return write_text(writer, json(number).dump());
  }
  Done explain(const std::string& call, const std::string&, const Asker&, const hkl_writer& writer) override {
    return write_text(writer, json(call).dump());
  }
  std::vector<std::shared_ptr<const Report>> reports() override { return {}; }
  Result<std::shared_ptr<const Report>> report(const std::string& id) override {
    return fail(HKL_NOT_FOUND, "no report " + id);
  }
  Result<std::string> describe_report(const Report&, const Asker&) override { return std::string("{}"); }
  Done run_report(const std::string&, const ReportQuery&, const Asker&, const hkl_writer&) override { return {}; }
  Done explain_report(const std::string&, const ReportQuery&, const Asker&, const hkl_writer&) override { return {}; }
  Done list_plugins(const std::string&, const Asker&, const hkl_writer&) override { return {}; }
  Done list_keys(const Asker&, const hkl_writer&) override { return {}; }
  Done list_outbox(const std::string&, const std::string&, const Asker&, const hkl_writer&) override { return {}; }
  Done show_poison(const std::string& id, const std::string&, const Asker&, const hkl_writer& writer) override {
    if (id == "9") return fail(HKL_NOT_FOUND, "nothing that was set aside has the number \"9\"");
    return write_text(writer, id.empty() ? "[]" : R"([{"id":)" + id + "}]");
  }
  Done health(const Asker&, const hkl_writer&) override { return {}; }
  Result<Recording> recording(const std::string& call, std::size_t number, const Asker&) override {
    if (call == "gone") return Recording{"", "/nowhere/at/all.mp3"};
    return Recording{"https://pbx.example/" + call + std::to_string(number) + ".mp3", ""};
  }
  Done submit_records(std::string_view ndjson, const Asker&, const hkl_writer* complaints, hkl_tally& tally) override {
    tally.accepted = ndjson == "good\n" ? 1 : 0;
    if (tally.accepted == 1) return {};
    tally.refused = 1;
    (void)write_text(*complaints, "line 1: no JSON: at column 3\n");
    return fail(HKL_PARTLY, "1 of the lines was refused");
  }
  Done erase(const std::string& who, bool is_dry_run, const std::string&, const Asker&,
             const hkl_writer& writer) override {
    return write_text(writer, json({{"contact", who}, {"dry", is_dry_run}}).dump());
  }
  Result<std::string> order_call(const std::string& employee, const std::string& number, const Asker&) override {
    return employee + ">" + number;
  }
  Result<std::uint64_t> act_on_outbox(std::uint32_t action, const std::string&, const Asker&) override {
    return action;
  }
  Result<std::uint64_t> act_on_poison(std::uint32_t action, const std::string& id, const Asker&) override {
    if (id == "9") return fail(HKL_UNAVAILABLE, "its plugin died of it again");
    return action;
  }
};

struct Sink final : RestSink {
  RestHead head;
  std::string text;
  std::size_t pieces = 0;
  Done begin(const RestHead& given) override {
    EXPECT_EQ(pieces, 0U) << "the head comes once, and first";
    head = given;
    return {};
  }
  Done body(std::string_view bytes) override {
    ++pieces;
    text += bytes;
    return {};
  }
};

struct Rest : testing::Test {
  Backend backend;
  Sink sink;
  Done done;
  json ask(const std::string& method, const std::string& target, const std::string& body = "") {
    sink = {};
    done = answer_rest(backend, {method, target, body, {}}, sink);
    return json::parse(sink.text, nullptr, false);
  }
  std::string problem(const std::string& target) { return ask("GET", target).value("detail", "none"); }
};

TEST_F(Rest, AListTakesItsParametersDecoded) {
  EXPECT_EQ(ask("GET", "/api/v1/calls?from=2026-03-02&where=client_number+%3D+%27%2B7495%27&limit=7&after=x.0.a%20b"),
            json::parse(R"({"rows":[],"next":null})"));
  EXPECT_EQ(sink.head.status, 200U);
  EXPECT_EQ(backend.listed.entity, HKL_ENTITY_CALL);
  EXPECT_EQ(backend.listed.from, "2026-03-02");
  EXPECT_EQ(backend.listed.where, "client_number = '+7495'");
  EXPECT_EQ(backend.listed.page.limit, 7U);
  EXPECT_EQ(backend.listed.page.after, "x.0.a b");
}

TEST_F(Rest, WhatIsWrongInTheAddressIsToldWithTheNearestWord) {
  EXPECT_EQ(problem("/api/v1/calls?form=2026-03-02"), "there is no parameter \"form\"; did you mean \"from\"?");
  EXPECT_EQ(sink.head.status, 400U);
  EXPECT_EQ(sink.head.content_type, "application/problem+json");
  EXPECT_EQ(problem("/api/v1/calls?limit=1001"), "limit=1001: a whole number of 1 to 1000 is needed");
  EXPECT_EQ(problem("/api/v1/calls?limit=ten"), "limit=ten: a whole number of 1 to 1000 is needed");
  EXPECT_EQ(problem("/api/v1/health?x=1"), "there is no parameter \"x\"; there is none at all");
  EXPECT_THAT(problem("/api/v1/cals"), HasSubstr("there is nothing at /api/v1/cals"));
  EXPECT_EQ(sink.head.status, 404U);
  EXPECT_EQ(ask("POST", "/api/v1/calls")["status"], 405);
  EXPECT_THAT(sink.head.headers, testing::ElementsAre(std::pair<std::string, std::string>("Allow", "GET")));
}

TEST_F(Rest, WhatTheRuntimeRefusesHasItsStatus) {
  const std::pair<hkl_status, std::uint32_t> kStatuses[] = {
      {HKL_INVALID, 400},     {HKL_AUTH, 403},    {HKL_NOT_FOUND, 404}, {HKL_UNSUPPORTED, 501},
      {HKL_UNAVAILABLE, 503}, {HKL_TIMEOUT, 504}, {HKL_INTERNAL, 500}};
  for (const auto& [status, expected] : kStatuses) {
    backend.outcome = fail(status, "why");
    EXPECT_EQ(problem("/api/v1/leads/l1"), "why");
    EXPECT_EQ(sink.head.status, expected);
    EXPECT_TRUE(done.has_value());
  }
}

TEST_F(Rest, WhatIsLargeGoesOutAsItIsMadeAndMayBreakOff) {
  backend.large.assign(300'000, ' ');
  ask("GET", "/api/v1/calls");
  EXPECT_GT(sink.pieces, 1U);
  backend.outcome = fail(HKL_INTERNAL, "the disk went");
  ask("GET", "/api/v1/calls");
  EXPECT_EQ(sink.head.status, 200U);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().text, "the disk went");
}

TEST_F(Rest, OneRecordComesAlone) {
  EXPECT_EQ(ask("GET", "/api/v1/calls/pbx1%3A17.12"), json::parse(R"({"id":"k1"})"));
  EXPECT_EQ(backend.listed.id, "pbx1:17.12");
  EXPECT_EQ(ask("GET", "/api/v1/calls/pbx1:17.12/explain"), "pbx1:17.12");
}

TEST_F(Rest, RecordsAreTalliedAndComplainedOf) {
  EXPECT_EQ(ask("POST", "/api/v1/records", "good\n"),
            json::parse(R"({"accepted":1,"duplicates":0,"refused":0,"complaints":[]})"));
  EXPECT_EQ(ask("POST", "/api/v1/records", "{x\n")["complaints"],
            json::parse(R"([{"line":1,"text":"no JSON: at column 3"}])"));
  EXPECT_EQ(sink.head.status, 422U);
}

TEST_F(Rest, ACallIsOrderedByABody) {
  EXPECT_EQ(ask("POST", "/api/v1/originate", R"({"employee":"ivanova","number":"+7495"})")["request"], "ivanova>+7495");
  EXPECT_EQ(ask("POST", "/api/v1/originate", R"({"employee":"ivanova"})")["detail"],
            "the body needs \"number\", a text");
  EXPECT_EQ(ask("POST", "/api/v1/originate", "employee=ivanova")["detail"], "the body is no JSON object");
}

TEST_F(Rest, DeliveriesAreSentAgainOrDropped) {
  EXPECT_EQ(ask("POST", "/api/v1/outbox/lead:hl-l-1/retry")["count"], HKL_OUTBOX_RETRY);
  EXPECT_EQ(ask("POST", "/api/v1/outbox/lead:hl-l-1/drop")["count"], HKL_OUTBOX_DROP);
}

TEST_F(Rest, ARecordingElsewhereIsARedirect) {
  ask("GET", "/api/v1/recordings/k1?number=2");
  EXPECT_EQ(sink.head.status, 302U);
  EXPECT_EQ(sink.head.location, "https://pbx.example/k11.mp3");
  EXPECT_EQ(ask("GET", "/api/v1/recordings/gone")["status"], 404);
}

TEST_F(Rest, WhatAPluginDiedOfIsShownReplayedOrDropped) {
  EXPECT_EQ(ask("GET", "/api/v1/poison"), json::array());
  EXPECT_EQ(ask("GET", "/api/v1/poison/7"), json::parse(R"({"id":7})")) << "alone, not as a list";
  EXPECT_EQ(ask("GET", "/api/v1/poison/9")["status"], 404);
  EXPECT_EQ(ask("POST", "/api/v1/poison/7/replay")["count"], HKL_POISON_REPLAY);
  EXPECT_EQ(ask("POST", "/api/v1/poison/7/drop")["count"], HKL_POISON_DROP);
  EXPECT_EQ(ask("POST", "/api/v1/poison/9/replay")["status"], 503);
  EXPECT_EQ(ask("POST", "/api/v1/poison/7/replay?twice=1")["status"], 400);
}

TEST_F(Rest, AReportThatIsNotThereIs404) { EXPECT_EQ(ask("GET", "/api/v1/reports/x")["status"], 404); }

}  // namespace
}  // namespace hkl
