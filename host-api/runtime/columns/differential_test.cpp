// Random data, random definitions: columns answer what SQL answers, to the
// last digit. A failing round is repeated by its number.
#include <algorithm>
#include <random>

#include "columns/engine.h"
#include "columns/random_report.h"
#include "reports/engine.h"
#include "reports/test_store.h"

namespace hkl {
namespace {

// Many segments of few rows, and all in one.
class Columns : public ReportStore, public ::testing::WithParamInterface<std::uint32_t> {
 protected:
  Columns() {
    Directory::Parts parts = directory_->parts();
    for (const char* id : {"sales", "service"}) {
      DepartmentRecord department;
      department.id = department.name = id;
      parts.departments.push_back(std::move(department));
    }
    auto& employees = parts.employees;
    employees[0].departments = {{"sales", {}}, {"service", {instant_of(at("2026-03-10 12:00")), std::nullopt}}};
    employees[1].departments = {{"sales", {std::nullopt, instant_of(at("2026-03-20 09:00"))}}};
    // Two of the lines of random calls have working hours.
    for (const char* id : {"+74950000001", "Ярославль"}) {
      LineRecord line;
      line.id = id;
      line.calendar = "office";
      parts.lines.push_back(line);
    }
    directory_ = std::make_unique<Directory>(std::move(parts));
    auto& office = calendars_["office"];
    office.timezone = kMoscow;
    for (auto& day : office.week) day = {{9 * 60, 13 * 60 + 30}, {14 * 60, 18 * 60}};
    office.exceptions[std::chrono::floor<std::chrono::days>(instant_of(at("2026-03-08 12:00")))] = {};
  }

  // By SQL, then twice by columns, as the first time may leave cubes for the second.
  void expect_same(const Json& definition, const ReportQuery& query, const std::string& what) {
    is_by_columns_ = false;
    const auto by_sql = asked(definition, query);
    errors_ += by_sql.starts_with("error: ") ? 1 : 0;
    is_by_columns_ = true;
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(asked(definition, query), by_sql) << what << " by " << taken_.path << ": " << taken_.why << "\n"
                                                  << definition.dump(1) << "\nwhere " << query.where;
      ++paths_[taken_.path];
      if (is_each(definition, query)) ++paths_of_each_[taken_.path];
    }
  }

  static bool is_each(const Json& definition, const ReportQuery& query) {
    if (!definition.contains("credit")) return false;
    const auto chosen = query.settings.find("credit");
    return (chosen == query.settings.end() ? definition["credit"]["default"].get<std::string>() : chosen->second) ==
           "each";
  }

  void fill(RandomCalls& calls, int count) {
    sql().run("BEGIN");
    for (int i = 0; i < count; ++i) calls.add_to(sql());
    sql().run("COMMIT");
  }

  std::string asked(const Json& definition, const ReportQuery& query) {
    auto& report = reports_[definition.dump()];  // the same again, so that it keeps what it was asked
    if (!report) {
      auto parsed = parse_report("test", definition.dump());
      if (!parsed) return "error: " + parsed.error().text;
      report = std::move(*parsed);
    }
    auto surroundings = with();
    surroundings.calendars = &calendars_;
    taken_ = {};
    surroundings.engine = is_by_columns_ ? &engine_ : nullptr;
    surroundings.taken = &taken_;
    return collected(
        [&](const hkl_writer& writer) { return run_report(*report, query, surroundings, reader(), writer); });
  }

