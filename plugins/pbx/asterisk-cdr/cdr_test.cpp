// The plugin on the SDK's terms: rows in, events out, no runtime.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "cdr_row.h"
#include "record_bench.h"

namespace {

using asterisk::PluginBench;
using asterisk::ToldEvent;

const std::string kSettings =
    R"({"extensions":["1XX"],"trunks":["trunk-a"],"outside_prefix":"9","own_numbers":["12025550110"],)"
    R"("columns":{"custom.csv":["src","dst","clid","channel","dstchannel","lastapp","lastdata","start","answer","end",)"
    R"("duration","billsec","disposition","uniqueid","linkedid","sequence","did","recordingfile"]}})";

// A row of custom.csv: who, whom, through what, when, how.
struct Row {
  std::string src, dst, clid, channel, other, app, data, start, answer, end, duration, billed, word, unique, linked,
      sequence = "1", did, file;
  std::string text() const {
    std::string line;
    for (const auto& cell : {src, dst, clid, channel, other, app, data, start, answer, end, duration, billed, word,
                             unique, linked, sequence, did, file}) {
      if (!line.empty()) line += ',';
      line += '"';
      for (const char c : cell) line += c == '"' ? "\"\"" : std::string(1, c);
      line += '"';
    }
    return line + "\n";
  }
};

Row inbound() {
  return {"12125550141",
          "101",
          "\"Ida Stone\" <12125550141>",
          "PJSIP/trunk-a-1",
          "PJSIP/101-2",
          "Dial",
          "PJSIP/101,15,tT",
          "2026-11-23 06:35:50",
          "2026-11-23 06:35:52",
          "2026-11-23 06:36:04",
          "14.129645",
          "11.920226",
          "ANSWERED",
          "5.71",
          "5.71",
          "38",
          "12025550110",
          ""};
}

std::vector<ToldEvent> told(const Row& row, std::uint32_t kind) {
  PluginBench bench(kSettings);
  bench.file("custom.csv", {row.text()});
  EXPECT_TRUE(bench.skipped.empty()) << bench.skipped[0];
  return bench.of_kind(kind);
}
ToldEvent call(const Row& row) {
  const auto found = told(row, HKL_EVENT_CALL_SUMMARY);
  EXPECT_EQ(found.size(), 1u);
  return found.empty() ? ToldEvent{} : found[0];
}
ToldEvent leg(const Row& row, const std::string& ref) {
  for (const auto& event : told(row, HKL_EVENT_LEG_SUMMARY))
    if (event.leg == ref) return event;
  ADD_FAILURE() << "no leg " << ref;
  return {};
}

TEST(Cdr, ACallFromOutsideIsAPhonesLegAndACall) {
  const auto whole = call(inbound());
  EXPECT_EQ(whole.direction, HKL_DIRECTION_IN);
  EXPECT_EQ(whole.client, "12125550141");
  EXPECT_EQ(whole.client_name, "Ida Stone");
  EXPECT_EQ(whole.line, "12025550110");
  EXPECT_EQ(whole.talked, HKL_TRI_YES);
  EXPECT_EQ(whole.started, 1795415750000);
  EXPECT_EQ(whole.ended, 1795415764129);
  const auto phone = leg(inbound(), "PJSIP/101-2");
  EXPECT_EQ(phone.extension, "101");
  EXPECT_EQ(phone.leg_outcome, HKL_LEG_ANSWERED);
  EXPECT_EQ(phone.answered, 1795415752209);
}

TEST(Cdr, RecordsBeforeTheDayInFromAreLeftOut) {
  for (const auto& [from, calls] : {std::pair{"2026-11-24", 0U}, {"2026-11-23", 1U}, {"2026-11-23 06:35:51", 0U}}) {
    PluginBench bench(R"({"from":")" + std::string(from) + "\"," + kSettings.substr(1));
    bench.file("custom.csv", {inbound().text()});
    EXPECT_EQ(bench.of_kind(HKL_EVENT_CALL_SUMMARY).size(), calls) << from;
    EXPECT_TRUE(bench.skipped.empty());
  }
  EXPECT_NE(PluginBench(R"({"from":"yesterday"})").failure.find("from: expected a day"), std::string::npos);
}

TEST(Cdr, AnAnswerThatCameAtOnceIsTheSwitchsOwnAndNoPersons) {
  auto row = inbound();
  row.app = "Queue";
  row.data = "support,t,,,40";
  row.answer = row.start;
  row.billed = "14.129645";
  EXPECT_EQ(leg(row, "PJSIP/101-2").answered, HKL_UNKNOWN_MS);
  EXPECT_EQ(leg(row, "PJSIP/101-2").leg_outcome, HKL_LEG_ANSWERED);
  EXPECT_EQ(leg(row, "PJSIP/trunk-a-1/Queue/support").leg_kind, HKL_LEG_KIND_QUEUE);
}

