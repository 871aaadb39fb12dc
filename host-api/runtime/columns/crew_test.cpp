#include "columns/crew.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>

namespace hkl {
namespace {

TEST(CrewTest, OthersJoinWhoIsAtWork) {
  Crew crew(3);
  std::latch all_are_there(3);
  std::atomic<unsigned> seen{0};
  crew.work(3, [&](unsigned thread) {
    seen |= 1U << thread;
    all_are_there.arrive_and_wait();
  });
  EXPECT_EQ(seen, 0b111U);
}

TEST(CrewTest, WorkEndsWhenAllWhoBeganAreDone) {
  Crew crew(2);
  for (int time = 0; time < 200; ++time) {
    std::atomic<int> next{0}, done{0};
    crew.work(2, [&](unsigned) {
      while (next++ < 20) ++done;
    });
    ASSERT_EQ(done, 20);
  }
}

TEST(CrewTest, WhoIsNotFreeIsNotWaitedFor) {
  Crew crew(2);
  std::latch is_busy(2), may_end(1);
  std::jthread first([&] {
    crew.work(2, [&](unsigned) {
      is_busy.count_down();
      may_end.wait();
    });
  });
  is_busy.wait();  // the caller and the only other
  unsigned shares = 0;
  crew.work(2, [&](unsigned) { ++shares; });
  EXPECT_EQ(shares, 1U);
  may_end.count_down();
}

TEST(CrewTest, NeverMoreThanWereAskedFor) {
  Crew crew(4);
  crew.work(4, [](unsigned) {});
  std::atomic<unsigned> greatest{0};
  std::latch both(2);
  crew.work(2, [&](unsigned thread) {
    if (thread > greatest) greatest = thread;
    both.arrive_and_wait();
  });
  EXPECT_EQ(greatest, 1U);
}

TEST(CrewTest, WhatAShareThrowsIsThrownToTheCaller) {
  Crew crew(2);
  const auto throws_in = [&](unsigned thrower) {
    std::latch both(2);
    crew.work(2, [&](unsigned thread) {
      both.arrive_and_wait();
      if (thread == thrower) throw std::runtime_error("of " + std::to_string(thread));
    });
  };
  EXPECT_THROW(throws_in(0), std::runtime_error);
  EXPECT_THROW(throws_in(1), std::runtime_error);
  EXPECT_NO_THROW(throws_in(2));
}

}  // namespace
}  // namespace hkl