  bool is_by_columns_ = true;
  int errors_ = 0;
  ColumnEngine engine_{{2, "", {}, GetParam()}};
  PathTaken taken_;
  std::map<std::string, Calendar> calendars_;
  std::map<std::string, std::shared_ptr<const Report>> reports_;
  std::map<std::string, int> paths_, paths_of_each_;
};

TEST_P(Columns, AnswerRandomReportsAsSqlDoes) {
  std::mt19937_64 dice(20261126);
  RandomCalls calls(dice);
  fill(calls, 1500);
  engine_.load(sql());
  for (int round = 0; round < 150; ++round) {
    RandomReport random(dice);
    const auto definition = random.definition();
    for (int asked = 0; asked < 2; ++asked) expect_same(definition, random.query(), "round " + std::to_string(round));
    if (HasFailure()) return;
  }
  // Each way is taken, SQL's seldom, and few of the questions are none.
  EXPECT_GT(paths_["cubes"], 2);
  EXPECT_GT(paths_["classes"], 150);
  EXPECT_GT(paths_["columns"], 5);
  EXPECT_LT(paths_["sql"], 80);
  EXPECT_GT(paths_of_each_["cubes"], 1);
  EXPECT_GT(paths_of_each_["classes"], 30);
  EXPECT_LT(errors_, 30);
}

TEST_P(Columns, FollowChangesAsIfTheyWereMadeAnew) {
  std::mt19937_64 dice(7);
  RandomCalls calls(dice);
  fill(calls, 800);
  engine_.load(sql());
  for (int round = 0; round < 150; ++round) {
    const int changes = static_cast<int>(dice() % 8);
    for (int i = 0; i < changes; ++i) calls.change(sql());
    RandomReport random(dice);
    expect_same(random.definition(), random.query(), "round " + std::to_string(round));
    if (HasFailure()) return;
  }
  EXPECT_LT(paths_["sql"], 45);
}

// What was added up before is corrected, not scanned again.
TEST_P(Columns, CubesFollowChanges) {
  std::mt19937_64 dice(13);
  RandomCalls calls(dice);
  fill(calls, 1500);
  engine_.load(sql());
  const auto report = [](const char* expr) {
    const auto measure = [](const char* id, const char* type, const char* of) {
      return Json{{"id", id}, {"title", "M"}, {"type", type}, {"expr", of}};
    };
    return Json{{"id", "test"},
                {"title", "T"},
                {"rows", "calls"},
                {"dimensions", {{{"id", "d"}, {"title", "D"}, {"expr", expr}}}},
                {"measures",
                 {measure("calls", "integer", "count()"), measure("talk", "seconds", "sum(talk_s) where answered"),
                  measure("missed", "integer", "count() where missed and is_target")}}};
  };
  auto each = report("employee");
  each["credit"] = {{"default", "each"}, {"allowed", {"each"}}};
  each["measures"][1]["expr"] = "sum(credited_talk_s) where answered";
  each["measures"][2]["expr"] = "count() where outbound and credited_first";
  auto each_queue = each;  // of which the total's cube is the same
  each_queue["dimensions"][0]["expr"] = "queue";
  const std::vector<Json> definitions = {report("employee"), report("queue"), report("weekday(started_at)"), each,
                                         each_queue};
  const ReportQuery always{.format = "json"};
  auto part = always;
  part.from = "2026-03-02T10:17:23";
  part.to = "2026-03-30T11:00:01";
  for (const auto& definition : definitions) asked(definition, always);
  std::uint64_t changed = 0;
  for (int round = 0; round < 60; ++round) {
    for (auto changes = dice() % 4; changes > 0; --changes, ++changed) calls.change(sql());
    const auto& definition = definitions[dice() % definitions.size()];
    asked(definition, always);
    EXPECT_EQ(taken_.path, "cubes") << asked(definition, always);
    EXPECT_LE(taken_.rows_read, changed) << "more than the recent rows";
    expect_same(definition, always, "round " + std::to_string(round));
    expect_same(definition, part, "a part, round " + std::to_string(round));
    if (HasFailure()) return;
  }
}

TEST_P(Columns, OpenTheRowsBehindAFigureAsSqlDoes) {
  std::mt19937_64 dice(11);
  RandomCalls calls(dice);
  fill(calls, 1500);
  engine_.load(sql());
  for (int i = 0; i < 60; ++i) calls.change(sql());
  for (int round = 0; round < 20; ++round) {
    RandomReport random(dice);
    const auto definition = random.definition();
    auto query = random.query();
    const auto report = Json::parse(asked(definition, query), nullptr, false);
    if (report.is_discarded()) continue;
    const auto key = report["rows"].empty() ? Json("total") : report["rows"][dice() % report["rows"].size()]["key"];
    query.page = {1 + dice() % 9, "", true};
    for (const auto& at : {key, Json("total")})
      for (std::size_t m = 0; m < definition["measures"].size(); ++m) {
        query.drill = at.get<std::string>() + ":" + definition["measures"][m]["id"].get<std::string>();
        query.page.after.clear();
        for (int page = 0; page < 3; ++page) {
          expect_same(definition, query, "round " + std::to_string(round) + ", " + query.drill);
          const auto next = Json::parse(asked(definition, query), nullptr, false);
          if (HasFailure() || !next.is_object() || !next["next"].is_string()) break;
          query.page.after = next["next"];
        }
      }
    if (HasFailure()) return;
  }
  EXPECT_GT(paths_["classes"], 60);
}

TEST_P(Columns, OfAnOlderReadingAreLeftToSql) {
  std::mt19937_64 dice(3);
  RandomCalls calls(dice);
  fill(calls, 5);
  engine_.load(sql());
  sql().run("DELETE FROM fact_changes WHERE seq > 2");
  const Json definition = {{"id", "test"},
                           {"title", "T"},
                           {"rows", "calls"},
                           {"measures", {{{"id", "calls"}, {"title", "C"}, {"type", "integer"}, {"expr", "count()"}}}}};
  expect_same(definition, {.format = "json"}, "notes are gone");
  EXPECT_EQ(taken_.path, "sql");
  EXPECT_EQ(taken_.why, "the columns are newer than this reading");
}

INSTANTIATE_TEST_SUITE_P(Segments, Columns, ::testing::Values(30, kSegmentRows));

}  // namespace
}  // namespace hkl