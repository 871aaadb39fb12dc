// What a report keeps of its questions is right whatever changes between two of them.
#include <random>

#include "columns/engine.h"
#include "columns/random_report.h"
#include "reports/kept_plans.h"
#include "reports/test_store.h"

namespace hkl {
namespace {

class KeptQuestions : public ReportStore {
 protected:
  KeptQuestions() : calls_(dice_) {
    sql().run("BEGIN");
    for (int i = 0; i < 600; ++i) calls_.add_to(sql());
    sql().run("COMMIT");
    engine_->load(sql());
    answered(engine_.get());  // leaves cubes
    expect_same();
  }

  std::string answered(Engine* engine) {
    auto surroundings = with();
    surroundings.engine = engine;
    surroundings.calendars = &calendars_;
    taken_ = {};
    surroundings.taken = &taken_;
    return collected(
        [&](const hkl_writer& writer) { return run_report(*report_, query_, surroundings, reader(), writer); });
  }
  // By columns as by SQL, and then the answer.
  Json expect_same() {
    const auto by_sql = answered(nullptr);
    EXPECT_EQ(answered(engine_.get()), by_sql);
    EXPECT_EQ(taken_.path, "cubes") << taken_.why;
    return Json::parse(by_sql);
  }
  CallRow call(const std::string& id) {
    CallRow row;
    row.id = id;
    row.employee = "ivanova";
    return row;
  }
  static std::string shown(const Json& answer, const std::string& key) {
    for (const auto& row : answer["rows"])
      if (row["key"] == key) return row["cells"]["who"];
    return "";
  }

