// A call that several answered, with credit each: figures that can be checked by eye.
#include <gmock/gmock.h>

#include "columns/engine.h"
#include "reports/test_store.h"

namespace hkl {
namespace {

using testing::AnyOf;

class Each : public ReportStore {
 protected:
  Each() {
    add({.id = "alone", .employee = "ivanova", .extension = "101", .contact = "c1", .talk_ms = 60'000});
    CallRow passed_on{.id = "passed on", .employee = "ivanova", .extension = "101", .contact = "c2", .talk_ms = 60'000};
    passed_on.shares = {{"petrov", "102", 10'000}, {"ivanova", "101", 45'000}, {"petrov", "103", 5'000}};
    add(passed_on);
    engine_.load(sql());
  }

  Json asked(ReportQuery query = {}) {
    query.format = "json";
    auto surroundings = with();
    surroundings.engine = &engine_;
    surroundings.taken = &taken_;
    const auto report = *parse_report("test", kReport.dump());
    return Json::parse(collected(
        [&](const hkl_writer& writer) { return run_report(*report, query, surroundings, reader(), writer); }));
  }
  // Calls, seconds of talk, different contacts and calls answered first, of a row or of the total.
  std::vector<int> figures(const Json& report, const std::string& key) {
    const auto cells_of = [](const Json& cells) {
      return std::vector<int>{cells["calls"], cells["talk"], cells["contacts"], cells["first"]};
    };
    EXPECT_THAT(taken_.path, AnyOf("cubes", "classes")) << taken_.why;
    if (key == "total") return cells_of(report["total"]);
    for (const auto& row : report["rows"])
      if (row["key"] == key) return cells_of(row["cells"]);
    return {};
  }

  const Json kReport = {
      {"id", "test"},
      {"title", "T"},
      {"rows", "calls"},
      {"credit", {{"default", "each"}, {"allowed", {"each"}}}},
      {"dimensions", {{{"id", "who"}, {"title", "W"}, {"expr", "employee"}}}},
      {"filters", {{{"id", "by"}, {"title", "B"}, {"expr", "employee"}}}},
      {"measures",
       {{{"id", "calls"}, {"title", "C"}, {"type", "integer"}, {"expr", "count() where answered"}},
        {{"id", "talk"}, {"title", "T"}, {"type", "seconds"}, {"expr", "sum(credited_talk_s)"}},
        {{"id", "contacts"}, {"title", "D"}, {"type", "integer"}, {"expr", "distinct(contact)"}},
        {{"id", "first"}, {"title", "F"}, {"type", "integer"}, {"expr", "count() where credited_first"}}}}};
  ColumnEngine engine_{{2}};
  PathTaken taken_;
};

using Figures = std::vector<int>;

TEST_F(Each, ACallCountsForEveryoneWhoTalkedAndOnceInTheTotal) {
  const auto report = asked();
  EXPECT_EQ(figures(report, "ivanova"), (Figures{2, 105, 2, 2}));
  EXPECT_EQ(figures(report, "petrov"), (Figures{1, 15, 1, 0}));
  EXPECT_EQ(figures(report, "total"), (Figures{2, 120, 2, 2}));
}

TEST_F(Each, AFilterByEmployeeTakesOnlyWhatWasTheirs) {
  ReportQuery query;
  query.settings["by"] = "petrov";
  const auto report = asked(query);
  EXPECT_EQ(report["rows"].size(), 1);
  EXPECT_EQ(figures(report, "total"), (Figures{1, 15, 1, 0}));
}

TEST_F(Each, SharesThatAreToldLaterCount) {
  asked();
  sql().run("UPDATE calls SET talk_ms = 90000 WHERE id = 'alone'");
  sql().run(
      "INSERT INTO call_credits(call, n, employee, extension, talk_ms, is_first, is_last) VALUES"
      "('alone', 1, 'petrov', '102', 30000, 0, 1)");
  const auto report = asked();
  EXPECT_EQ(figures(report, "ivanova"), (Figures{2, 105, 2, 2}));
  EXPECT_EQ(figures(report, "petrov"), (Figures{2, 45, 2, 0}));
  EXPECT_EQ(figures(report, "total"), (Figures{2, 150, 2, 2}));
}

TEST_F(Each, TalkOfAPhoneMayBeLessThanThatOfTheCall) {
  sql().run("UPDATE call_credits SET talk_ms = 58000 WHERE call = 'alone'");
  sql().run("UPDATE calls SET talk_ms = 60000 WHERE id = 'alone'");
  EXPECT_EQ(figures(asked(), "total"), (Figures{2, 118, 2, 2}));
}

}  // namespace
}  // namespace hkl
