#include "asked.h"

namespace {

using namespace asked;

const hkl_str kPromise[] = {str("цена"), str("promise")};

Contact promised() {
  Contact c;
  auto& touch = c.talked("a", HKL_DIRECTION_IN, "2 10:00:00", "2 10:00:10");
  touch.tags = {kPromise, 2};
  touch.last_employee = str("petrov");
  return c;
}

TEST(PromiseTag, MakesATaskForWhoSpokeLast) {
  const auto task = promised().only();
  EXPECT_EQ(task.title, "Выполнить обещание");
  EXPECT_EQ(task.assignee, "petrov");
  EXPECT_EQ(task.created, "2 10:01:10");
  EXPECT_EQ(task.deadline, "2 14:01:10");
  EXPECT_EQ(task.why, "a has the tag \"promise\"; given to petrov, who spoke last");
}

TEST(PromiseTag, IsKeptByOurOwnCallUnlessToldOtherwise) {
  auto c = promised();
  c.talked("b", HKL_DIRECTION_IN, "2 11:00:00", "2 11:00:10");
  EXPECT_EQ(c.only().state, "open");
  EXPECT_EQ(c.only(R"({"done_by": "talk"})").done_call, "b");
  c.talked("d", HKL_DIRECTION_OUT, "2 12:00:00", "2 12:00:10");
  EXPECT_EQ(c.only().done_call, "d");
  EXPECT_EQ(c.only(R"({"done_by": "hand"})").state, "open");
}

TEST(PromiseTag, LooksForTheTagsOfTheConfig) {
  EXPECT_TRUE(promised().review(R"({"tags": ["обещал"]})").empty());
  EXPECT_EQ(Instance(R"({"tags": []})").error(), "tags: name at least one tag that means a promise");
}

}  // namespace
