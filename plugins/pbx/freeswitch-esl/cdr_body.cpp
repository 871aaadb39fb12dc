#include "cdr_body.h"

#include <cstdint>

#include "esl_event.h"
#include "json_text.h"

namespace freeswitch {
namespace {

constexpr std::size_t kMembersAtMost = 20000;
constexpr int kDeepest = 12;

std::optional<std::string> base64_decoded(std::string_view text) {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '\r' || c == '\n') continue;
    if (c == '=') break;
    const auto value = kLetters.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>((bits >> count) & 0xFF);
  }
  return out;
}

class Flattener {
 public:
  using Values = std::map<std::string, std::string, std::less<>>;
  Flattener(std::string_view text, bool is_bare, Values& values) : scan_(text, is_bare), values_(values) {}
  bool run() { return scan_.peek() == '{' && value("", 0) && scan_.is_at_end(); }

 private:
  bool value(const std::string& path, int depth) {
    if (depth > kDeepest || values_.size() > kMembersAtMost) return false;
    std::string_view text;
    bool is_escaped = false;
    const char c = scan_.peek();
    if (c == '"') {
      if (!scan_.text(text, is_escaped)) return false;
      values_[path] = is_escaped ? json_unescaped(text) : std::string(text);
      return true;
    }
    if (c != '{' && c != '[') {
      values_[path] = scan_.scalar();
      return !values_[path].empty();
    }
    const char closes = c == '{' ? '}' : ']';
    scan_.take(c);
    if (scan_.take(closes)) return true;
    std::size_t index = 0;
    do {
      auto name = std::to_string(index++);
      if (c == '{') {
        if (!scan_.text(text, is_escaped) || !scan_.take(':')) return false;
        name = text;
      }
      if (!value(path.empty() ? name : path + "/" + name, depth + 1)) return false;
    } while (scan_.take(','));
    return scan_.take(closes);
  }

  JsonScanner scan_;
  Values& values_;
};

}  // namespace

std::optional<std::string> record_text(std::string_view content_type, std::string_view body) {
  const auto type = content_type.substr(0, content_type.find(';'));
  constexpr std::string_view kField = "cdr=";
  if (type == "application/json" || type == "text/json") return std::string(body);
  if (body.substr(0, kField.size()) != kField) return std::nullopt;
  body.remove_prefix(kField.size());
  if (type == "application/x-www-form-base64-encoded") return base64_decoded(body);
  if (type != "application/x-www-form-urlencoded") return std::nullopt;
  // Its plus signs are those of phone numbers: it writes a blank as %20.
  return percent_decoded(body);
}

std::optional<CdrRecord> read_record(std::string_view json) {
  CdrRecord record;
  if (!Flattener(json, false, record.values_).run()) {
    record.values_.clear();
    if (!Flattener(json, true, record.values_).run()) return std::nullopt;
  }
  // encode-values: each text is percent-encoded by itself. Times are written in
  // all records and have blanks and colons.
  if (record["variables/start_stamp"].find('%') != std::string_view::npos)
    for (auto& [path, value] : record.values_)
      if (value.find('%') != std::string::npos) value = percent_decoded(value);
  return record;
}

}  // namespace freeswitch
