// Plugins that were built with the public headers alone, loaded by the host.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "plugins/catalogue.h"
#include "plugins/instances.h"

namespace hkl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Instant kNow = instant_of(1772442900000);

std::shared_ptr<PluginFile> open(const std::string& id) {
  PluginCatalogue catalogue({HKL_CONTRACT_PLUGINS});
  EXPECT_THAT(catalogue.refusals(), IsEmpty());
  auto file = catalogue.open(id);
  if (!file) {
    ADD_FAILURE() << file.error().text;
    return nullptr;
  }
  return *file;
}

InstanceEntry entry(const std::string& settings) {
  InstanceEntry out;
  out.id = "entry";
  out.settings_json = settings;
  return out;
}

struct Lines {
  std::unique_ptr<Adapter> adapter;
  AdapterOutput out;
  Lines() {
    auto made = make_adapter(open("com.example.lines"), entry("{}"));
    if (!made) {
      ADD_FAILURE() << made.error().text;
      return;
    }
    adapter = std::move(*made);
    EXPECT_TRUE(adapter->opened(1, false, "", "127.0.0.1:7000", kNow, out));
  }
};

constexpr const char* kCall =
    "1772442900123 RING c1 101\n"
    "1772442904000 ANSWER c1 101\n"
    "1772442960500 END c1 101\n";

TEST(PlainCPlugin, SaysWhereItsPbxIs) {
  const auto endpoints = Lines().adapter->endpoints();
  ASSERT_TRUE(endpoints) << endpoints.error().text;
  ASSERT_THAT(*endpoints, SizeIs(1));
  EXPECT_EQ(endpoints->front().address, "127.0.0.1");
  EXPECT_EQ(endpoints->front().port, 7000u);
}

TEST(PlainCPlugin, MakesEventsOfLines) {
  Lines lines;
  ASSERT_TRUE(lines.adapter->feed(1, kCall, kNow, lines.out));
  ASSERT_THAT(lines.out.events, SizeIs(3));
  EXPECT_EQ(lines.out.events[0].kind, HKL_EVENT_LEG_RINGING);
  EXPECT_EQ(lines.out.events[1].kind, HKL_EVENT_LEG_ANSWERED);
  EXPECT_EQ(lines.out.events[2].kind, HKL_EVENT_LEG_ENDED);
  EXPECT_EQ(lines.out.events[2].event_id, "1772442960500 END c1 101");
  EXPECT_EQ(lines.out.events[2].call_ref, "c1");
  EXPECT_EQ(lines.out.events[2].extension, "101");
  EXPECT_EQ(ms_of(lines.out.events[2].at), 1772442960500);
  ASSERT_THAT(lines.out.states, SizeIs(1));
  EXPECT_EQ(lines.out.states[0].state, HKL_SOURCE_LIVE);
}

TEST(PlainCPlugin, MakesTheSameEventsByteByByte) {
  Lines lines;
  for (const char c : std::string(kCall)) ASSERT_TRUE(lines.adapter->feed(1, {&c, 1}, kNow, lines.out));
  EXPECT_THAT(lines.out.events, SizeIs(3));
}

TEST(PlainCPlugin, TellsWhatItLeavesOut) {
  Lines lines;
  ASSERT_TRUE(lines.adapter->feed(1, "hello\n" + std::string(1000, 'x') + "\n" + kCall + "17724", kNow, lines.out));
  ASSERT_TRUE(lines.adapter->closed(1, kNow, lines.out));
  EXPECT_THAT(lines.out.events, SizeIs(3));
  ASSERT_THAT(lines.out.skipped, SizeIs(3));
  EXPECT_EQ(lines.out.skipped[0].why, "four words were expected");
  EXPECT_EQ(lines.out.skipped[1].byte_count, 1000u);
  EXPECT_EQ(lines.out.skipped[2].byte_count, 5u);
}

TEST(SdkPlugin, CarriesItsManifestAndTheSchemaOfItsSettings) {
  const auto note = open("com.example.spam-guard")->note();
  EXPECT_EQ(note.version, "1.0.0");
  EXPECT_THAT(note.interfaces, ElementsAre(HKL_LEAD_CLASSIFIER_V1));
  EXPECT_THAT(note.needs, ElementsAre(HKL_HOST_LOG_V1, HKL_HOST_PHONE_V1));
  const auto schema = nlohmann::json::parse(note.settings_schema);
  EXPECT_EQ(schema["additionalProperties"], false);
  EXPECT_EQ(schema["properties"]["min_talk"]["default"], "5s");
  EXPECT_EQ(schema["properties"]["calls_a_day"]["maximum"], 100);
  EXPECT_EQ(schema["properties"]["action"]["enum"], nlohmann::json({"mark", "ignore"}));
  EXPECT_EQ(schema["properties"]["token"]["secret"], true);
}

TEST(SdkPlugin, GivesItsOpinion) {
  const auto guard = make_classifier(open("com.example.spam-guard"), entry(R"({"min_talk": "10s"})"));
  ASSERT_TRUE(guard) << guard.error().text;
  hkl_touch brief{};
  brief.struct_size = sizeof brief;
  brief.talk_ms = 9999;
  const hkl_touch* earlier[] = {&brief, &brief};
  hkl_inquiry inquiry{};
  inquiry.struct_size = sizeof inquiry;
  inquiry.earlier = earlier;
  inquiry.earlier_count = 1;
  EXPECT_EQ((*guard)->classify(inquiry)->quality, Quality::no_opinion);
  inquiry.earlier_count = 2;
  const auto verdict = (*guard)->classify(inquiry);
  ASSERT_TRUE(verdict) << verdict.error().text;
  EXPECT_EQ(verdict->quality, Quality::non_target);
  EXPECT_EQ(verdict->why, "2 brief calls");
}

TEST(SdkPlugin, RefusesSettingsWithItsSentence) {
  const auto guard = make_classifier(open("com.example.spam-guard"), entry(R"({"calls_a_day": 100})"));
  ASSERT_FALSE(guard);
  EXPECT_EQ(guard.error().status, HKL_BAD_SETTINGS);
  EXPECT_EQ(guard.error().text, "entry (com.example.spam-guard): calls_a_day: nobody calls so often");
}

}  // namespace
}  // namespace hkl