  std::shared_ptr<const Report> report_ = *parse_report(
      "test",
      Json{{"id", "test"},
           {"title", "T"},
           {"rows", "calls"},
           {"options",
            {{{"id", "long_s"}, {"type", "number"}, {"default", 30}, {"title", "L"}},
             {{"id", "only_in"}, {"type", "bool"}, {"default", false}, {"title", "I"}}}},
           {"where", {{{"expr", "inbound"}, {"when", "option.only_in"}}}},
           {"dimensions", {{{"id", "who"}, {"title", "W"}, {"expr", "employee"}}}},
           {"measures",
            {{{"id", "calls"}, {"title", "C"}, {"type", "integer"}, {"expr", "count()"}},
             {{"id", "missed"}, {"title", "M"}, {"type", "integer"}, {"expr", "count() where missed and is_target"}},
             {{"id", "long"}, {"title", "L"}, {"type", "integer"}, {"expr", "count() where talk_s > option.long_s"}},
             {{"id", "talk"}, {"title", "T"}, {"type", "seconds"}, {"expr", "sum(talk_s) where answered"}},
             {{"id", "share"}, {"title", "S"}, {"type", "percent"}, {"expr", "count() / total(count())"}}}}}
          .dump());
  ReportQuery query_{.format = "json"};
  std::map<std::string, Calendar> calendars_;
  std::mt19937_64 dice_{17};
  RandomCalls calls_;
  std::unique_ptr<ColumnEngine> engine_ = std::make_unique<ColumnEngine>(ColumnEngine::Options{2, "", {}, 50});
  PathTaken taken_;
};

TEST_F(KeptQuestions, HoldForAnyPeriod) {
  for (const auto& [from, to] :
       {std::pair{"2026-03-02T10:17:23", "2026-03-12"}, {"", "2026-03-09T12:00:00"}, {"2026-03-05", ""}, {"", ""}}) {
    query_.from = from;
    query_.to = to;
    expect_same();
    EXPECT_EQ(Json::parse(answered(engine_.get()))["period"]["from"].is_null(), *from == 0) << from;
  }
}

TEST_F(KeptQuestions, TellTheMomentOfEachAnswer) {
  now_ms_ += 60'000;
  EXPECT_EQ(expect_same()["as_of"], iso_utc(instant_of(now_ms_)));
}

TEST_F(KeptQuestions, ShowNamesOfTheDirectoryOfTheMomentInTheirOrder) {
  auto parts = directory_->parts();
  parts.employees[0].name = "Яковлева А.";
  directory_ = std::make_unique<Directory>(std::move(parts));
  EXPECT_EQ(shown(expect_same(), "ivanova"), "Яковлева А.");
}

TEST_F(KeptQuestions, FollowRowsThatChange) {
  for (int i = 0; i < 40; ++i) {
    calls_.change(sql());
    expect_same();
    if (HasFailure()) return;
  }
}

// A combination of answers that no row had before, of somebody nobody knew.
TEST_F(KeptQuestions, KnowNewClassesAndNewTexts) {
  auto row = call("new");
  row.employee = "somebody new";
  row.quality = "target";
  row.outcome = "missed";
  row.talk_ms = 999'000;
  add(row);
  const auto answer = expect_same();
  EXPECT_EQ(shown(answer, "somebody new"), "somebody new");
}

TEST_F(KeptQuestions, HoldWhenRecentRowsWereSealed) {
  for (int i = 0; i < 70; ++i) calls_.add_to(sql());
  ASSERT_FALSE(engine_->save(sql())) << "it has no folder";
  answered(engine_.get());  // leaves the cubes of new segments
  expect_same();
}

TEST_F(KeptQuestions, AreMadeAnewWithTheColumns) {
  add(call("more"));
  engine_->load(sql());
  answered(engine_.get());
  expect_same();
  engine_ = std::make_unique<ColumnEngine>(ColumnEngine::Options{2, "", {}, 50});
  engine_->load(sql());
  answered(engine_.get());
  expect_same();
}

TEST_F(KeptQuestions, OfOtherOptionsAreOthers) {
  const auto before = expect_same();
  query_.settings = {{"only_in", "true"}};
  answered(engine_.get());
  EXPECT_NE(expect_same()["total"], before["total"]);
  query_.settings = {};
  EXPECT_EQ(expect_same()["total"], before["total"]);
}

TEST_F(KeptQuestions, AreLeftWhereTheColumnsCannotAnswer) {
  ASSERT_TRUE(engine_->forget());
  const auto by_sql = answered(nullptr);
  EXPECT_EQ(answered(engine_.get()), by_sql);
  EXPECT_EQ(taken_.path, "sql");
  engine_->load(sql());
  answered(engine_.get());
  expect_same();
}

// --- The plans themselves

struct Nothing : KeptQuestion {};

std::unique_ptr<KeptPlan> plan_of(const std::string& key) {
  const RowSurroundings nothing;
  auto plan = std::make_unique<KeptPlan>();
  plan->key = key;
  plan->aggregates = std::make_unique<Aggregates>(nothing);
  plan->of_engine = std::make_unique<Nothing>();
  return plan;
}

TEST(KeptPlans, AreWithOneAnswerAtATime) {
  KeptPlans plans;
  plans.give_back(plan_of("a"));
  const auto first = plans.take("a");
  EXPECT_NE(first, nullptr);
  EXPECT_EQ(plans.take("a"), nullptr);
}

TEST(KeptPlans, OfWhichTheEngineKeptNothingAreNotKept) {
  KeptPlans plans;
  auto plan = plan_of("a");
  plan->of_engine.reset();
  plans.give_back(std::move(plan));
  EXPECT_EQ(plans.take("a"), nullptr);
}

TEST(KeptPlans, LongestUnusedMakeRoom) {
  KeptPlans plans;
  for (int i = 0; i < 16; ++i) plans.give_back(plan_of(std::to_string(i)));
  plans.give_back(plans.take("0"));
  plans.give_back(plan_of("one more"));
  EXPECT_NE(plans.take("0"), nullptr);
  EXPECT_EQ(plans.take("1"), nullptr);
}

TEST(KeptPlans, AreKnownByAllThatTheyAreMadeOf) {
  struct NoEngine final : Engine {
    std::optional<Answer> answer(const Plan&, const Aggregates&, AnswerScope, Reading&, PathTaken&,
                                 std::unique_ptr<KeptQuestion>&) override {
      return std::nullopt;
    }
    std::optional<FoundRows> rows_behind(const Plan&, const DrillRequest&, Reading&, PathTaken&) override {
      return std::nullopt;
    }
  } engine;
  const Access access;
  ReportSurroundings with;
  with.engine = &engine;
  const ReportQuery query;
  const auto key = kept_key(query, with);
  EXPECT_EQ(kept_key({.from = "2026-01-01", .to = "2026-02-01", .format = "csv"}, with), key);
  std::set<std::string> keys = {key};
  for (const ReportQuery& other : {ReportQuery{.settings = {{"a", "b"}}},
                                   {.settings = {{"ab", ""}}},
                                   {.where = "x"},
                                   {.title = "x"},
                                   {.sort = "x"}})
    EXPECT_TRUE(keys.insert(kept_key(other, with)).second) << other.where << other.title << other.sort;
  for (auto* text : {&with.timezone, &with.language}) {
    *text = "x";
    EXPECT_TRUE(keys.insert(kept_key(query, with)).second);
    text->clear();
  }
  EXPECT_EQ(kept_key({.drill = "total:calls"}, with), "");
  EXPECT_EQ(kept_key({.compare = "previous"}, with), "");
  with.access = &access;
  EXPECT_EQ(kept_key(query, with), "");
}

}  // namespace
}  // namespace hkl
