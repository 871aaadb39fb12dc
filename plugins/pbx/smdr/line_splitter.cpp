#include "line_splitter.h"

namespace smdr {
namespace {

constexpr std::size_t kLongestLine = 8192;
// RFC 854: IAC, then a command; WILL, WONT, DO and DONT with an option behind
// it; SB … IAC SE around what belongs to an option.
constexpr unsigned char kIac = 255, kWill = 251, kDont = 254, kBegin = 250, kEnd = 240;

}  // namespace

// 0xFF is no text in UTF-8, and a letter in windows-1251 ("я"): there it is
// a command only where a command follows.
bool LineSplitter::is_negotiation(unsigned char c) {
  switch (telnet_) {
    case Telnet::text:
      if (c != kIac) return false;
      telnet_ = Telnet::command;
      return true;
    case Telnet::command:
      if (c < kEnd || c == kIac) {  // it was a letter, or one written twice
        line_ += static_cast<char>(kIac);
        telnet_ = Telnet::text;
        return c == kIac;
      }
      telnet_ = c == kBegin ? Telnet::inside : c >= kWill && c <= kDont ? Telnet::option : Telnet::text;
      return true;
    case Telnet::option:
      telnet_ = Telnet::text;
      return true;
    case Telnet::inside:
      if (c == kIac) telnet_ = Telnet::inside_command;
      return true;
    case Telnet::inside_command:
      telnet_ = c == kEnd ? Telnet::text : Telnet::inside;
      return true;
  }
  return false;
}

void LineSplitter::feed(std::string_view bytes, const Take& take, const Skipped& skipped) {
  for (const char c : bytes) {
    if (is_negotiation(static_cast<unsigned char>(c)) || c == '\0') continue;
    if (c != '\r' && c != '\n' && c != '\f') {
      if (line_.size() < kLongestLine) {
        line_ += c;
      } else {
        ++dropped_;
      }
      continue;
    }
    if (dropped_ > 0) {
      skipped(line_.size() + dropped_, "a line longer than 8 KiB");
    } else if (line_.find_first_not_of(" \t") != std::string::npos) {
      take(line_);
    }
    dropped_ = 0;
    line_.clear();
  }
}

void LineSplitter::close(const Skipped& skipped) {
  if (line_.find_first_not_of(" \t") != std::string::npos)
    skipped(line_.size() + dropped_, "half a line at the end: it has no line break");
  line_.clear();
  dropped_ = 0;
}

}  // namespace smdr
