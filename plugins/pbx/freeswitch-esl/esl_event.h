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

#include "event_names.h"

namespace freeswitch {

class Event {
 public:
  // `more`: names that are looked at besides those of kNames.
  explicit Event(std::vector<std::string> more = {}) : names_(std::move(more)), fields_(names_.count()) {}

  // The views into `body` live as long as it does. False: it is no event.
  bool parse(std::string_view content_type, std::string_view body);
  // What kind of event that is, found without reading the rest; or nothing.
  static std::string_view name_of(std::string_view content_type, std::string_view body);

  // The first value of that name, or empty. A repeated one comes as the switch
  // writes it in plain text: ARRAY::a|:b. Valid until the next event.
  std::string_view operator[](Name name) const { return value(name.number()); }
  // The same of the i-th of `more`.
  std::string_view more(std::size_t i) const { return value(std::size(kNames) + i); }
  std::size_t more_count() const { return fields_.size() - std::size(kNames); }
  std::string_view body() const { return body_; }

 private:
  enum class Code : std::uint8_t { absent, percent, json, plain, done };  // done: it was asked for
  struct Field {
    std::string_view value;
    Code code = Code::absent;
  };
  bool parse_plain(std::string_view text);
  bool take_line(std::string_view text, std::size_t begin, std::size_t end);
  bool parse_json(std::string_view text);
  bool parse_xml(std::string_view text);
  // Of a name that comes twice the first value counts.
  void add(std::string_view name, std::string_view value, Code code) {
    const auto number = names_.number_of(name);
    if (number == Names::kNone || fields_[number].code != Code::absent) return;
    fields_[number].value = value;
    fields_[number].code = code;
  }
  std::string_view value(std::size_t number) const {
    const auto& field = fields_[number];
    return field.code == Code::done ? field.value : decoded(number);
  }
  std::string_view decoded(std::size_t number) const;
  std::string& room() const;

  Names names_;
  mutable std::vector<Field> fields_;  // by number
  std::string_view body_;
  mutable std::deque<std::string> rooms_;  // of decoded texts; they stay for the next event
  mutable std::size_t room_count_ = 0;     // of this event
};

// "%C3%A9" and the like undone, put behind what stands in `out`; what is no
// escape stays.
void put_percent_decoded(std::string_view text, std::string& out);
std::string percent_decoded(std::string_view text);

// The parts of ARRAY::a|:b; a single text is its only part.
std::vector<std::string_view> parts_of(std::string_view value);

}  // namespace freeswitch
