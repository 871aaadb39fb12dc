#include "profile.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace webhook {
namespace {

const std::vector<std::string> kVerdicts{"accept", "ignore", "reject"};

constexpr std::size_t kLongestKind = 150, kLongestWord = 40;

using Paths = std::vector<std::vector<std::string>>;

// The tree without the members at `without`, members in the order of their names.
// Each part is told with its size, so that no text looks like two.
void add_content(Node value, const Paths& without, EventId& id, std::size_t level = 0) {
  const auto add = [&](char kind, std::string_view text) {
    std::array<char, 24> size;
    size[0] = kind;
    auto* end = std::to_chars(size.data() + 1, size.data() + size.size(), text.size()).ptr;
    *end++ = ':';
    id.add(std::string_view(size.data(), static_cast<std::size_t>(end - size.data()))).add(text);
  };
  if (value.is_text()) return add('s', value.text());
  if (value.is_list()) {
    id.add("[");
    for (const auto item : value.items()) add_content(item, {}, id, level + 1);
    id.add("]");
  } else if (value.is_map()) {
    id.add("{");
    const auto members = value.members();
    sort_by_name(members);
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto& [name, member] = members[i];
      if (i + 1 < members.size() && members[i + 1].name == name) continue;  // the last of a name counts
      Paths within;
      bool is_out = false;
      for (const auto& path : without) {
        if (path[level] != name) continue;
        if (path.size() == level + 1) is_out = true;
        if (path.size() > level + 1) within.push_back(path);
      }
      if (is_out) continue;
      add('k', name);
      add_content(member, within, id, level + 1);
    }
    id.add("}");
  } else {
    std::array<char, 32> digits;
    add('v', scalar_of(value, digits));
  }
}

// Whether a condition compares with words: those tell kinds apart, and not what
// is merely there or is above some number.
bool names_words(const Json& right) {
  if (right.is_array()) return std::all_of(right.begin(), right.end(), names_words);
  const auto text = text_of(right);
  return !text.empty() && text != "present" && text != "absent" &&
         std::string_view("<>~=").find(text[0]) == std::string_view::npos;
}

}  // namespace

Profile::Profile(SourceSettings settings, hookline::Host host) : source_(std::move(settings.profile)) {
  const Place top("");
  top.check_members(source_, {"profile", "about", "settings", "request", "auth", "call", "event_id", "event_id_without",
                              "tables", "withheld", "common", "parts", "kinds", "otherwise", "poll", "order", "reply"});
  words_.host = host;
  words_.timezone = settings.timezone;
  words_.region = settings.region;
  settings_ = read_declared(source_.value("settings", Json::object()), settings.secrets, settings.values);
  words_.settings = &settings_;
  words_.given = words_.constants->node_of(settings_);
  if (source_.contains("tables")) {
    for (const auto& [name, table] : (top / "tables").map(source_["tables"]).items())
      (top / "tables" / name).map(table);
    words_.tables = &source_["tables"];
  }
  if (source_.contains("withheld")) words_.withheld = (top / "withheld").texts(source_["withheld"]);
  poll_ = Poll::compile(source_, words_);
  ordering_ = Ordering::compile(source_, words_);
  if (!takes_requests() && source_.contains("poll")) return;
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
  read_kinds((top / "kinds").list(source_["kinds"]));
  otherwise_.verdict = "ignore";
  otherwise_.reason = "unknown_kind";
  if (source_.contains("otherwise")) otherwise_ = read_kind(source_["otherwise"], top / "otherwise");
  otherwise_.place = "otherwise";
}

const Ordering& Profile::ordering() const {
  if (ordering_) return *ordering_;
  throw hookline::Failure(HKL_UNSUPPORTED, "the profile \"" + text_of(source_.value("profile", Json())) +
                                               "\" has no `order`, so it cannot order calls");
}

void Profile::read_kinds(const Json& kinds) {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const auto place = Place("kinds")[i];
    kinds_.push_back(read_kind(kinds[i], place));
    kinds_.back().place = "kinds[" + std::to_string(i) + "]";
    if (kinds[i].contains("name")) kinds_.back().place += " " + text_of(kinds[i]["name"]);
    const auto& when = kinds[i].contains("when") ? kinds[i]["when"] : Json::object();
    for (const auto& condition : when.items()) {
      const auto& left = condition.key();
      const bool is_known =
          std::any_of(tellers_.begin(), tellers_.end(), [&](const auto& one) { return one.first == left; });
      if (!is_known && names_words(condition.value()))
        tellers_.emplace_back(left, Value::compile(Json(left), words_, place / "when"));
    }
  }
}

// "event=new, $path=x": as the profile's own conditions would name it.
std::string Profile::unknown_kind(const Scope& scope) const {
  std::string told;
  for (const auto& [name, value] : tellers_) {
    const Text text(value.of(scope));
    if (!text.view().empty() && told.size() < kLongestKind)
      told.append(told.empty() ? "" : ", ").append(name).append("=").append(text.view().substr(0, kLongestWord));
  }
  return told.empty() ? "it is none of kinds" : told;
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

std::string_view Profile::event_id(const Scope& scope) const {
  constexpr std::size_t kLongest = 200;
  if (event_id_.is_set())
    if (const Text told(event_id_.of(scope)); !told.view().empty())
      return scope.room.keep(told.view().substr(0, kLongest));
  id_room_.clear();
  id_room_.add(scope.request.path);
  add_content(scope.tree, not_in_id_, id_room_);
  return scope.room.keep(id_room_.hex());
}

void Profile::answer(const hookline::HttpRequest& request, hookline::HttpOutput& out) const {
  if (!takes_requests()) return out.reject(404, "not_found");
  if (!methods_.empty() && std::find(methods_.begin(), methods_.end(), request.method) == methods_.end()) {
    out.detail("request.methods: " + std::string(request.method) + " is none of them");
    return out.reject(405, "method_not_allowed");
  }
  const auto& read = reader_.read_fields(request);
  if (sender_.needs_body()) reader_.read_body(request);
  const auto scope = [&] { return Scope{request, read.tree, read.tree, words_.given, reader_.room(), {}}; };
  if (const auto refusal = sender_.refuse(scope(), read, words_)) {
    out.detail(refusal->detail);
    return out.reject(refusal->status, refusal->reason);
  }
  if (!sender_.needs_body()) reader_.read_body(request);
  out.detail(read.fault_place);
  if (!read.fault.empty()) return out.reject(400, read.fault);
  if (read.is_repaired) out.events().skipped(0, 0, "the body is no UTF-8; its texts were read as best as can be");
  take(scope(), out);
}

void Profile::take(const Scope& scope, hookline::HttpOutput& out) const {
  const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& one) { return one.when.holds(scope); });
  const auto& taken = kind == kinds_.end() ? otherwise_ : *kind;
  out.detail(kind == kinds_.end() ? unknown_kind(scope) : taken.place);
  if (!taken.facts.empty()) {
    const Text call((taken.call.is_set() ? taken.call : call_).of(scope));
    if (call.view().empty() || call.view().size() > 1000) {
      out.detail(taken.place + ": call " + (call.view().empty() ? "is nothing" : "is longer than 1000 bytes"));
      return out.reject(422, "missing_call_id");
    }
    const auto id = event_id(scope);
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
