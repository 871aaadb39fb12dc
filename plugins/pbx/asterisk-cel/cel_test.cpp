// The plugin on the SDK's terms: records in, events out, no runtime.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "record_bench.h"

namespace {

using asterisk::PluginBench;

const std::string kSettings = R"({"extensions":["1XX"],"trunks":["trunk-a"],"outside_prefix":"9"})";

std::string read(const std::string& scenario) {
  std::ifstream file(std::string(HKL_SOURCE_DIR) + "/tests/fixtures/asterisk/" + scenario + "/cel.csv",
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// eventtype, eventtime, name, num, ani, rdnis, dnid, exten, context, channel, app, appdata, ama, account, uniqueid,
// linkedid, peer, userfield, extra
std::string line(const std::string& type, const std::string& at, const std::string& num, const std::string& ani,
                 const std::string& exten, const std::string& channel, const std::string& app, const std::string& data,
                 const std::string& unique, const std::string& linked, const std::string& extra) {
  std::string text;
  for (const auto& cell :
       {type, at, std::string("Ida"), num, ani, std::string(), std::string(), exten, std::string("menu-main"), channel,
        app, data, std::string("3"), std::string(), unique, linked, std::string(), std::string(), extra}) {
    if (!text.empty()) text += ',';
    text += '"';
    for (const char c : cell) text += c == '"' ? "\"\"" : std::string(1, c);
    text += '"';
  }
  return text + "\n";
}

std::vector<asterisk::ToldEvent> told(const std::string& text, std::uint32_t kind) {
  PluginBench bench(kSettings);
  bench.file("cel.csv", {text});
  return bench.of_kind(kind);
}

TEST(Cel, ACallFromOutsideBringsItsNumbers) {
  const auto begun = told(line("CHAN_START", "1795415750.531522", "12125550151", "", "12025550110",
                               "PJSIP/trunk-a-0000001d", "", "", "5.71", "5.71", ""),
                          HKL_EVENT_CHANNEL_BEGUN);
  ASSERT_EQ(begun.size(), 1u);
  EXPECT_EQ(begun[0].direction, HKL_DIRECTION_IN);
  EXPECT_EQ(begun[0].channel_kind, HKL_CHANNEL_KIND_TRUNK);
  EXPECT_EQ(begun[0].client, "12125550151");
  EXPECT_EQ(begun[0].client_name, "Ida");
  EXPECT_EQ(begun[0].line, "12025550110");
  EXPECT_EQ(begun[0].at, 1795415750531);
  EXPECT_EQ(begun[0].leg, "5.71");
}

TEST(Cel, ABridgeWithoutANameIsThatOfItsConversation) {
  const auto entered = told(line("BRIDGE_ENTER", "1795415752", "", "", "s", "SIP/101-1", "", "", "5.72", "5.71", ""),
                            HKL_EVENT_BRIDGE_ENTERED);
  ASSERT_EQ(entered.size(), 1u);
  EXPECT_EQ(entered[0].bridge, "5.71");
}

TEST(Cel, BeforeAsterisk12OneRecordTellsThatTwoTalk) {
  const auto entered = told(line("BRIDGE_START", "1795415752", "", "", "s", "SIP/t-1", "", "", "5.71", "5.71", ""),
                            HKL_EVENT_BRIDGE_ENTERED);
  ASSERT_EQ(entered.size(), 1u);
  EXPECT_EQ(entered[0].leg, "5.71");
  EXPECT_EQ(entered[0].talked, HKL_TRI_YES);
  EXPECT_EQ(
      told(line("BRIDGE_END", "1795415759", "", "", "s", "SIP/t-1", "", "", "5.71", "5.71", ""), HKL_EVENT_BRIDGE_LEFT)
          .size(),
      1u);
}

TEST(Cel, ATrunkMadeToReachAClientIsNoCallFromOutside) {
  const auto begun = told(line("CHAN_START", "1795415750", "", "", "s", "PJSIP/trunk-a-1", "", "", "5.72", "5.71", ""),
                          HKL_EVENT_CHANNEL_BEGUN);
  ASSERT_EQ(begun.size(), 1u);
  EXPECT_EQ(begun[0].direction, HKL_DIRECTION_OUT);
  const auto learned = told(line("ANSWER", "1795415752", "912125550177", "", "912125550177", "PJSIP/trunk-a-1",
                                 "AppDial", "(Outgoing Line)", "5.72", "5.71", ""),
                            HKL_EVENT_CHANNEL_CHANGED);
  ASSERT_EQ(learned.size(), 1u);
  EXPECT_EQ(learned[0].client, "12125550177");
}

TEST(Cel, AnAnalogLineRingsAtSInAConversationOfItsOwn) {
  const auto begun =
      told(line("CHAN_START", "1795415750", "12125550151", "", "s", "DAHDI/1-1", "", "", "5.71", "5.71", ""),
           HKL_EVENT_CHANNEL_BEGUN);
  ASSERT_EQ(begun.size(), 1u);
  EXPECT_EQ(begun[0].direction, HKL_DIRECTION_IN);
}

TEST(Cel, AHangUpTellsItsCauseAndWhoHungUp) {
  const std::string text = line("HANGUP", "1795415771.1", "", "", "", "PJSIP/101-1", "AppDial", "", "5.72", "5.71",
                                R"({"hangupcause":17,"hangupsource":"PJSIP/101-1","dialstatus":""})");
  const auto ended = told(text, HKL_EVENT_CHANNEL_ENDED);
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended[0].cause, "17");
  EXPECT_EQ(ended[0].leg_outcome, HKL_LEG_BUSY);
  EXPECT_EQ(told(text, HKL_EVENT_HANGUP_ASKED).size(), 1u);
  const std::string other = line("HANGUP", "1795415771.1", "", "", "", "PJSIP/102-1", "AppDial", "", "5.73", "5.71",
                                 R"({"hangupcause":16,"hangupsource":"PJSIP/101-1","dialstatus":""})");
  EXPECT_TRUE(told(other, HKL_EVENT_HANGUP_ASKED).empty());
}

TEST(Cel, AnAttendedTransferJoinsTheConsultation) {
  const std::string text = line(
      "ATTENDEDTRANSFER", "1795415764.6", "101", "101", "", "PJSIP/101-1e", "AppDial", "", "5.72", "5.71",
      R"({"bridge1_id":"a","channel2_uniqueid":"5.73","transferee_channel_uniqueid":"5.71","transfer_target_channel_name":"PJSIP/102-20","transfer_target_channel_uniqueid":"5.74"})");
  const auto moved = told(text, HKL_EVENT_TRANSFERRED);
  ASSERT_EQ(moved.size(), 1u);
  EXPECT_EQ(moved[0].from, "101");
  EXPECT_EQ(moved[0].to, "102");
  std::set<std::string> joined;
  for (const auto& event : told(text, HKL_EVENT_REFS_JOINED)) joined.insert(event.other);
  EXPECT_EQ(joined, (std::set<std::string>{"5.73", "5.74"}));
}

TEST(Cel, AChannelThatIsNotThereJoinsNothing) {
  const std::string text = line(
      "ATTENDEDTRANSFER", "1795415764.6", "101", "101", "", "PJSIP/101-1e", "AppDial", "", "5.72", "5.71",
      R"({"channel2_uniqueid":"5.73","transfer_target_channel_name":"N/A","transfer_target_channel_uniqueid":"N/A"})");
  for (const auto& event : told(text, HKL_EVENT_REFS_JOINED)) EXPECT_NE(event.other, "N/A");
  EXPECT_EQ(told(text, HKL_EVENT_TRANSFERRED).at(0).to, "");
}

TEST(Cel, MusicIsAHoldAndAPromptIsAMenu) {
  const auto held = told(line("STREAM_BEGIN", "1795415757.7", "1", "1", "101", "PJSIP/trunk-a-1", "Dial", "PJSIP/101",
                              "5.71", "5.71", R"({"class":"default"})"),
                         HKL_EVENT_HELD);
  EXPECT_EQ(held.size(), 1u);
  const auto menu = told(line("STREAM_BEGIN", "1795415757.7", "1", "1", "s", "PJSIP/trunk-a-1", "BackGround", "welcome",
                              "5.71", "5.71", R"({"sound":"welcome"})"),
                         HKL_EVENT_APP_ENTERED);
  ASSERT_EQ(menu.size(), 1u);
  EXPECT_EQ(menu[0].leg_kind, HKL_LEG_KIND_IVR);
  EXPECT_EQ(menu[0].name, "menu-main");
}

TEST(Cel, ABrokenExtraCostsWhatItWouldHaveTold) {
  PluginBench bench(kSettings);
  bench.file("cel.csv",
             {line("HANGUP", "1795415771", "", "", "", "PJSIP/101-1", "", "", "5.72", "5.71", "{\"hangupcause\":")});
  ASSERT_EQ(bench.events.size(), 1u);
  EXPECT_EQ(bench.events[0].kind, HKL_EVENT_CHANNEL_ENDED);
  EXPECT_EQ(bench.events[0].cause, "");
  EXPECT_TRUE(bench.skipped.empty());
}

TEST(Cel, ByteByByteTellsTheSame) {
  const auto text = read("13-attended-transfer");
  ASSERT_GT(text.size(), 1000u);
  PluginBench whole(kSettings), single(kSettings);
  whole.file("cel.csv", {text});
  std::vector<std::string> bytes;
  for (const char c : text) bytes.emplace_back(1, c);
  single.file("cel.csv", bytes);
  ASSERT_EQ(single.events.size(), whole.events.size());
  for (std::size_t i = 0; i < whole.events.size(); ++i) EXPECT_EQ(single.events[i].id, whole.events[i].id);
}

TEST(Cel, TheSameFileAgainHasTheSameIdsAndNoTwoEventsShareOne) {
  const auto text = read("13-attended-transfer");
  PluginBench bench(kSettings);
  bench.file("cel.csv", {text});
  std::set<std::string> once;
  for (const auto& event : bench.events) once.insert(event.id);
  EXPECT_EQ(once.size(), bench.events.size());
  bench.file("cel.csv.1", {text});
  std::set<std::string> twice;
  for (const auto& event : bench.events) twice.insert(event.id);
  EXPECT_EQ(twice, once);
}

TEST(Cel, ALineLostInTheMiddleMarksAGap) {
  PluginBench bench(kSettings);
  bench.file("cel.csv", {line("CHAN_START", "100.5", "1", "", "2", "PJSIP/101-1", "", "", "5.1", "5.1", "") +
                         "\"ANSWER\",\"torn\n" +
                         line("CHAN_END", "120.0", "1", "", "2", "PJSIP/101-1", "", "", "5.1", "5.1", "")});
  EXPECT_EQ(bench.skipped.size(), 1u);
  const auto gaps = bench.of_kind(HKL_EVENT_SOURCE_GAP);
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].at, 100500);
  EXPECT_EQ(gaps[0].ended, 120000);
}

