#include "endpoints/serial_line.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

namespace hkl {
namespace {

constexpr std::pair<std::uint32_t, speed_t> kSpeeds[] = {
    {300, B300},   {600, B600},     {1200, B1200},   {2400, B2400},   {4800, B4800},
    {9600, B9600}, {19200, B19200}, {38400, B38400}, {57600, B57600}, {115200, B115200}};

const std::pair<std::uint32_t, speed_t>* speed_of(std::uint32_t baud) {
  const auto* found =
      std::find_if(std::begin(kSpeeds), std::end(kSpeeds), [&](const auto& speed) { return speed.first == baud; });
  return found == std::end(kSpeeds) ? nullptr : found;
}

bool read_frame(std::string_view frame, SerialLine& line) {
  if (frame.size() != 3) return false;
  if ((frame[0] != '7' && frame[0] != '8') || (frame[2] != '1' && frame[2] != '2')) return false;
  line.data_bits = frame[0] - '0';
  line.stop_bits = frame[2] - '0';
  constexpr std::string_view kParities = "NEO";
  const auto parity = kParities.find(frame[1]);
  if (parity == std::string_view::npos) return false;
  line.parity = static_cast<SerialLine::Parity>(parity);
  return true;
}

bool read_flow(std::string_view flow, SerialLine& line) {
  if (flow == "rtscts") line.flow = SerialLine::Flow::rtscts;
  if (flow == "xonxoff") line.flow = SerialLine::Flow::xonxoff;
  return flow.empty() || line.flow != SerialLine::Flow::none;
}

tl::unexpected<Error> refused(const std::string& device, int fd, int code) {
  if (fd >= 0) ::close(fd);
  const auto* hint = code == EACCES ? "; its group, often dialout, may open it" : "";
  return fail(HKL_UNAVAILABLE, fmt::format("{}: {}{}", device, std::system_category().message(code), hint));
}

}  // namespace

Result<SerialLine> SerialLine::parse(std::uint32_t baud, std::string_view text) {
  SerialLine line;
  line.baud = baud;
  if (speed_of(baud) == nullptr)
    return fail(HKL_BAD_SETTINGS, fmt::format("{} bits a second is no speed of a serial line, as 9600 is", baud));
  const auto frame = text.substr(0, text.find(' '));
  const auto flow = text.substr(std::min(text.size(), frame.size() + 1));
  if (read_frame(frame, line) && read_flow(flow, line)) return line;
  return fail(HKL_BAD_SETTINGS,
              fmt::format("\"{}\" is no serial line: expected data bits 7 or 8, parity N, E or O, stop bits 1 or 2, as "
                          "in 8N1; then rtscts or xonxoff where the sides make each other wait",
                          text));
}

void SerialLine::put_into(termios& mode) const {
  ::cfmakeraw(&mode);
  const auto* speed = speed_of(baud);
  ::cfsetspeed(&mode, speed == nullptr ? B9600 : speed->second);
  // CLOCAL: printers' cables seldom carry a modem's lines.
  mode.c_cflag |= CLOCAL | CREAD;
  mode.c_cflag &= ~static_cast<tcflag_t>(CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS);
  mode.c_cflag |= data_bits == 7 ? CS7 : CS8;
  if (parity != Parity::none) mode.c_cflag |= PARENB;
  if (parity == Parity::odd) mode.c_cflag |= PARODD;
  if (stop_bits == 2) mode.c_cflag |= CSTOPB;
  if (flow == Flow::rtscts) mode.c_cflag |= CRTSCTS;
  if (flow == Flow::xonxoff) mode.c_iflag |= IXON | IXOFF;
  mode.c_cc[VMIN] = 1;
  mode.c_cc[VTIME] = 0;
}

Result<int> open_serial(const std::string& device, const SerialLine& line) {
  const int fd = ::open(device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return refused(device, fd, errno);
  termios mode{};
  // Another reader would take a part of each line.
  if (::tcgetattr(fd, &mode) != 0 || ::ioctl(fd, TIOCEXCL) != 0) {
    ::close(fd);
    return fail(HKL_UNAVAILABLE, device + " is no serial line");
  }
  line.put_into(mode);
  if (::tcsetattr(fd, TCSANOW, &mode) != 0) return refused(device, fd, errno);
  return fd;
}

}  // namespace hkl
