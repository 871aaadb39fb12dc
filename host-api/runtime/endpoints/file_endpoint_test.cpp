#include <zlib.h>

#include "endpoints/test_kit.h"

namespace hkl::test {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class FileEndpointTest : public testing::Test {
 protected:
  FileEndpointTest() { make_adapter(); }
  void make_adapter() {
    adapter_ = std::make_unique<WordAdapter>();
    seen_ = adapter_->seen;
    EndpointWish wish;
    wish.kind = HKL_ENDPOINT_FILE;
    wish.address = folder_.path("cdr.csv");
    wish.interval = 5ms;
    adapter_->wishes = {wish};
  }
  // The process is gone and comes again, with what it had kept.
  void begin_again() {
    runner_.reset();
    setup_.marks = out_.marks();
    make_adapter();
    start();
  }
  void start() {
    runner_ = std::make_unique<SourceRunner>(setup_, std::move(adapter_), out_.outlet());
    ASSERT_TRUE(runner_->start());
  }
  bool has_come(const std::string& id) {
    return eventually([&] { return testing::Value(out_.ids(), Contains(id)); });
  }

  TempFolder folder_;
  Lines log_;
  SourceSetup setup_ = setup_of(log_);
  std::unique_ptr<WordAdapter> adapter_;
  std::shared_ptr<WordAdapter::Seen> seen_;
  Collected out_;
  std::unique_ptr<SourceRunner> runner_;
};

TEST_F(FileEndpointTest, IsReadFromItsBeginningAndFollowed) {
  folder_.write("cdr.csv", "e one 1000\n");
  start();
  ASSERT_TRUE(has_come("one"));
  folder_.write("cdr.csv", "e two 2000\ne thr", true);
  ASSERT_TRUE(has_come("two"));
  folder_.write("cdr.csv", "ee 3000\n", true);
  ASSERT_TRUE(has_come("three"));
  EXPECT_THAT(out_.ids(), ElementsAre("one", "two", "three"));
  EXPECT_THAT(seen_->opened, ElementsAre(folder_.path("cdr.csv"))) << "one connection";
  EXPECT_EQ(runner_->health().state, "live");
  EXPECT_FALSE(log_.has("the clock of the PBX")) << "a file tells what was";
}

TEST_F(FileEndpointTest, AReplacedFileIsReadAnewAfterTheRestOfTheOldOne) {
  folder_.write("cdr.csv", "e one 1000\n");
  start();
  ASSERT_TRUE(has_come("one"));
  std::filesystem::rename(folder_.path("cdr.csv"), folder_.path("cdr.csv.1"));
  folder_.write("cdr.csv.1", "e late 1500\n", true);
  ASSERT_TRUE(has_come("late"));
  folder_.write("cdr.csv", "e two 2000\n");
  ASSERT_TRUE(has_come("two"));
  EXPECT_THAT(out_.ids(), ElementsAre("one", "late", "two"));
}

TEST_F(FileEndpointTest, ATruncatedFileIsReadAnew) {
  folder_.write("cdr.csv", "e one 1000\ne two 2000\n");
  start();
  ASSERT_TRUE(has_come("two"));
  folder_.write("cdr.csv", "e three 3\n");
  EXPECT_TRUE(has_come("three"));
  EXPECT_TRUE(log_.has("was truncated or replaced"));
}

TEST_F(FileEndpointTest, IsReadOnFromWhereAnEarlierProcessStopped) {
  folder_.write("cdr.csv", "columns\ne one 1000\ne two 2000\ne thr");
  start();
  ASSERT_TRUE(has_come("two"));
  begin_again();
  folder_.write("cdr.csv", "ee 3000\n", true);
  ASSERT_TRUE(has_come("three"));
  EXPECT_THAT(out_.ids(), ElementsAre("one", "two", "three"));
  EXPECT_TRUE(log_.has("cdr.csv on from byte 30"));
}

TEST_F(FileEndpointTest, TheFirstLineIsToldAgainAsItMayNameTheColumns) {
  folder_.write("cdr.csv", "e head 1\ne one 1000\n");
  start();
  ASSERT_TRUE(has_come("one"));
  begin_again();
  folder_.write("cdr.csv", "e two 2000\n", true);
  ASSERT_TRUE(has_come("two"));
  EXPECT_THAT(out_.ids(), ElementsAre("head", "one", "head", "two"));
}

// What logrotate does while nobody reads: `move` puts the old one away.
class RotatedFile : public FileEndpointTest {
 protected:
  template <typename F>
  void rotate_while_away(F&& move) {
    folder_.write("cdr.csv", "first line\ne one 1000\n");
    start();
    ASSERT_TRUE(has_come("one"));
    runner_.reset();
    folder_.write("cdr.csv", "e late 1500\n", true);
    move();
    folder_.write("cdr.csv", "second file\ne two 2000\n");
    begin_again();
    ASSERT_TRUE(has_come("two"));
    EXPECT_THAT(out_.ids(), ElementsAre("one", "late", "two"));
    EXPECT_THAT(seen_->opened, testing::Each(folder_.path("cdr.csv"))) << "layouts go by that name";
  }
  void pack(const std::string& from, const std::string& to) {
    const auto text = content_of(folder_.path(from));
    gzFile file = gzopen(folder_.path(to).c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    std::filesystem::remove(folder_.path(from));
  }
};

TEST_F(RotatedFile, RenamedIsReadToItsEndFirst) {
  rotate_while_away([&] { std::filesystem::rename(folder_.path("cdr.csv"), folder_.path("cdr.csv.1")); });
}

TEST_F(RotatedFile, CopiedAndEmptiedIsReadToItsEndFirst) {
  rotate_while_away([&] { std::filesystem::copy(folder_.path("cdr.csv"), folder_.path("cdr.csv-20260302")); });
}

TEST_F(RotatedFile, PackedIsReadToItsEndFirst) {
  rotate_while_away([&] { pack("cdr.csv", "cdr.csv.1.gz"); });
}

TEST_F(RotatedFile, TwiceMeansThatTheOneBetweenIsReadToo) {
  rotate_while_away([&] {
    pack("cdr.csv", "cdr.csv.2.gz");
    std::filesystem::last_write_time(folder_.path("cdr.csv.2.gz"),
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(24));
    folder_.write("cdr.csv.1", "between\n");
  });
  EXPECT_EQ(seen_->opened.size(), 3u);
}

TEST_F(RotatedFile, GoneWithoutATraceIsSaid) {
  folder_.write("cdr.csv", "first line\ne one 1000\n");
  start();
  ASSERT_TRUE(has_come("one"));
  runner_.reset();
  folder_.write("cdr.csv", "second file\ne two 2000\n");
  begin_again();
  ASSERT_TRUE(has_come("two"));
  EXPECT_TRUE(log_.has("cdr.csv: the file that was read to byte 22 is neither here nor beside it"));
}

TEST_F(RotatedFile, EmptiedAndFilledBeyondWhereItWasReadIsSeen) {
  folder_.write("cdr.csv", "first line\ne one 1000\n");
  start();
  ASSERT_TRUE(has_come("one"));
  ASSERT_TRUE(eventually([&] { return runner_->health().bytes == 22; }));
  folder_.write("cdr.csv", "another file\ne two 2000\ne three 3000\n");
  ASSERT_TRUE(has_come("three"));
  EXPECT_THAT(out_.ids(), ElementsAre("one", "two", "three"));
}

TEST_F(FileEndpointTest, WhatCouldNotBeStoredIsNotMarkedAsRead) {
  out_.set_refusing(true);
  folder_.write("cdr.csv", "first line\ne one 1000\n");
  start();
  ASSERT_TRUE(eventually([&] { return runner_->health().state == "waiting"; }));
  out_.set_refusing(false);
  begin_again();
  EXPECT_TRUE(has_come("one"));
}

TEST_F(FileEndpointTest, AFileThatIsNotThereYetIsWaitedFor) {
  start();
  ASSERT_TRUE(eventually([&] { return runner_->health().state == "waiting"; }));
  EXPECT_THAT(runner_->health().text, HasSubstr("cdr.csv: is not there yet"));
  folder_.write("cdr.csv", "e one 1000\n");
  EXPECT_TRUE(has_come("one"));
}

TEST_F(FileEndpointTest, AFolderInItsPlaceIsTold) {
  std::filesystem::create_directory(folder_.path("cdr.csv"));
  start();
  EXPECT_TRUE(eventually([&] { return log_.has("cdr.csv: is no file that can be followed"); }));
}

TEST_F(FileEndpointTest, StopTellsTheAdapterThatTheFileIsOver) {
  folder_.write("cdr.csv", "e one 1000\nhal");
  start();
  ASSERT_TRUE(has_come("one"));
  runner_->stop();
  EXPECT_THAT(seen_->closed, ElementsAre("hal"));
  EXPECT_EQ(out_.durable(), 1);
}

}  // namespace
}  // namespace hkl::test
