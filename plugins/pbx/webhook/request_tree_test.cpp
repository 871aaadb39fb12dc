// A request as one tree, whatever it was written in.
#include "request_tree.h"

#include <gtest/gtest.h>

#include "counted_new.h"
#include "test_source.h"

namespace webhook {
namespace {

class Read {
 public:
  explicit Read(BodyRules rules = {}) : rules_(std::move(rules)) {}
  // The tree as JSON; the fault where there is one.
  std::string of(std::string_view query, std::string_view body, std::string_view type = "application/json") {
    const hkl_header header{hookline::str("Content-Type"), hookline::str(type)};
    hookline::HttpRequest request;
    request.query = query;
    request.body = body;
    request.headers = {&header, 1};
    const auto& read = reader_.read_fields(request);
    reader_.read_body(request);
    is_repaired = read.is_repaired;
    return read.fault.empty() ? json_of(read.tree).dump() : read.fault + " " + read.fault_place;
  }
  bool is_repaired = false;

 private:
  BodyRules rules_;
  RequestReader reader_{rules_};
};

// Its first event's id, where the profile names none.
std::string id_of(const std::string& body) {
  static const TestSource source(R"({"auth": [{"open": true}], "call": "=c", "event_id_without": ["token", "a.token"],
                                     "kinds": [{"emit": [{"is": "begun"}]}]})");
  Sent sent;
  sent.body = body;
  return source.send(sent).ids.at(0);
}

TEST(RequestTree, HasWhatTheBodySaysBeforeWhatTheAddressSays) {
  EXPECT_EQ(Read().of("a=1&b=2", R"({"a": 5, "c": [true, null, -1, 1.5, 18446744073709551615]})"),
            R"({"a":5,"b":"2","c":[true,null,-1,1.5,18446744073709551615]})");
  EXPECT_EQ(Read().of("b=2", R"(["x"])"), R"({"b":"2","items":["x"]})");
  EXPECT_EQ(Read().of("", R"({"a": 1, "a": 2})"), R"({"a":2})");
}

TEST(RequestTree, IsMadeOfTheNamesOfAForm) {
  const std::string form = "application/x-www-form-urlencoded";
  EXPECT_EQ(Read().of("", "a[b][0]=x&a[b][]=y%20z&a[b][]=q&n=1&n=2&m[=3", form),
            R"({"a":{"b":{"0":"x","1":"y z","2":"q"}},"m[":"3","n":"1"})");
  std::string many, wanted;
  for (int i = 100; i < 400; ++i) {
    many += "f" + std::to_string(i) + "=" + std::to_string(i) + "&";
    wanted += std::string(wanted.empty() ? "" : ",") + "\"f" + std::to_string(i) + "\":\"" + std::to_string(i) + "\"";
  }
  EXPECT_EQ(Read().of("", many, form), "{" + wanted + "}");
}

TEST(RequestTree, ShowsUnwrappedMembersWhereTheirNameIsFree) {
  BodyRules rules;
  rules.unwrap = {"call", "text"};
  EXPECT_EQ(Read(rules).of("", R"({"id": 1, "call": {"id": 2, "from": "x"}, "text": "t"})"),
            R"({"call":{"from":"x","id":2},"from":"x","id":1,"text":"t"})");
}

TEST(RequestTree, HasWholeNumbersBeyond64Bits) {
  EXPECT_EQ(Read().of("", R"({"id": 123456789012345678901234})"), R"({"id":1.2345678901234569e+23})");
}

TEST(RequestTree, IsRefusedForANumberThatIsTooLarge) {
  EXPECT_EQ(Read().of("", R"({"id": 410e0200304})"), "invalid_json the body: a number that is too large");
}

TEST(RequestTree, IsReadInItsAlphabet) {
  BodyRules rules;
  rules.charset = "windows-1251";
  Read read(rules);
  EXPECT_EQ(read.of("", "{\"name\": \"\xC0\xED\xED\xE0\"}"), R"({"name":"Анна"})");
  EXPECT_TRUE(read.is_repaired);
  EXPECT_EQ(read.of("", R"({"name": "Анна"})"), R"({"name":"Анна"})");
  EXPECT_FALSE(read.is_repaired);
}

TEST(RequestTree, IsNoDeeperThan32Levels) {
  const auto nested = [](int levels) {
    return "{\"a\":" + std::string(levels - 1, '[') + "1" + std::string(levels - 1, ']') + "}";
  };
  EXPECT_EQ(Read().of("", nested(32)), nested(32));
  EXPECT_EQ(Read().of("", nested(33)), "invalid_json the body: nested too deep");
  EXPECT_EQ(Read().of("", nested(100000)), "invalid_json the body: nested too deep");
}

TEST(RequestTree, OfTheUsualSizeTakesNoMemory) {
  hookline::HttpRequest request;
  request.query = "token=secret";
  request.body = R"({"event": "talk", "list": [1, "x", {"y": null}], "name": "\u0410nna", "at": 1.5})";
  BodyRules rules;
  rules.body = "json";
  RequestReader reader(rules);
  const auto read = [&] {
    const auto& tree = reader.read_fields(request).tree;
    reader.read_body(request);
    return tree.members().size();
  };
  EXPECT_EQ(read(), 5u);
  const auto taken = count_of_news();
  EXPECT_EQ(read(), 5u);
  EXPECT_EQ(count_of_news(), taken);
}

TEST(EventId, IsThatOfWhatIsSaidInWhateverOrder) {
  std::string rising = "{", falling = "{";
  for (int i = 10; i < 90; ++i) {
    rising += (i > 10 ? "," : "") + ("\"member" + std::to_string(i) + "\":" + std::to_string(i));
    falling += (i > 10 ? "," : "") + ("\"member" + std::to_string(99 - i) + "\":" + std::to_string(99 - i));
  }
  EXPECT_EQ(id_of(rising + "}"), id_of(falling + "}"));
  EXPECT_EQ(id_of(R"({"notification_time": 1, "notification_name": 2, "a": {"y": 1, "x": 2}})"),
            id_of(R"({"a": {"x": 2, "y": 1}, "notification_name": 2, "notification_time": 1})"));
  EXPECT_EQ(id_of(R"({"a": 1, "b": 2, "a": 3})"), id_of(R"({"a": 3, "b": 2})"));
  EXPECT_EQ(id_of(R"({"token": 1, "a": {"b": 2, "token": 3}})"), id_of(R"({"a": {"b": 2}})"));
  EXPECT_NE(id_of(R"({"a": 1})"), id_of(R"({"a": "1"})"));
  // As it was in every version before; told again, it must be known again.
  EXPECT_EQ(id_of(R"({"event": "x", "at": 1.5, "n": -3, "is": true, "no": null, "list": ["a", 1]})").substr(0, 32),
            "f18d9ff48a39a49ee54417f093db196b");
}

TEST(Values, ReadJsonWithinATextUnlessItIsTooDeep) {
  const TestSource source(
      R"({"auth": [{"open": true}], "kinds": [{"reply": {"text": "inner > json > re:.* | outer"}}]})");
  Sent sent;
  sent.body = R"({"inner": "\"deep\"", "outer": "flat"})";
  EXPECT_EQ(source.send(sent).body, "deep");
  sent.body = R"({"inner": ")" + std::string(100000, '[') + std::string(100000, ']') + R"(", "outer": "flat"})";
  EXPECT_EQ(source.send(sent).body, "flat");
}

}  // namespace
}  // namespace webhook
