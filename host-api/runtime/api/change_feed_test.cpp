// Changes and those who listen.
#include "api/change_feed.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

TEST(ChangeFeed, EachListenerHearsWhatIsToldAfterItCame) {
  ChangeFeed feed(2, 10);
  feed.tell("call", "k0");
  const auto one = feed.listen(), two = feed.listen();
  feed.tell("call", "k1");
  for (const auto* listener : {one.get(), two.get()}) {
    const auto change = const_cast<ChangeFeed::Listener*>(listener)->next(Millis(0));
    ASSERT_TRUE(change.has_value());
    EXPECT_EQ(change->id, "k1");
  }
  EXPECT_FALSE(one->next(Millis(0)).has_value());
}

TEST(ChangeFeed, WhoIsTooSlowIsToldOfItOnceAfterWhatWasKept) {
  ChangeFeed feed(1, 2);
  const auto listener = feed.listen();
  for (const auto* id : {"k1", "k2", "k3"}) feed.tell("call", id);
  EXPECT_FALSE(listener->missed());
  EXPECT_EQ(listener->next(Millis(0))->id, "k1");
  EXPECT_EQ(listener->next(Millis(0))->id, "k2");
  EXPECT_TRUE(listener->missed());
  EXPECT_FALSE(listener->missed());
}

TEST(ChangeFeed, ThereIsAPlaceAgainWhenOneGoes) {
  ChangeFeed feed(1, 2);
  auto listener = feed.listen();
  EXPECT_EQ(feed.listen(), nullptr);
  listener.reset();
  EXPECT_NE(feed.listen(), nullptr);
}

}  // namespace
}  // namespace hkl
