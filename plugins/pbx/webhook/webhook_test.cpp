// What a source believes, tells and answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_source.h"

namespace webhook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kSigned = R"({"settings": {"key": {"secret": true}}, "request": {"json_in": "json"},
  "auth": [{"sign": {"kind": "hmac", "algorithm": "sha1", "key": "key", "over": ["json"], "encoding": "base64",
            "in": "field.sign"}}], "call": "id",
  "kinds": [{"when": {"event": "ring"}, "emit": [{"is": "ringing", "extension": "ext", "at": "at > time:unix"}]}]})";
// What the test's host makes of key "k" and the text.
std::string form(const std::string& json, const std::string& sign) { return "json=" + json + "&sign=" + sign; }
const std::string kJson = R"({"id":"c1","event":"ring","ext":"101","at":5})";
const std::string kSign = "azp7ImlkIjoiYzEiLCJldg==";  // base64 of k:{"id":"c1","ev

Sent signed_form(const std::string& body) {
  Sent sent;
  sent.type = "application/x-www-form-urlencoded";
  sent.body = body;
  return sent;
}

TEST(Sender, WithTheRightSignatureIsBelieved) {
  const TestSource source(kSigned, {{"key", "k"}});
  const auto told = source.send(signed_form(form(kJson, kSign)));
  EXPECT_EQ(told.verdict, HKL_VERDICT_ACCEPT);
  EXPECT_THAT(told.events, ElementsAre("2 c1   101 5000"));
}

TEST(Sender, WithAWrongSignatureIsRefusedAndTellsNothing) {
  const TestSource source(kSigned, {{"key", "k"}});
  for (const auto& sign : {std::string("bzp7"), std::string(), kSign + "A"}) {
    const auto told = source.send(signed_form(form(kJson, sign)));
    EXPECT_EQ(told.status, 401U);
    EXPECT_EQ(told.reason, "bad_signature");
    EXPECT_THAT(told.events, IsEmpty());
  }
}

// The first of two fields is what was signed; the second must not be read.
TEST(Sender, CannotHaveASecondUnsignedFieldBelieved) {
  const TestSource source(kSigned, {{"key", "k"}});
  const auto forged = R"({"id":"c2","event":"ring","ext":"666","at":5})";
  const auto told = source.send(signed_form(form(kJson, kSign) + "&json=" + forged + "&ext=666"));
  EXPECT_THAT(told.events, ElementsAre("2 c1   101 5000"));
}

const std::string kToken =
    R"({"settings": {"token": {"secret": true}}, "auth": [{"token": "query.token", "secret": "token",
  "within": {"time": "at > time:unix", "s": 300}}], "call": "id",
  "kinds": [{"when": {"event": "ring"}, "emit": [{"is": "ringing", "client": "from > phone", "leg": "leg"}]}]})";

Sent posted(const std::string& body, const std::string& token = "t") {
  Sent sent;
  sent.query = "token=" + token;
  sent.body = body;
  return sent;
}

TEST(Sender, OfAnOldRequestIsTakenForARepeaterButInARecording) {
  const TestSource source(kToken, {{"token", "t"}});
  auto sent = posted(R"({"id": "c", "event": "ring", "at": 1000})");
  sent.query += "&at=600";  // received at 1000
  EXPECT_EQ(source.send(sent).reason, "replayed");
  sent.is_capture = true;
  EXPECT_EQ(source.send(sent).verdict, HKL_VERDICT_ACCEPT);
}

const std::string kPlain = R"({"settings": {"token": {"secret": true}}, "request": {"charset": "windows-1251"},
  "auth": [{"token": "query.token", "secret": "token"}], "call": "id", "event_id_without": ["token", "try"],
  "kinds": [{"when": {"event": "ring"}, "emit": [{"is": "ringing", "client": "from > phone", "leg": "leg"}]},
            {"when": {"event": "who"}, "emit": [],
             "reply": {"json": {"lookup": "from > phone", "fields": {"name": "contact_name"}, "else": {}}}},
            {"when": {"event": "menu"}, "emit": [], "reply": {"xml": "<Say>{{ name }}</Say>"}}]})";

TEST(Request, IsRefusedBeforeItsFaultsAreNamed) {
  const TestSource source(kPlain, {{"token", "t"}});
  EXPECT_EQ(source.send(posted("{\"id\": ", "wrong")).reason, "bad_credential");
  EXPECT_EQ(source.send(posted("{\"id\": ")).reason, "invalid_json");
}

