#include "esl_event.h"

#include <algorithm>

#include "json_text.h"
#include "line_ends.h"

namespace freeswitch {
namespace {

constexpr std::string_view kArray = "ARRAY::", kNext = "|:";

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool is_empty_line(std::string_view line) { return line.empty() || line == "\r"; }

std::string_view after(std::string_view text, std::string_view mark) {
  const auto at = text.find(mark);
  return at == std::string_view::npos ? std::string_view() : text.substr(at + mark.size());
}

}  // namespace

void put_percent_decoded(std::string_view text, std::string& out) {
  for (;;) {
    const auto escape = text.find('%');
    out.append(text.substr(0, escape));
    if (escape == std::string_view::npos) return;
    text.remove_prefix(escape);
    const bool is_one = text.size() > 2 && hex(text[1]) >= 0 && hex(text[2]) >= 0;
    out += is_one ? static_cast<char>(hex(text[1]) * 16 + hex(text[2])) : '%';
    text.remove_prefix(is_one ? 3 : 1);
  }
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  put_percent_decoded(text, out);
  return out;
}

std::vector<std::string_view> parts_of(std::string_view value) {
  std::vector<std::string_view> parts;
  if (value.substr(0, kArray.size()) != kArray) {
    if (!value.empty()) parts.push_back(value);
    return parts;
  }
  value.remove_prefix(kArray.size());
  for (;;) {
    const auto end = value.find(kNext);
    parts.push_back(value.substr(0, end));
    if (end == std::string_view::npos) return parts;
    value.remove_prefix(end + kNext.size());
  }
}

std::string_view Event::name_of(std::string_view content_type, std::string_view body) {
  if (content_type == "text/event-plain") {
    constexpr std::string_view kName = "Event-Name: ";
    const auto rest = body.substr(0, kName.size()) == kName ? body.substr(kName.size()) : after(body, "\nEvent-Name: ");
    return rest.substr(0, rest.find('\n'));
  }
  const auto rest = content_type == "text/event-json"  ? after(body, "\"Event-Name\":\"")
                    : content_type == "text/event-xml" ? after(body, "<Event-Name>")
                                                       : std::string_view();
  return rest.substr(0, rest.find_first_of("\"<"));
}

bool Event::parse(std::string_view content_type, std::string_view body) {
  std::fill(fields_.begin(), fields_.end(), Field());
  room_count_ = 0;
  body_ = {};
  if (content_type == "text/event-plain") return parse_plain(body);
  if (content_type == "text/event-json") return parse_json(body);
  if (content_type == "text/event-xml") return parse_xml(body);
  return false;
}

bool Event::parse_plain(std::string_view text) {
  LineEnds ends;
  std::size_t line = 0;
  for (std::size_t from = 0; from < text.size(); from += LineEnds::kWindow)
    for (const auto at : ends.in(text.substr(from))) {
      const auto end = from + at;
      if (is_empty_line({text.data() + line, end - line})) {
        body_ = text.substr(end + 1);
        return line > 0;
      }
      if (!take_line(text, line, end)) return false;
      line = end + 1;
    }
  // The last line may end with the text.
  const auto last = text.substr(line);
  return last.empty() || is_empty_line(last) ? line > 0 : take_line(text, line, text.size());
}

// "Name: value"; names have colons too, but none before a blank.
bool Event::take_line(std::string_view text, std::size_t begin, std::size_t end) {
  if (text[end - 1] == '\r') --end;
  const auto* line = text.data() + begin;
  auto colon = first_colon(line, end - begin, text.size() - begin);
  if (colon == std::string_view::npos || colon + 1 >= end - begin || line[colon + 1] != ' ')
    colon = std::string_view(line, end - begin).find(": ");
  if (colon == std::string_view::npos || colon == 0) return false;
  add({line, colon}, {line + colon + 2, end - begin - colon - 2}, Code::percent);
  return true;
}

bool Event::parse_json(std::string_view text) {
  JsonScanner scan(text);
  if (!scan.take('{')) return false;
  if (scan.take('}')) return false;
  do {
    std::string_view name, value;
    bool is_escaped = false;
    if (!scan.text(name, is_escaped) || !scan.take(':')) return false;
    if (scan.peek() == '[') {
      auto& joined = room();
      joined = kArray;
      scan.take('[');
      while (scan.peek() != ']') {
        if (!scan.text(value, is_escaped)) return false;
        if (joined.size() > kArray.size()) joined += kNext;
        if (is_escaped) {
          put_json_unescaped(value, joined);
        } else {
          joined += value;
        }
        if (!scan.take(',')) break;
      }
      if (!scan.take(']')) return false;
      add(name, joined, Code::plain);
    } else if (scan.peek() == '"') {
      if (!scan.text(value, is_escaped)) return false;
      if (name == "_body") {
        if (is_escaped) put_json_unescaped(value, room());
        body_ = is_escaped ? std::string_view(rooms_[room_count_ - 1]) : value;
      } else {
        add(name, value, is_escaped ? Code::json : Code::plain);
      }
    } else if (!scan.skip_value()) {
      return false;
    }
  } while (scan.take(','));
  return scan.take('}');
}

bool Event::parse_xml(std::string_view text) {
  auto rest = after(text, "<headers>");
  const auto headers = rest.substr(0, rest.find("</headers>"));
  bool is_any = false;
  for (auto left = headers; !left.empty();) {
    const auto open = left.find('<');
    if (open == std::string_view::npos) break;
    const auto close = left.find('>', open);
    if (close == std::string_view::npos) return false;
    const auto name = left.substr(open + 1, close - open - 1);
    const auto end = left.find("</", close);
    if (end == std::string_view::npos) return false;
    add(name, left.substr(close + 1, end - close - 1), Code::percent);
    const auto line = left.find('>', end);
    if (line == std::string_view::npos) return false;
    left.remove_prefix(line + 1);
    is_any = true;
  }
  const auto body = after(text, "<body>");
  body_ = body.substr(0, body.rfind("</body>"));
  return is_any;
}

std::string& Event::room() const {
  if (room_count_ == rooms_.size()) rooms_.emplace_back();
  auto& room = rooms_[room_count_++];
  room.clear();
  return room;
}

std::string_view Event::decoded(std::size_t number) const {
  auto& field = fields_[number];
  if (field.code == Code::percent && field.value.find('%') != std::string_view::npos) {
    auto& text = room();
    put_percent_decoded(field.value, text);
    field.value = text;
  }
  if (field.code == Code::json) {
    auto& text = room();
    put_json_unescaped(field.value, text);
    field.value = text;
  }
  // Plain text writes nothing so.
  if (field.value == "_undef_") field.value = {};
  if (field.code != Code::absent) field.code = Code::done;
  return field.value;
}

}  // namespace freeswitch
