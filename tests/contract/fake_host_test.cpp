// The host that the SDK brings for the tests of plugins.
#include "hookline/sdk/fake_host.h"

#include <gmock/gmock.h>

namespace {

using hookline::Failure;
namespace fake = hookline::fake;

struct Settings {
  std::string_view word = "none";
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(word, "What to say; \"wrong\" is refused"))

namespace {

template <typename Class>
hkl_plugin plugin_of() {
  hkl_plugin plugin{};
  plugin.struct_size = sizeof plugin;
  plugin.get_interface = &hookline::Offers<Class>::get_interface;
  return plugin;
}

class Echo final : public hookline::PbxAdapter<Settings> {
 public:
  void configured() override {
    if (settings().word == "wrong") throw Failure(HKL_BAD_SETTINGS, "word: not this one");
  }
  void endpoints(hookline::EndpointList& list) override { list.tcp_client("10.0.0.5", 7000); }
  void feed(std::uint64_t connection, std::string_view bytes, std::int64_t now_ms, hookline::Output& out) override {
    if (bytes == "bad") throw Failure(HKL_PROTOCOL, "nobody says bad");
    host().info(bytes);
    const std::string passing(bytes);
    const hkl_str tag = hookline::str(passing);
    hkl_call_event event;
    hkl_call_event_init(&event);
    event.kind = HKL_EVENT_TAGGED;
    event.at_ms = now_ms;
    event.event_id = event.extra = hookline::str(passing);
    event.tags = {&tag, 1};
    out.event(event);
    out.send(connection, settings().word);
  }
  void closed(std::uint64_t connection, std::int64_t, hookline::Output& out) override {
    out.skipped(connection, 3, "the end");
    out.tick_at(50);
  }
};
class Judge final : public hookline::LeadClassifier<Settings> {
 public:
  hookline::Opinion classify(const hkl_inquiry&) override {
    return hookline::Opinion::of(HKL_QUALITY_TARGET, "rule", std::string(settings().word));
  }
};
class Clerk final : public hookline::TaskRule<Settings> {
 public:
  std::vector<hookline::Task> review(const hkl_timeline& timeline) override {
    hookline::Task task;
    task.key = "k";
    task.created_at_ms = timeline.now_ms;
    task.more_calls = {"c2", "c3"};
    return {task};
  }
};
class Page final : public hookline::Report<Settings> {
 public:
  std::string definition() override { return "{}"; }
};

TEST(FakeHost, DrivesAnAdapterAndKeepsWhatItSaid) {
  fake::Host host;
  const auto plugin = plugin_of<Echo>();
  fake::Adapter pbx(plugin, host, R"({"word": "hello"})");
  EXPECT_EQ(pbx.endpoints().at(0).port, 7000u);
  pbx.now_ms = 7;
  pbx.feed("one");
  pbx.close();
  ASSERT_EQ(pbx.heard().events.size(), 1u);
  const auto& event = pbx.heard().events[0];
  EXPECT_EQ(event.id(), "one");
  EXPECT_EQ(event.at_ms(), 7);
  EXPECT_EQ(hookline::view(event.raw().extra), "one");
  EXPECT_EQ(hookline::view(event.raw().tags.items[0]), "one");
  EXPECT_EQ(pbx.heard().sent.at(0).text, "hello");
  EXPECT_EQ(pbx.heard().skipped.at(0).byte_count, 3u);
  EXPECT_EQ(pbx.heard().tick_at, 50);
  EXPECT_EQ(host.log.at(0).text, "one");
}

TEST(FakeHost, AStepThatFailsThrowsThePluginsOwnWords) {
  fake::Host host;
  const auto plugin = plugin_of<Echo>();
  try {
    fake::Adapter pbx(plugin, host, R"({"word": "wrong"})");
    FAIL() << "it was configured";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), HKL_BAD_SETTINGS);
    EXPECT_STREQ(failure.what(), "word: not this one");
  }
  fake::Adapter pbx(plugin, host);
  EXPECT_THROW(pbx.feed("bad"), Failure);
  pbx.stop();
  EXPECT_THROW(pbx.feed("late"), Failure);
  EXPECT_THROW(fake::Rule(plugin, host), Failure) << "an adapter is no task rule";
}

TEST(FakeHost, DrivesTheOtherKinds) {
  fake::Host host;
  const auto judge = plugin_of<Judge>(), clerk = plugin_of<Clerk>(), page = plugin_of<Page>();
  fake::Classifier classifier(judge, host, R"({"word": "because"})");
  const auto verdict = classifier.classify({});
  EXPECT_EQ(verdict.quality, HKL_QUALITY_TARGET);
  EXPECT_EQ(hookline::view(verdict.why), "because");
  hkl_timeline timeline{};
  timeline.now_ms = 9;
  const auto tasks = fake::Rule(clerk, host).review(timeline);
  ASSERT_EQ(tasks.size(), 1u);
  EXPECT_EQ(tasks[0].created_at_ms, 9);
  EXPECT_THAT(tasks[0].more_calls, testing::ElementsAre("c2", "c3"));
  EXPECT_EQ(fake::Sheet(page, host).definition(), "{}");
}

hkl_local_time local(int year, int month, int day, int hour = 0) {
  hkl_local_time at{};
  at.struct_size = sizeof at;
  at.year = year;
  at.month = month;
  at.day = day;
  at.hour = hour;
  return at;
}

TEST(FakeHost, KnowsDaysAndZones) {
  fake::Host host;
  host.zones["East"] = 3 * 3600 * 1000;
  const hookline::Host services(host.get());
  EXPECT_EQ(services.to_utc(local(1970, 1, 1)), 0);
  EXPECT_EQ(services.to_utc(local(2024, 2, 29, 3), "East"), 1709164800000);
  EXPECT_EQ(services.to_utc(local(2023, 2, 29)), std::nullopt) << "no such day";
  EXPECT_EQ(services.to_utc(local(2024, 1, 1), "Nowhere"), std::nullopt);
  const auto* time = services.find<hkl_host_time>(HKL_HOST_TIME_V1);
  for (std::int64_t day = -800; day < 40000; day += 13) {
    auto there = local(0, 0, 0);
    ASSERT_EQ(time->to_local(host.get(), day * 86400000 + 5, hookline::str("East"), &there), HKL_OK);
    ASSERT_EQ(services.to_utc(there, "East"), day * 86400000 + 5);
    ASSERT_EQ(there.weekday, (day % 7 + 10) % 7 + 1) << day;
  }
}

TEST(FakeHost, LacksWhatATestTakesAway) {
  fake::Host host;
  const hookline::Host services(host.get());
  EXPECT_EQ(services.hash_hex(HKL_DIGEST_MD5, "text"), std::nullopt) << "no digest is set";
  host.digest = [](std::uint32_t, std::string_view, std::string_view data) { return std::string(data); };
  EXPECT_EQ(services.hash_hex(HKL_DIGEST_MD5, "AB"), "4142");
  host.absent.insert(HKL_HOST_DIGEST_V1);
  EXPECT_EQ(services.hash_hex(HKL_DIGEST_MD5, "AB"), std::nullopt);
}

}  // namespace
