#include "presence_book.h"

#include <gtest/gtest.h>

namespace crm {
namespace {

using Json = PresenceBook::Json;

constexpr std::int64_t kNine = 1772442000000;  // 2026-03-02T09:00:00Z
constexpr std::int64_t kHour = 3600000;

std::string state_of(const PresenceBook& book, std::int64_t now_ms) {
  const auto found = book.at(now_ms);
  return found.contains("ivanova") ? found["ivanova"]["state"].get<std::string>() : "nothing told";
}

void say(PresenceBook& book, const std::string& state, std::int64_t now_ms, const std::string& reason = "") {
  std::string lines;
  for (const auto& record : book.change("ivanova", state, reason, now_ms)) lines += record.dump() + "\n";
  book.hear(lines, now_ms);
}

TEST(PresenceBook, APauseWithinTheTimeOnlineIsWhatHolds) {
  PresenceBook book;
  book.hear(
      R"({"type":"presence","id":"a","employee":"ivanova","state":"online","from":"2026-03-02T12:00:00+03:00","to":"2026-03-02T21:00:00+03:00"}
{"type":"presence","id":"b","employee":"ivanova","state":"pause","reason":"lunch","from":"2026-03-02T13:00:00.000Z","to":"2026-03-02T14:00:00.000Z"}
{"type":"line","id":"+74950000001"})",
      kNine);
  EXPECT_EQ(state_of(book, kNine + 3 * kHour), "online");
  EXPECT_EQ(book.at(kNine + 4 * kHour)["ivanova"],
            (Json{{"state", "pause"}, {"reason", "lunch"}, {"since", "2026-03-02T13:00:00.000Z"}}));
  EXPECT_EQ(state_of(book, kNine + 5 * kHour), "online");
  EXPECT_EQ(state_of(book, kNine + 9 * kHour), "offline");
}

TEST(PresenceBook, ReadingAnewForgetsAndAMissingIdIsToldOf) {
  const auto line = [](const char* id) {
    return std::string(R"({"type":"presence","employee":"ivanova","state":"online","from":"2026-03-02T08:00:00Z")") +
           id + "}";
  };
  PresenceBook book;
  EXPECT_TRUE(book.hear(line(R"(,"id":"a")"), kNine));
  EXPECT_FALSE(book.hear(line(""), kNine));
  EXPECT_EQ(state_of(book, kNine), "online");
  book.read("", kNine);
  EXPECT_EQ(state_of(book, kNine), "nothing told");
}

TEST(PresenceBook, OfWhomNothingWasToldThereIsNothing) { EXPECT_EQ(state_of(PresenceBook(), kNine), "nothing told"); }

TEST(PresenceBook, FromPauseToPauseOneStaysOnline) {
  PresenceBook book;
  say(book, "online", kNine);
  say(book, "pause", kNine + kHour, "lunch");
  say(book, "wrap_up", kNine + 2 * kHour);
  EXPECT_EQ(state_of(book, kNine + 2 * kHour), "wrap_up");
  const auto told = book.change("ivanova", "online", "", kNine + 3 * kHour);
  ASSERT_EQ(told.size(), 1u) << "the time online goes on; the wrap-up ends";
  EXPECT_EQ(told[0]["state"], "wrap_up");
  EXPECT_EQ(told[0]["to"], "2026-03-02T12:00:00.000Z");
}

TEST(PresenceBook, WhoPausesUntoldWasOnlineToo) {
  PresenceBook book;
  say(book, "pause", kNine);
  EXPECT_EQ(state_of(book, kNine), "pause");
  say(book, "online", kNine + kHour);
  EXPECT_EQ(state_of(book, kNine + kHour), "online");
}

TEST(PresenceBook, WhoSignsOffIsOfflineSinceThen) {
  PresenceBook book;
  say(book, "online", kNine);
  say(book, "offline", kNine + kHour);
  EXPECT_EQ(book.at(kNine + 2 * kHour)["ivanova"]["since"], "2026-03-02T10:00:00.000Z");
  say(book, "online", kNine + 3 * kHour);
  EXPECT_EQ(state_of(book, kNine + 3 * kHour), "online");
}

TEST(PresenceBook, TheLaterVersionOfARecordHoldsAndADeletedOneDoesNot) {
  const auto version = [](const char* state, const char* updated, const char* more = "") {
    return std::string(R"({"type":"presence","id":"a","employee":"ivanova","from":"2026-03-02T08:00:00Z","state":")") +
           state + R"(","updated_at":"2026-03-02T)" + updated + "Z\"" + more + "}";
  };
  PresenceBook book;
  book.hear(version("pause", "08:30:00"), kNine);
  book.hear(version("online", "08:10:00"), kNine);
  EXPECT_EQ(state_of(book, kNine), "pause");
  book.hear(version("pause", "08:40:00", R"(,"deleted_at":"2026-03-02T08:40:00Z")"), kNine);
  EXPECT_EQ(state_of(book, kNine), "offline");
}

}  // namespace
}  // namespace crm
