#include "columns/random_report.h"

#include <fmt/format.h>

namespace hkl {
namespace {

const std::vector<std::string> kEmployees = {"ivanova", "petrov", "orlov", "сидоров", "total", "-"};
const std::vector<std::string> kExtensions = {"101", "102", "103"};
const std::vector<std::string> kQualities = {"target", "non_target", "repeat", "unverified", "unsorted"};
const std::vector<std::string> kReasons = {"answered", "no_answer", "busy", "client_hung_up"};
const std::vector<std::string> kStages = {"new", "work", "won", "lost"};
const std::vector<std::string> kGroups = {"|", "|in_work|", "|closed_unsuccessfully|lost|", "||"};
const std::vector<std::string> kLines = {"+74950000001", "+74950000002", "Ярославль", "ЯРМАРКА"};
constexpr std::int64_t kStart = 1'772'400'000'000;  // 2026-03-01

}  // namespace

void RandomCalls::add_call(Sql& sql, const std::string& id) {
  const std::vector<std::string> outcomes = {"answered", "missed", "unsuccessful"};
  const auto direction = dice_.any(std::vector<std::string>{"in", "in", "out", "internal"});
  auto q = sql.query(
      "INSERT OR REPLACE INTO calls(id, pbx, root, source, direction, call_type, client_number, line, started_ms, "
      "offered_ms, answered_ms, ended_ms, is_over, is_history, incomplete, outcome, finish_reason, hung_up_by, "
      "wait_ms, "
      "queue_wait_ms, talk_ms, clean_talk_ms, employee, extension, last_employee, last_extension, queue, rating, "
      "contact, lead, quality, advertising, is_counted, gap_any_ms, called_back_ms, called_back_by, made_lead, "
      "next_inbound_ms, three_inbound_ms, begins_episode, tried_back_ms, body, "
      "stored) VALUES(?,'pbx1',?,?,?,?,?,?,?,?,?,?,?,0,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'')");
  q.bind(id).bind(id).bind(dice_.any(std::vector<std::string>{"pbx1", "pbx2"})).bind(direction);
  q.bind_or_null(text_or_nothing({"direct", "callback"}));
  q.bind_or_null(text_or_nothing({"+79160000001", "+79160000002", "+79160000003"}))
      .bind_or_null(text_or_nothing(kLines));
  // Some began last, and at the same moment as many others, which a page of rows does not part.
  const auto start = dice_.one_in(8) ? kStart + 40 * 86'400'000LL
                                     : kStart + std::int64_t{dice_.of(40)} * 86'400'000 + dice_.of(24) * 3'600'000 +
                                           dice_.of(4) * 1000 + (dice_.one_in(3) ? dice_.of(1000) : 0);
  q.bind(dice_.one_in(40) ? std::nullopt : std::optional(start));
  q.bind(number_or_nothing(4) ? std::optional(start + 500) : std::nullopt);
  q.bind(number_or_nothing(2) ? std::optional(start + 7'000 + dice_.of(3)) : std::nullopt).bind(start + 60'000);
  q.bind(std::int64_t{dice_.one_in(12) ? 0 : 1}).bind(std::int64_t{dice_.one_in(9)});
  q.bind_or_null(text_or_nothing(outcomes)).bind_or_null(text_or_nothing(kReasons));
  q.bind_or_null(text_or_nothing({"client", "employee"}));
  const auto wait_s = number_or_nothing(60);  // whole seconds, as some tell it: few different ones
  q.bind(wait_s ? std::optional(*wait_s * 1000) : wait_s);
  q.bind(number_or_nothing(30)).bind(number_or_nothing(600'000));
  q.bind(dice_.one_in(50) ? std::optional<std::int64_t>(7'000'000'000 + dice_.of(9)) : number_or_nothing(9));
  // An empty text is nothing, too.
  if (dice_.one_in(20))
    q.bind(std::string());
  else
    q.bind_or_null(text_or_nothing(kEmployees));
  q.bind_or_null(text_or_nothing(kExtensions));
  q.bind_or_null(text_or_nothing(kEmployees)).bind_or_null(text_or_nothing(kExtensions));
  q.bind_or_null(text_or_nothing({"sales", "support"})).bind(number_or_nothing(6));
  const auto contact = dice_.one_in(10) ? std::string() : fmt::format("c{}", dice_.of(300));
  q.bind_or_null(contact);
  q.bind_or_null(dice_.one_in(3) && leads_ > 0 ? fmt::format("lead-{}", dice_.of(leads_)) : "");
  q.bind_or_null(text_or_nothing(kQualities)).bind(number_or_nothing(2)).bind(std::int64_t{!contact.empty()});
  q.bind(dice_.one_in(2) ? std::nullopt : std::optional<std::int64_t>(std::int64_t{dice_.of(30)} * 86'400'000));
  q.bind(dice_.one_in(2) ? std::nullopt : std::optional(start + 90'000 + dice_.of(500'000)));
  q.bind_or_null(text_or_nothing(kEmployees));
  q.bind_or_null(dice_.one_in(4) && leads_ > 0 ? fmt::format("lead-{}", dice_.of(leads_ + 3)) : "");
  q.bind(dice_.one_in(3) ? std::nullopt : std::optional(start + 90'000 + dice_.of(2'000'000'000)));
  q.bind(dice_.one_in(2) ? std::nullopt : std::optional<std::int64_t>(dice_.of(2'000'000'000)));
  q.bind(std::int64_t{dice_.one_in(3)});
  q.bind(dice_.one_in(2) ? std::nullopt : std::optional(start + 60'000 + dice_.of(900'000)));
  q.bind(fmt::format(R"({{"id":"{}"}})", id)).run();
  add_credits(sql, id);
}

// Mostly one that is the call's own; some of other talk, of several people or phones, of nobody, or none at all.
void RandomCalls::add_credits(Sql& sql, const std::string& id) {
  sql.query("DELETE FROM call_credits WHERE call = ?").bind(id).run();
  if (dice_.one_in(12)) return;
  const auto talk_more = dice_.one_in(3) ? std::int64_t{dice_.of(7000)} - 3000 : std::int64_t{0};
  if (!dice_.one_in(4))
    sql.query(
           "INSERT INTO call_credits(call, n, employee, extension, talk_ms, is_first, is_last) SELECT id, ?, employee, "
           "extension, talk_ms + ?, 1, 1 FROM calls WHERE id = ?")
        .bind(std::int64_t{dice_.one_in(2) ? 0 : 9})  // before the others or after them
        .bind(talk_more)
        .bind(id)
        .run();
  const int more = dice_.one_in(3) ? dice_.of(4) : 0;
  for (int n = 1; n <= more; ++n)
    sql.query(
           "INSERT INTO call_credits(call, n, employee, extension, talk_ms, is_first, is_last) VALUES(?,?,?,?,?,0,0)")
        .bind(id)
        .bind(std::int64_t{n})
        .bind_or_null(text_or_nothing(kEmployees))
        .bind_or_null(text_or_nothing(kExtensions))
        .bind(number_or_nothing(60'000))
        .run();
}

void RandomCalls::add_lead(Sql& sql, const std::string& id) {
  sql.query(
         "INSERT OR REPLACE INTO leads(id, funnel, stage, stage_groups, created_ms, amount, currency, is_deleted, "
         "body) "
         "VALUES(?, 'sales', ?, ?, 0, 100, 'RUB', 0, '{}')")
      .bind(id)
      .bind_or_null(text_or_nothing(kStages))
      .bind(dice_.any(kGroups))
      .run();
}

void RandomCalls::add_to(Sql& sql) {
  if (dice_.one_in(5)) add_lead(sql, fmt::format("lead-{}", leads_++));
  add_call(sql, fmt::format("call-{}", count_++));
}

void RandomCalls::change(Sql& sql) {
  const auto run = [&](const char* text, std::optional<std::int64_t> number, const std::string& word) {
    auto query = sql.query(text);
    if (number) query.bind(*number);
    if (!word.empty()) query.bind(word);
    query.bind(any_call()).run();
  };
  switch (dice_.of(11)) {
    case 9: {
      const auto id = any_call();
      sql.query("UPDATE calls SET talk_ms = ? WHERE id = ?").bind(number_or_nothing(600'000)).bind(id).run();
      return add_credits(sql, id);
    }
    case 0:
      return add_to(sql);
    case 1:
      return add_call(sql, any_call());  // told again, all of it other
    case 2:
      return run("DELETE FROM calls WHERE id = ?", std::nullopt, "");
    case 3:
      return run("UPDATE calls SET quality = ? WHERE id = ?", std::nullopt, dice_.any(kQualities));
    case 4:
      return run("UPDATE calls SET called_back_ms = ? WHERE id = ?", kStart + dice_.of(1'000'000'000), "");
    case 5:
      return run("UPDATE calls SET contact = ? WHERE id = ?", std::nullopt, fmt::format("c{}", dice_.of(320)));
    case 6:
      return run("UPDATE calls SET started_ms = ? WHERE id = ?", kStart + dice_.of(2'000'000'000), "");
    case 7:
      return run("UPDATE calls SET is_over = ? WHERE id = ?", dice_.of(2), "");
    case 8:
      return run("UPDATE calls SET next_inbound_ms = ?, begins_episode = NOT begins_episode WHERE id = ?",
                 kStart + dice_.of(2'000'000'000), "");
    default:
      if (leads_ > 0) add_lead(sql, fmt::format("lead-{}", dice_.of(leads_)));
  }
}

// --- Definitions

std::string RandomReport::number(int depth) {
  const std::vector<std::string> fields = {"wait_s",          "talk_s",       "queue_wait_s",
                                           "credited_talk_s", "clean_talk_s", "three_inbound_s"};
  if (depth == 0 || dice_.one_in(3)) return dice_.any(fields);
  switch (dice_.of(7)) {
    case 0:
      return fmt::format("({} + {})", number(depth - 1), number(depth - 1));
    case 1:
      return fmt::format("({} - {} / 3)", number(depth - 1), number(depth - 1));
    case 2:
      return fmt::format("({}({} / 60) * 7s)", dice_.one_in(2) ? "floor" : "ceil", number(depth - 1));
    case 3:
      return fmt::format("coalesce({}, {})", number(depth - 1), number(depth - 1));
    case 4:
      return fmt::format("if({}, {}, {})", condition(depth - 1), number(depth - 1), number(depth - 1));
    case 5:
      return fmt::format("({} - started_at)",
                         dice_.any(std::vector<std::string>{"answered_at", "offered_at", "ended_at"}));
    default:
      return fmt::format("(- {})", number(depth - 1));
  }
}

std::string RandomReport::field(const std::vector<std::string>& fields) {
  const auto& any = dice_.any(fields);
  const bool is_of_share = any == "employee" || any == "extension";
  return is_of_share && may_be_each_ && is_in_measure_ ? field(fields) : any;
}

std::string RandomReport::text(int depth) {
  const std::vector<std::string> fields = {"employee",       "extension", "line",   "quality",    "finish_reason",
                                           "outcome",        "direction", "queue",  "lead_stage", "made_lead_stage",
                                           "called_back_by", "contact",   "source", "call_type",  "hung_up_by"};
  // Of these the language does not know all there can be, so they go with any text.
  const std::vector<std::string> open = {"employee", "extension", "line", "queue", "lead_stage", "contact", "source"};
  if (depth == 0 || dice_.one_in(2)) return field(fields);
  switch (dice_.of(5)) {
    case 0:
      return fmt::format("coalesce({}, 'none')", field(open));
    case 1:
      return fmt::format("if({}, {}, {})", condition(depth - 1), field(open), dice_.one_in(2) ? "''" : field(open));
    case 2:
      return "day(started_at)";
    case 3:
      return "hour_of_day(answered_at)";
    default:
      return "month(started_at)";
  }
}

std::string RandomReport::comparison() {
  const std::vector<std::string> ops = {"=", "!=", "<", "<=", ">", ">="};
  switch (dice_.of(21)) {
    case 20:
      return has_options_ ? "next_inbound_at <= ended_at + option.days * 1d" : "next_inbound_at > ended_at + 4d";
    case 19:
      return fmt::format(
          "open_time(ended_at, {}, {}) {} {}s",
          dice_.any(std::vector<std::string>{"tried_back_at", "called_back_at", "next_inbound_at"}),
          dice_.any(std::vector<std::string>{"'wall'", "'office'", has_options_ ? "option.hours" : "'wall'"}),
          dice_.any(ops), dice_.of(900));
    case 18:
      return fmt::format("if(line_closed, 'closed', begins_episode, 'begins', talk_s > {}, 'long', 'none') {} '{}'",
                         has_options_ ? "option.limit" : "9", dice_.any(ops),
                         dice_.any(std::vector<std::string>{"closed", "begins", "long", "other"}));
    case 16:
      return has_options_ ? "(option.way = 'all' or option.way = direction)" : "direction != 'in'";
    case 0:
      return fmt::format("{} {} {}", number(1), dice_.any(ops), dice_.of(200));
    case 1:
      return fmt::format("{} {} {}", number(1), dice_.any(ops), number(1));
    case 2:
      return fmt::format("{} {} '{}'", field({"employee", "called_back_by"}), dice_.any(ops), dice_.any(kEmployees));
    case 3:
      return fmt::format("line {}contains 'яр'", dice_.one_in(2) ? "not " : "");
    case 4:
      return fmt::format("quality {}in ('target', 'repeat')", dice_.one_in(2) ? "not " : "");
    case 5:
      return fmt::format("{} is {}null", text(1), dice_.one_in(2) ? "not " : "");
    case 6:
      return fmt::format("{} is {}null", number(1), dice_.one_in(2) ? "not " : "");
    case 7:
      return dice_.any(std::vector<std::string>{"missed", "answered", "inbound", "is_target", "called_back",
                                                "advertising", "is_counted", "incomplete", "credited_first",
                                                "begins_episode", "line_closed", "line_closed is null"});
    case 8:
      return fmt::format("made_lead_groups {} 'in_work'", dice_.one_in(2) ? "=" : "!=");
    case 9:
      return fmt::format("lead_groups is {}null", dice_.one_in(2) ? "not " : "");
    case 10:
      return has_options_ ? "since_previous_s > option.days * 1d" : "since_previous_s > 3d";
    case 11:
      return has_options_ ? "wait_s <= option.limit" : "wait_s <= 20";
    case 12:
      return fmt::format("weekday(started_at) {} {}", dice_.any(ops), 1 + dice_.of(7));
    case 13:
      return "in_period(called_back_at)";
    case 14:
      return fmt::format("time_of_day({}) {} {}s", dice_.one_in(2) ? "started_at" : "called_back_at", dice_.any(ops),
                         dice_.of(86'400));
    case 15:
      return fmt::format("{} {} called_back_by", field({"employee", "contact"}), dice_.any(ops));
    default:
      return fmt::format("rating {} {}", dice_.any(ops), dice_.of(6));
  }
}

std::string RandomReport::condition(int depth) {
  if (depth == 0 || dice_.one_in(3)) return comparison();
  if (dice_.one_in(4)) return fmt::format("not ({})", condition(depth - 1));
  return fmt::format("({} {} {})", condition(depth - 1), dice_.one_in(2) ? "and" : "or", condition(depth - 1));
}

std::string RandomReport::measure() {
  const auto where = is_bare_ || dice_.one_in(3) ? std::string() : " where " + condition(2);
  switch (dice_.of(12)) {
    case 0:
      return fmt::format("sum({}){}", number(2), where);
    case 1:
      return fmt::format("avg({}){}", number(1), where);
    case 2:
      return fmt::format("{}({}){}", dice_.one_in(2) ? "min" : "max", number(1), where);
    case 3:
      return fmt::format("distinct({}){}", dice_.one_in(3) ? text(1) : "contact", where);
    case 4:
      return fmt::format("percentile({}, {}){}", number(1), 1 + dice_.of(100), where);
    case 5:
      return fmt::format("sum_known({}){}", number(1), where);
    case 6:
      return fmt::format("(count(){}) / count()", where);
    case 7:
      return "(sum(talk_s)) / total(sum(talk_s))";
    case 8:
      return "(count() where missed) / company(count())";
    default:
      return "count()" + where;
  }
}

// Counts and sums of facts alone, by columns: what cubes answer.
nlohmann::json RandomReport::plain_definition() {
  using Json = nlohmann::json;
  const std::vector<std::string> facts = {"missed", "quality = 'target'", "made_lead is not null", "called_back",
                                          "rating > 3"};
  const std::vector<std::string> sums = {"sum(talk_s)", "sum(ceil(talk_s / 60) * 60s)",
                                         "sum(credited_talk_s - wait_s)"};
  Json definition = {{"id", "test"}, {"title", "Test"}, {"rows", "calls"}};
  if (dice_.one_in(3)) definition["credit"] = {{"default", "each"}, {"allowed", {"each"}}};
  const std::vector<std::string> dimensions = {"employee", "extension", "weekday(started_at)",
                                               "hour_of_day(started_at)", "day(started_at)"};
  for (const char* id : {"d0", "d1"})
    if (dice_.one_in(2))
      definition["dimensions"].push_back({{"id", id}, {"title", "D"}, {"expr", dice_.any(dimensions)}});
  for (int i = 0; i < 4; ++i)
    definition["measures"].push_back(
        {{"id", fmt::format("m{}", i)},
         {"title", "M"},
         {"type", i == 0 ? "seconds" : "integer"},
         {"expr", fmt::format("{} where {} and not ({} or {})", i == 0 ? dice_.any(sums) : "count()", dice_.any(facts),
                              dice_.any(facts), dice_.any(facts))}});
  return definition;
}

nlohmann::json RandomReport::definition() {
  using Json = nlohmann::json;
  is_plain_ = dice_.one_in(6);
  if (is_plain_) return plain_definition();
  is_bare_ = dice_.one_in(8);
  has_credit_ = dice_.one_in(2);
  has_options_ = dice_.one_in(2);
  Json definition = {{"id", "test"}, {"title", "Test"}, {"rows", "calls"}, {"measures", Json::array()}};
  may_be_each_ = has_credit_ && !dice_.one_in(3);
  if (has_credit_) definition["credit"] = {{"default", "first"}, {"allowed", {"first", "last"}}};
  if (may_be_each_) definition["credit"]["allowed"].push_back("each");
  if (has_options_)
    definition["options"] = {
        {{"id", "days"}, {"type", "number"}, {"title", "Days"}, {"default", nullptr}},
        {{"id", "limit"}, {"type", "number"}, {"title", "Limit"}, {"default", 20}},
        {{"id", "hours"}, {"type", "calendar"}, {"title", "Hours"}},
        {{"id", "way"}, {"type", "enum"}, {"title", "Way"}, {"values", {"in", "out", "all"}}, {"default", "in"}}};
  const int dimensions = dice_.of(4);
  for (int i = 0; i < dimensions; ++i) {
    const auto expr = dice_.one_in(5)   ? "weekday(started_at)"
                      : dice_.one_in(5) ? "hour(started_at)"
                      : dice_.one_in(3) ? text(1)
                                        : dice_.any(std::vector<std::string>{"employee", "extension"});
    definition["dimensions"].push_back({{"id", fmt::format("d{}", i)}, {"title", "D"}, {"expr", expr}});
  }
  is_in_measure_ = true;
  const int measures = 1 + dice_.of(5);
  for (int i = 0; i < measures; ++i) {
    const auto expr = measure();
    const bool is_duration = !expr.starts_with("count") && !expr.starts_with("distinct") && !expr.starts_with("(");
    definition["measures"].push_back(
        {{"id", fmt::format("m{}", i)}, {"title", "M"}, {"type", is_duration ? "seconds" : "decimal"}, {"expr", expr}});
  }
  is_in_measure_ = false;
  if (!is_bare_ && dice_.one_in(3)) definition["where"] = {{{"expr", condition(1)}}};
  if (dice_.one_in(8)) definition["period"] = {{{"expr", "in_period(answered_at)"}}};
  definition["filters"] = {{{"id", "who"}, {"title", "W"}, {"expr", "employee"}},
                           {{"id", "queue"}, {"title", "Q"}, {"expr", "queue"}},
                           {{"id", "department"}, {"title", "D"}, {"expr", "departments"}}};
  return definition;
}

ReportQuery RandomReport::query() {
  ReportQuery query;
  query.format = "json";
  if (is_plain_) return query;
  if (!dice_.one_in(3)) query.from = fmt::format("2026-03-{:02}", 1 + dice_.of(20));
  if (!dice_.one_in(3)) query.to = fmt::format("2026-03-{:02}", 21 + dice_.of(10));
  if (has_credit_ && dice_.one_in(2)) query.settings["credit"] = may_be_each_ && !dice_.one_in(4) ? "each" : "last";
  if (has_options_ && dice_.one_in(2)) query.settings["days"] = std::to_string(dice_.of(10));
  if (has_options_ && dice_.one_in(2)) query.settings["way"] = dice_.one_in(2) ? "out" : "all";
  if (has_options_ && dice_.one_in(2)) query.settings["hours"] = dice_.one_in(2) ? "office" : "wall";
  if (has_options_ && dice_.one_in(2)) query.settings["limit"] = std::to_string(dice_.of(60));
  if (dice_.one_in(4)) query.settings["queue"] = dice_.one_in(2) ? "sales" : "support,-";
  if (dice_.one_in(4)) query.settings["who"] = dice_.one_in(2) ? "ivanova" : "orlov,-";
  if (dice_.one_in(6))
    query.settings["department"] = dice_.any(std::vector<std::string>{"sales", "service,sales", "-"});
  if (dice_.one_in(4)) query.where = condition(1);
  if (dice_.one_in(6)) query.settings["week_days"] = dice_.one_in(2) ? "mon-thu" : "sat,sun,wed";
  if (dice_.one_in(6)) query.settings["day_start"] = fmt::format("{:02}:30", dice_.of(24));
  if (dice_.one_in(6)) query.settings["day_end"] = fmt::format("{:02}:00", 1 + dice_.of(23));
  return query;
}

}  // namespace hkl
