#include "asking.h"

#include <cmath>

namespace webhook {
namespace {

std::string percent_encoded(const std::string& text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                          c == '_' || c == '.' || c == '~';
    if (is_plain) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

// Whether a map in a body is a value as anywhere else, and no map to be sent: a
// signature's parts, the secret among them, must not go out as they stand.
bool is_value(const Json& map) {
  const auto is_list = [&](const char* name) { return map.contains(name) && map[name].is_array(); };
  if (map.contains("if") || map.contains("cases")) return true;
  if (map.contains("hash") || map.contains("hmac")) return is_list("over");
  if (map.size() == 1) return is_list("join") || is_list("plus") || is_list("minus") || is_list("basic");
  return map.size() == 2 && is_list("join") && map.contains("by");
}

// 2, not 2.0: some vendors tell them apart.
Json whole(Json value) {
  constexpr double kExact = 9007199254740992;  // 2^53
  if (!value.is_number_float()) return value;
  const auto number = value.get<double>();
  if (number != std::floor(number) || std::abs(number) > kExact) return value;
  return static_cast<std::int64_t>(number);
}

}  // namespace

const hookline::HttpRequest& no_request(std::int64_t now_ms) {
  thread_local hookline::HttpRequest request;
  request.received_ms = now_ms;
  return request;
}

bool is_wanted(const Json& source, const Vocabulary& words, const Place& place) {
  if (!source.contains("if_set")) return true;
  const auto needed = (place / "if_set").text(source["if_set"]);
  if (!words.settings->contains(needed)) {
    std::vector<std::string> known;
    for (const auto& [setting, value] : words.settings->items()) known.push_back(setting);
    (place / "if_set").fail_unknown("setting", needed, known);
  }
  return is_there((*words.settings)[needed]);
}

JsonForm JsonForm::compile(const Json& source, const Vocabulary& words, const Place& place) {
  JsonForm form;
  form.kind_ = source.type();
  if (source.is_object() && !is_value(source)) {
    for (const auto& [name, value] : source.items())
      form.members_.emplace_back(name, compile(value, words, place / name));
  } else if (source.is_array()) {
    for (std::size_t i = 0; i < source.size(); ++i) form.members_.emplace_back("", compile(source[i], words, place[i]));
  } else {
    form.kind_ = Json::value_t::null;
    form.leaf_ = Value::compile(source, words, place);
  }
  return form;
}

Json JsonForm::of(const Scope& scope) const {
  if (kind_ == Json::value_t::null) return whole(json_of(leaf_.of(scope)));
  Json out = kind_ == Json::value_t::object ? Json::object() : Json::array();
  for (const auto& [name, form] : members_) {
    auto value = form.of(scope);
    if (value.is_null()) continue;
    if (out.is_object()) {
      out[name] = std::move(value);
    } else {
      out.push_back(std::move(value));
    }
  }
  return out;
}

const std::vector<std::string>& AskForm::members() {
  static const std::vector<std::string> known{"method", "url", "headers", "query", "json", "form"};
  return known;
}

AskForm AskForm::compile(const Json& source, const Vocabulary& words, const Place& place) {
  AskForm ask;
  ask.url_ = Value::compile(source.value("url", Json()), words, place / "url");
  if (!ask.url_.is_set()) (place / "url").fail("say what is asked: \"=https://…\" or a $setting");
  ask.headers_ = named(source, "headers", words, place);
  ask.query_ = named(source, "query", words, place);
  ask.form_ = named(source, "form", words, place);
  if (source.contains("json"))
    ask.json_ = JsonForm::compile((place / "json").map(source["json"]), words, place / "json");
  const bool has_body = ask.json_ || !ask.form_.empty();
  ask.method_ = source.contains("method") ? (place / "method").text(source["method"]) : has_body ? "POST" : "GET";
  return ask;
}

AskForm::Named AskForm::named(const Json& source, const char* name, const Vocabulary& words, const Place& place) {
  Named out;
  if (!source.contains(name)) return out;
  const auto there = place / name;
  for (const auto& [member, value] : there.map(source[name]).items()) {
    if (!value.is_array()) {
      out.emplace_back(member, Value::compile(value, words, there / member));
      continue;
    }
    // A name that is sent several times.
    for (std::size_t i = 0; i < value.size(); ++i)
      out.emplace_back(member, Value::compile(value[i], words, (there / member)[i]));
  }
  return out;
}

std::string AskForm::address(Node settings) const {
  Room room;
  return Text(url_.of({no_request(0), {}, {}, settings, room, {}})).str();
}

// "a=1&b=2", without those that are nothing.
std::string AskForm::written(const Named& values, const Scope& scope) {
  std::string out;
  for (const auto& [name, value] : values) {
    const auto text = text_of(whole(json_of(value.of(scope))));
    if (!text.empty()) out += (out.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(text);
  }
  return out;
}

void AskForm::send(const Json& tree, Node settings, std::int64_t now_ms, hookline::HttpOutput& out) const {
  Room room;
  auto seen = Node::map({});
  for (const auto& [name, value] : tree.items()) room.member(seen, name) = room.node_of(value);
  Scope scope{no_request(now_ms), seen, seen, settings, room, {}};
  const auto show = [&](std::string_view name, const std::string& text) {
    room.member(scope.tree, name) = room.text(text);
    scope.whole = scope.tree;
  };
  std::string body;
  if (json_) {
    body = json_->of(scope).dump(-1, ' ', false, Json::error_handler_t::replace);
    show("json", body);
  }
  const auto query = written(query_, scope);
  if (!query.empty()) show("query", query);
  auto url = Text(url_.of(scope)).str();
  if (!query.empty()) url += (url.find('?') == std::string::npos ? "?" : "&") + query;
  std::vector<std::pair<std::string, std::string>> kept;
  for (const auto& [name, value] : headers_)
    if (auto text = Text(value.of(scope)).str(); !text.empty()) kept.emplace_back(name, std::move(text));
  if (!form_.empty()) {
    body = written(form_, scope);
    kept.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  } else if (json_) {
    kept.emplace_back("Content-Type", "application/json");
  }
  std::vector<hkl_header> headers;
  for (const auto& [name, value] : kept) headers.push_back({hookline::str(name), hookline::str(value)});
  hkl_http_request request{};
  request.struct_size = sizeof request;
  request.method = hookline::str(method_);
  request.url = hookline::str(url);
  request.headers = headers.data();
  request.header_count = headers.size();
  request.body = hookline::bytes(body);
  out.ask(request, 0);
}

}  // namespace webhook
