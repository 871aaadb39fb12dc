#include <poll.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include "endpoints/serial_line.h"
#include "endpoints/test_kit.h"

namespace hkl::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

// The PBX's end of a pair of terminals; the other is the device.
class PrintingPbx {
 public:
  PrintingPbx() {
    char name[128] = {};
    int device = -1;
    if (::openpty(&fd_, &device, name, nullptr, nullptr) != 0) throw std::runtime_error("no terminal to be had");
    device_ = device;
    name_ = name;
  }
  ~PrintingPbx() { pull_out(); }
  PrintingPbx(const PrintingPbx&) = delete;
  PrintingPbx& operator=(const PrintingPbx&) = delete;

  const std::string& device() const { return name_; }
  void print(const std::string& text) const {
    ASSERT_EQ(::write(fd_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  // Waits until the host has sent `text`.
  bool hears(const std::string& text) {
    return eventually([&] {
      char bytes[256];
      pollfd wait{fd_, POLLIN, 0};
      if (::poll(&wait, 1, 0) > 0)
        if (const auto got = ::read(fd_, bytes, sizeof bytes); got > 0)
          heard_.append(bytes, static_cast<std::size_t>(got));
      return heard_.find(text) != std::string::npos;
    });
  }
  termios mode() const {
    termios mode{};
    EXPECT_EQ(::tcgetattr(device_, &mode), 0);
    return mode;
  }
  void pull_out() {
    if (fd_ >= 0) ::close(fd_);
    if (device_ >= 0) ::close(device_);
    fd_ = device_ = -1;
  }

 private:
  int fd_ = -1, device_ = -1;
  std::string name_, heard_;
};

class SerialEndpointTest : public testing::Test {
 protected:
  void start(const std::string& device, std::uint32_t baud = 9600, const std::string& line = "8N1") {
    auto adapter = std::make_unique<WordAdapter>();
    EndpointWish wish;
    wish.kind = HKL_ENDPOINT_SERIAL;
    wish.address = device;
    wish.port = baud;
    wish.query = line;
    adapter->wishes = {wish};
    runner_ = std::make_unique<SourceRunner>(setup_, std::move(adapter), out_.outlet());
    ASSERT_TRUE(runner_->start());
  }

  Lines log_;
  SourceSetup setup_ = setup_of(log_);
  Collected out_;
  std::unique_ptr<SourceRunner> runner_;
};

TEST_F(SerialEndpointTest, WhatIsPrintedIsRead) {
  PrintingPbx pbx;
  start(pbx.device(), 2400, "7E2 xonxoff");
  ASSERT_TRUE(pbx.hears("hello\n")) << "and what the adapter sends goes out as it is";
  pbx.print("live\ne one 1000\ne t");
  pbx.print("wo 2000\n");
  ASSERT_TRUE(eventually([&] { return out_.ids().size() == 2; }));
  EXPECT_THAT(out_.ids(), ElementsAre("one", "two"));
  EXPECT_EQ(runner_->health().state, "live");

  const auto mode = pbx.mode();
  EXPECT_EQ(::cfgetispeed(&mode), static_cast<speed_t>(B2400));
  EXPECT_EQ(mode.c_cflag & CSTOPB, static_cast<tcflag_t>(CSTOPB));
  EXPECT_EQ(mode.c_iflag & (IXON | IXOFF), static_cast<tcflag_t>(IXON | IXOFF));
  EXPECT_EQ(mode.c_lflag & (ECHO | ICANON), 0U) << "nothing is echoed or held back";
}

TEST_F(SerialEndpointTest, ADeviceThatGoesAwayIsTriedAgain) {
  TempFolder folder;
  const auto device = folder.path("ttyPBX");
  PrintingPbx first;
  std::filesystem::create_symlink(first.device(), device);
  start(device);
  ASSERT_TRUE(first.hears("hello\n"));
  first.print("live\ne one 1000\n");
  ASSERT_TRUE(eventually([&] { return out_.ids().size() == 1; }));
  first.pull_out();
  ASSERT_TRUE(eventually([&] { return runner_->health().state != "live"; }));
  PrintingPbx second;
  std::filesystem::remove(device);
  std::filesystem::create_symlink(second.device(), device);
  ASSERT_TRUE(second.hears("hello\n"));
  second.print("live\ne two 2000\n");
  ASSERT_TRUE(eventually([&] { return out_.ids().back() == "two"; }));
  EXPECT_GE(runner_->health().reconnects, 1U);
}

TEST_F(SerialEndpointTest, WhatIsNoSerialLineIsTold) {
  TempFolder folder;
  start(folder.write("smdr.log", ""));
  EXPECT_TRUE(eventually([&] { return log_.has("smdr.log is no serial line"); }));
  runner_.reset();
  start(folder.path("absent"));
  EXPECT_TRUE(eventually([&] { return log_.has("absent: No such file or directory; next try in"); }));
}

TEST(SerialLine, IsReadFromItsShortName) {
  const auto line = SerialLine::parse(19200, "7O1 rtscts");
  ASSERT_TRUE(line);
  termios mode{};
  line->put_into(mode);
  EXPECT_EQ(mode.c_cflag & (CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS),
            static_cast<tcflag_t>(CS7 | PARENB | PARODD | CRTSCTS));
  EXPECT_EQ(::cfgetospeed(&mode), static_cast<speed_t>(B19200));
  for (const auto* text : {"", "9N1", "8X1", "8N3", "8N", "8N1 dtr"}) {
    const auto wrong = SerialLine::parse(9600, text);
    ASSERT_FALSE(wrong) << text;
    EXPECT_THAT(wrong.error().text, HasSubstr("parity N, E or O"));
  }
  const auto slow = SerialLine::parse(9601, "8N1");
  ASSERT_FALSE(slow);
  EXPECT_THAT(slow.error().text, HasSubstr("9601 bits a second"));
}

}  // namespace
}  // namespace hkl::test
