#include "polling.h"

#include <algorithm>
#include <cmath>

#include "declared.h"
#include "hookline/sdk/content_id.h"
#include "request_tree.h"

namespace webhook {
namespace {

// More pages of one window are no answer but a vendor that goes in circles.
constexpr std::size_t kMostPages = 10000;
// A window that is halved no further: then what is beyond the limit is lost, and said.
constexpr double kShortestSpan = 60;

std::vector<std::string> members_of_polls() {
  auto out = AskForm::members();
  out.insert(out.end(), {"if_set", "every_s", "overlap_s", "first_s", "span_s", "pages", "split_at", "next", "records",
                         "fault", "call", "event_id", "event_id_without", "common", "parts", "kinds"});
  return out;
}

double seconds(const Json& source, const char* name, double otherwise, const Place& place) {
  if (!source.contains(name)) return otherwise;
  const auto given = number_of(source[name]);
  if (!given || *given <= 0) (place / name).fail("a number of seconds above 0 was expected");
  return *given;
}

std::size_t count(const Json& source, const char* name, const Place& place) {
  if (!source.contains(name)) return 0;
  const auto given = number_of(source[name]);
  if (!given || *given < 1 || *given > 1e6) (place / name).fail("a number from 1 to 1000000 was expected");
  return static_cast<std::size_t>(*given);
}

}  // namespace

std::unique_ptr<Poll> Poll::compile(const Json& profile, const Vocabulary& words) {
  if (!profile.contains("poll")) return nullptr;
  const Place place("poll");
  const auto& source = place.map(profile["poll"]);
  place.check_members(source, members_of_polls());
  std::unique_ptr<Poll> poll(new Poll(source, profile, words, place));
  return is_wanted(source, words, place) ? std::move(poll) : nullptr;
}

Poll::Poll(const Json& source, const Json& profile, const Vocabulary& words, const Place& place)
    : source_(source), words_(words) {
  words_.is_of_requests = false;
  ask_ = AskForm::compile(source, words_, place);
  read_times(source, place);
  read_paging(source, place);
  fault_ = Value::compile(source.value("fault", Json()), words_, place / "fault");
  call_ = Value::compile(source.value("call", Json()), words_, place / "call");
  if (!call_.is_set()) (place / "call").fail("say which field of a record names the call, as in requests");
  event_id_ = Value::compile(source.value("event_id", Json()), words_, place / "event_id");
  if (source.contains("event_id_without"))
    for (const auto& path : (place / "event_id_without").texts(source["event_id_without"]))
      not_in_id_.push_back(split(path, "."));
  // What is common to requests need not be to records; a poll may say it anew.
  for (const auto* shared : {"common", "parts"})
    if (!source_.contains(shared) && profile.contains(shared)) source_[shared] = profile[shared];
  if (!source.contains("kinds")) (place / "kinds").fail("say which kinds of records there are");
  const auto& kinds = (place / "kinds").list(source["kinds"]);
  for (std::size_t i = 0; i < kinds.size(); ++i) kinds_.push_back(read_kind(kinds[i], (place / "kinds")[i]));
}

void Poll::read_times(const Json& source, const Place& place) {
  every_s_ = seconds(source, "every_s", every_s_, place);
  overlap_s_ = seconds(source, "overlap_s", overlap_s_, place);
  first_s_ = seconds(source, "first_s", first_s_, place);
  span_s_ = seconds(source, "span_s", span_s_, place);
  if (span_s_ <= overlap_s_) (place / "span_s").fail("has to be longer than overlap_s, else no window is new");
}

void Poll::read_paging(const Json& source, const Place& place) {
  page_size_ = count(source, "pages", place);
  split_at_ = count(source, "split_at", place);
  next_ = Value::compile(source.value("next", Json()), words_, place / "next");
  if (source.contains("records")) records_ = split((place / "records").text(source["records"]), ".");
}

Poll::Kind Poll::read_kind(const Json& source, const Place& place) {
  place.check_members(source, {"name", "when", "emit"});
  Kind kind;
  if (source.contains("when")) kind.when = Condition::compile(source["when"], words_, place / "when");
  if (!source.contains("emit") || is_null(source["emit"])) return kind;
  const auto& list = (place / "emit").list(source["emit"]);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto there = (place / "emit")[i];
    kind.facts.push_back(Fact::compile(with_parts(list[i], source_, there), words_, there));
  }
  return kind;
}

std::string Poll::address() const { return ask_.address(words_.given); }

