#include "playback.h"

#include <gtest/gtest.h>

namespace pbx_sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Capture capture_of(std::vector<std::pair<seconds, std::string>> events) {
  Capture capture;
  for (auto& [after, name] : events) capture.events.push_back({after, AmiMessage("Event: " + name + "\r\n\r\n")});
  return capture;
}

std::string said_by(Playback& playback, Clock::time_point now) {
  std::string names;
  playback.say_due(now, [&](const AmiMessage& event) { names += event["Event"]; });
  return names;
}

TEST(Playback, TwentyTimesFasterMeansTenSecondsInHalfASecond) {
  Playback playback({capture_of({{seconds(0), "A"}, {seconds(10), "B"}})}, 20);
  const Clock::time_point start{};
  playback.start(start);
  EXPECT_EQ(said_by(playback, start), "A");
  EXPECT_EQ(playback.next_due(), start + milliseconds(500));
  EXPECT_EQ(said_by(playback, start + milliseconds(499)), "");
  EXPECT_EQ(said_by(playback, start + milliseconds(500)), "B");
  EXPECT_TRUE(playback.is_over());
  EXPECT_EQ(playback.ended_at(), start + milliseconds(500));
}

TEST(Playback, NothingIsSaidBeforeTheStart) {
  Playback playback({capture_of({{seconds(0), "A"}})}, 1);
  EXPECT_EQ(said_by(playback, Clock::time_point::max()), "");
  EXPECT_EQ(playback.next_due(), std::nullopt);
}

TEST(Playback, TheSecondCaptureFollowsTheFirst) {
  Playback playback({capture_of({{seconds(0), "A"}, {seconds(4), "B"}}), capture_of({{seconds(0), "C"}})}, 1);
  const Clock::time_point start{};
  playback.start(start);
  EXPECT_EQ(said_by(playback, start + seconds(4)), "AB");
  EXPECT_EQ(said_by(playback, start + seconds(5)), "C");
}

TEST(Playback, SpeedZeroIsAllAtOnce) {
  Playback playback({capture_of({{seconds(0), "A"}, {seconds(900), "B"}})}, 0);
  playback.start(Clock::time_point{});
  EXPECT_EQ(said_by(playback, Clock::time_point{}), "AB");
}

}  // namespace
}  // namespace pbx_sim
