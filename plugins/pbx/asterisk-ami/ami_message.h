// One message of the Asterisk Manager Interface: lines of "Key: value" up to
// an empty one. Keys may repeat; the first counts (AMI v2 specification).
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace asterisk {

class Message {
 public:
  void clear() { fields_.clear(); }
  void add(std::string_view key, std::string_view value) { fields_.emplace_back(key, value); }
  bool empty() const { return fields_.empty(); }

  // The value, or empty. "<unknown>" is how Asterisk writes nothing.
  std::string_view operator[](std::string_view key) const {
    for (const auto& [name, value] : fields_)
      if (name == key) return value == "<unknown>" ? std::string_view() : value;
    return {};
  }
  const std::vector<std::pair<std::string_view, std::string_view>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string_view, std::string_view>> fields_;
};

}  // namespace asterisk