Json Poll::variables() const {
  return {{"from", std::floor(walk_->from)},    {"to", std::ceil(walk_->to)}, {"page", walk_->page + 1},
          {"offset", walk_->page * page_size_}, {"size", page_size_},         {"cursor", walk_->cursor}};
}

void Poll::begin(std::string_view position, std::int64_t now_ms, hookline::HttpOutput& out) {
  const auto now = static_cast<double>(now_ms) / 1000;
  const auto taken = number_of(Json(std::string(position)));
  const auto from = taken ? std::min(*taken, now) - overlap_s_ : now - first_s_;
  walk_ = Walk{from, std::min(from + span_s_, now), now, 0, {}};
  ask(now_ms, out);
}

void Poll::ask(std::int64_t now_ms, hookline::HttpOutput& out) const {
  ask_.send(variables(), words_.given, now_ms, out);
}

void Poll::take(std::uint32_t status, std::string_view body, std::int64_t now_ms, hookline::HttpOutput& out) {
  if (!walk_) throw hookline::Failure(HKL_PROTOCOL, "an answer to what was not asked");
  const auto answer = Json::parse(body, nullptr, false);
  static const Json kNothing = Json::object();
  const auto& tree = answer.is_discarded() ? kNothing : answer;
  const auto given_up = [&](const std::string& why) {
    walk_.reset();
    throw hookline::Failure(HKL_UNAVAILABLE, why);
  };
  const bool is_too_deep = is_deep(tree);
  Room room;
  const auto seen = is_too_deep ? Node::map({}) : room.node_of(tree);
  const auto fault = Text(fault_.of({no_request(now_ms), seen, seen, words_.given, room, {}})).str();
  if (status < 200 || status > 299 || !fault.empty())
    given_up("is refused with " + std::to_string(status) + (fault.empty() ? "" : ": " + fault));
  const auto& records = records_.empty() ? tree : at_path(tree, records_);
  const bool is_none = records.is_null() && is_there(tree);  // "data": null of an empty window
  if (is_too_deep) given_up("answers what is nested too deep");
  if (answer.is_discarded() || (!records.is_array() && !is_none)) given_up("answers no list of records");
  if (records.is_array())
    for (const auto& record : records) tell(record, now_ms, out);
  const auto cursor = Text(next_.of({no_request(now_ms), seen, seen, words_.given, room, {}})).str();
  go_on(cursor, records.is_array() ? records.size() : 0, now_ms, out);
}

void Poll::go_on(const std::string& cursor, std::size_t count, std::int64_t now_ms, hookline::HttpOutput& out) {
  auto& walk = *walk_;
  const bool has_more =
      next_.is_set() ? !cursor.empty() && cursor != walk.cursor : page_size_ > 0 && count >= page_size_;
  if (has_more && walk.page + 1 < kMostPages) {
    ++walk.page;
    walk.cursor = cursor;
    return ask(now_ms, out);
  }
  const bool is_cut = split_at_ > 0 && count >= split_at_;
  if (is_cut && walk.to - walk.from > kShortestSpan) {
    walk.to = walk.from + (walk.to - walk.from) / 2;
    return ask(now_ms, out);
  }
  if (is_cut || has_more)
    out.events().skipped(0, 0, "the vendor has more calls in one window than it gives; set span_s shorter");
  out.position(std::to_string(static_cast<std::int64_t>(walk.to)));
  if (walk.to + 1 >= walk.goal) return walk_.reset();
  walk = Walk{walk.to, std::min(walk.to + span_s_, walk.goal), walk.goal, 0, {}};
  ask(now_ms, out);
}

void Poll::tell(const Json& record, std::int64_t now_ms, hookline::HttpOutput& out) const {
  Room room;
  const auto seen = room.node_of(record);
  const Scope scope{no_request(now_ms), seen, seen, words_.given, room, {}};
  const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& one) { return one.when.holds(scope); });
  if (kind == kinds_.end()) return out.events().skipped(0, 0, "a record that is none of poll.kinds");
  if (kind->facts.empty()) return;
  const Text call(call_.of(scope));
  if (call.view().empty() || call.view().size() > 1000)
    return out.events().skipped(0, 0, "a record without poll.call, which names its call");
  auto id = Text(event_id_.of(scope)).str().substr(0, 200);
  if (id.empty()) {
    auto told = record;
    for (const auto& path : not_in_id_) take_out(told, path);
    id = hookline::ContentHash().add("poll\n").add(told.dump(-1, ' ', false, Json::error_handler_t::replace)).hex();
  }
  std::size_t told = 0;
  for (const auto& fact : kind->facts) fact.tell(scope, call, id, out.events(), told);
}

}  // namespace webhook
