#include "canonical/canonical.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

std::string fault_of(const char* line) {
  const auto record = record_from_json(line);
  return record ? "" : record.error().text;
}

// What is printed is taken back and printed the same.
void expect_round_trip(const char* line) {
  const auto record = record_from_json(line);
  ASSERT_TRUE(record) << record.error().text;
  const auto printed = record_to_json(*record);
  const auto again = record_from_json(printed);
  ASSERT_TRUE(again) << printed << "\n" << again.error().text;
  EXPECT_EQ(record_to_json(*again), printed);
}

TEST(Canonical, EveryTypeIsPrintedAsItIsTaken) {
  for (
      const char* line : {
          R"({"type":"employee","id":"ivanova","name":"Иванова А.","departments":["sales",{"id":"service","from":"2026-03-01T00:00:00Z","to":null}],"extensions":[{"source":"pbx1","number":"101"}]})",
          R"({"type":"department","id":"sales","name":"Sales","queues":["support"],"duty":["ivanova"]})",
          R"({"type":"office","id":"msk","name":"Moscow","timezone":"Europe/Moscow"})",
          R"({"type":"presence","employee":"ivanova","state":"pause","from":"2026-03-02T13:00:00+03:00","to":null})",
          R"({"type":"ad_source","id":"cian","name":"Циан","group":"listings","counted":false,"step":{"source":"cian","medium":"listing"}})",
          R"({"type":"line","id":"+74950000001","ad_source":"cian","tracking":"static"})",
          R"({"type":"funnel","id":"sales","stages":[{"id":"check","name":"Проверка","groups":["in_work"]}]})",
          R"({"type":"contact","id":"c1","name":"A","numbers":["+79161110001"],"merged_into":"c2"})",
          R"({"type":"lead","id":"l1","contact":"c1","stage":"check","created_at":"2026-03-02T09:15:00Z","created_by":"call","amount":50000000,"currency":"RUB","tags":["a"]})",
          R"({"type":"lead_change","id":"h1","lead":"l1","at":"2026-03-02T10:00:00Z","by":"ivanova","field":"amount","from":null,"to":500})",
          R"({"type":"inquiry","id":"i1","kind":"request","contact":"c1","at":"2026-03-02T10:00:00Z","taken_how":"opened","taken_by":"petrov","taken_at":"2026-03-02T10:00:00Z"})",
          R"({"type":"visit","id":"w1","visitor":"v1","at":"2026-03-02T10:00:00Z","source":"google","medium":"cpc","tags":{"utm_content":"x"}})",
          R"({"type":"mark","inquiry":"i1","quality":"non_target","by":"ivanova","at":"2026-03-02T10:00:00Z"})",
          R"({"type":"mark","call":"pbx1:1","tags":["цена"],"by":"ivanova","at":"2026-03-02T10:00:00Z"})",
          R"({"type":"task","id":"t1","kind":"callback","contact":"c1","created_at":"2026-03-02T10:00:00Z","deadline_at":"2026-03-02T14:00:00Z","state":"open"})",
          R"({"type":"call","id":"pbx1:1","direction":"in","client_number":"+79161110001","started_at":"2026-03-02T09:00:00Z","ended_at":"2026-03-02T09:01:00Z","updated_at":"2026-03-03T00:00:00Z"})",
      })
    expect_round_trip(line);
}

TEST(Canonical, FaultsNameTheFieldAndTheWayOut) {
  EXPECT_EQ(fault_of(R"({"id":"c1"})"), "type: is missing; every record says what it is, e.g. \"type\": \"call\"");
  EXPECT_EQ(fault_of(R"({"type":"cal","id":"c1"})"), "type: there is no \"cal\"; did you mean \"call\"?");
  EXPECT_EQ(fault_of(R"({"type":"contact","id":"c1","nmae":"x"})"),
            "contact: nmae: there is no such field; did you mean \"name\"?");
  EXPECT_EQ(fault_of(R"({"type":"contact","id":"c1","numbers":"+7"})"),
            "contact: numbers: expected a list, found \"+7\"");
  EXPECT_EQ(fault_of(R"({"type":"call","id":"x","direction":"inn","started_at":"2026-03-02T09:00:00Z"})"),
            "call: direction: there is no \"inn\"; did you mean \"in\"?");
  EXPECT_EQ(fault_of(R"({"type":"call","id":"x","direction":"in","started_at":"2026-03-02T09:00:00"})"),
            "call: started_at: \"2026-03-02T09:00:00\" is no time: it has no offset from UTC; write it as "
            "2026-03-02T09:15:00Z or with an offset such as +03:00");
  EXPECT_EQ(fault_of(R"({"type":"lead","id":"l","amount":1.5})"), "lead: amount: expected a whole number, found 1.5");
  EXPECT_EQ(fault_of(R"({"type":"contact","id":"c1")"), "no JSON at byte 28: one whole object a line is expected");
  EXPECT_EQ(fault_of(R"({"type":"mark","by":"x","at":"2026-03-02T09:00:00Z","quality":"target"})"),
            "mark: inquiry: a mark names an inquiry or a call, one of the two");
}

