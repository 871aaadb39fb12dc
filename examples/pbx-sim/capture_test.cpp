#include "capture.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace pbx_sim {
namespace {

namespace fs = std::filesystem;

class CaptureFolder : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / (std::string("pbx-sim-") + test->name() + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  fs::path folder_;
};

TEST_F(CaptureFolder, WhatTheRecordedClientAskedForIsLeftOut) {
  write("ami.raw",
        "Asterisk Call Manager/9.0.0\r\nResponse: Success\r\nActionID: cap-1\r\n\r\n"
        "Event: FullyBooted\r\nUptime: 5\r\n\r\nEvent: Newchannel\r\nUniqueid: 1.1\r\n\r\n"
        "Event: CoreShowChannel\r\nActionID: cap-2\r\nUniqueid: 1.1\r\n\r\n"
        "Event: OriginateResponse\r\nActionID: order-7\r\n\r\nEvent: Hang");
  const auto capture = read_capture(folder_.string());
  EXPECT_EQ(capture.greeting, "Asterisk Call Manager/9.0.0");
  ASSERT_EQ(capture.events.size(), 2u);
  EXPECT_EQ(capture.events[0].message.text(), "Event: Newchannel\r\nUniqueid: 1.1\r\n\r\n");
  EXPECT_EQ(capture.events[1].message["Event"], "OriginateResponse");
}

TEST_F(CaptureFolder, AnEventIsDueWhenItsLastByteCame) {
  const std::string first = "Event: A\r\n\r\n", second = "Event: B\r\n\r\n";  // 12 bytes each
  write("ami.raw", first + second + "Event: C\r\n\r\n");
  write("ami.timing", "100.000000 0 12\n101.500000 12 6\n103.000000 18 18\n");
  const auto capture = read_capture(folder_.string());
  ASSERT_EQ(capture.events.size(), 3u);
  EXPECT_EQ(capture.events[0].after_first.count(), 0);
  EXPECT_EQ(capture.events[1].after_first.count(), 3000000);
  EXPECT_EQ(capture.events[2].after_first.count(), 3000000);
}

TEST_F(CaptureFolder, AFolderWithoutACaptureIsNamed) {
  try {
    read_capture(folder_.string());
    FAIL() << "no complaint";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find((folder_ / "ami.raw").string()), std::string::npos);
  }
}

TEST_F(CaptureFolder, ABrokenTimingIsNamed) {
  write("ami.raw", "Event: A\r\n\r\n");
  write("ami.timing", "100.0 zero 12\n");
  EXPECT_THROW(read_capture(folder_.string()), std::runtime_error);
}

TEST(Capture, ARealOneIsReadPackedAndPlain) {
  const std::string fixtures = HKL_SOURCE_DIR "/tests/fixtures/asterisk/";
  EXPECT_EQ(read_capture(fixtures + "02-inbound-missed").events.size(), 51u);  // of 52 one is FullyBooted
  EXPECT_GT(read_capture(fixtures + "burst-100").events.size(), 7000u);
}

}  // namespace
}  // namespace pbx_sim
