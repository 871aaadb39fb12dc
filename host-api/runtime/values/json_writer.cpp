#include "values/json_writer.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace hkl {
namespace {

bool is_plain(char c) { return c >= ' ' && c < '\x7f' && c != '"' && c != '\\'; }

// Numbers, ids and words are; names of people may not be.
void append_text(std::string& out, std::string_view value) {
  if (std::all_of(value.begin(), value.end(), is_plain)) {
    out += '"';
    out += value;
    out += '"';
    return;
  }
  out += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

JsonWriter& JsonWriter::open(char bracket) {
  comma();
  out_ += bracket;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  comma();
  out_ += '"';
  out_ += name;
  out_ += "\":";
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  comma();
  append_text(out_, value);
  return *this;
}

void JsonWriter::append_number(std::int64_t value) {
  char digits[24];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

JsonWriter& JsonWriter::number(std::int64_t value) {
  comma();
  append_number(value);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  comma();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view name, std::string_view value) {
  key(name);
  return value.empty() ? null() : text(value);
}

JsonWriter& JsonWriter::time(std::string_view name, std::optional<Instant> at) {
  key(name);
  return at ? text(iso_utc(*at)) : null();
}

JsonWriter& JsonWriter::seconds(std::string_view name, std::optional<Millis> span) {
  key(name);
  if (!span) return null();
  comma();
  const auto ms = span->count();
  if (ms < 0 && ms > -1000) out_ += '-';
  append_number(ms / 1000);
  if (auto rest = ms < 0 ? -(ms % 1000) : ms % 1000; rest != 0) {
    const char fraction[] = {'.', static_cast<char>('0' + rest / 100), static_cast<char>('0' + rest / 10 % 10),
                             static_cast<char>('0' + rest % 10)};
    const std::size_t zeros = rest % 100 == 0 ? 2 : rest % 10 == 0 ? 1 : 0;
    out_.append(fraction, sizeof fraction - zeros);
  }
  return *this;
}

JsonWriter& JsonWriter::texts(std::string_view name, const std::vector<std::string>& values) {
  key(name).begin_array();
  for (const auto& value : values) text(value);
  return end_array();
}

}  // namespace hkl
