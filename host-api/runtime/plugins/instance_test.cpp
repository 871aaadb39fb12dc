#include "plugins/instance.h"

#include <gmock/gmock.h>

#include "plugins/test_plugins/heard.h"

namespace hkl {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr auto kNothing = [](hkl_instance*, hkl_error*) { return HKL_OK; };

Result<std::unique_ptr<Instance>> begin(const std::string& plugin, InstanceEntry entry,
                                        Instance::Until until = Instance::Until::started) {
  return instance_of(plugin, std::move(entry), [&](std::shared_ptr<PluginFile> file, InstanceEntry of) {
    return Instance::begin(std::move(file), std::move(of), HKL_LEAD_CLASSIFIER_V1, until);
  });
}

TEST(Instance, LivesThroughItsStepsInOrder) {
  Heard heard;
  {
    const auto instance = begin("good", heard.entry(R"({"a": 1})"));
    ASSERT_TRUE(instance) << error_of(instance);
    EXPECT_EQ((*instance)->id(), "entry");
  }
  EXPECT_THAT(heard.lines, ElementsAre(R"(start with {"a": 1})", "stop", "destroy"));
}

TEST(Instance, ThatWasNeverStartedIsNotStopped) {
  Heard heard;
  ASSERT_TRUE(begin("good", heard.entry(), Instance::Until::configured));
  EXPECT_THAT(heard.lines, ElementsAre("destroy"));
}

TEST(Instance, PassesOnWhyItsSettingsAreRefusedAndIsDestroyed) {
  Heard heard;
  const auto instance = begin("refuses-settings", heard.entry(R"({"port": 0})"));
  ASSERT_FALSE(instance);
  EXPECT_EQ(instance.error().status, HKL_BAD_SETTINGS);
  EXPECT_EQ(instance.error().text, R"(entry (test-plugin): cannot live with {"port": 0})");
  EXPECT_THAT(heard.lines, ElementsAre("destroy"));
}

TEST(Instance, ThatRefusesWithoutASentenceIsAtFault) {
  Heard heard;
  const auto instance = begin("no-sentence", heard.entry());
  ASSERT_FALSE(instance);
  EXPECT_EQ(instance.error().status, HKL_INTERNAL);
  EXPECT_EQ(instance.error().text,
            "entry (test-plugin): fault of the plugin: configure failed with status 6 and does not say why");
}

TEST(Instance, ThatIsNotMadeIsNotDestroyed) {
  Heard heard;
  EXPECT_EQ(error_of(begin("nothing-made", heard.entry())),
            "entry (test-plugin): fault of the plugin: create succeeded and made no instance");
  EXPECT_THAT(error_of(begin("throws-in-create", heard.entry())), HasSubstr("came out of create"));
  EXPECT_THAT(heard.lines, IsEmpty());
}

TEST(Instance, ThatThrowsInAStepIsDestroyedAndNotStopped) {
  Heard heard;
  EXPECT_EQ(error_of(begin("throws-in-configure", heard.entry("{}"))),
            "entry (test-plugin): an exception came out of configure, which the plugin contract forbids: broken by {}");
  EXPECT_THAT(heard.lines, ElementsAre("destroy"));
  heard.lines.clear();
  EXPECT_EQ(error_of(begin("throws-in-start", heard.entry("{}"))),
            "entry (test-plugin): an exception came out of start, which the plugin contract forbids: something that is "
            "no std::exception");
  EXPECT_THAT(heard.lines, ElementsAre("start with {}", "destroy"));
}

TEST(Instance, ThatThrewIsOutOfUse) {
  Heard heard;
  auto instance = begin("good", heard.entry());
  ASSERT_TRUE(instance) << error_of(instance);
  const auto thrown =
      (*instance)->call("work", [](hkl_instance*, hkl_error*) -> hkl_status { throw std::runtime_error("no way"); });
  EXPECT_EQ(error_of(thrown),
            "entry (test-plugin): an exception came out of work, which the plugin contract forbids: no way");
  bool was_called = false;
  const auto later = (*instance)->call("work", [&](hkl_instance*, hkl_error*) {
    was_called = true;
    return HKL_OK;
  });
  EXPECT_FALSE(was_called);
  EXPECT_THAT(error_of(later), HasSubstr("entry (test-plugin): is out of use: an exception came out of work"));
  instance->reset();
  EXPECT_THAT(heard.lines, Not(Contains("stop")));
  EXPECT_THAT(heard.lines, Contains("destroy"));
}

TEST(Instance, ThatFailsWithAStatusGoesOn) {
  Heard heard;
  const auto instance = begin("good", heard.entry());
  ASSERT_TRUE(instance) << error_of(instance);
  const auto failed = (*instance)->call("work", [](hkl_instance*, hkl_error* err) {
    err->text_len = static_cast<std::uint32_t>(std::string("try\nlater").copy(err->text, 100));
    return HKL_UNAVAILABLE;
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().status, HKL_UNAVAILABLE);
  EXPECT_EQ(failed.error().text, "entry (test-plugin): try later");
  EXPECT_TRUE((*instance)->call("work", kNothing));
}

TEST(Instance, AnUnlistedStatusIsAFaultOfThePlugin) {
  Heard heard;
  const auto instance = begin("good", heard.entry());
  ASSERT_TRUE(instance) << error_of(instance);
  const auto failed = (*instance)->call("work", [](hkl_instance*, hkl_error*) -> hkl_status { return 99; });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().status, HKL_INTERNAL);
  EXPECT_THAT(failed.error().text, HasSubstr("fault of the plugin: work returned 99, which is no status"));
}

TEST(Instance, AnErrorTextThatClaimsToBeLongerThanItsPlaceIsCut) {
  Heard heard;
  const auto instance = begin("good", heard.entry());
  ASSERT_TRUE(instance) << error_of(instance);
  const auto failed = (*instance)->call("work", [](hkl_instance*, hkl_error* err) {
    std::string(HKL_ERROR_TEXT_MAX, 'x').copy(err->text, HKL_ERROR_TEXT_MAX);
    err->text_len = 1 << 30;
    return HKL_TIMEOUT;
  });
  EXPECT_EQ(error_of(failed), "entry (test-plugin): " + std::string(HKL_ERROR_TEXT_MAX - 1, 'x'));
}

TEST(Instance, SecretsAreMaskedInErrorsExceptionsAndTheLog) {
  const std::string settings = R"({"password": "hunter2"})";
  Heard heard;
  EXPECT_EQ(error_of(begin("refuses-settings", heard.entry(settings, {"hunter2"}))),
            R"(entry (test-plugin): cannot live with {"password": "***"})");
  EXPECT_THAT(error_of(begin("throws-in-configure", heard.entry(settings, {"hunter2"}))),
              HasSubstr(R"(broken by {"password": "***"})"));
  ASSERT_TRUE(begin("throws-in-destroy", heard.entry(settings, {"hunter2"})));
  EXPECT_THAT(heard.lines, Contains(R"(start with {"password": "***"})"));
  EXPECT_THAT(heard.lines, Not(Contains(HasSubstr("hunter2"))));
}

TEST(Instance, WhatGoesWrongInItsEndIsLogged) {
  Heard heard;
  ASSERT_TRUE(begin("throws-in-stop", heard.entry("{}")));
  EXPECT_THAT(heard.lines,
              ElementsAre("start with {}", "stop",
                          "entry (test-plugin): an exception came out of stop, which the plugin contract forbids: "
                          "broken by {}",
                          "destroy"));
  heard.lines.clear();
  ASSERT_TRUE(begin("throws-in-destroy", heard.entry("{}")));
  EXPECT_EQ(heard.lines.back(),
            "entry (test-plugin): an exception came out of destroy, which the plugin contract forbids: broken by {}");
}

TEST(Instance, NeedsAnInterfaceThatItsPluginOffers) {
  Heard heard;
  auto file = open_test_plugin("good");
  ASSERT_TRUE(file) << error_of(file);
  const auto instance =
      Instance::begin(std::move(*file), heard.entry(), "hookline.pbx-http/1", Instance::Until::started);
  EXPECT_EQ(error_of(instance), "entry (test-plugin): the plugin does not offer hookline.pbx-http/1");
}

TEST(Instance, NeedsWhatItsManifestListsOfTheHost) {
  Heard heard;
  EXPECT_EQ(error_of(begin("needs-wake", heard.entry())),
            "entry (test-plugin): needs hookline.host.wake/1, which is not offered to a plugin of this kind");
  auto entry = heard.entry();
  entry.surroundings.wake_at = [](const std::string&, std::optional<Instant>) { return HKL_OK; };
  EXPECT_EQ(error_of(begin("needs-wake", std::move(entry))), "");
}

TEST(Instance, OneFileServesSeveralThatDoNotSeeEachOther) {
  Heard first, second;
  const auto one = begin("good", first.entry("one"));
  {
    const auto two = begin("good", second.entry("two"));
    ASSERT_TRUE(one && two);
  }
  EXPECT_THAT(first.lines, ElementsAre("start with one"));
  EXPECT_THAT(second.lines, ElementsAre("start with two", "stop", "destroy"));
  EXPECT_TRUE((*one)->call("work", kNothing));
}

TEST(Instance, NamesOnceAnEntryThatIsCalledLikeItsPlugin) {
  Heard heard;
  auto entry = heard.entry("x");
  entry.id = "test-plugin";
  EXPECT_EQ(error_of(begin("refuses-settings", std::move(entry))), "test-plugin: cannot live with x");
}

}  // namespace
}  // namespace hkl