TEST(Cdr, AQueueThatPickedUpWithoutAMemberReachedNobody) {
  auto row = inbound();
  row.app = "Queue";
  row.data = "support,t";
  row.other = "";
  EXPECT_EQ(call(row).talked, HKL_TRI_UNKNOWN);
  EXPECT_EQ(call(row).result, "");
}

TEST(Cdr, AnOutgoingCallShowsTheLineAsItsSource) {
  Row row{"12025550110",
          "912125550177",
          "\"Anna Kern\" <12025550110>",
          "PJSIP/101-8",
          "PJSIP/trunk-a-9",
          "Dial",
          "PJSIP/12125550177@trunk-a,30,TK",
          "2026-11-23 06:33:40",
          "2026-11-23 06:33:43",
          "2026-11-23 06:33:51",
          "11",
          "8",
          "ANSWERED",
          "5.20",
          "5.20",
          "10",
          "",
          ""};
  const auto whole = call(row);
  EXPECT_EQ(whole.direction, HKL_DIRECTION_OUT);
  EXPECT_EQ(whole.client, "12125550177");
  EXPECT_EQ(whole.line, "12025550110");
  EXPECT_EQ(whole.client_name, "");
  EXPECT_EQ(leg(row, "PJSIP/101-8").extension, "101");
  EXPECT_EQ(leg(row, "PJSIP/trunk-a-9").leg_kind, HKL_LEG_KIND_EXTERNAL);
  EXPECT_EQ(leg(row, "PJSIP/trunk-a-9").answered, 1795415623000);
  row.src = "101";
  EXPECT_EQ(call(row).line, "");
}

TEST(Cdr, TheSwitchsOwnBusyToneIsNoCallOfItsOwn) {
  const Row row{"12025550110",
                "out-BUSY",
                "",
                "PJSIP/101-a",
                "",
                "Busy",
                "2",
                "2026-11-23 06:33:55",
                "",
                "2026-11-23 06:33:55",
                "0",
                "0",
                "BUSY",
                "5.24",
                "5.24",
                "14",
                "",
                ""};
  PluginBench bench(kSettings);
  bench.file("custom.csv", {row.text()});
  EXPECT_TRUE(bench.events.empty());
  EXPECT_TRUE(bench.skipped.empty());
}

TEST(Cdr, TheWordOfARowIsTheOutcomeOfItsLegAndTheReasonOfItsCall) {
  auto row = inbound();
  row.answer = "";
  const auto reason = [&](const std::string& word, const std::string& duration) {
    row.word = word;
    row.duration = duration;
    row.billed = "0";
    row.end = "2026-11-23 06:35:" + std::to_string(50 + std::stoi(duration));
    return call(row).reason;
  };
  EXPECT_EQ(reason("BUSY", "0"), HKL_REASON_EMPLOYEE_BUSY);
  EXPECT_EQ(leg(row, "PJSIP/101-2").leg_outcome, HKL_LEG_BUSY);
  EXPECT_EQ(reason("CONGESTION", "0"), HKL_REASON_NETWORK);
  EXPECT_EQ(reason("FAILED", "0"), HKL_REASON_TECHNICAL);
  EXPECT_EQ(reason("CANCEL", "5"), HKL_REASON_CLIENT_HUNG_UP);
  EXPECT_EQ(reason("NO ANSWER", "5"), HKL_REASON_NOT_TOLD);  // of 15: who gave up?
  row.data = "PJSIP/101,5,tT";
  EXPECT_EQ(reason("NO ANSWER", "5"), HKL_REASON_EMPLOYEE_NO_ANSWER);
  row.other = "";
  EXPECT_EQ(reason("FAILED", "0"), HKL_REASON_EMPLOYEE_UNAVAILABLE);
}

TEST(Cdr, AWithheldCallerIsNobodyThoughTheNumberDialledStandsInItsPlace) {
  auto row = inbound();
  row.src = "12025550110";
  EXPECT_EQ(call(row).is_withheld, HKL_TRI_YES);
  EXPECT_EQ(call(row).client, "");
  row.src = "anonymous";
  EXPECT_EQ(call(row).is_withheld, HKL_TRI_YES);
}

TEST(Cdr, RowsOfOneConversationAreOneCall) {
  auto row = inbound();
  row.linked = "5.60";
  EXPECT_EQ(call(row).call, "5.60");
  const auto joined = told(row, HKL_EVENT_REFS_JOINED);
  ASSERT_EQ(joined.size(), 1u);
  EXPECT_EQ(joined[0].other, "5.71");
  row.linked = "";
  EXPECT_EQ(call(row).call, "5.71");
  row.unique = "";
  EXPECT_EQ(call(row).call, "PJSIP/trunk-a-1@2026-11-23 06:35:50");
}