TEST(Request, WithoutTheCallsNameIsNeverGivenOne) {
  const TestSource source(kPlain, {{"token", "t"}});
  const auto told = source.send(posted(R"({"event": "ring"})"));
  EXPECT_EQ(told.status, 422U);
  EXPECT_EQ(told.reason, "missing_call_id");
}

TEST(Request, OfAnUnknownKindIsAnsweredAndCounted) {
  const TestSource source(kPlain, {{"token", "t"}});
  const auto told = source.send(posted(R"({"event": "new", "id": "c"})"));
  EXPECT_EQ(told.verdict, HKL_VERDICT_IGNORE);
  EXPECT_EQ(told.status, 200U);
  EXPECT_THAT(told.skipped, ElementsAre("unknown_kind"));
}

TEST(Request, SentAgainHasTheSameEventsWhateverItsCounterSays) {
  const TestSource source(kPlain, {{"token", "t"}});
  const auto first = source.send(posted(R"({"event": "ring", "id": "c", "try": 1})"));
  const auto again = source.send(posted(R"({"try": 2, "id": "c", "event": "ring"})"));
  const auto other = source.send(posted(R"({"event": "ring", "id": "d", "try": 1})"));
  EXPECT_EQ(first.ids, again.ids);
  EXPECT_NE(first.ids, other.ids);
}

TEST(Request, InCyrillicBytesCostsNoCall) {
  const TestSource source(kPlain, {{"token", "t"}});
  const auto told = source.send(posted("{\"event\": \"ring\", \"id\": \"c\", \"leg\": \"\xCF\xF0\"}"));
  EXPECT_THAT(told.events, ElementsAre("2 c Пр   1000000"));
}

TEST(Request, InAFormOrXmlReadsAsItDoesInJson) {
  const TestSource source(kPlain, {{"token", "t"}});
  const std::string expected = "2 c  +79990000001  1000000";
  auto sent = posted("event=ring&id=c&from=%2B79990000001");
  sent.type = "application/x-www-form-urlencoded";
  EXPECT_THAT(source.send(sent).events, ElementsAre(expected));
  sent = posted("<call event='ring'><id>c</id><from>79990000001</from></call>");
  sent.type = "text/xml";
  EXPECT_THAT(source.send(sent).events, ElementsAre(expected));
}

TEST(Request, WithEntitiesOfItsOwnIsRefused) {
  const TestSource source(kPlain, {{"token", "t"}});
  auto sent = posted("<!DOCTYPE a [<!ENTITY b 'bbbb'>]><a>&b;</a>");
  sent.type = "text/xml";
  EXPECT_EQ(source.send(sent).reason, "invalid_xml");
}

TEST(Reply, TellsWhoCallsOrNothing) {
  TestSource source(kPlain, {{"token", "t"}});
  source.contacts["+79990000001"] = "ООО Ромашка";
  const auto known = source.send(posted(R"({"event": "who", "from": "79990000001"})"));
  EXPECT_EQ(known.body, R"({"name":"ООО Ромашка"})");
  EXPECT_EQ(known.content_type, "application/json");
  EXPECT_EQ(source.send(posted(R"({"event": "who", "from": "79990000002"})")).body, "{}");
}

TEST(Reply, LetsNoTextOfTheRequestBecomeMarkup) {
  const TestSource source(kPlain, {{"token", "t"}});
  EXPECT_EQ(source.send(posted(R"({"event": "menu", "name": "<Dial>&"})")).body, "<Say>&lt;Dial&gt;&amp;</Say>");
}

TEST(Networks, DecideByAddress) {
  const TestSource source(R"({"settings": {"from": {"type": "list"}}, "auth": [{"networks": "from"}], "kinds": []})",
                          Json::object(), {{"from", {"203.0.113.0/24", "2001:db8::/32"}}});
  Sent sent;
  for (const auto* peer : {"203.0.113.200", "::ffff:203.0.113.1", "2001:db8::1"}) {
    sent.peer = peer;
    EXPECT_EQ(source.send(sent).verdict, HKL_VERDICT_IGNORE) << peer;
  }
  for (const auto* peer : {"203.0.114.1", "2001:db9::1", "", "203.0.113.x"}) {
    sent.peer = peer;
    EXPECT_EQ(source.send(sent).reason, "bad_address") << peer;
  }
}

}  // namespace
}  // namespace webhook
