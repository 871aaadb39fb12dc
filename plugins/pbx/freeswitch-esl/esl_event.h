// One event of FreeSWITCH as names and values, from any of the encodings:
// plain (percent-encoded lines), JSON (a flat object whose values are texts or
// lists of texts) and XML. Values are decoded when they are asked for: of the
// three hundred of an event a dozen are.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace freeswitch {

class Event {
 public:
  // The views into `body` live as long as it does. False: it is no event.
  bool parse(std::string_view content_type, std::string_view body);
  // What kind of event that is, found without reading the rest; or nothing.
  static std::string_view name_of(std::string_view content_type, std::string_view body);

  // The first value of that name, or empty. A repeated one comes as the switch
  // writes it in plain text: ARRAY::a|:b.
  std::string_view operator[](std::string_view name) const;
  std::string_view body() const { return body_; }
  std::size_t size() const { return fields_.size(); }

 private:
  enum class Code { percent, json, done };
  struct Field {
    std::string_view name;
    mutable std::string_view value;
    mutable Code code;
  };
  bool parse_plain(std::string_view text);
  bool parse_json(std::string_view text);
  bool parse_xml(std::string_view text);
  void add(std::string_view name, std::string_view value, Code code);
  // Where the field of that name is, or would be, in slots_.
  std::size_t slot_of(std::string_view name) const;
  void grow();
  std::string_view keep(std::string text) const { return kept_.emplace_back(std::move(text)); }

  std::vector<Field> fields_;
  // Number of a field by a hash of its name, 0: none. Half of it at least is
  // empty; its size is a power of two.
  std::vector<std::uint16_t> slots_;
  std::string_view body_;
  mutable std::deque<std::string> kept_;
};

// "%C3%A9" and the like undone; what is no escape stays.
std::string percent_decoded(std::string_view text, bool plus_is_blank = false);

// The parts of ARRAY::a|:b; a single text is its only part.
std::vector<std::string_view> parts_of(std::string_view value);

}  // namespace freeswitch
