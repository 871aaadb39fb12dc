#include "csv_lines.h"

#include <gtest/gtest.h>

namespace {

struct Heard {
  std::vector<asterisk::Cells> records;
  std::vector<std::string> skipped;
  asterisk::CsvLines::Handler handler() {
    asterisk::CsvLines::Handler handler;
    handler.record = [this](const asterisk::Cells& cells) { records.push_back(cells); };
    handler.skipped = [this](std::uint64_t count, std::string_view why) {
      skipped.push_back(std::to_string(count) + " " + std::string(why));
    };
    return handler;
  }
};

Heard read(const std::vector<std::string>& pieces) {
  Heard heard;
  asterisk::CsvLines lines;
  const auto handler = heard.handler();
  for (const auto& piece : pieces) lines.feed(piece, handler);
  lines.close(handler);
  return heard;
}

TEST(CsvLines, QuotesAreDoubledAndSeparatorsWithinThemAreText) {
  const auto heard = read({"\"\",\"\"\"Ida\"\" <101>\",\"PJSIP/101,15,tT\",69,,\"x\"\r\n"});
  ASSERT_EQ(heard.records.size(), 1u);
  EXPECT_EQ(heard.records[0], (asterisk::Cells{"", "\"Ida\" <101>", "PJSIP/101,15,tT", "69", "", "x"}));
}

TEST(CsvLines, ByteByByteIsTheSame) {
  const std::string text = "\"a\",\"b\nc\",1\n\"d\"\"\",\"e\",2\n";
  std::vector<std::string> bytes;
  for (const char c : text) bytes.emplace_back(1, c);
  const auto heard = read(bytes);
  EXPECT_EQ(heard.records, read({text}).records);
  EXPECT_EQ(heard.records, (std::vector<asterisk::Cells>{{"a", "b\nc", "1"}, {"d\"", "e", "2"}}));
}

TEST(CsvLines, ATornLineWaitsForItsRest) {
  Heard heard;
  asterisk::CsvLines lines;
  const auto handler = heard.handler();
  lines.feed("\"a\",\"b", handler);
  EXPECT_TRUE(heard.records.empty());
  lines.feed("c\"\n", handler);
  EXPECT_EQ(heard.records, (std::vector<asterisk::Cells>{{"a", "bc"}}));
  EXPECT_TRUE(heard.skipped.empty());
}

TEST(CsvLines, ALineThatWasTornForGoodCostsOnlyItself) {
  const auto heard = read({"\"a\",\"torn\n\"b\",\"whole\"\n\"c\",\"whole\"\n"});
  EXPECT_EQ(heard.records, (std::vector<asterisk::Cells>{{"b", "whole"}, {"c", "whole"}}));
  EXPECT_EQ(heard.skipped, (std::vector<std::string>{"10 a line that is no record"}));
}

TEST(CsvLines, TenMegabytesWithoutALineEndAreLeftOutAndSaidSo) {
  std::vector<std::string> pieces(160, std::string(64 << 10, 'x'));
  pieces.emplace_back("\n\"a\"\n");
  const auto heard = read(pieces);
  ASSERT_EQ(heard.skipped.size(), 1u);
  EXPECT_EQ(heard.skipped[0], std::to_string((10 << 20) + 1) + " a line longer than 64 KiB");
  EXPECT_EQ(heard.records, (std::vector<asterisk::Cells>{{"a"}}));
}

TEST(CsvLines, AnOpenQuoteDoesNotSwallowTheFile) {
  std::string text = "\"open,\n";
  for (int i = 0; i < 20000; ++i) text += "no quote here\n";
  const auto heard = read({text + "\"a\"\n"});
  EXPECT_GE(heard.records.size(), 20000u);
  EXPECT_EQ(heard.skipped.size(), 1u);
}

TEST(CsvLines, ABrokenNameCostsNoRecord) {
  const auto heard = read({std::string("\"\xCF\xE5\xF2\xF0\",\"ok\0\"\n", 13)});
  ASSERT_EQ(heard.records.size(), 1u);
  EXPECT_EQ(heard.records[0][0], "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(heard.records[0][1], "ok");
}

TEST(CsvLines, ALastLineWithoutItsEndCountsWhenNothingOfItCanBeMissing) {
  EXPECT_EQ(read({"\"a\",\"1\"\n\"b\",\"2\""}).records.size(), 2u);
  const auto number = read({"\"a\",1\n\"b\",2"});  // of 25?
  EXPECT_EQ(number.records.size(), 1u);
  EXPECT_EQ(number.skipped, (std::vector<std::string>{"5 half a record at the end of the file"}));
  EXPECT_EQ(read({"\"a\",\"1\"\n\"b\""}).records.size(), 1u);
}

TEST(CsvLines, JsonTornBehindAQuoteWithinItIsNoRecord) {
  const std::string whole = "\"a\",\"{\"\"cause\"\":16,\"\"status\"\":\"\"ANSWER\"\"}\"";
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const auto heard = read({"\"a\",\"\"\n", whole.substr(0, size)});
    EXPECT_EQ(heard.records.size(), 1u) << whole.substr(0, size);
  }
  EXPECT_EQ(read({"\"a\",\"\"\n", whole}).records.size(), 2u);
}

}  // namespace
