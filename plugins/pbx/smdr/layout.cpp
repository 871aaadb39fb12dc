#include "layout.h"

#include <algorithm>

#include "declared.h"
#include "hookline/sdk/content_id.h"
#include "text_repair.h"

namespace smdr {

using profile::Place;
using profile::Value;

namespace {

constexpr std::size_t kLongestMatched = 1000;

std::regex regex_of(const std::string& text, const Place& place) {
  try {
    return std::regex(text);
  } catch (const std::regex_error& e) {
    place.fail("\"" + text + "\" is no regular expression: " + e.what());
  }
}

bool holds(const std::regex& regex, const std::string& line) {
  return std::regex_search(line.substr(0, kLongestMatched), regex);
}

}  // namespace

Layout::Layout(SourceSettings settings, hookline::Host host) : source_(std::move(settings.layout)) {
  const Place top("", "layout");
  top.check_members(source_, {"layout", "about", "settings", "text", "lines", "values", "chain", "call", "tables",
                              "withheld", "common", "parts", "kinds", "otherwise"});
  words_.host = host;
  words_.timezone = settings.timezone;
  words_.region = settings.region;
  words_.is_of_requests = false;
  settings_ = profile::read_declared(source_.value("settings", Json::object()), settings.secrets, settings.values);
  words_.settings = &settings_;
  words_.given = words_.constants->node_of(settings_);
  if (source_.contains("tables")) {
    for (const auto& [name, table] : (top / "tables").map(source_["tables"]).items())
      (top / "tables" / name).map(table);
    words_.tables = &source_["tables"];
  }
  if (source_.contains("withheld")) words_.withheld = (top / "withheld").texts(source_["withheld"]);
  read_text(source_.value("text", Json::object()), top / "text");
  if (!source_.contains("lines")) (top / "lines").fail("say how a line is read");
  const auto& lines = (top / "lines").list(source_["lines"]);
  for (std::size_t i = 0; i < lines.size(); ++i)
    shapes_.push_back(LineShape::compile(lines[i], words_, (top / "lines")[i]));
  if (source_.contains("values")) read_values(source_["values"], top / "values");
  if (source_.contains("chain")) chain_ = ChainRule::compile(source_["chain"], words_, top / "chain");
  call_ = Value::compile(source_.value("call", Json()), words_, top / "call");
  if (!source_.contains("kinds")) (top / "kinds").fail("say which kinds of records there are");
  const auto& kinds = (top / "kinds").list(source_["kinds"]);
  for (std::size_t i = 0; i < kinds.size(); ++i) kinds_.push_back(read_kind(kinds[i], (top / "kinds")[i]));
  otherwise_.refusal = "a record of no kind that the layout knows";
  if (source_.contains("otherwise")) otherwise_ = read_kind(source_["otherwise"], top / "otherwise");
}

void Layout::read_text(const Json& source, const Place& place) {
  place.check_members(source, {"charset", "skip", "continued_by", "login"});
  if (source.contains("charset")) {
    charset_ = (place / "charset").text(source["charset"]);
    if (charset_ != "windows-1251" && charset_ != "utf-8")
      (place / "charset").fail_unknown("charset", charset_, {"windows-1251", "utf-8"});
  }
  if (source.contains("skip"))
    for (const auto& text : (place / "skip").texts(source["skip"])) skip_.push_back(regex_of(text, place / "skip"));
  if (source.contains("continued_by"))
    continued_by_ = regex_of((place / "continued_by").text(source["continued_by"]), place / "continued_by");
  if (!source.contains("login")) return;
  const auto& steps = (place / "login").list(source["login"]);
  const auto no_request = hookline::HttpRequest{};
  profile::Room room;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto there = (place / "login")[i];
    there.check_members(steps[i], {"expect", "send"});
    const auto send = Value::compile(steps[i].value("send", Json()), words_, there / "send");
    login_.push_back({(there / "expect").text(steps[i].value("expect", Json())),
                      profile::Text(send.of({no_request, {}, {}, words_.given, room, {}})).str()});
  }
}