TEST(Cdr, ARowOfALocalPairIsTheLegBehindIt) {
  auto row = inbound();
  row.channel = "Local/101@ext-queue-3;2";
  row.linked = "5.60";
  EXPECT_TRUE(told(row, HKL_EVENT_CALL_SUMMARY).empty());
  EXPECT_EQ(leg(row, "PJSIP/101-2").extension, "101");
  row.linked = "";  // whose call?
  EXPECT_TRUE(told(row, HKL_EVENT_LEG_SUMMARY).empty());
}

TEST(Cdr, ParkingIsAHandingOnToTheSpace) {
  auto row = inbound();
  row.app = "Park";
  row.data = "default:701";
  row.other = "";
  const auto moved = told(row, HKL_EVENT_TRANSFERRED);
  ASSERT_EQ(moved.size(), 1u);
  EXPECT_EQ(moved[0].transfer_kind, HKL_TRANSFER_PARK);
  EXPECT_EQ(moved[0].to, "701");
}

TEST(Cdr, ARecordingAndWhatElseIsTold) {
  auto row = inbound();
  row.file = "rec=2026/11/23/in-101.wav";
  EXPECT_EQ(call(row).recording, "2026/11/23/in-101.wav");
  row.file = "in:12025550110";
  EXPECT_EQ(call(row).recording, "");
  PluginBench bench(kSettings);
  bench.file("any.csv", {"channel,start,end,disposition,userfield,Cost Centre\n"
                         "PJSIP/trunk-a-1,2026-11-23 06:35:50,2026-11-23 06:35:59,ANSWERED,\"a \"\"b\"\"\",42\n"});
  ASSERT_FALSE(bench.events.empty());
  EXPECT_EQ(bench.events[0].extra, R"({"userfield":"a \"b\"","Cost Centre":"42"})");
}

TEST(Cdr, NamesAreEscapedTwice) {
  EXPECT_EQ(asterisk::caller_name(R"("Ida \"K\" \\ Stone" <101>)"), R"(Ida "K" \ Stone)");
  EXPECT_EQ(asterisk::caller_name(R"("" <101>)"), "");
  EXPECT_EQ(asterisk::caller_name("Ida <101>"), "Ida");
  EXPECT_EQ(asterisk::caller_name("101"), "");
}

TEST(Cdr, LocalTimeIsTheSources) {
  PluginBench bench(kSettings, 5 * 3600);
  bench.file("custom.csv", {inbound().text()});
  EXPECT_EQ(bench.of_kind(HKL_EVENT_CALL_SUMMARY).at(0).started, 1795415750000 - 5 * 3600 * 1000);
}

TEST(Cdr, TheSameRowAgainHasTheSameIds) {
  PluginBench bench(kSettings);
  bench.file("custom.csv", {inbound().text(), inbound().text()});
  std::set<std::string> ids;
  for (const auto& event : bench.events) ids.insert(event.id);
  EXPECT_EQ(ids.size() * 2, bench.events.size());
}

TEST(Cdr, TheSampleLayoutsAreKnownByThemselves) {
  for (const char* name : {"Master.csv", "Custom.csv"}) {
    std::ifstream file(std::string(HKL_SOURCE_DIR) + "/tests/fixtures/cdr/asterisk-csv/" + name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    PluginBench bench(R"({"recording_column":"userfield"})");
    bench.file(name, {text});
    EXPECT_TRUE(bench.skipped.empty());
    const auto calls = bench.of_kind(HKL_EVENT_CALL_SUMMARY);
    ASSERT_GE(calls.size(), 5u) << name;
    EXPECT_EQ(calls[0].client, "79000000601");
    EXPECT_EQ(calls[0].client_name, "ООО Ромашка");
    EXPECT_EQ(calls[0].line, "74950001010");
    EXPECT_EQ(calls[3].recording, "out-102-79000000603-20260914-080200.wav");
  }
}

TEST(Cdr, ADatabaseRowIsARecordByItsColumns) {
  PluginBench bench(kSettings);
  bench.row({"id", "calldate", "src", "dst", "channel", "dstchannel", "lastapp", "lastdata", "duration", "billsec",
             "disposition", "uniqueid", "userfield"},
            {"7", "2026-11-23 06:35:50", "12125550141", "101", "PJSIP/trunk-a-1", "PJSIP/101-2", "Dial", "PJSIP/101,15",
             "14", "12", "ANSWERED", "5.71", nullptr});
  const auto calls = bench.of_kind(HKL_EVENT_CALL_SUMMARY);
  ASSERT_EQ(calls.size(), 1u) << bench.failure;
  EXPECT_EQ(calls[0].ended, 1795415764000);
  for (const auto& phone : bench.of_kind(HKL_EVENT_LEG_SUMMARY)) EXPECT_EQ(phone.answered, 1795415752000);
}

}  // namespace
