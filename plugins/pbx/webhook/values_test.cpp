// Values, conditions, and what a wrong profile is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_source.h"
#include "text_repair.h"

namespace webhook {
namespace {

using testing::HasSubstr;

// The value of an expression over a request, by way of a reply.
std::string value(const std::string& expression, const std::string& body) {
  const Json profile{{"settings", {{"people", {{"type", "map"}}}}},
                     {"auth", {{{"open", true}}}},
                     {"tables", {{"code", {{"112", "rejected"}, {"1121", "busy"}, {"*", "other"}}}}},
                     {"kinds", {{{"reply", {{"text", Json::parse(expression)}}}}}}};
  const TestSource source(profile.dump(), Json::object(), {{"people", {{"7", "107"}}}});
  Sent sent;
  sent.body = body;
  return source.send(sent).body;
}

TEST(Values, TakeTheFirstAlternativeThatIsThere) {
  EXPECT_EQ(value(R"("a.b | c > null_if:0 | d")", R"({"a": {"b": ""}, "c": 0, "d": "x"})"), "x");
  EXPECT_EQ(value(R"("a.1")", R"({"a": [1, 2]})"), "2");
}

TEST(Values, AreLooseAboutTypes) {
  EXPECT_EQ(value(R"({"if": {"n": ">4"}, "then": "=yes", "else": "=no"})", R"({"n": "5"})"), "yes");
  EXPECT_EQ(value(R"({"if": {"n": [3, 5]}, "then": "=yes", "else": "=no"})", R"({"n": "5"})"), "yes");
  EXPECT_EQ(value(R"({"if": {"n": "present"}, "then": "=yes", "else": "=no"})", R"({"n": []})"), "no");
}

TEST(Values, FindTheClassOfACode) {
  EXPECT_EQ(value(R"("c > class:code")", R"({"c": 1129})"), "rejected");
  EXPECT_EQ(value(R"("c > class:code")", R"({"c": 1121})"), "busy");
  EXPECT_EQ(value(R"("c > class:code")", R"({"c": 9})"), "other");
}

TEST(Values, ComeFromMapsOfTheSettingsBothWays) {
  EXPECT_EQ(value(R"("id > setting:people")", R"({"id": 7})"), "107");
  EXPECT_EQ(value(R"("ext > setting_of:people")", R"({"ext": "107"})"), "7");
}

TEST(Times, AreReadAsVendorsWriteThem) {
  const auto at = [](const std::string& format, const std::string& text) {
    return value("\"t > time:" + format + "\"", Json{{"t", text}}.dump());
  };
  EXPECT_EQ(at("unix", "86400"), "86400");
  EXPECT_EQ(at("unix_ms", "86400000"), "86400");
  EXPECT_EQ(at("local", "1970-01-02 00:00:00"), "86400");
  EXPECT_EQ(at("local@East", "1970-01-02 00:00:00"), "82800");
  EXPECT_EQ(at("iso", "1970-01-02T03:00:00+03:00"), "86400");
  EXPECT_EQ(at("rfc2822", "Fri, 02 Jan 1970 00:00:00 +0000"), "86400");
  EXPECT_EQ(at("%Y%m%dT%H%M%SZ@UTC", "19700102T000000Z"), "86400");
  EXPECT_EQ(at("local", "yesterday"), "");
  EXPECT_EQ(at("local", "1970-13-02 00:00:00"), "");
}

TEST(Durations, AreReadAsVendorsWriteThem) {
  EXPECT_EQ(value(R"("t > hms")", R"({"t": "1:01:05"})"), "3665");
  EXPECT_EQ(value(R"("t > hms")", R"({"t": "2'05"})"), "125");
}

TEST(Texts, AreRepairedAndNeverRefused) {
  EXPECT_EQ(to_utf8("\xCF\xF0\xE8", "windows-1251"), "При");
  EXPECT_EQ(to_utf8("a\xFF", ""), "a\xEF\xBF\xBD");
  EXPECT_TRUE(is_utf8("Привет"));
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
}

TEST(Faults, NameThePlaceAndTheWayOut) {
  EXPECT_THAT(
      fault_of(
          R"({"auth": [{"open": true}], "call": "id", "kinds": [{"emit": [{"is": "ringing", "client": "a > phne"}]}]})"),
      HasSubstr("kinds[0].emit[0].client: there is no step \"phne\"; did you mean \"phone\"?"));
  EXPECT_THAT(fault_of(R"({"kinds": []})"), HasSubstr("auth: say how the sender is known"));
  EXPECT_THAT(fault_of(R"({"auth": [{"open": true}], "kinds": [], "knds": []})"), HasSubstr("did you mean \"kinds\"?"));
  EXPECT_THAT(
      fault_of(R"({"settings": {"key": {"secret": true, "about": "The key"}}, "auth": [{"open": true}], "kinds": []})"),
      HasSubstr("secrets.key: The key"));
  EXPECT_THAT(fault_of(R"({"auth": [{"open": true}], "kinds": [{"emit": [{"is": "begun"}]}]})"),
              HasSubstr("call: say which field names the call"));
}

}  // namespace
}  // namespace webhook
