#include "isolation/transcript.h"

#include <gmock/gmock.h>

namespace hkl::isolation {
namespace {

Told opened(std::uint64_t connection) { return {Function::opened, connection, 0, "o"}; }
Told fed(std::uint64_t connection, const std::string& bytes) { return {Function::feed, connection, 0, bytes}; }

std::string all(const Transcript& transcript) {
  std::string text;
  for (const auto& told : transcript.all()) text += told.data + "|";
  return text;
}

TEST(Messages, EndAfterAnEmptyLineWhereThereAreAny) {
  EXPECT_EQ(end_of_first_message("A: 1\r\nB: 2\r\n\r\nC: 3\r\n", true), 14u);
  EXPECT_EQ(end_of_first_message("A: 1\n\nB: 2\n\n", true), 6u);
  EXPECT_EQ(end_of_messages("A: 1\n\nB: 2\n\nC: 3\n", true), 12u);
  EXPECT_EQ(end_of_messages("A: 1\nB", true), 0u);
}

TEST(Messages, EndAfterALineElse) {
  EXPECT_EQ(end_of_first_message("one\ntwo\n", false), 4u);
  EXPECT_EQ(end_of_first_message("half", false), 4u);
  EXPECT_EQ(end_of_messages("one\ntwo\nha", false), 8u);
}

TEST(Transcript, ForgetsAConnectionThatIsClosed) {
  Transcript transcript(1 << 20);
  transcript.add(opened(1));
  transcript.add(opened(2));
  transcript.add(fed(1, "a"));
  transcript.add(fed(2, "b"));
  transcript.forget(1);
  EXPECT_EQ(all(transcript), "o|b|");
}

TEST(Transcript, TicksGoWithTheLastConnection) {
  Transcript transcript(1 << 20);
  transcript.add(opened(1));
  transcript.add({Function::tick, 0, 0, "t"});
  transcript.forget(1);
  EXPECT_EQ(all(transcript), "");
}

TEST(Transcript, GivesUpTheConnectionThatIsTooMuch) {
  Transcript transcript(10000);
  transcript.add(opened(1));
  transcript.add(opened(2));
  transcript.add(fed(2, "b"));
  for (int i = 0; i < 100; ++i) transcript.add(fed(1, std::string(200, 'x')));
  EXPECT_TRUE(transcript.is_lost(1));
  EXPECT_FALSE(transcript.is_lost(2));
  EXPECT_EQ(all(transcript), "o|b|");
}

TEST(Transcript, TakesOutTheHeadOfAMessageFromAllPiecesOfIt) {
  Transcript transcript(1 << 20);
  transcript.add(opened(1));
  transcript.add(fed(1, "A: 1\n\nB: "));
  transcript.add(fed(1, "2\n"));
  transcript.add(fed(1, "C: 3"));
  EXPECT_EQ(transcript.take_head(1), "B: 2\nC: 3");
  EXPECT_EQ(all(transcript), "o|A: 1\n\n|||");
}

TEST(Transcript, OfAFileTheFirstLineAndTheHalfOneAreKept) {
  Transcript transcript(1 << 20);
  transcript.add_file(opened(1));
  transcript.add(fed(1, "name,num"));
  transcript.add(fed(1, "ber\na,1\nb"));
  EXPECT_EQ(all(transcript), "o|name,number\n|b|");
  transcript.add(fed(1, ",2\nc,3\nd,"));
  EXPECT_EQ(all(transcript), "o|name,number\n|d,|");
  EXPECT_EQ(transcript.take_head(1), "d,");
}

TEST(Transcript, OfOneConnectionTheHeadOfAnotherStays) {
  Transcript transcript(1 << 20);
  transcript.add(opened(1));
  transcript.add(opened(2));
  transcript.add(fed(1, "on"));
  transcript.add(fed(2, "tw"));
  EXPECT_EQ(transcript.take_head(2), "tw");
  EXPECT_EQ(all(transcript), "o|o|on||");
}

}  // namespace
}  // namespace hkl::isolation
