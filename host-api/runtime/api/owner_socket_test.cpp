#include "api/owner_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>

namespace hkl::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class OwnerSocketTest : public testing::Test {
 protected:
  OwnerSocketTest() {
    std::string folder = testing::TempDir() + "hookline-XXXXXX";
    folder_ = ::mkdtemp(folder.data());
    path_ = folder_ / "x.db.sock";
  }
  ~OwnerSocketTest() override { std::filesystem::remove_all(folder_); }
  void open(OwnerSocket::Answer answer) {
    auto opened = OwnerSocket::open(path_, std::move(answer));
    ASSERT_TRUE(opened) << opened.error().text;
    socket_ = std::move(*opened);
  }
  std::filesystem::path folder_, path_;
  std::unique_ptr<OwnerSocket> socket_;
};

TEST_F(OwnerSocketTest, WhatIsAskedIsAnswered) {
  open([](const std::string& asked) { return "you said " + asked; });
  EXPECT_EQ(OwnerSocket::ask(path_, "hello", 5s).value(), "you said hello");
  const std::string much(300000, 'x');
  EXPECT_EQ(OwnerSocket::ask(path_, much, 5s).value(), "you said " + much);
}

TEST_F(OwnerSocketTest, TheFileIsTheOwnersAloneAndGoesWithIt) {
  open([](const std::string&) { return "yes"; });
  struct stat about {};
  ASSERT_EQ(::stat(path_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  socket_.reset();
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(OwnerSocketTest, WhatAKilledOwnerLeftIsReplaced) {
  std::ofstream(path_) << "left";
  open([](const std::string&) { return "yes"; });
  EXPECT_EQ(OwnerSocket::ask(path_, "?", 5s).value(), "yes");
}

TEST_F(OwnerSocketTest, AFolderOfAnyDepthWillDo) {
  for (int i = 0; i < 10; ++i) folder_ /= "a folder with a name that is long";
  std::filesystem::create_directories(folder_);
  path_ = folder_ / "x.db.sock";
  open([](const std::string&) { return "yes"; });
  EXPECT_EQ(OwnerSocket::ask(path_, "?", 5s).value(), "yes");
}

TEST_F(OwnerSocketTest, WhereNobodyListensNothingIsAsked) {
  EXPECT_EQ(OwnerSocket::ask(path_, "?", 5s).error().status, HKL_UNAVAILABLE);
  open([](const std::string&) { return "yes"; });
  socket_->close_door();
  EXPECT_EQ(OwnerSocket::ask(path_, "?", 5s).error().status, HKL_UNAVAILABLE);
}

TEST_F(OwnerSocketTest, ASecondWhoAsksDoesNotWaitForTheFirst) {
  std::promise<void> go_on;
  open([gate = go_on.get_future().share()](const std::string& asked) {
    if (asked == "slow") gate.wait();
    return asked;
  });
  auto slow = std::async(std::launch::async, [&] { return OwnerSocket::ask(path_, "slow", 5s); });
  EXPECT_EQ(OwnerSocket::ask(path_, "quick", 5s).value(), "quick");
  go_on.set_value();
  EXPECT_EQ(slow.get().value(), "slow");
}

TEST_F(OwnerSocketTest, AnAnswerThatDoesNotComeIsNotWaitedForForEver) {
  std::promise<void> go_on;
  open([gate = go_on.get_future().share()](const std::string&) {
    gate.wait();
    return "late";
  });
  const auto answer = OwnerSocket::ask(path_, "?", 50ms);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().status, HKL_TIMEOUT);
  go_on.set_value();
}

TEST_F(OwnerSocketTest, WhatIsNotAskedToItsEndIsNotDone) {
  std::atomic<int> count{0};
  open([&](const std::string&) {
    ++count;
    return "yes";
  });
  {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::snprintf(name.sun_path, sizeof name.sun_path, "%s", path_.c_str());
    ASSERT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
    ASSERT_EQ(::send(fd, "half", 4, 0), 4);
    ::close(fd);
  }
  EXPECT_EQ(OwnerSocket::ask(path_, "?", 5s).value(), "yes");
  socket_.reset();
  EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace hkl::test
