// Records that mod_json_cdr posts, on the SDK's terms: a request in, events
// and an answer out.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "cdr_route.h"

namespace {

struct Answer {
  std::vector<std::string> events;  // kind:event_id
  std::vector<std::string> told;    // kind leg client name line extension
  std::uint32_t status = 0, verdict = 0;
  std::string reason;
};

struct Request {
  std::string text, body;
  std::vector<hkl_header> headers;
};

class Cdr : public testing::Test {
 protected:
  Cdr() {
    settings_.extensions = {kExtensions, 1};
    settings_.cdr_username = "pbx01";
    settings_.cdr_password = "records";
  }
  static constexpr std::string_view kExtensions[] = {"1XX"};
  freeswitch::Settings settings_;

  // A whole HTTP request as on the wire.
  Answer post(const std::string& text) {
    const auto end = text.find("\r\n\r\n");
    const std::string_view all(text);
    std::vector<hkl_header> headers;
    for (auto at = text.find("\r\n") + 2; at < end;) {
      const auto line_end = std::min(text.find("\r\n", at), end), colon = text.find(": ", at);
      headers.push_back(
          {hookline::str(all.substr(at, colon - at)), hookline::str(all.substr(colon + 2, line_end - colon - 2))});
      at = line_end + 2;
    }
    hookline::HttpRequest request;
    request.method = all.substr(0, all.find(' '));
    request.body = all.substr(end + 4);
    request.headers = {headers.data(), headers.size()};
    Answer answer;
    hkl_pbx_sink events{};
    events.struct_size = sizeof events;
    events.user = &answer;
    events.event = [](void* user, const hkl_call_event* e, hkl_error*) -> hkl_status {
      const auto string = [](const hkl_str& s) { return std::string(hookline::view(s)); };
      auto& to = *static_cast<Answer*>(user);
      to.events.push_back(std::to_string(e->kind) + ":" + string(e->event_id));
      to.told.push_back(std::to_string(e->kind) + " " + string(e->client) + " " + string(e->client_name) + " " +
                        string(e->line) + " " + string(e->extension));
      return HKL_OK;
    };
    hkl_http_sink sink{};
    sink.struct_size = sizeof sink;
    sink.events = &events;
    sink.user = &answer;
    sink.reply = [](void* user, const hkl_http_reply* reply) -> hkl_status {
      auto& to = *static_cast<Answer*>(user);
      to.status = reply->http_status;
      to.verdict = reply->verdict;
      to.reason = hookline::view(reply->reason);
      return HKL_OK;
    };
    hookline::HttpOutput out(sink);
    freeswitch::take_record(request, settings_, out);
    return answer;
  }
};

std::string read(const std::string& name) {
  std::ifstream file(std::string(HKL_SOURCE_DIR) + "/tests/fixtures/freeswitch/26-json-cdr-http/" + name + ".http",
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
std::string with_body(const std::string& type, const std::string& body,
                      const std::string& user = "cGJ4MDE6cmVjb3Jkcw==") {
  return "POST /cdr HTTP/1.1\r\nauthorization: Basic " + user + "\r\nContent-Type: " + type + "\r\n\r\n" + body;
}
bool holds(const Answer& answer, const std::string& text) {
  for (const auto& told : answer.told)
    if (told == text) return true;
  return false;
}

TEST_F(Cdr, EveryEncodingTellsTheCall) {
  for (const char* mode : {"true", "true-rawvalues", "base64", "false", "false-rawvalues"}) {
    // The caller's record and the phone's come in either order.
    const auto one = post(read("post-" + std::string(mode) + "-1")),
               two = post(read("post-" + std::string(mode) + "-2"));
    EXPECT_EQ(one.status, 200u) << mode << " " << one.reason;
    EXPECT_EQ(two.status, 200u) << mode << " " << two.reason;
    auto all = one;
    all.told.insert(all.told.end(), two.told.begin(), two.told.end());
    const auto begun = std::to_string(HKL_EVENT_CHANNEL_BEGUN);
    EXPECT_TRUE(holds(all, begun + " +33639980261 Hélène Bénard +33199001011 ")) << mode;
    EXPECT_TRUE(holds(all, begun + "    101")) << mode;
  }
}

TEST_F(Cdr, ARepeatedPostTellsNothingNew) {
  const auto once = post(read("post-true-1")), again = post(read("post-true-3"));
  ASSERT_GT(once.events.size(), 4u);
  EXPECT_EQ(once.events, again.events);
}

TEST_F(Cdr, WhoIsNotKnownIsNotBelieved) {
  const auto good = read("post-false-1");
  const auto body = good.substr(good.find("\r\n\r\n") + 4);
  const auto wrong = post(with_body("application/json", body, "cGJ4MDE6cmVjb3Jkcz=="));
  EXPECT_EQ(wrong.status, 401u);
  EXPECT_EQ(wrong.verdict, HKL_VERDICT_REJECT);
  EXPECT_EQ(wrong.reason, "bad_credentials");
  EXPECT_TRUE(wrong.events.empty());
  EXPECT_EQ(post(with_body("application/json", body)).status, 200u);
  settings_.cdr_password = "";
  EXPECT_EQ(post(with_body("application/json", body, "cGJ4MDE6")).status, 401u);
}

TEST_F(Cdr, WhatIsNoRecordIsRefusedAndSaidWhy) {
  const auto reason = [&](const std::string& type, const std::string& body) {
    const auto answer = post(with_body(type, body));
    EXPECT_EQ(answer.status, 400u) << body;
    EXPECT_TRUE(answer.events.empty()) << body;
    return answer.reason;
  };
  EXPECT_EQ(reason("text/plain", "cdr={}"), "no_record_in_the_body");
  EXPECT_EQ(reason("application/x-www-form-urlencoded", "record={}"), "no_record_in_the_body");
  EXPECT_EQ(reason("application/x-www-form-base64-encoded", "cdr=!!!!"), "no_record_in_the_body");
  const auto whole = read("post-false-rawvalues-1");
  EXPECT_EQ(reason("application/json", whole.substr(whole.find("\r\n\r\n") + 4, 4000)), "a_record_that_breaks_off");
  EXPECT_EQ(reason("application/json", std::string(1000, '[')), "a_record_that_breaks_off");
  EXPECT_EQ(reason("application/json", R"({"variables":{"uuid":"a"}})"), "a_record_without_a_channel");
}

TEST_F(Cdr, AQuoteInsideATextThatNothingEscapesDoesNotEndIt) {
  const auto record = freeswitch::read_record(R"({"variables":{"full":""Hélène" <sip:a@b>;tag=1","empty":"",)"
                                              "\"sdp\":\"v=0\r\no=-\"},\"callflow\":[{\"n\":\"1\"}]}");
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ((*record)["variables/full"], "\"Hélène\" <sip:a@b>;tag=1");
  EXPECT_EQ((*record)["variables/sdp"], "v=0\r\no=-");
  EXPECT_EQ((*record)["callflow/0/n"], "1");
}

TEST_F(Cdr, HoldsOfARecordAreTold) {
  const auto answer =
      post(with_body("application/json", R"({"variables":{"uuid":"a","direction":"inbound",)"
                                         R"("start_uepoch":"100000000","end_uepoch":"190000000",)"
                                         R"("hold_events":"{{150000000,160000000},{110000000,120000000}}"}})"));
  const auto count = [&](std::uint32_t kind) {
    return std::count_if(answer.events.begin(), answer.events.end(),
                         [&](const std::string& e) { return e.rfind(std::to_string(kind) + ":", 0) == 0; });
  };
  EXPECT_EQ(count(HKL_EVENT_HELD), 2);
  EXPECT_EQ(count(HKL_EVENT_UNHELD), 2);
}

}  // namespace
