#include "esl_event.h"

#include <algorithm>
#include <cstring>

#include "json_text.h"
#include "line_marks.h"

namespace freeswitch {
namespace {

constexpr std::size_t kFewestSlots = 1024, kMostFields = 20000;

// Names begin alike ("variable_sip_…") and end differently.
std::size_t hash_of(std::string_view name) {
  std::uint64_t end = 0, before = 0;
  if (name.size() >= 16) {
    std::memcpy(&end, name.data() + name.size() - 8, 8);
    std::memcpy(&before, name.data() + name.size() - 16, 8);
  } else if (name.size() >= 8) {
    std::memcpy(&end, name.data() + name.size() - 8, 8);
    std::memcpy(&before, name.data(), 8);
  } else {
    std::memcpy(&end, name.data(), name.size());
  }
  // 2^64 divided by the golden ratio: close numbers end far apart (Knuth, TAOCP 6.4).
  constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15u;
  const auto mixed = (end ^ (before * kSpread) ^ name.size()) * kSpread;
  return static_cast<std::size_t>(mixed >> 32);
}

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

std::size_t Event::slot_of(std::string_view name) const {
  const auto mask = slots_.size() - 1;
  for (auto slot = hash_of(name) & mask;; slot = (slot + 1) & mask)
    if (slots_[slot] == 0 || fields_[slots_[slot] - 1u].name == name) return slot;
}

void Event::grow() {
  slots_.assign(std::max(kFewestSlots, slots_.size() * 2), 0);
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    auto& slot = slots_[slot_of(fields_[i].name)];
    if (slot == 0) slot = static_cast<std::uint16_t>(i + 1);
  }
}

// Of a name that comes twice the first value counts.
void Event::add(std::string_view name, std::string_view value, Code code) {
  if (fields_.size() >= kMostFields) return;
  if ((fields_.size() + 1) * 2 > slots_.size()) grow();
  auto& slot = slots_[slot_of(name)];
  if (slot != 0) return;
  fields_.push_back({name, value, code});
  slot = static_cast<std::uint16_t>(fields_.size());
}

bool Event::parse(std::string_view content_type, std::string_view body) {
  fields_.clear();
  std::fill(slots_.begin(), slots_.end(), std::uint16_t{0});
  kept_.clear();
  body_ = {};
  if (content_type == "text/event-plain") return parse_plain(body);
  if (content_type == "text/event-json") return parse_json(body);
  if (content_type == "text/event-xml") return parse_xml(body);
  return false;
}

bool Event::parse_plain(std::string_view text) {
  LineMarks marks(text);
  std::size_t line = 0, colon = LineMarks::kNone;
  // The last line may end with the text.
  for (auto mark = marks.next();; mark = marks.next()) {
    if (mark != LineMarks::kNone && text[mark] == ':') {
      if (colon == LineMarks::kNone && mark + 1 < text.size() && text[mark + 1] == ' ') colon = mark;
      continue;
    }
    auto end = std::min(mark, text.size());
    if (end == line && mark == LineMarks::kNone) break;
    const auto next = end + 1;
    if (end > line && text[end - 1] == '\r') --end;
    if (end == line) {
      body_ = text.substr(std::min(next, text.size()));
      break;
    }
    if (colon == LineMarks::kNone || colon == line) return false;
    add({text.data() + line, colon - line}, {text.data() + colon + 2, end - colon - 2}, Code::percent);
    if (mark == LineMarks::kNone) break;
    line = next;
    colon = LineMarks::kNone;
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
      add(name, keep(std::move(joined)), Code::done);
    } else if (scan.peek() == '"') {
      if (!scan.text(value, is_escaped)) return false;
      if (name == "_body") {
        body_ = is_escaped ? keep(json_unescaped(value)) : value;
      } else {
        add(name, value, is_escaped ? Code::json : Code::done);
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
    add(name, left.substr(close + 1, end - close - 1), Code::percent);
    const auto line = left.find('>', end);
    if (line == std::string_view::npos) return false;
    left.remove_prefix(line + 1);
  }
  const auto body = after(text, "<body>");
  body_ = body.substr(0, body.rfind("</body>"));
  return !fields_.empty();
}

std::string_view Event::operator[](std::string_view name) const {
  if (slots_.empty()) return {};
  const auto number = slots_[slot_of(name)];
  if (number == 0) return {};
  const auto& field = fields_[number - 1u];
  if (field.code == Code::percent && field.value.find('%') != std::string_view::npos)
    field.value = keep(percent_decoded(field.value));
  if (field.code == Code::json) field.value = keep(json_unescaped(field.value));
  field.code = Code::done;
  // Plain text writes nothing so.
  return field.value == "_undef_" ? std::string_view() : field.value;
}

}  // namespace freeswitch
