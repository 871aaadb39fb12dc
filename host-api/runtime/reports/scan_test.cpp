#include "reports/scan.h"

#include <gmock/gmock.h>

#include "reports/test_store.h"

namespace hkl {
namespace {

using testing::HasSubstr;

// Gives what a test says, in place of a plugin.
class ToldScan final : public ReportScan {
 public:
  explicit ToldScan(std::function<Done(const Rows&)> finish) : finish_(std::move(finish)) {}
  Done contact(const hkl_timeline&) override { return {}; }
  Done employee(const hkl_employee_time&) override { return {}; }
  Done finish(const Rows& rows) override { return finish_(rows); }

 private:
  std::function<Done(const Rows&)> finish_;
};

ScanCell text(std::string value) { return {HKL_CELL_TEXT, 0, 0, std::move(value)}; }
ScanCell integer(std::int64_t value) { return {HKL_CELL_INTEGER, value, 0, ""}; }
ScanCell decimal(double value) { return {HKL_CELL_DECIMAL, 0, value, ""}; }
ScanCell ratio(std::int64_t above, std::int64_t below) {
  return {HKL_CELL_RATIO, above, static_cast<double>(below), ""};
}

class ScanReport : public ReportStore {
 protected:
  Json definition_ = {{"id", "told"},
                      {"title", "Told"},
                      {"rows", "calls"},
                      {"scan", "contacts"},
                      {"options", {{{"id", "days"}, {"type", "number"}, {"default", 30}, {"title", "Days"}}}},
                      {"dimensions", {{{"id", "who"}, {"title", "Who"}, {"names", "employee"}, {"empty", "Nobody"}}}},
                      {"measures",
                       {{{"id", "calls"}, {"type", "integer"}, {"title", "Calls"}},
                        {{"id", "weight"}, {"type", "decimal"}, {"title", "Weight"}},
                        {{"id", "share"}, {"type", "percent"}, {"title", "Share"}}}}};

  std::string asked(std::function<Done(const ReportScan::Rows&)> finish, ReportQuery query = {}) {
    const auto report = parse_report("told", definition_.dump());
    if (!report) return "error: " + report.error().text;
    ScanParts parts;
    parts.begin = [&](const std::string& params) -> Result<std::unique_ptr<ReportScan>> {
      params_ = Json::parse(params);
      return std::make_unique<ToldScan>(finish);
    };
    parts.feed = [&](const ScanRange& range, Poco::Data::Session&, ReportScan&) -> Done {
      counted_ = range.counted;
      return {};
    };
    auto surroundings = with();
    surroundings.scan = &parts;
    surroundings.access = access_;
    if (query.format.empty()) query.format = "json";
    return collected(
        [&](const hkl_writer& writer) { return run_report(**report, query, surroundings, reader(), writer); });
  }

  static Done two_rows(const ReportScan::Rows& rows) {
    for (const auto& [key, cells] : {std::pair<std::string, std::vector<ScanCell>>{
                                         "petrov", {text("petrov"), integer(2), decimal(0.1), ratio(2, 3)}},
                                     {"-", {{}, integer(1), decimal(1.0 / 3), ratio(1, 3)}},
                                     {"total", {{}, integer(3), {}, ratio(3, 0)}}})
      if (auto done = rows.row(key, cells); !done) return done;
    return {};
  }

