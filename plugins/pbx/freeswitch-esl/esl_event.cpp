#include "esl_event.h"

#include "json_text.h"

namespace freeswitch {
namespace {

constexpr std::string_view kArray = "ARRAY::", kNext = "|:";

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string_view after(std::string_view text, std::string_view mark) {
  const auto at = text.find(mark);
  return at == std::string_view::npos ? std::string_view() : text.substr(at + mark.size());
}

}  // namespace

std::string percent_decoded(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
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
  fields_.clear();
  kept_.clear();
  body_ = {};
  if (content_type == "text/event-plain") return parse_plain(body);
  if (content_type == "text/event-json") return parse_json(body);
  if (content_type == "text/event-xml") return parse_xml(body);
  return false;
}

bool Event::parse_plain(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) {
      body_ = text;
      break;
    }
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos || colon == 0) return false;
    fields_.push_back({line.substr(0, colon), line.substr(colon + 2), Code::percent});
  }
  return !fields_.empty();
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
      std::string joined(kArray);
      scan.take('[');
      while (scan.peek() != ']') {
        if (!scan.text(value, is_escaped)) return false;
        if (joined.size() > kArray.size()) joined += kNext;
        joined += is_escaped ? json_unescaped(value) : std::string(value);
        if (!scan.take(',')) break;
      }
      if (!scan.take(']')) return false;
      fields_.push_back({name, keep(std::move(joined)), Code::done});
    } else if (scan.peek() == '"') {
      if (!scan.text(value, is_escaped)) return false;
      if (name == "_body") {
        body_ = is_escaped ? keep(json_unescaped(value)) : value;
      } else {
        fields_.push_back({name, value, is_escaped ? Code::json : Code::done});
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
  for (auto left = headers; !left.empty();) {
    const auto open = left.find('<');
    if (open == std::string_view::npos) break;
    const auto close = left.find('>', open);
    if (close == std::string_view::npos) return false;
    const auto name = left.substr(open + 1, close - open - 1);
    const auto end = left.find("</", close);
    if (end == std::string_view::npos) return false;
    fields_.push_back({name, left.substr(close + 1, end - close - 1), Code::percent});
    const auto line = left.find('>', end);
    if (line == std::string_view::npos) return false;
    left.remove_prefix(line + 1);
  }
  const auto body = after(text, "<body>");
  body_ = body.substr(0, body.rfind("</body>"));
  return !fields_.empty();
}

std::string_view Event::operator[](std::string_view name) const {
  for (const auto& field : fields_) {
    if (field.name != name) continue;
    if (field.code == Code::percent && field.value.find('%') != std::string_view::npos)
      field.value = keep(percent_decoded(field.value));
    if (field.code == Code::json) field.value = keep(json_unescaped(field.value));
    field.code = Code::done;
    // Plain text writes nothing so.
    return field.value == "_undef_" ? std::string_view() : field.value;
  }
  return {};
}

}  // namespace freeswitch