TEST(Canonical, DurationsThatFollowFromTimesAreNotBelievedAgainstThem) {
  const auto record = record_from_json(
      R"({"type":"call","id":"k","direction":"in","started_at":"2026-03-02T09:00:00Z","answered_at":"2026-03-02T09:00:12Z","ended_at":"2026-03-02T09:03:42Z","wait_s":99,"talk_s":1,"outcome":"missed"})");
  ASSERT_TRUE(record) << record.error().text;
  const auto& call = std::get<Call>(record->record);
  EXPECT_EQ(call.wait, Millis(12000));
  EXPECT_EQ(call.talk, Millis(210000));
  EXPECT_EQ(call.outcome, Outcome::answered);
}

// k06 of the common example: 101 talks, hands over, 102 rings ten seconds.
TEST(Canonical, ConnectedTimeIsThatWithAPerson) {
  const auto record = record_from_json(
      R"({"type":"call","id":"k06","direction":"in","started_at":"2026-03-02T11:00:00+03:00","answered_at":"2026-03-02T11:00:20+03:00","ended_at":"2026-03-02T11:06:10+03:00",
      "legs":[{"kind":"employee","extension":"101","started_at":"2026-03-02T11:00:00+03:00","answered_at":"2026-03-02T11:00:20+03:00","ended_at":"2026-03-02T11:01:00+03:00","outcome":"answered"},
              {"kind":"employee","extension":"102","started_at":"2026-03-02T11:01:00+03:00","answered_at":"2026-03-02T11:01:10+03:00","ended_at":"2026-03-02T11:06:10+03:00","outcome":"answered"}]})");
  ASSERT_TRUE(record) << record.error().text;
  const auto& call = std::get<Call>(record->record);
  EXPECT_EQ(call.talk, Millis(350000));
  EXPECT_EQ(call.connected, Millis(340000));
  EXPECT_EQ(call.clean_talk, Millis(340000));
  EXPECT_EQ(call.legs[1].talk, Millis(300000));
}

TEST(Canonical, ARecordWithoutAnIdIsItsOwnContent) {
  const char* line = R"({"type":"presence","employee":"ivanova","state":"online","from":"2026-03-02T09:00:00Z"})";
  EXPECT_EQ(record_from_json(line)->id, record_from_json(line)->id);
  EXPECT_NE(
      record_from_json(line)->id,
      record_from_json(R"({"type":"presence","employee":"ivanova","state":"online","from":"2026-03-02T10:00:00Z"})")
          ->id);
}

TEST(Canonical, AStoredCallComesBackAsItWas) {
  Call call;
  call.id = "pbx1:1.1";
  call.source = "pbx1";
  call.aliases = {"pbx1:1.2"};
  call.direction = Direction::in;
  call.started_at = instant_of(1000);
  call.is_over = false;
  call.legs.push_back({.kind = LegKind::external, .number = "+12125550143", .outcome = LegOutcome::failed});
  call.legs.push_back({.kind = LegKind::unknown, .extension = "101"});
  const auto again = call_from_stored_json(call_to_stored_json(call));
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_EQ(call_to_stored_json(*again), call_to_stored_json(call));
}

TEST(Canonical, AnAnsweredCallGoesOnUntilItsEndOrItsTalkIsTold) {
  const auto is_over = [](const std::string& more) {
    const auto line = R"({"type":"call","id":"p:1","direction":"in","started_at":"2026-03-02T09:00:00Z")" + more + "}";
    const auto record = record_from_json(line);
    if (!record) throw std::invalid_argument(record.error().text);
    // What is printed of it is the same when it comes back.
    const auto again = record_from_json(record_to_json(*record));
    const auto& call = std::get<Call>(record->record);
    EXPECT_EQ(std::get<Call>(again->record).is_over, call.is_over) << line;
    return call.is_over;
  };
  const std::string answered = R"(,"answered_at":"2026-03-02T09:00:09Z")";
  EXPECT_FALSE(is_over(""));
  EXPECT_FALSE(is_over(answered));
  EXPECT_FALSE(is_over(answered + R"(,"outcome":"answered")"));
  EXPECT_TRUE(is_over(answered + R"(,"talk_s":60)"));
  EXPECT_TRUE(is_over(answered + R"(,"incomplete":true)"));
  EXPECT_TRUE(is_over(answered + R"(,"ended_at":"2026-03-02T09:01:00Z")"));
  EXPECT_TRUE(is_over(R"(,"outcome":"answered")")) << "nothing tells when it was answered, so nothing that it goes on";
  EXPECT_TRUE(is_over(R"(,"outcome":"missed")"));
}

TEST(Canonical, AnOpenTaskIsOverdueOnlyForWhoAsksLate) {
  TaskRecord task;
  task.id = "t1";
  task.state = TaskState::open;
  task.deadline_at = instant_of(5000);
  EXPECT_NE(task_to_json(task, instant_of(6000)).find("\"overdue\""), std::string::npos);
  EXPECT_NE(task_to_json(task, instant_of(4000)).find("\"open\""), std::string::npos);
}

}  // namespace
}  // namespace hkl
