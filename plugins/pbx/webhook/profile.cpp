#include "profile.h"

#include <algorithm>

#include "hookline/sdk/content_id.h"

namespace webhook {
namespace {

const std::vector<std::string> kVerdicts{"accept", "ignore", "reject"};

void take_out(Json& tree, const std::vector<std::string>& path) {
  auto* at = &tree;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const auto next = at->is_object() ? at->find(path[i]) : at->end();
    if (!at->is_object() || next == at->end()) return;
    at = &*next;
  }
  if (at->is_object() && !path.empty()) at->erase(path.back());
}

}  // namespace

Profile::Profile(SourceSettings settings, hookline::Host host) : source_(std::move(settings.profile)) {
  const Place top("");
  top.check_members(source_, {"profile", "about", "settings", "request", "auth", "call", "event_id", "event_id_without",
                              "tables", "withheld", "common", "parts", "kinds", "otherwise", "reply"});
  words_.host = host;
  words_.timezone = settings.timezone;
  words_.region = settings.region;
  settings_ = read_declared(source_.value("settings", Json::object()), settings.secrets, settings.values);
  words_.settings = &settings_;
  if (source_.contains("tables")) {
    for (const auto& [name, table] : (top / "tables").map(source_["tables"]).items())
      (top / "tables" / name).map(table);
    words_.tables = &source_["tables"];
  }
  if (source_.contains("withheld")) words_.withheld = (top / "withheld").texts(source_["withheld"]);
  read_request(source_.value("request", Json::object()), top / "request");
  if (!source_.contains("auth")) (top / "auth").fail("say how the sender is known; [{open: true}] lets everybody in");
  sender_ = Sender::compile(source_["auth"], words_, top / "auth");
  call_ = Value::compile(source_.value("call", Json()), words_, top / "call");
  event_id_ = Value::compile(source_.value("event_id", Json()), words_, top / "event_id");
  if (source_.contains("event_id_without"))
    for (const auto& path : (top / "event_id_without").texts(source_["event_id_without"]))
      not_in_id_.push_back(split(path, "."));
  if (source_.contains("reply")) reply_ = Reply::compile(source_["reply"], words_, top / "reply");
  if (!source_.contains("kinds")) (top / "kinds").fail("say which kinds of requests there are");
  const auto& kinds = (top / "kinds").list(source_["kinds"]);
  for (std::size_t i = 0; i < kinds.size(); ++i) kinds_.push_back(read_kind(kinds[i], (top / "kinds")[i]));
  otherwise_.verdict = "ignore";
  otherwise_.reason = "unknown_kind";
  if (source_.contains("otherwise")) otherwise_ = read_kind(source_["otherwise"], top / "otherwise");
}

void Profile::read_request(const Json& source, const Place& place) {
  place.check_members(source, {"body", "json_in", "unwrap", "charset", "methods"});
  if (source.contains("body")) body_.body = (place / "body").text(source["body"]);
  const std::vector<std::string> known{"auto", "json", "form", "xml", "none"};
  if (std::find(known.begin(), known.end(), body_.body) == known.end())
    (place / "body").fail_unknown("kind of body", body_.body, known);
  if (source.contains("json_in")) body_.json_in = (place / "json_in").text(source["json_in"]);
  if (source.contains("unwrap")) body_.unwrap = (place / "unwrap").texts(source["unwrap"]);
  if (source.contains("methods")) methods_ = (place / "methods").texts(source["methods"]);
  if (source.contains("charset")) {
    body_.charset = (place / "charset").text(source["charset"]);
    if (body_.charset != "windows-1251" && body_.charset != "utf-8")
      (place / "charset").fail_unknown("charset", body_.charset, {"windows-1251", "utf-8"});
  }
}

Profile::Kind Profile::read_kind(const Json& source, const Place& place) {
  place.check_members(source, {"name", "when", "emit", "reply", "verdict", "reason", "call"});
  Kind kind;
  if (source.contains("when")) kind.when = Condition::compile(source["when"], words_, place / "when");
  if (source.contains("call")) kind.call = Value::compile(source["call"], words_, place / "call");
  if (source.contains("reply")) kind.reply = Reply::compile(source["reply"], words_, place / "reply");
  if (source.contains("reason")) kind.reason = (place / "reason").text(source["reason"]);
  if (source.contains("verdict")) kind.verdict = (place / "verdict").text(source["verdict"]);
  if (std::find(kVerdicts.begin(), kVerdicts.end(), kind.verdict) == kVerdicts.end())
    (place / "verdict").fail_unknown("verdict", kind.verdict, kVerdicts);
  if (source.contains("emit") && !is_null(source["emit"])) {
    const auto& list = (place / "emit").list(source["emit"]);
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto there = (place / "emit")[i];
      kind.facts.push_back(Fact::compile(with_parts(list[i], source_, there), words_, there));
    }
  }
  if (!kind.facts.empty() && !kind.call.is_set() && !call_.is_set())
    Place("call").fail("say which field names the call");
  return kind;
}

std::string Profile::event_id(const Scope& scope, const RequestTree& read) const {
  if (event_id_.is_set())
    if (auto told = text_of(event_id_.of(scope)); !told.empty()) return told.substr(0, 200);
  auto tree = read.tree;
  for (const auto& path : not_in_id_) take_out(tree, path);
  return hookline::ContentHash()
      .add(scope.request.path)
      .add("\n")
      .add(tree.dump(-1, ' ', false, Json::error_handler_t::replace))
      .hex();
}

void Profile::answer(const hookline::HttpRequest& request, hookline::HttpOutput& out) const {
  if (!methods_.empty() && std::find(methods_.begin(), methods_.end(), request.method) == methods_.end())
    return out.reject(405, "method_not_allowed");
  auto read = read_fields(request, body_);
  if (sender_.needs_body()) read_body(request, body_, read);
  const Scope scope{request, read.tree, read.tree, settings_};
  if (const auto refusal = sender_.refuse(scope, read, words_)) return out.reject(refusal->status, refusal->reason);
  if (!sender_.needs_body()) read_body(request, body_, read);
  if (!read.fault.empty()) return out.reject(400, read.fault);
  if (read.is_repaired) out.events().skipped(0, 0, "the body is no UTF-8; its texts were read as best as can be");
  const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& one) { return one.when.holds(scope); });
  const auto& taken = kind == kinds_.end() ? otherwise_ : *kind;
  if (!taken.facts.empty()) {
    auto call = text_of((taken.call.is_set() ? taken.call : call_).of(scope));
    if (call.empty() || call.size() > 1000) return out.reject(422, "missing_call_id");
    const auto id = event_id(scope, read);
    std::size_t count = 0;
    for (const auto& fact : taken.facts) fact.tell(scope, call, id, out.events(), count);
  }
  conclude(taken, scope, out);
}

void Profile::conclude(const Kind& kind, const Scope& scope, hookline::HttpOutput& out) const {
  Reply::Answer answer;
  if (kind.verdict == "reject") answer.status = 400;
  if (kind.reply) {
    answer = kind.reply->of(scope, out);
  } else if (reply_ && kind.verdict != "reject") {
    answer = reply_->of(scope, out);
  }
  if (kind.verdict == "accept") return out.accept(answer.status, answer.content_type, answer.body);
  const auto reason = kind.reason.empty() ? "of_no_interest" : kind.reason;
  if (kind.verdict == "reject") return out.reject(answer.status, reason, answer.content_type, answer.body);
  out.events().skipped(0, scope.request.body.size(), reason);
  out.ignore(reason, answer.status, answer.content_type, answer.body);
}

}  // namespace webhook
