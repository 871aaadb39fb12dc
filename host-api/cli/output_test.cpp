#include "output.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace cli {
namespace {

namespace fs = std::filesystem;

class OutputFile : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / (std::string("hookline-cli-") + test->name() + std::to_string(::getpid()));
    fs::create_directories(folder_);
    std::ofstream(path()) << "before";
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path() const { return (folder_ / "calls.csv").string(); }
  std::string content() const {
    std::ostringstream text;
    text << std::ifstream(path()).rdbuf();
    return text.str();
  }
  static hkl_status put(Output& output, std::string_view text) {
    const auto writer = output.writer();
    return writer.write(writer.user, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(OutputFile, IsThereOnlyWhenItIsWhole) {
  Output output(path());
  EXPECT_EQ(put(output, "after"), HKL_OK);
  EXPECT_EQ(content(), "before");
  EXPECT_TRUE(output.finish());
  EXPECT_EQ(content(), "after");
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFile, StaysAsItWasWhenTheAnswerFails) {
  {
    Output output(path());
    put(output, "half");
  }
  EXPECT_EQ(content(), "before");
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFile, ALinkStaysALink) {
  const auto link = (folder_ / "link.csv").string();
  fs::create_symlink(path(), link);
  Output output(link);
  put(output, "after");
  EXPECT_TRUE(output.finish());
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(content(), "after");
}

TEST_F(OutputFile, TellsHowMuchIsWrittenAndCanBeStopped) {
  Progress progress(false, Unit::bytes);
  Output output(path());
  output.show_on(progress);
  EXPECT_EQ(put(output, "whole"), HKL_OK);
  progress.stop();
  EXPECT_EQ(put(output, "more"), HKL_CANCELLED);
}

TEST_F(OutputFile, AFolderThatIsNotThereIsNamed) {
  const Output output((folder_ / "none" / "x.csv").string());
  EXPECT_NE(output.trouble().find("none/x.csv: cannot be written: No such file"), std::string::npos);
}

TEST_F(OutputFile, AFullDiskIsTold) {
  Output output("/dev/full");
  put(output, std::string(100000, 'x'));
  EXPECT_FALSE(output.finish());
  EXPECT_EQ(output.trouble(), "/dev/full: cannot be written: No space left on device");
  EXPECT_FALSE(output.is_unread());
}

}  // namespace
}  // namespace cli
