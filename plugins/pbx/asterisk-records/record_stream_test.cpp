#include "record_stream.h"

#include <gtest/gtest.h>

#include "layout.h"

namespace {

// A sink that counts what was left out.
struct Sink {
  std::vector<std::string> skipped;
  hkl_pbx_sink abi{};
  Sink() {
    abi.struct_size = sizeof abi;
    abi.user = this;
    abi.skipped = [](void* user, std::uint64_t, std::uint64_t, hkl_str why) -> hkl_status {
      static_cast<Sink*>(user)->skipped.emplace_back(hookline::view(why));
      return HKL_OK;
    };
  }
};

class RecordStream : public testing::Test {
 protected:
  RecordStream() {
    book_.by_file = {kByFile, 2};
    book_.usual = {asterisk::layout_of("start,a"), asterisk::layout_of("b,start")};
    book_.time_column = "start";
  }
  // The cell `column` of each record.
  std::vector<std::string> cells(const std::string& file, const std::string& text, const std::string& column) {
    std::vector<std::string> found;
    asterisk::RecordStream stream(book_, host_, 1, file, ',');
    hookline::Output out(sink_.abi);
    const auto take = [&](const asterisk::Record& record) { found.emplace_back(record[column]); };
    stream.feed(text, take, out);
    stream.close(take, out);
    return found;
  }
  static constexpr std::string_view kAny[] = {"start", "x"}, kOne[] = {"x", "start", "y"};
  static constexpr hookline::NamedTexts kByFile[] = {{"Custom*.csv", {kAny, 2}}, {"Custom-2*.csv", {kOne, 3}}};
  asterisk::LayoutBook book_;
  hookline::Host host_;
  Sink sink_;
};

TEST_F(RecordStream, TheLongestPatternOfTheFilesNameCounts) {
  EXPECT_EQ(cells("/var/log/Custom-1.csv", "1795415750,one\n", "x"), std::vector<std::string>{"one"});
  EXPECT_EQ(cells("/var/log/Custom-2.csv", "one,1795415750,two\n", "x"), std::vector<std::string>{"one"});
}

TEST_F(RecordStream, AnUsualLayoutIsKnownByWhereATimeStands) {
  EXPECT_EQ(cells("any.csv", "1795415750,one\ntwo,1795415750\n", "a"), (std::vector<std::string>{"one", ""}));
  EXPECT_EQ(cells("any.csv", "1795415750,one\ntwo,1795415750\n", "b"), (std::vector<std::string>{"", "two"}));
}

TEST_F(RecordStream, ALineOfNamesTellsTheColumnsThemselves) {
  EXPECT_EQ(cells("any.csv", "note,Call_Date,c\nx,1795415750,one\n", "c"), std::vector<std::string>{"one"});
  EXPECT_EQ(cells("any.csv", "note,when,c\nx,1795415750,one\n", "c"), std::vector<std::string>{});
}

TEST_F(RecordStream, ARecordThatFitsNoLayoutIsNamedWithTheWayOut) {
  EXPECT_TRUE(cells("any.csv", "1,2,3,4\n", "a").empty());
  EXPECT_TRUE(cells("Custom-1.csv", "1,2,3\n", "x").empty());
  ASSERT_EQ(sink_.skipped.size(), 2u);
  EXPECT_EQ(sink_.skipped[0],
            "a record of 4 cells that fits no usual layout; name its columns in the setting \"columns\"");
  EXPECT_EQ(sink_.skipped[1], "a record of 3 cells where 2 columns are set");
}

TEST_F(RecordStream, PatternsHaveStarsAndQuestionMarks) {
  EXPECT_TRUE(asterisk::matches_pattern("C*m?.csv", "Custom1.csv"));
  EXPECT_FALSE(asterisk::matches_pattern("C*m?.csv", "Custom.csv"));
  EXPECT_TRUE(asterisk::matches_pattern("*", ""));
  EXPECT_FALSE(asterisk::matches_pattern("a*a*a*a*a*a*a*b", std::string(4096, 'a')));
}

}  // namespace