TEST(Cel, ATextualTimeIsLocalToTheSource) {
  PluginBench bench(kSettings, 5 * 3600);
  bench.file("cel.csv",
             {line("CHAN_START", "2026-11-23 11:35:50", "1", "", "2", "PJSIP/101-1", "", "", "5.1", "5.1", "")});
  ASSERT_EQ(bench.events.size(), 1u);
  EXPECT_EQ(bench.events[0].at, 1795415750000);
}

TEST(Cel, ADatabaseRowIsARecordByItsColumns) {
  PluginBench bench(kSettings);
  bench.row({"id", "eventtype", "eventtime", "cid_num", "channame", "exten", "uniqueid", "linkedid", "extra"},
            {"7", "CHAN_START", "2026-11-23 06:35:50.531", "12125550151", "PJSIP/trunk-a-1", "12025550110", "5.71",
             "5.71", nullptr});
  ASSERT_EQ(bench.events.size(), 1u) << bench.failure;
  EXPECT_EQ(bench.events[0].client, "12125550151");
  EXPECT_EQ(bench.events[0].at, 1795415750531);
}

TEST(Cel, ARecordThatIsNoneOfItsOwnIsNamed) {
  PluginBench bench(kSettings);
  bench.file("cel.csv", {"eventtype,eventtime,uniqueid\nANSWER,yesterday,5.1\n"});
  EXPECT_TRUE(bench.events.empty());
  ASSERT_EQ(bench.skipped.size(), 1u);
  EXPECT_EQ(bench.skipped[0], "21 a record without a type, a time or a uniqueid");
}

TEST(Cel, ASeparatorOfTwoCharactersIsRefused) {
  PluginBench bench(R"({"separator":";;"})");
  EXPECT_NE(bench.failure.find("separator: expected one character"), std::string::npos) << bench.failure;
}

}  // namespace