void Layout::read_values(const Json& source, const Place& place) {
  const auto& list = place.list(source);
  for (std::size_t i = 0; i < list.size(); ++i)
    for (const auto& [name, value] : place[i].map(list[i]).items())
      values_.emplace_back(name, Value::compile(value, words_, place[i] / name));
}

Layout::Kind Layout::read_kind(const Json& source, const Place& place) const {
  place.check_members(source, {"name", "when", "emit", "ignore", "refuse"});
  Kind kind;
  if (source.contains("when")) kind.when = profile::Condition::compile(source["when"], words_, place / "when");
  kind.is_ignored = source.contains("ignore");
  if (kind.is_ignored) (place / "ignore").text(source["ignore"]);
  if (source.contains("refuse")) kind.refusal = (place / "refuse").text(source["refuse"]);
  if (!source.contains("emit")) {
    if (!kind.is_ignored && kind.refusal.empty())
      place.fail("it neither emits facts nor says why it is ignored or refused");
    return kind;
  }
  const auto& list = (place / "emit").list(source["emit"]);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto there = (place / "emit")[i];
    kind.facts.push_back(profile::Fact::compile(profile::with_parts(list[i], source_, there), words_, there));
  }
  return kind;
}

bool Layout::is_skipped(const std::string& line) const {
  return std::any_of(skip_.begin(), skip_.end(), [&](const std::regex& skip) { return holds(skip, line); });
}

bool Layout::is_continued_by(const std::string& line) const { return continued_by_ && holds(*continued_by_, line); }

std::optional<Json> Layout::fields_of(const std::string& line) const {
  for (const auto& shape : shapes_)
    if (auto fields = shape.read(line)) return fields;
  return std::nullopt;
}

void Layout::work_out(profile::Scope& scope) const {
  for (const auto& [name, value] : values_) {
    const auto worked_out = value.of(scope);
    scope.room.member(scope.tree, name) = worked_out;
    scope.whole = scope.tree;
  }
}

void Layout::tell(const Line& line, CallChains& chains, hookline::Output& out) const {
  auto fields = fields_of(line.text);
  if (!fields) return out.skipped(line.connection, line.text.size(), "a line of no shape that the layout knows");
  hookline::HttpRequest from{};
  from.peer = line.peer;
  from.received_ms = line.received_ms;
  auto& room = room_;
  room.clear();
  auto record = profile::Node::map({});
  for (const auto& [name, value] : fields->items()) room.member(record, name) = room.node_of(value);
  profile::Scope scope{from, record, record, words_.given, room, {}};
  work_out(scope);
  // A record with no name of its call is named by its own text.
  auto id = hookline::content_id(line.text);
  auto call = profile::Text(call_.of(scope)).str();
  if (call.empty()) {
    if (const auto count = chains.seen(id); count > 0) id += "-" + std::to_string(count);
    call = id;
  } else if (chains.seen(id) > 0) {
    return;  // printed twice: one with the name of its call goes on from nothing, itself least of all
  }
  std::string key;
  Json last;
  bool goes_on = false;
  if (chain_) {
    key = profile::Text(chain_->key.of(scope)).str();
    const auto at = profile::number_of(chain_->at.of(scope));
    if (const auto* before = at && !key.empty() ? chains.before(key, *at, chain_->within_s) : nullptr) {
      goes_on = true;
      call = before->call;
      last = before->fields;
      scope.before = room.node_of(last);
      work_out(scope);
    }
    const auto until = profile::number_of(chain_->until.of(scope));
    if (at && !key.empty() && chain_->more.holds(scope)) {
      chains.open(key, {call, *at, until.value_or(*at), profile::json_of(scope.tree)});
    } else if (goes_on) {
      chains.end(key);
    }
  }
  const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& one) { return one.when.holds(scope); });
  const auto& taken = kind == kinds_.end() ? otherwise_ : *kind;
  if (!taken.refusal.empty()) return out.skipped(line.connection, line.text.size(), taken.refusal);
  std::size_t count = 0;
  for (const auto& fact : taken.facts) fact.tell(scope, call.substr(0, 1000), id, out, count);
}

}  // namespace smdr
