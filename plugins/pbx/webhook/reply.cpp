#include "reply.h"

namespace webhook {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

Node tree_of(const hookline::Found& found, Room& room) {
  auto tree = Node::map({});
  room.member(tree, "contact") = room.text(found.contact);
  room.member(tree, "contact_name") = room.text(found.contact_name);
  room.member(tree, "responsible") = room.text(found.responsible);
  room.member(tree, "responsible_extension") = room.text(found.responsible_extension);
  room.member(tree, "lead") = room.text(found.lead);
  return tree;
}

}  // namespace

std::vector<Reply::Piece> Reply::compile_template(const std::string& text, const Vocabulary& words,
                                                  const Place& place) {
  std::vector<Piece> pieces;
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto open = rest.find("{{");
    pieces.push_back({std::string(rest.substr(0, open)), {}, false});
    if (open == std::string_view::npos) break;
    const auto close = rest.find("}}", open);
    if (close == std::string_view::npos) place.fail("a {{ has no }}");
    auto inner = rest.substr(open + 2, close - open - 2);
    const bool is_raw = !inner.empty() && inner[0] == '!';
    if (is_raw) inner.remove_prefix(1);
    pieces.push_back({"", Value::compile(std::string(inner), words, place), is_raw});
    rest.remove_prefix(close + 2);
  }
  return pieces;
}

Reply::Members Reply::compile_members(const Json& source, const Vocabulary& words, const Place& place) {
  Members members;
  if (is_null(source)) return members;
  for (const auto& [name, value] : place.map(source).items())
    members[name] = Value::compile(value, words, place / name);
  return members;
}

Reply Reply::compile(const Json& source, const Vocabulary& words, const Place& place) {
  place.check_members(source, {"status", "content_type", "text", "json", "xml"});
  Reply reply;
  if (source.contains("status")) {
    const auto status = number_of(source["status"]).value_or(0);
    if (status < 200 || status > 599) (place / "status").fail("a status from 200 to 599 was expected");
    reply.status_ = static_cast<std::uint32_t>(status);
  }
  if (source.contains("content_type")) reply.content_type_ = (place / "content_type").text(source["content_type"]);
  const auto type = [&](const char* usual) {
    if (reply.content_type_.empty()) reply.content_type_ = usual;
  };
  if (source.contains("text")) {
    reply.form_ = Form::text;
    reply.text_ = Value::compile(source["text"], words, place / "text");
    type("text/plain; charset=utf-8");
  } else if (source.contains("xml")) {
    reply.form_ = Form::xml;
    reply.pieces_ = compile_template((place / "xml").text(source["xml"]), words, place / "xml");
    type("text/xml");
  } else if (source.contains("json")) {
    const auto there = place / "json";
    const auto& json = source["json"];
    there.check_members(json, {"lookup", "fields", "else"});
    reply.form_ = Form::json;
    if (json.contains("lookup")) reply.number_ = Value::compile(json["lookup"], words, there / "lookup");
    reply.fields_ = compile_members(json.value("fields", Json()), words, there / "fields");
    reply.otherwise_ = compile_members(json.value("else", Json()), words, there / "else");
    type("application/json");
  }
  return reply;
}

Reply::Answer Reply::of(const Scope& scope, hookline::HttpOutput& out) const {
  Answer answer{status_, content_type_, {}};
  if (form_ == Form::text) answer.body = Text(text_.of(scope));
  for (const auto& piece : pieces_) {
    if (!piece.value.is_set()) {
      answer.body += piece.text;
      continue;
    }
    const Text said(piece.value.of(scope));
    answer.body += piece.is_raw ? said.str() : escaped(said);
  }
  if (form_ != Form::json) return answer;
  auto json = Json::object();
  const auto fill = [&](const Members& members, const Scope& from) {
    for (const auto& [name, value] : members)
      if (const auto said = value.of(from); is_there(said)) json[name] = json_of(said);
  };
  if (!number_.is_set()) {
    fill(fields_, scope);
  } else {
    const Text number(number_.of(scope));
    const auto found = number.view().empty() ? std::nullopt : out.look_up(number);
    auto known = scope;
    if (found) known.tree = tree_of(*found, scope.room);
    fill(found ? fields_ : otherwise_, known);
  }
  answer.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return answer;
}

}  // namespace webhook
