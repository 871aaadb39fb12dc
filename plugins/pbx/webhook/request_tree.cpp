#include "request_tree.h"

#include <algorithm>

#include "text_repair.h"
#include "xml_tree.h"

namespace webhook {
namespace {

constexpr std::size_t kFieldsAtMost = 1000, kDepthAtMost = 32;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// "a[b][0]" as a, b, 0; there is a bracket.
std::vector<std::string_view> keys_of(std::string_view name) {
  std::vector<std::string_view> keys;
  const auto open = name.find('[');
  keys.push_back(name.substr(0, open));
  for (auto rest = name.substr(open); !rest.empty();) {
    const auto close = rest.find(']');
    if (rest.front() != '[' || close == std::string_view::npos || keys.size() >= kDepthAtMost) return {name};
    keys.push_back(rest.substr(1, close - 1));
    rest.remove_prefix(close + 1);
  }
  return keys;
}

// Where it stops to be JSON, without what stands there.
std::string json_fault(std::string_view text) {
  try {
    return Json::parse(text).is_structured() ? "nested too deep" : "no object or array";
  } catch (const Json::parse_error& error) {
    return "no JSON from byte " + std::to_string(error.byte) + " of " + std::to_string(text.size()) + " on";
  } catch (const Json::out_of_range&) {
    return "a number that is too large";
  }
}

std::string_view kind_of_body(const hookline::HttpRequest& request, const BodyRules& rules) {
  if (rules.body != "auto") return rules.body;
  const auto type = request.header("Content-Type");
  const auto has = [&](std::string_view word) { return type.find(word) != std::string_view::npos; };
  if (has("json")) return "json";
  if (has("xml")) return "xml";
  if (has("form")) return "form";
  const auto first = request.body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return "none";
  return request.body[first] == '{' || request.body[first] == '[' ? "json"
         : request.body[first] == '<'                             ? "xml"
                                                                  : "form";
}

}  // namespace

RequestTree& RequestReader::read_fields(const hookline::HttpRequest& request) {
  room_.clear();
  read_.query.clear();
  read_.form.clear();
  read_.tree = Node::map({});
  read_.fault.clear();
  read_.fault_place.clear();
  read_.is_repaired = false;
  read_form(request.query, read_.query);
  if (kind_of_body(request, rules_) == "form") read_form(request.body, read_.form);
  plant(read_.query);
  plant(read_.form);
  return read_;
}

void RequestReader::read_body(const hookline::HttpRequest& request) {
  const auto kind = kind_of_body(request, rules_);
  if (kind == "json" && !request.body.empty()) {
    read_.is_repaired = take_json(request.body, "the body");
  } else if (kind == "xml" && !request.body.empty()) {
    read_.is_repaired = !is_utf8(request.body);
    auto xml = read_xml(request.body, rules_.charset);
    if (!xml) read_.fault = "invalid_xml", read_.fault_place = "the body";
    if (xml && xml->is_object()) put_over(room_.node_of_kept(std::move(*xml)));
  } else {
    read_.is_repaired = !is_utf8(request.body);
    if (!rules_.json_in.empty()) {
      // What stands beside it in the form is not signed, and is no part of it.
      const auto field = std::find_if(read_.form.begin(), read_.form.end(),
                                      [&](const auto& one) { return one.first == rules_.json_in; });
      read_.tree = Node::map({});
      take_json(field == read_.form.end() ? std::string_view() : field->second, "the field " + rules_.json_in);
    }
  }
  for (const auto& name : rules_.unwrap) unwrap(name);
}

void RequestReader::read_form(std::string_view text, Fields& fields) {
  while (!text.empty() && fields.size() < kFieldsAtMost) {
    const auto end = std::min(text.find('&'), text.size());
    const auto pair = text.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    if (!pair.empty())
      fields.emplace_back(decoded(pair.substr(0, equals)), decoded(pair.substr(std::min(equals + 1, pair.size()))));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string_view RequestReader::decoded(std::string_view text) {
  if (std::none_of(text.begin(), text.end(), [](char c) { return c == '%' || c == '+'; })) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return room_.keep(out);
}

std::string_view RequestReader::as_utf8(std::string_view text) {
  return is_utf8(text) ? text : room_.keep(to_utf8(text, rules_.charset));
}

// Of a name that comes twice the first counts, as it does for signatures: else
// one could sign the one and have the other believed.
void RequestReader::plant(const Fields& fields) {
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    const auto name = field->first;
    const auto is_same = [&](const auto& before) { return before.first == name; };
    const bool is_repeated = !name.ends_with("[]") && std::any_of(fields.begin(), field, is_same);
    if (!is_repeated) plant(as_utf8(name), as_utf8(field->second));
  }
}

void RequestReader::plant(std::string_view name, std::string_view value) {
  auto* at = &read_.tree;
  const auto go_to = [&](std::string_view key) {
    if (!at->is_map()) *at = Node::map({});
    if (key.empty()) key = room_.keep(std::to_string(at->members().size()));  // a[]=x
    at = &room_.member(*at, key);
  };
  if (name.find('[') == std::string_view::npos) {
    go_to(name);
  } else {
    for (const auto key : keys_of(name)) go_to(key);
  }
  *at = Node::text(value);
}

// True: its text was no UTF-8.
bool RequestReader::take_json(std::string_view text, std::string_view where) {
  auto value = json_.read(text, room_);
  const bool is_repaired = !value && !is_utf8(text);  // what could be read is UTF-8
  if (is_repaired) {
    text = as_utf8(text);
    value = json_.read(text, room_);
  }
  if (!value) {
    read_.fault = "invalid_json";
    read_.fault_place = std::string(where) + ": " + json_fault(text);
    return is_repaired;
  }
  if (value->is_list()) {
    auto map = Node::map({});
    room_.member(map, "items") = *value;
    value = map;
  }
  put_over(*value);
  return is_repaired;
}

// What stands in the body counts before what stands in the address.
void RequestReader::put_over(Node above) {
  const auto before = read_.tree.members(), members = above.members();
  if (before.empty()) {
    read_.tree = above;
    return;
  }
  const auto all = room_.members(before.size() + members.size());
  std::copy(members.begin(), members.end(), std::copy(before.begin(), before.end(), all.begin()));
  read_.tree = Node::map(all);
}

void RequestReader::unwrap(const std::string& name) {
  const auto inner = read_.tree[name];
  if (!inner.is_map()) return;
  const auto outer = read_.tree;
  read_.tree = inner;
  put_over(outer);
}

}  // namespace webhook
