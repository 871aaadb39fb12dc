// How bytes come over a serial line (termios(3)), and a device opened so.
#pragma once

#include <termios.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "values/result.h"

namespace hkl {

struct SerialLine {
  enum class Parity { none, even, odd };
  enum class Flow { none, rtscts, xonxoff };

  std::uint32_t baud = 9600;
  int data_bits = 8;
  Parity parity = Parity::none;
  int stop_bits = 1;
  Flow flow = Flow::none;

  // "8N1", "7E1 rtscts", "8N1 xonxoff". HKL_BAD_SETTINGS names what was expected.
  static Result<SerialLine> parse(std::uint32_t baud, std::string_view text);
  // Makes `mode` that of a raw line.
  void put_into(termios& mode) const;
};

// Opens the device for this process alone; its reads and writes do not block.
// HKL_UNAVAILABLE: it is not there, not allowed or no serial line.
Result<int> open_serial(const std::string& device, const SerialLine& line);

}  // namespace hkl
