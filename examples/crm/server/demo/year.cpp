#include "year.h"

#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>

#include <algorithm>

#include "clock.h"

namespace crm {
namespace {

using Json = nlohmann::ordered_json;

// Calls of an hour among those of a day: a peak before noon, a dip at lunch.
const std::vector<double>& hours() {
  static const std::vector<double> weights = {0.2, 0.1, 0, 0, 0,   0, 0.1, 0.3, 1.5, 6,   9.5, 10,
                                              8,   6,   7, 8, 8.5, 8, 6,   4,   2.5, 1.5, 0.8, 0.4};
  return weights;
}

int month(std::int64_t midnight_ms) { return Poco::DateTime(Poco::Timestamp((midnight_ms + kMoscow) * 1000)).month(); }

Json leg(const char* kind, const char* extension, std::int64_t from, std::int64_t to, const char* outcome) {
  Json value = {{"kind", kind}, {"outcome", outcome}, {"started_at", iso_utc(from)}, {"ended_at", iso_utc(to)}};
  if (*extension != '\0') value["extension"] = extension;
  return value;
}

Json queue_leg(const std::string& name, std::int64_t from, std::int64_t to, const char* outcome) {
  auto value = leg("queue", "", from, to, outcome);
  value["name"] = name;
  return value;
}

}  // namespace

std::string iso_utc(std::int64_t ms) {
  return Poco::DateTimeFormatter::format(Poco::Timestamp(ms * 1000), "%Y-%m-%dT%H:%M:%S.%iZ");
}

struct DemoYear::Lead {
  std::string id, stage;
  std::int64_t created_ms;
  std::size_t employee;
  Json record;
};

DemoYear::DemoYear(std::uint64_t seed, std::int64_t end_ms, int days, Sink sink)
    : chance_(seed), shifts_(seed + 1), end_ms_(end_ms), days_(days), sink_(std::move(sink)) {}

void DemoYear::tell() {
  for (const auto& record : firm_records()) sink_(record);
  const auto today = (end_ms_ + kMoscow) / kDay * kDay - kMoscow;
  for (int day = days_ - 1; day >= 0; --day) tell_day(today - day * kDay);
}

// Flats are sought in spring and autumn; the context campaign runs in bursts;
// August is empty, New Year more so.
double DemoYear::season(std::int64_t midnight_ms, std::size_t line) const {
  static const double kMonths[] = {0.65, 0.9, 1.15, 1.2, 0.95, 0.85, 0.75, 0.7, 1.1, 1.25, 1.15, 0.95};
  const auto day = (midnight_ms + kMoscow) / kDay;
  double weight = kMonths[month(midnight_ms) - 1];
  const std::string source = demo_lines()[line].ad_source;
  if (source == "direct") weight *= (day / 14) % 3 == 0 ? 1.9 : 0.7;  // two weeks of six
  if (source == "outdoor") weight *= month(midnight_ms) >= 4 && month(midnight_ms) <= 10 ? 1.5 : 0.3;
  static const double kWeek[] = {1.25, 1.1, 1.05, 1, 0.9, 0.35, 0.2};
  return weight * kWeek[weekday(midnight_ms)];
}

std::int64_t DemoYear::working_time(std::int64_t midnight_ms) {
  return midnight_ms + static_cast<std::int64_t>(chance_.weighted(hours())) * kHour + seconds(chance_.between(0, 3600));
}

void DemoYear::tell_day(std::int64_t midnight_ms) {
  shifts(midnight_ms);
  constexpr double kCallsOfALine = 5.2;
  struct Arrival {
    std::int64_t at;
    std::size_t line;
  };
  std::vector<Arrival> arrivals;
  for (std::size_t line = 0; line < demo_lines().size(); ++line) {
    const double expected = kCallsOfALine * demo_lines()[line].weight * season(midnight_ms, line);
    const auto count = static_cast<int>(expected * chance_.between(0.8, 1.2) + chance_.share());
    for (int i = 0; i < count; ++i) arrivals.push_back({working_time(midnight_ms), line});
  }
  std::sort(arrivals.begin(), arrivals.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  for (const auto& arrival : arrivals)
    if (is_before_end(arrival.at)) incoming(arrival.at, arrival.line);
  const int requests = static_cast<int>(7 * season(midnight_ms, 0) + chance_.share());
  for (int i = 0; i < requests; ++i) request(working_time(midnight_ms));
}

DemoYear::Client& DemoYear::client(bool may_be_known, std::size_t line) {
  // Who rang lately rings again; who rang last winter hardly does.
  constexpr std::size_t kRecent = 400;
  if (may_be_known && clients_.size() > 30 && chance_.one_in(0.45)) {
    const auto recent = std::min(clients_.size(), kRecent);
    return clients_[clients_.size() - 1 - chance_.index(recent)];
  }
  const auto& all = demo_employees();
  std::size_t manager = chance_.index(all.size());
  while (std::string(all[manager].department) != demo_lines()[line].queue) manager = chance_.index(all.size());
  const auto n = clients_.size() + 1;
  Client made{"c" + std::to_string(n), client_number(n), manager, "", 0};
  clients_.push_back(made);
  return clients_.back();
}

void DemoYear::incoming(std::int64_t at, std::size_t line_index) {
  const auto& line = demo_lines()[line_index];
  const std::size_t known = clients_.size();
  auto& who = client(true, line_index);
  const bool is_new = clients_.size() > known;
  const auto& all = demo_employees();
  const auto local_hour = (at + kMoscow) / kHour % 24;
  const bool is_night = local_hour < 9 || local_hour >= 19 || weekday(at - (at + kMoscow) % kDay) == 6;
  // Once a quarter the operator has an outage for some hours.
  const bool is_outage = ((at + kMoscow) / kDay) % 91 == 40 && local_hour >= 11 && local_hour < 13;

  const auto id = call_id();
  const auto menu_end = at + seconds(chance_.between(4, 9));
  Json call = {{"type", "call"},      {"id", id},
               {"source", "pbx1"},    {"direction", "in"},
               {"call_type", "line"}, {"client_number", who.number},
               {"line", line.number}, {"started_at", iso_utc(at)}};
  auto legs = Json::array({leg("ivr", "", at, menu_end, "answered")});
  if (chance_.one_in(0.02)) call["client_number"] = nullptr;

  std::vector<std::size_t> queue;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (std::string(all[i].department) == line.queue) queue.push_back(i);
  if (chance_.one_in(0.5) && std::string(all[who.manager].department) == line.queue)
    std::iter_swap(queue.begin(), std::find(queue.begin(), queue.end(), who.manager));
  else
    std::swap(queue[0], queue[chance_.index(queue.size())]);

  auto ring = menu_end;
  std::size_t taker = all.size(), last = all.size();
  bool gave_up = is_outage;
  const auto patience = seconds(std::min(180.0, chance_.long_tailed(55)));
  for (std::size_t tried = 0; tried < std::min<std::size_t>(queue.size(), 3) && !gave_up && !is_night; ++tried) {
    const auto& phone = all[queue[tried]];
    const bool takes = chance_.one_in(phone.answers * (local_hour == 13 ? 0.6 : 1));
    const auto until = ring + seconds(takes ? chance_.between(3, 16) : 20);
    last = queue[tried];
    if (until - at > patience) {
      legs.push_back(leg("employee", phone.extension, ring, at + std::max(patience, ring - at + kSecond), "cancelled"));
      ring = at + std::max(patience, ring - at + kSecond);
      gave_up = true;
    } else if (takes) {
      taker = queue[tried];
      ring = until;
    } else {
      legs.push_back(leg("employee", phone.extension, ring, until, chance_.one_in(0.2) ? "busy" : "no_answer"));
      ring = until;
    }
    if (takes && !gave_up) break;
  }

  if (taker == all.size()) {
    if (is_night) ring = menu_end + seconds(chance_.between(2, 20));
    if (!is_night && !is_outage)
      legs.insert(legs.begin() + 1, queue_leg(line.queue, menu_end, ring, gave_up ? "abandoned" : "timed_out"));
    if (!is_night && !is_outage) call["queue"] = line.queue;
    call["ended_at"] = iso_utc(ring);
    call["finish_reason"] = is_outage ? "network" : is_night || gave_up ? "client_hung_up" : "queue_timeout";
    call["hung_up_by"] = is_outage || (!is_night && !gave_up) ? "system" : "client";
    call["legs"] = legs;
    sink_(call);
    who.last_ms = at;
    missed(call, who, ring, is_night || is_outage ? all.size() : last);
    return;
  }

  const auto& person = all[taker];
  const bool is_spam = chance_.one_in(0.04);
  const auto talk =
      seconds(is_spam ? chance_.between(1, 5) : std::min(3000.0, std::max(6.0, chance_.long_tailed(person.talk_s))));
  const auto end = ring + talk;
  if (!is_before_end(end)) return;  // it would still go on
  legs.insert(legs.begin() + 1, queue_leg(line.queue, menu_end, ring, "answered"));
  const auto offered = ring - seconds(chance_.between(3, 12));
  auto own = leg("employee", person.extension, std::max(menu_end, offered), end, "answered");
  own["answered_at"] = iso_utc(ring);
  if (chance_.one_in(0.12)) own["hold_s"] = std::floor(chance_.between(5, 60));
  own["acw_s"] = std::floor(chance_.between(3, 45));
  legs.push_back(own);
  call["queue"] = line.queue;
  call["answered_at"] = iso_utc(ring);
  call["ended_at"] = iso_utc(end);
  call["finish_reason"] = "normal";
  call["hung_up_by"] = chance_.one_in(0.6) ? "client" : "employee";
  call["legs"] = legs;
  call["recordings"] = {"demo.wav"};
  sink_(call);
  who.last_ms = at;
  who.manager = taker;
  after_talk(id, end, taker);
  const bool makes_lead = (is_new || who.lead.empty()) && !is_spam && chance_.one_in(is_new ? 0.5 : 0.1);
  if (makes_lead && !call["client_number"].is_null()) {
    const auto inquiry = "i" + std::to_string(++inquiries_);
    sink_({{"type", "inquiry"}, {"id", inquiry}, {"kind", "call"}, {"call", id}, {"at", iso_utc(at)}});
    lead_of(who, inquiry, at, "call", taker, line.ad_source, false);
  }
  // The manager rings on: to agree on a visit, to remind.
  if (!is_spam && chance_.one_in(0.35)) outgoing(end + seconds(chance_.between(2, 60) * 3600), who, taker);
}

void DemoYear::outgoing(std::int64_t at, Client& who, std::size_t employee) {
  const auto hour = (at + kMoscow) / kHour % 24;
  if (hour < 9 || hour >= 20) at += (33 - hour) % 24 * kHour;  // in the morning, then
  if (!is_before_end(at + kHour)) return;
  const auto& person = demo_employees()[employee];
  const auto id = call_id();
  const auto ring = seconds(chance_.between(4, 28));
  const bool is_answered = chance_.one_in(0.68);
  const auto end = at + ring + (is_answered ? seconds(std::max(8.0, chance_.long_tailed(person.talk_s * 0.6))) : 0);
  Json call = {{"type", "call"},          {"id", id},
               {"source", "pbx1"},        {"direction", "out"},
               {"call_type", "line"},     {"client_number", who.number},
               {"line", "+74951200001"},  {"started_at", iso_utc(at)},
               {"ended_at", iso_utc(end)}};
  auto outside = leg("external", "", at, end, is_answered ? "answered" : chance_.one_in(0.3) ? "busy" : "no_answer");
  auto own = leg("employee", person.extension, at, end, is_answered ? "answered" : "cancelled");
  if (is_answered) {
    call["answered_at"] = outside["answered_at"] = own["answered_at"] = iso_utc(at + ring);
    call["recordings"] = {"demo.wav"};
    call["finish_reason"] = "normal";
    call["hung_up_by"] = chance_.one_in(0.5) ? "client" : "employee";
  } else {
    call["finish_reason"] = outside["outcome"] == "busy" ? "client_busy" : "client_no_answer";
    call["hung_up_by"] = "system";
  }
  call["legs"] = {own, outside};
  sink_(call);
  if (is_answered) after_talk(id, end, employee);
}

void DemoYear::missed(const Json& call, Client& who, std::int64_t ended, std::size_t blamed) {
  if (call["client_number"].is_null()) return;
  const auto& all = demo_employees();
  const auto assignee = blamed < all.size() ? blamed : who.manager;
  const auto deadline = ended + 4 * kHour;
  Json task = {{"type", "task"},
               {"id", "t" + std::to_string(++tasks_)},
               {"kind", "callback"},
               {"rule", "callback-missed"},
               {"title", "Перезвонить " + who.number},
               {"call", call["id"]},
               {"assignee", all[assignee].id},
               {"created_at", iso_utc(ended)},
               {"deadline_at", iso_utc(deadline)},
               {"state", "open"}};
  const bool calls_back = chance_.one_in(all[assignee].calls_back);
  const auto delay = seconds(chance_.long_tailed(45 * 60));
  auto back = ended + std::max<std::int64_t>(delay, kMinute);
  const auto hour = (back + kMoscow) / kHour % 24;
  if (hour < 9 || hour >= 20) back += (33 - hour) % 24 * kHour + seconds(chance_.between(0, 1800));
  const bool is_done = calls_back && is_before_end(back + 2 * kHour);
  if (is_done) {
    const auto answered = back + seconds(chance_.between(5, 20));
    const auto talk = seconds(std::max(10.0, chance_.long_tailed(all[assignee].talk_s * 0.7)));
    const auto id = call_id();
    auto own = leg("employee", all[assignee].extension, back, answered + talk, "answered");
    auto outside = leg("external", "", back, answered + talk, "answered");
    own["answered_at"] = outside["answered_at"] = iso_utc(answered);
    sink_({{"type", "call"},
           {"id", id},
           {"source", "pbx1"},
           {"direction", "out"},
           {"call_type", "callback"},
           {"client_number", who.number},
           {"line", call["line"]},
           {"started_at", iso_utc(back)},
           {"answered_at", iso_utc(answered)},
           {"ended_at", iso_utc(answered + talk)},
           {"finish_reason", "normal"},
           {"hung_up_by", "client"},
           {"legs", {own, outside}},
           {"recordings", {"demo.wav"}}});
    task["state"] = "done";
    task["done_at"] = iso_utc(answered);
    task["done_by"] = all[assignee].id;
    task["done_call"] = id;
  } else if (ended < end_ms_ - 20 * kDay) {
    task["state"] = "cancelled";  // somebody swept up
  }
  sink_(task);
  if (who.lead.empty() && chance_.one_in(0.35)) {
    const auto inquiry = "i" + std::to_string(++inquiries_);
    sink_({{"type", "inquiry"}, {"id", inquiry}, {"kind", "call"}, {"call", call["id"]}, {"at", call["started_at"]}});
    lead_of(who, inquiry, ended, "call", assignee, "", !is_done);
  }
}

// From a form of the site.
void DemoYear::request(std::int64_t at) {
  if (!is_before_end(at)) return;
  auto& who = client(true, 0);
  const auto inquiry = "i" + std::to_string(++inquiries_);
  const auto taken = at + seconds(chance_.long_tailed(25 * 60));
  const bool is_taken = is_before_end(taken) && chance_.one_in(0.93);
  static const char* const kSources[] = {"site", "direct", "cian", "partner"};
  const auto* source = kSources[chance_.weighted({4, 3, 2, 1})];
  static const char* const kTexts[] = {"Двухкомнатная до 12 млн, перезвоните утром", "Есть ли ипотека от застройщика?",
                                       "Хочу посмотреть квартиру в субботу", "Сдаёте ли паркинг?", ""};
  Json record = {{"type", "inquiry"}, {"id", inquiry},        {"kind", chance_.one_in(0.85) ? "request" : "chat"},
                 {"at", iso_utc(at)}, {"number", who.number}, {"ad_source", source},
                 {"channel", "forms"}};
  if (const auto* text = kTexts[chance_.index(5)]; *text != '\0') record["text"] = text;
  if (is_taken) {
    record["taken_at"] = iso_utc(taken);
    record["taken_by"] = demo_employees()[who.manager].id;
    record["taken_how"] = "opened";
  }
  const bool makes_lead = is_taken && who.lead.empty() && chance_.one_in(0.6);
  if (makes_lead) record["lead"] = "l" + std::to_string(leads_ + 1);
  sink_(record);
  if (makes_lead)
    lead_of(who, inquiry, taken, record["kind"] == "chat" ? "chat" : "request", who.manager, source, false);
  if (is_taken && chance_.one_in(0.8)) outgoing(taken + seconds(chance_.between(30, 900)), who, who.manager);
}

void DemoYear::lead_of(Client& who, const std::string& inquiry, std::int64_t at, const char* created_by,
                       std::size_t employee, const char* ad_source, bool was_missed) {
  static const char* const kFirst[] = {"Алексей", "Ирина", "Михаил", "Наталья",    "Андрей",
                                       "Татьяна", "Олег",  "Юлия",   "Константин", "Светлана"};
  static const char* const kLast[] = {"Соколов", "Попов",  "Козлов",   "Смирнов",
                                      "Егоров",  "Павлов", "Степанов", "Никитин"};
  static const char* const kObjects[] = {"1-комн., 38 м²", "2-комн., 61 м²", "3-комн., 84 м²", "Студия, 26 м²",
                                         "Паркинг"};
  const auto first = chance_.index(10);
  const std::string ending = first % 2 == 1 ? "а" : "";
  const auto name = std::string(kLast[chance_.index(8)]) + ending + " " + kFirst[first];
  Json contact = {{"type", "contact"}, {"id", who.id}, {"name", name}, {"numbers", {who.number}}};
  // Not everybody who rings was on the site.
  if (std::string(ad_source) != "outdoor" && chance_.one_in(0.7)) {
    const auto visitor = "v" + who.id;
    contact["visitors"] = {visitor};
    visits(visitor, at, ad_source);
  }
  sink_(contact);
  Lead lead{"l" + std::to_string(++leads_), was_missed ? "unsorted" : "check", at, employee, {}};
  lead.record = {{"type", "lead"},
                 {"id", lead.id},
                 {"contact", who.id},
                 {"title", name},
                 {"object", kObjects[chance_.index(5)]},
                 {"funnel", "sales"},
                 {"responsible", demo_employees()[employee].id},
                 {"created_at", iso_utc(at)},
                 {"created_by", created_by},
                 {"inquiry", inquiry},
                 {"currency", "RUB"}};
  if (*ad_source != '\0') lead.record["ad_source"] = ad_source;
  progress(lead);
  const auto stage = lead.record["stage"].get<std::string>();
  const bool is_open = stage != "refusal" && stage != "non_target" && stage != "deal_done";
  who.lead = is_open ? lead.id : "";
  sink_(lead.record);
}

// Its way through the funnel until it ends or the present is reached.
void DemoYear::progress(Lead& lead) {
  static const char* const kWay[] = {"check", "selection", "booking", "deal_open", "deal_done"};
  const auto& person = demo_employees()[lead.employee];
  auto at = lead.created_ms;
  const auto move = [&](const char* to) {
    sink_({{"type", "lead_change"},
           {"id", "h" + std::to_string(++changes_)},
           {"lead", lead.id},
           {"at", iso_utc(at)},
           {"by", person.id},
           {"field", "stage"},
           {"from", lead.stage},
           {"to", to}});
    lead.stage = to;
  };
  // Each of four steps is passed so often that `wins` of all come to the end.
  const double passes = std::pow(person.wins, 0.25);
  for (std::size_t step = lead.stage == "unsorted" ? 0 : 1; step < 5; ++step) {
    at += seconds(chance_.long_tailed(3.5 * 24 * 3600));
    if (!is_before_end(at)) break;
    if (!chance_.one_in(passes)) {
      move(chance_.one_in(0.2) ? "non_target" : chance_.one_in(0.15) ? "postponed" : "refusal");
      if (lead.stage != "postponed") lead.record["closed_at"] = iso_utc(at);
      static const char* const kWhy[] = {"Цена", "Сроки", "Купил у других", "Долгий ответ", "Не подошёл район"};
      lead.record["tags"] = {kWhy[chance_.weighted({4, 2, 3, 2, 1})]};
      break;
    }
    move(kWay[step]);
    if (lead.stage == "booking") {
      lead.record["order_at"] = iso_utc(at);
      lead.record["amount"] = static_cast<std::int64_t>(chance_.between(45, 180)) * 10000000;  // kopecks
    }
    if (lead.stage == "deal_done") lead.record["sale_at"] = lead.record["closed_at"] = iso_utc(at);
  }
  lead.record["stage"] = lead.stage;
}

// Tags while listening, the client's mark.
void DemoYear::after_talk(const std::string& call, std::int64_t at, std::size_t employee) {
  if (!is_before_end(at + kDay)) return;
  const auto& person = demo_employees()[employee];
  static const char* const kTags[] = {"цена", "ипотека", "показ", "жалоба", "конкурент", "рекомендация"};
  Json mark = {{"type", "mark"}, {"call", call}, {"by", "lebedeva"}, {"at", iso_utc(at + kHour)}};
  if (chance_.one_in(0.18)) mark["tags"] = {kTags[chance_.index(6)]};
  if (chance_.one_in(0.12))
    mark["rating"] = 1 + static_cast<int>(chance_.weighted({0.06, 0.06, 0.12, 0.3, 0.46 * person.answers}));
  if (mark.size() > 4) sink_(mark);
}

}  // namespace crm
