// The rows behind every figure (metrics §1.8.2).
#include "reports/drill.h"

#include <gmock/gmock.h>

#include <random>
#include <set>

#include "reports/row_key.h"
#include "reports/test_store.h"

namespace hkl {
namespace {

using testing::HasSubstr;

Json definition() {
  return Json::parse(R"json({
    "title": "T", "rows": "calls", "credit": {"default": "first", "allowed": ["first", "last", "each"]},
    "terms": [{"id": "lost", "expr": "missed and is_target"}],
    "dimensions": [{"id": "manager", "title": "M", "expr": "employee"},
                   {"id": "extension", "title": "E", "expr": "extension", "when": "option.by_extension"},
                   {"id": "hour", "title": "H", "expr": "hour(started_at)", "when": "option.by_hour"}],
    "measures": [
      {"id": "calls", "title": "C", "expr": "count()"},
      {"id": "lost", "title": "L", "expr": "count() where lost"},
      {"id": "called_back", "title": "B", "expr": "count() where lost and called_back"},
      {"id": "talk_s", "title": "S", "expr": "sum(credited_talk_s)"},
      {"id": "minutes", "title": "M", "expr": "floor((sum(credited_talk_s) where answered) / 60)"},
      {"id": "contacts", "title": "D", "expr": "distinct(contact)"},
      {"id": "lost_contacts", "title": "D", "expr": "distinct(contact) where lost"},
      {"id": "rating", "title": "A", "expr": "avg(rating)"},
      {"id": "lost_share", "title": "R", "type": "percent", "expr": "(count() where lost) / (count() where inbound)"}],
    "filters": [{"id": "who", "title": "W", "expr": "employee"}],
    "options": [{"id": "by_extension", "title": "X", "type": "bool"}, {"id": "by_hour", "title": "X", "type": "bool"}],
    "where": [{"expr": "talk_s is not null"}]})json");
}

class Drill : public ReportStore {
 protected:
  void fill(unsigned seed, int count) {
    std::mt19937 random(seed);
    const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
    const auto pick = [&](const std::vector<std::string>& words) { return words[random() % words.size()]; };
    for (int i = 0; i < count; ++i) {
      CallRow row;
      row.id = "k" + std::to_string(i);
      row.started_ms = at("2026-03-02") + below(7) * 6 * 3'600'000;  // many ties
      row.direction = pick({"in", "in", "out", "internal"});
      row.outcome = row.direction == "in" ? pick({"answered", "missed"}) : pick({"answered", "unsuccessful"});
      row.employee = pick({"", "ivanova", "petrov", "a/b:%"});
      row.last_employee = row.outcome == "answered" ? pick({"ivanova", "petrov", ""}) : row.employee;
      row.extension = row.employee.empty() ? pick({"", "104"}) : "101";
      row.contact = pick({"", "c1", "c2", "c3", "c4"});
      row.quality = pick({"target", "non_target", ""});
      if (below(5) != 0) row.talk_ms = row.outcome == "answered" ? below(500'000) : 0;
      if (below(9) == 0) row.talk_ms.reset();
      if (below(3) == 0) row.rating = 1 + below(5);
      if (row.outcome == "missed" && below(2) == 0) row.called_back_ms = *row.started_ms + 5'000;
      row.is_over = below(10) != 0;
      if (row.outcome == "answered" && below(2) == 0)
        row.shares = {{"ivanova", "101", below(100'000)}, {"petrov", "102", below(100'000)}};
      else
        row.shares = {{row.employee, row.extension, row.talk_ms.value_or(0)}};
      talk_.emplace(row.id, row);
      add(row);
    }
  }

  // The talk of a call that falls into a row: of credit each the own share.
  double talk(const std::string& id, const std::string& credit, const std::string& manager) const {
    const auto& call = talk_.at(id);
    if (credit != "each") return static_cast<double>(*call.talk_ms) / 1000;
    std::int64_t sum = 0;
    for (const auto& share : call.shares)
      if (manager == "total" || share.employee == manager || (share.employee.empty() && manager == "-"))
        sum += share.talk_ms;
    return static_cast<double>(sum) / 1000;
  }

  static std::string decoded(const std::string& key) {
    return key == "total" || key == "-" ? key : ids_of_key(key, 1)->front().value();
  }

  Json rows_behind(const std::string& key, const std::string& measure, ReportQuery query) {
    query.drill = key + ":" + measure;
    return json(definition(), query);
  }

  std::map<std::string, CallRow> talk_;
};

TEST_F(Drill, EveryFigureOfRandomDataOpensTheRowsBehindIt) {
  fill(7, 150);
  int cells = 0;
  for (const auto* credit : {"first", "last", "each"})
    for (const auto* option : {"", "by_extension", "by_hour"})
      for (const auto* who : {"", "ivanova,-"}) {
        ReportQuery query{.from = "2026-03-02", .to = "2026-03-02", .settings = {{"credit", credit}}};
        if (*option != '\0') query.settings[option] = "true";
        if (*who != '\0') query.settings["who"] = who;
        const auto report = json(definition(), query);
        ASSERT_TRUE(report.is_object()) << report;
        auto shown = report["rows"];
        shown.push_back({{"key", "total"}, {"cells", report["total"]}, {"parts", report["total_parts"]}});
        for (const auto& row : shown) {
          const std::string key = row["key"];
          const auto& cells_of = row["cells"];
          const auto place = std::string(credit) + " " + option + " " + who + " " + key;
          for (const auto* counted : {"calls", "lost", "called_back", "contacts", "lost_contacts"})
            EXPECT_EQ(rows_behind(key, counted, query).size(), cells_of[counted]) << place << " " << counted;

          std::set<std::string> contacts;
          for (const auto& call : rows_behind(key, "contacts", query)) contacts.insert(talk_.at(call["id"]).contact);
          EXPECT_EQ(contacts.size(), cells_of["contacts"]) << place;

          if (*option == '\0' && *who == '\0') {
            double sum = 0;
            for (const auto& call : rows_behind(key, "talk_s", query)) sum += talk(call["id"], credit, decoded(key));
            EXPECT_NEAR(sum, cells_of["talk_s"].get<double>(), 1e-6) << place;
          }

          double ratings = 0;
          const auto rated = rows_behind(key, "rating", query);
          for (const auto& call : rated) ratings += static_cast<double>(*talk_.at(call["id"]).rating);
          EXPECT_EQ((Json{ratings, rated.size()}), row["parts"]["rating"]) << place;

          std::size_t counting = 0;
          const auto inbound = rows_behind(key, "lost_share", query);
          for (const auto& call : inbound) counting += call["counts"] == true;
          EXPECT_EQ((Json{counting, inbound.size()}), row["parts"]["lost_share"]) << place;
          ++cells;
        }
      }
  EXPECT_GT(cells, 90);
}

TEST_F(Drill, RowsComeNewestFirstAndTiesById) {
  for (const auto* id : {"b", "a", "c"}) add(CallRow{.id = id, .started_ms = at("2026-03-02 09:00")});
  add(CallRow{.id = "z", .started_ms = at("2026-03-02 10:00")});
  EXPECT_EQ(drilled(definition(), "total:calls"), (Json{"z", "a", "b", "c"}));
}

TEST_F(Drill, ADistinctThingIsShownByItsFirstRow) {
  add(CallRow{.id = "late", .started_ms = at("2026-03-02 10:00"), .contact = "c1"});
  add(CallRow{.id = "early", .started_ms = at("2026-03-02 09:00"), .contact = "c1"});
  add(CallRow{.id = "nobody", .started_ms = at("2026-03-02 08:00")});
  add(CallRow{.id = "other", .started_ms = at("2026-03-02 11:00"), .contact = "c2"});
  EXPECT_EQ(drilled(definition(), "total:contacts"), (Json{"other", "early"}));
}

TEST_F(Drill, OnlyTheRowsOfARateTellWhetherTheyCount) {
  add(CallRow{.id = "k1", .started_ms = at("2026-03-02 09:00")});
  add(CallRow{.id = "k2", .started_ms = at("2026-03-02 10:00"), .outcome = "missed"});
  const auto rate = json(definition(), {.drill = "total:lost_share"});
  EXPECT_EQ(rate, Json::parse(R"([{"id": "k2", "direction": "in", "counts": true},
                                  {"id": "k1", "direction": "in", "counts": false}])"));
  const auto calls = json(definition(), {.drill = "total:calls"});
  EXPECT_FALSE(calls[0].contains("counts"));
  const auto csv = run(definition(), {.drill = "total:lost_share", .format = "csv"});
  EXPECT_THAT(csv, HasSubstr(",id,counts\r\n"));
  EXPECT_THAT(csv, HasSubstr(",k2,yes\r\n"));
  EXPECT_THAT(csv, HasSubstr(",k1,no\r\n"));
}

TEST_F(Drill, ItsNdjsonIsTakenBackByImport) {
  add(CallRow{.id = "k1"});
  EXPECT_EQ(run(definition(), {.drill = "total:calls", .format = "ndjson"}),
            "{\"type\":\"call\",\"direction\":\"in\",\"id\":\"k1\"}\n");
}

TEST_F(Drill, AnEmptyCellHasNoRowsAndIsNoMistake) {
  add(CallRow{.id = "k1", .employee = "ivanova"});
  EXPECT_EQ(drilled(definition(), "ivanova:lost"), Json::array());
  EXPECT_EQ(drilled(definition(), "petrov:calls", {.settings = {{"show_empty", "true"}}}), Json::array());
  EXPECT_EQ(drilled(definition(), "total:calls", {.from = "2030-01-01"}), Json::array());
}

TEST_F(Drill, ItIsFilteredByTheSameQuestionAsTheReport) {
  add(CallRow{.id = "k1", .employee = "ivanova", .rating = 5});
  add(CallRow{.id = "k2", .employee = "ivanova", .rating = 1});
  EXPECT_EQ(drilled(definition(), "ivanova:calls", {.where = "rating < 3"}), Json{"k2"});
}

TEST_F(Drill, WrongAddressesAreAnsweredWithTheNearest) {
  add(CallRow{.id = "k1", .employee = "ivanova"});
  EXPECT_EQ(drilled(definition(), "ivanova:cals"),
            "error: drill: this report shows no measure \"cals\"; did you mean \"calls\"?");
  EXPECT_THAT(drilled(definition(), "ivanova:qqqqqqqq").get<std::string>(),
              HasSubstr("; it shows calls, lost, called_back"));
  EXPECT_EQ(drilled(definition(), "ivanov:calls"),
            "error: drill: this report has no row \"ivanov\"; did you mean \"ivanova\"?");
  EXPECT_EQ(drilled(definition(), "qqqqqqqq:calls"),
            "error: drill: this report has no row \"qqqqqqqq\"; keys are those of --format json, or total");
  EXPECT_EQ(drilled(definition(), "ivanova/101:calls"),
            "error: drill: the key \"ivanova/101\" has 2 parts, the rows of this report have 1");
  EXPECT_EQ(drilled(definition(), "ivanova"), "error: drill: \"ivanova\" is not KEY:MEASURE, such as total:calls");
  EXPECT_EQ(drilled(definition(), "ivanova/noon:calls", {.settings = {{"by_hour", "true"}}}),
            "error: drill: \"noon\" is no hour of this report");
}

TEST_F(Drill, AHiddenMeasureIsNotThere) {
  auto hidden = definition();
  hidden["measures"][1]["when"] = "option.by_hour";
  EXPECT_THAT(drilled(hidden, "total:lost").get<std::string>(), HasSubstr("this report shows no measure \"lost\""));
}

}  // namespace
}  // namespace hkl
