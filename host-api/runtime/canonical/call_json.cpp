// Calls: the array element of `hookline calls`, the canonical record, and the
// stored form with what only the next folding needs.
#include <fmt/format.h>

#include <algorithm>

#include "canonical/canonical.h"
#include "canonical/parts.h"
#include "values/json_writer.h"

namespace hkl {
namespace {

Leg read_leg(FieldReader& reader) {
  Leg leg;
  leg.kind = reader.word_of("kind", LegKind::voicemail);
  leg.name = reader.text("name");
  leg.extension = reader.text("extension");
  leg.employee = reader.text("employee");
  leg.started_at = reader.time("started_at");
  leg.answered_at = reader.time("answered_at");
  leg.ended_at = reader.time("ended_at");
  leg.talk = reader.seconds("talk_s");
  leg.hold = reader.seconds("hold_s");
  leg.acw = reader.seconds("acw_s");
  leg.cause = reader.text("cause");
  leg.keys = reader.text("keys");
  leg.outcome = reader.word_of("outcome", LegOutcome::moved);
  if (leg.kind == LegKind::unknown) leg.kind = LegKind::employee;
  if (leg.outcome == LegOutcome::unknown && leg.answered_at) leg.outcome = LegOutcome::answered;
  if (leg.kind == LegKind::external) std::swap(leg.number, leg.extension);
  const bool is_person = leg.kind == LegKind::employee || leg.kind == LegKind::external;
  if (!leg.talk && is_person) {
    if (leg.outcome == LegOutcome::answered && leg.answered_at && leg.ended_at)
      leg.talk = *leg.ended_at - *leg.answered_at;
    if (leg.outcome != LegOutcome::answered) leg.talk = Millis(0);
  }
  return leg;
}

void write(JsonWriter& json, const Leg& leg) {
  json.begin_object().text("kind", word(leg.kind)).text("name", leg.name);
  json.text("extension", leg.extension.empty() ? leg.number : leg.extension).text("employee", leg.employee);
  json.time("started_at", leg.started_at).time("answered_at", leg.answered_at).time("ended_at", leg.ended_at);
  json.seconds("talk_s", leg.talk).seconds("hold_s", leg.hold).seconds("acw_s", leg.acw);
  json.text("cause", leg.cause).text("keys", leg.keys).text("outcome", word(leg.outcome)).end_object();
}

void write(JsonWriter& json, const Transfer& transfer) {
  json.begin_object().text("kind", word(transfer.kind)).text("from", transfer.from).text("to", transfer.to);
  json.time("at", transfer.at).end_object();
}

// The members of a call; the object stays open.
void write_members(JsonWriter& json, const Call& call, std::string_view contact) {
  json.begin_object().key("id").text(call.id).key("source").text(call.source);
  json.text("direction", word(call.direction)).text("call_type", word(call.call_type)).text("request", call.request);
  json.text("client_number", call.client_number).text("client_raw", call.client_raw);
  json.text("client_name", call.client_name).text("line", call.line);
  json.time("started_at", call.started_at).time("offered_at", call.offered_at);
  json.time("answered_at", call.answered_at).time("ended_at", call.ended_at);
  json.text("outcome", word(call.outcome)).text("finish_reason", word(call.finish_reason));
  json.text("result", call.result).text("hung_up_by", word(call.hung_up_by));
  json.seconds("wait_s", call.wait).seconds("queue_wait_s", call.queue_wait).seconds("talk_s", call.talk);
  json.seconds("connected_s", call.connected).seconds("clean_talk_s", call.clean_talk);
  json.boolean("incomplete", call.incomplete);
  json.text("employee", call.employee).text("extension", call.extension).text("queue", call.queue);
  json.text("contact", contact).text("inquiry", call.inquiry).text("lead", call.lead).text("visit", call.visit);
  json.key("legs").begin_array();
  for (const auto& leg : call.legs) write(json, leg);
  json.end_array().key("transfers").begin_array();
  for (const auto& transfer : call.transfers) write(json, transfer);
  json.end_array().texts("recordings", call.recordings).texts("tags", call.tags).key("rating");
  call.rating == 0 ? json.null() : json.number(call.rating);
  OrderedJson extra;
  if (!call.extra.empty()) extra = OrderedJson::parse(call.extra, nullptr, false);
  json.key("extra").raw(extra.is_object() ? dumped(extra) : "{}");
}

template <typename Item, typename Read>
std::vector<Item> read_list(FieldReader& outer, const char* name, Read&& read) {
  std::vector<Item> items;
  for (const auto& given : outer.list(name)) {
    const auto where = fmt::format("{}[{}]", name, items.size());
    if (!given.is_object()) {
      outer.fault(where, "expected an object");
      break;
    }
    FieldReader reader(given, where);
    items.push_back(read(reader));
    if (const auto fault = reader.finish()) outer.fault(name, fault->substr(std::string(name).size()));
  }
  return items;
}

bool is_person(const Leg& leg, Direction direction) {
  // The client's own phone is no person of the company.
  return leg.kind == LegKind::employee || (leg.kind == LegKind::external && direction == Direction::in);
}

// Time in which the client had at least one person: the legs' talks united,
// within the talk of the call.
std::optional<Millis> connected_of(const Call& call) {
  if (!call.answered_at) return call.ended_at ? std::optional(Millis(0)) : std::nullopt;
  std::vector<std::pair<Instant, Instant>> talks;
  for (const auto& leg : call.legs)
    if (is_person(leg, call.direction) && leg.outcome == LegOutcome::answered && leg.answered_at && leg.ended_at)
      talks.emplace_back(std::max(*leg.answered_at, *call.answered_at),
                         call.ended_at ? std::min(*leg.ended_at, *call.ended_at) : *leg.ended_at);
  if (talks.empty()) return std::nullopt;
  std::sort(talks.begin(), talks.end());
  Millis sum{0};
  Instant until{};
  for (const auto& [from, to] : talks) {
    const auto start = std::max(from, until);
    if (to > start) sum += to - start;
    until = std::max(until, to);
  }
  return sum;
}

std::optional<Millis> held(const Call& call) {
  Millis sum{0};
  for (const auto& leg : call.legs)
    if (leg.hold) sum += *leg.hold;
  return sum;
}

// What follows from times and legs is not believed against them.
void derive_what_follows(Call& call) {
  // Answered, and no word of its end or of how long they talked: it goes on.
  call.is_over =
      call.ended_at || call.incomplete || call.talk || (call.outcome != Outcome::unknown && !call.answered_at);
  if (call.answered_at) {
    call.outcome = Outcome::answered;
  } else if (call.is_over) {
    const bool said_answered = call.outcome == Outcome::answered;
    if (!said_answered) call.outcome = call.direction == Direction::in ? Outcome::missed : Outcome::unsuccessful;
  }
  if (!call.offered_at && call.direction == Direction::in) {
    for (const auto& leg : call.legs)
      if ((leg.kind == LegKind::queue || leg.kind == LegKind::employee || leg.kind == LegKind::group) &&
          leg.started_at && (!call.offered_at || *leg.started_at < *call.offered_at))
        call.offered_at = leg.started_at;
  }
  const auto until = call.answered_at ? call.answered_at : call.ended_at;
  if (call.started_at && until) call.wait = *until - *call.started_at;
  if (call.direction != Direction::in) {
    call.queue_wait.reset();
  } else if (until && (call.offered_at || call.started_at)) {
    call.queue_wait = *until - call.offered_at.value_or(*call.started_at);
  }
  if (call.answered_at && call.ended_at) call.talk = *call.ended_at - *call.answered_at;
  if (!call.answered_at && call.ended_at) call.talk = Millis(0);
  if (auto connected = connected_of(call)) call.connected = connected;
  if (call.connected && !call.clean_talk) call.clean_talk = std::max(Millis(0), *call.connected - *held(call));
  if (call.finish_reason == Reason::not_told && call.outcome == Outcome::answered) call.finish_reason = Reason::normal;
}

}  // namespace

Call read_call(FieldReader& reader) {
  Call call;
  call.id = reader.needed_text("id");
  call.source = reader.text("source");
  call.direction = reader.word_of("direction", Direction::internal);
  if (call.direction == Direction::unknown) reader.fault("direction", "is missing; it is one of in, out, internal");
  call.call_type = reader.word_of("call_type", CallType::unknown);
  call.request = reader.text("request");
  call.client_number = reader.text("client_number");
  call.client_raw = reader.text("client_raw");
  call.client_name = reader.text("client_name");
  call.line = reader.text("line");
  call.started_at = reader.needed_time("started_at");
  call.offered_at = reader.time("offered_at");
  call.answered_at = reader.time("answered_at");
  call.ended_at = reader.time("ended_at");
  call.outcome = reader.word_of("outcome", Outcome::unsuccessful);
  call.finish_reason = reader.word_of("finish_reason", Reason::unknown);
  call.result = reader.text("result");
  call.hung_up_by = reader.word_of("hung_up_by", By::system);
  call.wait = reader.seconds("wait_s");
  call.queue_wait = reader.seconds("queue_wait_s");
  call.talk = reader.seconds("talk_s");
  call.connected = reader.seconds("connected_s");
  call.clean_talk = reader.seconds("clean_talk_s");
  call.incomplete = reader.flag("incomplete", false);
  call.employee = reader.text("employee");
  call.extension = reader.text("extension");
  call.queue = reader.text("queue");
  call.contact = reader.text("contact");
  call.inquiry = reader.text("inquiry");
  call.lead = reader.text("lead");
  call.visit = reader.text("visit");
  call.legs = read_list<Leg>(reader, "legs", read_leg);
  call.transfers = read_list<Transfer>(reader, "transfers", [](FieldReader& r) {
    return Transfer{r.word_of("kind", TransferKind::park), r.text("from"), r.text("to"), r.time("at")};
  });
  call.recordings = reader.texts("recordings");
  call.tags = reader.texts("tags");
  call.rating = static_cast<int>(reader.integer("rating", 1, 5).value_or(0));
  if (const auto& extra = reader.raw("extra"); extra.is_object()) {
    if (!extra.empty()) call.extra = extra.dump();
  } else if (!extra.is_null()) {
    reader.fault("extra", "expected an object");
  }
  if (call.source.empty()) call.source = call.id.substr(0, call.id.find(':'));
  if (call.started_at && call.answered_at && *call.answered_at < *call.started_at)
    reader.fault("answered_at", "lies before started_at");
  if (call.started_at && call.ended_at && *call.ended_at < *call.started_at)
    reader.fault("ended_at", "lies before started_at");
  call.is_withheld = call.direction != Direction::internal && call.client_number.empty();
  derive_what_follows(call);
  return call;
}

std::string call_to_json(const Call& call) { return call_to_json(call, call.contact); }

std::string call_to_json(const Call& call, std::string_view contact) {
  JsonWriter json;
  write_members(json, call, contact);
  return json.end_object().take();
}

std::string call_to_stored_json(const Call& call) { return call_to_stored_json(call, call_to_json(call)); }

std::string call_to_stored_json(const Call& call, std::string printed) {
  JsonWriter json;
  json.begin_object().texts("aliases", call.aliases).boolean("is_withheld", call.is_withheld);
  json.boolean("is_over", call.is_over).boolean("is_history", call.is_history);
  json.key("last_extension").text(call.last_extension).key("last_employee").text(call.last_employee);
  json.texts("own_tags", call.own_tags).key("own_rating").number(call.own_rating);
  json.key("own_visit").text(call.own_visit).key("numbers").begin_array();
  for (const auto& leg : call.legs) json.text(leg.number);
  printed.back() = ',';  // the object goes on
  return printed.append(R"("_stored":)").append(json.end_array().end_object().take()).append("}");
}

Result<Call> call_from_stored_json(std::string_view text) {
  try {
    const auto json = nlohmann::json::parse(text);
    FieldReader reader(json, "");
    // As it was folded, not as a record tells it: nothing is derived anew.
    const auto known = read_call(reader);
    Call call = known;
    const auto& own = json.at("_stored");
    const auto span = [&](const char* name) -> std::optional<Millis> {
      if (json.at(name).is_null()) return std::nullopt;
      return *millis_of_seconds(json.at(name).get<double>());
    };
    call.wait = span("wait_s");
    call.queue_wait = span("queue_wait_s");
    call.talk = span("talk_s");
    call.connected = span("connected_s");
    call.clean_talk = span("clean_talk_s");
    const auto word_at = [&](const char* name) {
      return json.at(name).is_null() ? "" : json.at(name).get<std::string>();
    };
    call.outcome = *from_word<Outcome>(word_at("outcome"));
    call.finish_reason = *from_word<Reason>(word_at("finish_reason"));
    call.direction = *from_word<Direction>(word_at("direction"));
    if (json.at("offered_at").is_null()) call.offered_at.reset();
    for (std::size_t i = 0; i < call.legs.size(); ++i) {
      const auto& leg = json.at("legs").at(i);
      call.legs[i].number = own.at("numbers").at(i).get<std::string>();
      const auto shown = leg.at("extension").is_null() ? "" : leg.at("extension").get<std::string>();
      call.legs[i].extension = shown == call.legs[i].number ? "" : shown;
      call.legs[i].kind = *from_word<LegKind>(leg.at("kind").is_null() ? "" : leg.at("kind").get<std::string>());
      call.legs[i].outcome =
          *from_word<LegOutcome>(leg.at("outcome").is_null() ? "" : leg.at("outcome").get<std::string>());
      call.legs[i].talk =
          leg.at("talk_s").is_null() ? std::nullopt : std::optional(*millis_of_seconds(leg.at("talk_s").get<double>()));
    }
    call.aliases = own.at("aliases").get<std::vector<std::string>>();
    call.is_withheld = own.at("is_withheld").get<bool>();
    call.is_over = own.at("is_over").get<bool>();
    call.is_history = own.at("is_history").get<bool>();
    call.last_extension = own.at("last_extension").get<std::string>();
    call.last_employee = own.at("last_employee").get<std::string>();
    call.own_tags = own.at("own_tags").get<std::vector<std::string>>();
    call.own_rating = own.at("own_rating").get<int>();
    call.own_visit = own.value("own_visit", "");  // stores of before 0006 have none
    return call;
  } catch (const std::exception& error) {
    return fail(HKL_INTERNAL, fmt::format("a stored call cannot be read: {}", error.what()));
  }
}

}  // namespace hkl