  Json params_;
  std::optional<std::unordered_set<std::string>> counted_;
  const Access* access_ = nullptr;
};

TEST_F(ScanReport, RowsComeInThePluginsOrderWithNamesOfTheHost) {
  const auto told = Json::parse(asked(two_rows));
  EXPECT_EQ(told["rows"][0]["cells"],
            (Json{{"who", "Петров Б."}, {"calls", 2}, {"weight", 0.1}, {"share", 200.0 / 3}}));
  EXPECT_EQ(told["rows"][0]["parts"], (Json{{"share", {2, 3}}}));
  EXPECT_EQ(told["rows"][1]["cells"]["who"], "Nobody");
  EXPECT_NEAR(told["rows"][1]["cells"]["weight"].get<double>(), 1.0 / 3, 1e-15);
  EXPECT_EQ(told["total"], (Json{{"calls", 3}, {"weight", nullptr}, {"share", nullptr}}));
}

TEST_F(ScanReport, ThePluginHearsWhatWasAskedFor) {
  ReportQuery query;
  query.from = "2026-03-02";
  query.to = "2026-03-02";
  query.settings = {{"days", "7"}};
  asked(two_rows, query);
  EXPECT_EQ(params_["from_ms"], at("2026-03-02 00:00"));
  EXPECT_EQ(params_["to_ms"], at("2026-03-03 00:00"));
  EXPECT_EQ(params_["options"], (Json{{"days", 7}}));
  EXPECT_EQ(params_["timezone"], kMoscow);
  EXPECT_TRUE(params_["drill"].is_null());
}

TEST_F(ScanReport, CallsBehindAFigureComeNewestFirstAndTellWhetherTheyCount) {
  add(CallRow{.id = "a", .started_ms = at("2026-03-02 10:00")});
  add(CallRow{.id = "b", .started_ms = at("2026-03-02 11:00")});
  ReportQuery query;
  query.drill = "petrov:share";
  const auto behind = Json::parse(asked(
      [](const ReportScan::Rows& rows) -> Done {
        for (const auto* id : {"a", "b"})
          if (auto done = rows.behind("petrov", "share", id, id[0] == 'b'); !done) return done;
        return rows.behind("orlov", "share", "a", true);  // another row's, so nothing to us
      },
      query));
  ASSERT_EQ(behind.size(), 2U);
  EXPECT_EQ(behind[0]["id"], "b");
  EXPECT_EQ(behind[0]["counts"], true);
  EXPECT_EQ(behind[1]["counts"], false);
  EXPECT_EQ(params_["drill"], (Json{{"key", "petrov"}, {"measure", "share"}}));
}

TEST_F(ScanReport, AFigureOfNoRowIsAnErrorWithTheNearest) {
  ReportQuery query;
  query.drill = "petrof:calls";
  EXPECT_THAT(asked(two_rows, query), HasSubstr("did you mean \"petrov\"?"));
  query.drill = "petrov:cals";
  EXPECT_THAT(asked(two_rows, query), HasSubstr("did you mean \"calls\"?"));
}

TEST_F(ScanReport, WhatDoesNotFitTheDefinitionIsThePluginsFault) {
  EXPECT_THAT(asked([](const ReportScan::Rows& rows) { return rows.row("total", {integer(1)}); }),
              HasSubstr("a row has 1 cells, the definition 4 columns"));
  EXPECT_THAT(asked([](const ReportScan::Rows&) -> Done { return {}; }), HasSubstr("gave no row \"total\""));
  EXPECT_THAT(asked([](const ReportScan::Rows& rows) {
                return rows.row("total", {{}, text("many"), {}, {}});
              }),
              HasSubstr("gave a text for calls"));
}

TEST_F(ScanReport, AConditionAndARoleTellWhichCallsCount) {
  add(CallRow{.id = "a", .employee = "petrov"});
  add(CallRow{.id = "b", .outcome = "missed", .employee = "petrov"});
  add(CallRow{.id = "c", .employee = "orlov"});
  definition_["leaves_out"] = true;
  asked(two_rows);
  EXPECT_FALSE(counted_);
  ReportQuery query;
  query.where = "answered";
  asked(two_rows, query);
  EXPECT_EQ(counted_, (std::unordered_set<std::string>{"a", "c"}));
  const Access petrov{"petrov", "manager", usual_roles().at("manager"), "petrov"};
  access_ = &petrov;
  asked(two_rows);
  EXPECT_EQ(counted_, (std::unordered_set<std::string>{"a", "b"}));
}

TEST_F(ScanReport, AReportThatDoesNotHeedItIsNotAskedByARoleThatSeesSome) {
  const Access petrov{"petrov", "manager", usual_roles().at("manager"), "petrov"};
  access_ = &petrov;
  EXPECT_THAT(asked(two_rows), HasSubstr("the role \"manager\" sees only some"));
}

TEST_F(ScanReport, OnlyWhoSeesContactsCanLeaveCallsOut) {
  auto wrong = definition_;
  wrong["scan"] = "employees";
  wrong["leaves_out"] = true;
  EXPECT_THAT(parse_report("told", wrong.dump()).error().text,
              HasSubstr("leaves_out: only a report with scan: contacts"));
  wrong["scan"] = "contacts";
  wrong["rows"] = "leads";
  EXPECT_THAT(parse_report("told", wrong.dump()).error().text, HasSubstr("rows are leads"));
}

TEST_F(ScanReport, HoursOfTheDayAreForThoseWhoCutTimeAtThem) {
  auto wrong = definition_;
  wrong["takes_hours"] = true;
  EXPECT_THAT(parse_report("told", wrong.dump()).error().text,
              HasSubstr("takes_hours: only a report with scan: employees"));
  ReportQuery query;
  query.settings = {{"day_start", "09:00"}};
  definition_["scan"] = "employees";
  EXPECT_THAT(asked(two_rows, query), HasSubstr("does not say takes_hours"));
  definition_["takes_hours"] = true;
  asked(two_rows, query);
  EXPECT_FALSE(counted_);  // all of its time comes
}

TEST_F(ScanReport, AConditionAndPartsOfTimeAreRefused) {
  ReportQuery query;
  query.where = "missed";
  EXPECT_THAT(asked(two_rows, query), HasSubstr("take its options"));
  query.where.clear();
  query.settings = {{"time_group", "day"}};
  EXPECT_THAT(asked(two_rows, query), HasSubstr("take its options"));
}

TEST_F(ScanReport, AnExpressionHasNoPlaceInItsDefinition) {
  auto wrong = definition_;
  wrong["measures"][0]["expr"] = "count()";
  const auto report = parse_report("told", wrong.dump());
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().text, HasSubstr("measures[0].expr: there is no such member"));
}

}  // namespace
}  // namespace hkl
