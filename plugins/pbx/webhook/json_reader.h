// JSON as nodes, read by simdjson: its strings stay where it put them, lists and
// maps are made of them once, for as long as the message is worked on.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "node.h"

namespace webhook {

class JsonReader {
 public:
  JsonReader();
  ~JsonReader();
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  // An object or an array, at most 32 levels deep; nothing where it is none. It
  // is there until the next is read, and as long as `room` is not emptied.
  std::optional<profile::Node> read(std::string_view text, profile::Room& room);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace webhook
