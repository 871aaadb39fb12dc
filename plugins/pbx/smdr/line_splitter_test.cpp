#include "line_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smdr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Told {
  std::vector<std::string> lines, skipped;
};

Told split(const std::vector<std::string>& pieces) {
  LineSplitter splitter;
  Told told;
  const auto take = [&](std::string_view line) { told.lines.emplace_back(line); };
  const auto skipped = [&](std::size_t, std::string_view why) { told.skipped.emplace_back(why); };
  for (const auto& piece : pieces) splitter.feed(piece, take, skipped);
  splitter.close(skipped);
  return told;
}

TEST(LineSplitter, EndsLinesAsPrintersDo) {
  EXPECT_THAT(split({"a\r\nb\nc\rd\f\r\n\r\n  \n"}).lines, ElementsAre("a", "b", "c", "d"));
}

TEST(LineSplitter, DoesNotCareWhereBytesEnd) {
  EXPECT_THAT(split({"a", "b\r", "\nc", "d\n"}).lines, ElementsAre("ab", "cd"));
}

TEST(LineSplitter, TakesNothingThatWasCut) {
  const auto told = split({"whole\nhal"});
  EXPECT_THAT(told.lines, ElementsAre("whole"));
  EXPECT_THAT(told.skipped, ElementsAre(HasSubstr("half a line")));
}

TEST(LineSplitter, LeavesOutWhatTelnetNegotiates) {
  EXPECT_THAT(split({"\xFF\xFD\x18", "a\xFF\xFA\x18\x01x\xFF\xF0", std::string("b\0\n", 3)}).lines, ElementsAre("ab"));
}

// "Зоя" in windows-1251 ends with 0xFF.
TEST(LineSplitter, KeepsALetterThatLooksLikeTelnet) {
  EXPECT_THAT(split({"\xC7\xEE\xFF 1\n"}).lines, ElementsAre("\xC7\xEE\xFF 1"));
}

TEST(LineSplitter, DropsALineThatNeverEndsAndGoesOn) {
  const auto told = split({std::string(100000, 'x'), "y\nb\n"});
  EXPECT_THAT(told.lines, ElementsAre("b"));
  EXPECT_THAT(told.skipped, ElementsAre(HasSubstr("longer than 8 KiB")));
}

TEST(LineSplitter, KeepsNoMoreThanALineOfWhateverComes) {
  unsigned state = 7;
  LineSplitter splitter;
  std::size_t told = 0;
  for (int i = 0; i < 300; ++i) {
    std::string piece;
    for (int n = 0; n < 997; ++n) piece += static_cast<char>((state = state * 1103515245 + 12345) >> 16);
    splitter.feed(
        piece, [&](std::string_view line) { told += line.size(); },
        [&](std::size_t count, std::string_view) { told += count; });
    EXPECT_LE(splitter.begun().size(), 8192U);
  }
  EXPECT_GT(told, 0U);
}

}  // namespace
}  // namespace smdr
