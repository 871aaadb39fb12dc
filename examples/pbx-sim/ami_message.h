// One message of the manager interface: lines "Key: value", ended by an empty
// one. Keeps the bytes as they came, so that they can be said again unchanged.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pbx_sim {

class AmiMessage {
 public:
  // The whole message, the empty line included.
  explicit AmiMessage(std::string text) : text_(std::move(text)) {}

  // The first value of the key, "" when it is not there. Keys in any case: what
  // clients send differs.
  std::string_view operator[](std::string_view key) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// "1795415750.028470" in microseconds since the epoch; 0 when it is none.
std::int64_t micros_of(std::string_view timestamp);

// One line "Key: value" with its end.
std::string line(std::string_view key, std::string_view value);

}  // namespace pbx_sim
