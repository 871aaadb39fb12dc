// JSON written as text from member to member, without a tree of it: the same
// bytes as nlohmann::json dumps. For what is written with every event and call.
//
// What is no UTF-8 becomes U+FFFD. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "values/instant.h"

namespace hkl {

class JsonWriter {
 public:
  JsonWriter() { out_.reserve(1024); }
  // Goes on behind what is there.
  explicit JsonWriter(std::string begun) : out_(std::move(begun)) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);  // plain: nothing in it is escaped
  JsonWriter& text(std::string_view value);
  JsonWriter& number(std::int64_t value);
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }
  JsonWriter& raw(std::string_view json);  // is JSON already

  // A member of a record: null for what is not known, times in ISO 8601 UTC,
  // durations as seconds exact to the millisecond.
  JsonWriter& text(std::string_view name, std::string_view value);
  JsonWriter& time(std::string_view name, std::optional<Instant> at);
  JsonWriter& seconds(std::string_view name, std::optional<Millis> span);
  JsonWriter& boolean(std::string_view name, bool value) { return key(name).boolean(value); }
  JsonWriter& texts(std::string_view name, const std::vector<std::string>& values);

  const std::string& str() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void comma() {
    if (std::exchange(needs_comma_, true)) out_ += ',';
  }
  void append_number(std::int64_t value);
  std::string out_;
  bool needs_comma_ = false;
};

}  // namespace hkl
