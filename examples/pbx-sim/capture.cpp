#include "capture.h"

#include <Poco/InflatingStream.h>
#include <Poco/StreamCopier.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace pbx_sim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kGreeting = "Asterisk Call Manager";

std::optional<std::string> read_maybe_packed(const fs::path& path) {
  const bool is_plain = fs::exists(path);
  const auto found = is_plain ? path : fs::path(path.string() + ".gz");
  if (!is_plain && !fs::exists(found)) return std::nullopt;
  std::ifstream file(found, std::ios::binary);
  std::string bytes;
  if (is_plain) {
    Poco::StreamCopier::copyToString(file, bytes);
  } else {
    Poco::InflatingInputStream unpacked(file, Poco::InflatingStreamBuf::STREAM_GZIP);
    Poco::StreamCopier::copyToString(unpacked, bytes);
  }
  if (file.bad()) throw std::runtime_error(found.string() + ": cannot be read");
  return bytes;
}

// Tells when the byte at an offset arrived. Asked with growing offsets only.
class Timing {
 public:
  Timing(const std::string& text, const std::string& path) {
    std::istringstream lines(text);
    std::string at;
    std::size_t offset = 0, length = 0;
    while (lines >> at >> offset >> length) reads_.push_back({micros_of(at), offset + length});
    if (!lines.eof()) throw std::runtime_error(path + ": a line is not \"SECONDS OFFSET LENGTH\"");
  }
  std::int64_t arrival_of(std::size_t offset) {
    while (next_ + 1 < reads_.size() && reads_[next_].end <= offset) ++next_;
    return reads_.empty() ? 0 : reads_[next_].at_micros;
  }

 private:
  struct Read {
    std::int64_t at_micros;
    std::size_t end;
  };
  std::vector<Read> reads_;
  std::size_t next_ = 0;
};

}  // namespace

bool is_heard_by_all(const AmiMessage& message) {
  const auto event = message["Event"];
  if (event.empty() || event == "FullyBooted") return false;
  // An ActionID marks the answer to a request; this one is told to all besides.
  return message["ActionID"].empty() || event == "OriginateResponse";
}

Capture read_capture(const std::string& folder) {
  const auto raw_path = fs::path(folder) / "ami.raw";
  const auto raw = read_maybe_packed(raw_path);
  if (!raw)
    throw std::runtime_error(raw_path.string() + ": there is no such file, nor one with .gz; name folders of captures");
  const auto timing_path = fs::path(folder) / "ami.timing";
  Timing timing(read_maybe_packed(timing_path).value_or(""), timing_path.string());

  Capture capture;
  std::int64_t first = -1;
  std::size_t from = 0;
  for (;;) {
    // A greeting in mid-stream: the client had connected anew.
    if (raw->compare(from, kGreeting.size(), kGreeting) == 0) {
      const auto end = raw->find("\r\n", from);
      if (end == std::string::npos) break;
      capture.greeting = raw->substr(from, end - from);
      from = end + 2;
      continue;
    }
    const auto end = raw->find("\r\n\r\n", from);
    if (end == std::string::npos) break;
    AmiMessage message(raw->substr(from, end + 4 - from));
    if (is_heard_by_all(message)) {
      const auto at = timing.arrival_of(end + 3);
      if (first < 0) first = at;
      capture.events.push_back({std::chrono::microseconds(at - first), std::move(message)});
    }
    from = end + 4;
  }
  if (capture.events.empty())
    throw std::runtime_error(raw_path.string() + ": has no event; is it what an Asterisk sent?");
  return capture;
}

}  // namespace pbx_sim
