#include "request_tree.h"

#include <simdjson.h>

#include <algorithm>
#include <set>

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

std::string decoded(std::string_view text) {
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
  return out;
}

// "a[b][0]" as a, b, 0.
std::vector<std::string> keys_of(std::string_view name) {
  std::vector<std::string> keys;
  const auto open = name.find('[');
  keys.emplace_back(name.substr(0, open));
  for (auto rest = open == std::string_view::npos ? std::string_view() : name.substr(open); !rest.empty();) {
    const auto close = rest.find(']');
    if (rest.front() != '[' || close == std::string_view::npos || keys.size() >= kDepthAtMost)
      return {std::string(name)};
    keys.emplace_back(rest.substr(1, close - 1));
    rest.remove_prefix(close + 1);
  }
  return keys;
}

void plant(Json& tree, const std::string& name, std::string value) {
  auto* at = &tree;
  for (auto& key : keys_of(name)) {
    if (!at->is_object()) *at = Json::object();
    if (key.empty()) key = std::to_string(at->size());  // a[]=x
    at = &(*at)[key];
  }
  *at = std::move(value);
}

// Of a name that comes twice the first counts, as it does for signatures: else
// one could sign the one and have the other believed.
void plant(Json& tree, const Fields& fields, const BodyRules& rules) {
  std::set<std::string> seen;
  for (const auto& [name, value] : fields)
    if (name.ends_with("[]") || seen.insert(name).second)
      plant(tree, to_utf8(name, rules.charset), to_utf8(value, rules.charset));
}

// Where it stops to be JSON, without what stands there.
std::string json_fault(std::string_view text) {
  try {
    return Json::parse(text).is_structured() ? "nested too deep" : "no object or array";
  } catch (const Json::parse_error& error) {
    return "no JSON from byte " + std::to_string(error.byte) + " of " + std::to_string(text.size()) + " on";
  }
}

Json tree_of(const simdjson::dom::element& element) {
  switch (element.type()) {
    case simdjson::dom::element_type::OBJECT: {
      auto object = Json::object();
      for (const auto& [name, value] : simdjson::dom::object(element)) object[std::string(name)] = tree_of(value);
      return object;
    }
    case simdjson::dom::element_type::ARRAY: {
      auto array = Json::array();
      for (const auto value : simdjson::dom::array(element)) array.push_back(tree_of(value));
      return array;
    }
    case simdjson::dom::element_type::STRING:
      return std::string(std::string_view(element));
    case simdjson::dom::element_type::INT64:
      return std::int64_t(element);
    case simdjson::dom::element_type::UINT64:
      return std::uint64_t(element);
    case simdjson::dom::element_type::DOUBLE:
      return double(element);
    case simdjson::dom::element_type::BOOL:
      return bool(element);
    default:
      return nullptr;
  }
}

// Discarded where it is none.
Json parsed(const std::string& text) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.allocate(text.size(), kDepthAtMost + 1) == simdjson::SUCCESS &&
      parser.parse(text).get(root) == simdjson::SUCCESS)
    return tree_of(root);
  // It knows no whole numbers beyond 64 bits, which are some vendors' ids.
  return Json::parse(text, nullptr, false);
}

// What stands in the body counts before what stands in the address.
bool take_json(const std::string& text, Json& tree) {
  auto value = parsed(text);
  if (value.is_discarded() || !value.is_structured() || is_deep(value)) return false;
  if (value.is_array()) value = Json{{"items", std::move(value)}};
  for (auto& [name, before] : tree.items())
    if (!value.contains(name)) value[name] = std::move(before);
  tree = std::move(value);
  return true;
}

std::string kind_of_body(const hookline::HttpRequest& request, const BodyRules& rules) {
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

Fields read_form(std::string_view text) {
  Fields fields;
  while (!text.empty() && fields.size() < kFieldsAtMost) {
    const auto end = std::min(text.find('&'), text.size());
    const auto pair = text.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    if (!pair.empty())
      fields.emplace_back(decoded(pair.substr(0, equals)), decoded(pair.substr(std::min(equals + 1, pair.size()))));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fields;
}

RequestTree read_fields(const hookline::HttpRequest& request, const BodyRules& rules) {
  RequestTree out;
  out.query = read_form(request.query);
  if (kind_of_body(request, rules) == "form") out.form = read_form(request.body);
  plant(out.tree, out.query, rules);
  plant(out.tree, out.form, rules);
  return out;
}

void read_body(const hookline::HttpRequest& request, const BodyRules& rules, RequestTree& out) {
  const auto kind = kind_of_body(request, rules);
  out.is_repaired = !is_utf8(request.body);
  const auto take = [&](const std::string& text, const std::string& where) {
    if (take_json(text, out.tree)) return;
    out.fault = "invalid_json";
    out.fault_place = where + ": " + json_fault(text);
  };
  if (kind == "json" && !request.body.empty()) {
    take(to_utf8(request.body, rules.charset), "the body");
  } else if (kind == "xml" && !request.body.empty()) {
    if (!read_xml(request.body, rules.charset, out.tree)) out.fault = "invalid_xml", out.fault_place = "the body";
  } else if (!rules.json_in.empty()) {
    // What stands beside it in the form is not signed, and is no part of it.
    const auto field =
        std::find_if(out.form.begin(), out.form.end(), [&](const auto& one) { return one.first == rules.json_in; });
    out.tree = Json::object();
    take(field == out.form.end() ? "" : to_utf8(field->second, rules.charset), "the field " + rules.json_in);
  }
  for (const auto& name : rules.unwrap) {
    const auto inner = out.tree.find(name);
    if (inner == out.tree.end() || !inner->is_object()) continue;
    const Json members = *inner;
    for (const auto& [key, value] : members.items())
      if (!out.tree.contains(key)) out.tree[key] = value;
  }
}

}  // namespace webhook
