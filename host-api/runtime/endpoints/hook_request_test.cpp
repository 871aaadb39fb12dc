#include "endpoints/hook_request.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

TEST(HookRequest, IsToldFromOtherCaptures) {
  EXPECT_TRUE(begins_request("POST /in/mango H"));
  EXPECT_TRUE(begins_request("GET http://h/ HT"));
  EXPECT_FALSE(begins_request("Asterisk Call Ma"));
  EXPECT_FALSE(begins_request("Content-Type: au"));
  EXPECT_FALSE(begins_request(""));
}

TEST(HookRequest, LosesOnlyThePrefixOfItsRoute) {
  EXPECT_EQ(path_on_route("/in/mango/events/call"), "/events/call");
  EXPECT_EQ(path_on_route("/hooks/mango/"), "/");
  EXPECT_EQ(path_on_route("/in/mango"), "");
  EXPECT_EQ(path_on_route("/cdr"), "/cdr");
}

TEST(HookRequest, HasTheAddressThatItsSenderKnows) {
  HttpRequest request;
  request.target = "/hooks/twilio/voice?tenant=a%20b";
  request.headers = {{"Host", "10.0.0.1:8080"}};
  EXPECT_EQ(public_address("https://crm.example/hooks/twilio/", request, "/voice"),
            "https://crm.example/hooks/twilio/voice?tenant=a%20b");
  EXPECT_EQ(public_address("", request, "/voice"), "http://10.0.0.1:8080/hooks/twilio/voice?tenant=a%20b");
}

TEST(HookRequest, IsTheSameWhenItIsReadFromItsRecording) {
  RequestReader reader({});
  ASSERT_EQ(
      reader.take("POST /hooks/a?b HTTP/1.1\r\nX-Sign: s\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
      RequestReader::Step::head);
  ASSERT_EQ(reader.go_on(10), RequestReader::Step::whole);
  EXPECT_EQ(wire_text(reader.request()), "POST /hooks/a?b HTTP/1.1\r\nX-Sign: s\r\nContent-Length: 3\r\n\r\nabc");
}

}  // namespace
}  // namespace hkl
