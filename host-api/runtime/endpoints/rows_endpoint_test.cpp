#include <sqlite3.h>

#include "endpoints/rows_database.h"
#include "endpoints/test_kit.h"

namespace hkl::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class RowsEndpointTest : public testing::Test {
 protected:
  RowsEndpointTest() {
    wish_.kind = HKL_ENDPOINT_ROWS;
    wish_.address = "sqlite:" + folder_.path("calls.db");
    wish_.query = "SELECT event, at, id FROM calls WHERE id > :after ORDER BY id LIMIT 3";
    wish_.key = "id";
    wish_.first_key = "0";
    wish_.interval = 2ms;
    sql("CREATE TABLE calls(id INTEGER, event TEXT, at INTEGER)");
  }
  void sql(const std::string& text) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(folder_.path("calls.db").c_str(), &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    ASSERT_EQ(sqlite3_exec(db, text.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
    sqlite3_close(db);
  }
  void row(int id, const std::string& event) {
    sql(fmt::format("INSERT INTO calls VALUES({}, '{}', 1000)", id, event));
  }
  void start() {
    auto adapter = std::make_unique<WordAdapter>();
    adapter->wishes = {wish_};
    setup_.marks = out_.marks();
    runner_ = std::make_unique<SourceRunner>(setup_, std::move(adapter), out_.outlet());
    const auto started = runner_->start();
    ASSERT_TRUE(started) << started.error().text;
  }
  bool have_come(std::size_t count) {
    return eventually([&] { return out_.ids().size() >= count; });
  }

  TempFolder folder_;
  Lines log_;
  SourceSetup setup_ = setup_of(log_);
  EndpointWish wish_;
  Collected out_;
  std::unique_ptr<SourceRunner> runner_;
};

TEST_F(RowsEndpointTest, RowsComeOnceAndNewOnesFollow) {
  for (int id = 1; id <= 7; ++id) row(id, fmt::format("e{}", id));
  start();
  ASSERT_TRUE(have_come(7)) << "beyond the query's LIMIT";
  row(8, "e8");
  ASSERT_TRUE(have_come(8));
  EXPECT_THAT(out_.ids(), ElementsAre("e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8"));
  EXPECT_EQ(runner_->health().state, "live");
}

TEST_F(RowsEndpointTest, RowsWithOneKeyAreAllReadThoughTheLimitCutsBetweenThem) {
  row(1, "a");
  for (const auto* event : {"b", "c", "d"}) row(2, event);
  row(3, "e");
  wish_.query = "SELECT event, at, id FROM calls WHERE id > :after ORDER BY id LIMIT 4";
  wish_.late = 1min;
  start();
  ASSERT_TRUE(have_come(5));
  EXPECT_THAT(out_.ids(), testing::UnorderedElementsAre("a", "b", "c", "d", "e"));
}

TEST_F(RowsEndpointTest, ARowThatIsWrittenAfterALaterOneIsNotMissed) {
  wish_.late = 200ms;
  row(10, "later");
  start();
  ASSERT_TRUE(have_come(1));
  row(5, "late");
  ASSERT_TRUE(have_come(2));
  EXPECT_THAT(out_.ids(), ElementsAre("later", "late")) << "and the other is not told again";
}

TEST_F(RowsEndpointTest, ARowThatIsChangedLaterIsToldAnew) {
  wish_.late = 200ms;
  row(1, "no-recording");
  start();
  ASSERT_TRUE(have_come(1));
  sql("UPDATE calls SET event = 'recording' WHERE id = 1");
  ASSERT_TRUE(have_come(2));
  EXPECT_THAT(out_.ids(), ElementsAre("no-recording", "recording"));
}

TEST_F(RowsEndpointTest, AnotherProcessGoesOnFromTheKeyThatIsKept) {
  for (int id = 1; id <= 5; ++id) row(id, fmt::format("e{}", id));
  start();
  ASSERT_TRUE(eventually([&] { return !out_.marks().empty() && out_.marks().begin()->second == "5"; }));
  runner_.reset();
  row(6, "e6");
  start();
  ASSERT_TRUE(have_come(6));
  EXPECT_THAT(out_.ids(), ElementsAre("e1", "e2", "e3", "e4", "e5", "e6"));
}

TEST_F(RowsEndpointTest, TheKeptKeyIsNeverAheadOfWhatMayComeLate) {
  wish_.late = 1h;
  for (int id = 3; id <= 5; ++id) row(id, fmt::format("e{}", id));
  start();
  ASSERT_TRUE(have_come(3));
  runner_.reset();
  row(1, "late");
  start();
  ASSERT_TRUE(eventually([&] { return testing::Value(out_.ids(), testing::Contains("late")); }));
}

TEST_F(RowsEndpointTest, WhatCouldNotBeStoredComesAgain) {
  out_.set_refusing(true);
  row(1, "e1");
  start();
  ASSERT_TRUE(eventually([&] { return runner_->health().state == "waiting"; }));
  EXPECT_TRUE(out_.marks().empty());
  out_.set_refusing(false);
  EXPECT_TRUE(have_come(1));
}

TEST_F(RowsEndpointTest, ADatabaseThatIsNotThereIsTriedAgain) {
  std::filesystem::rename(folder_.path("calls.db"), folder_.path("away.db"));
  start();
  ASSERT_TRUE(eventually([&] { return runner_->health().state == "waiting"; }));
  EXPECT_THAT(runner_->health().text, HasSubstr("calls.db: unable to open database file; next try in"));
  std::filesystem::rename(folder_.path("away.db"), folder_.path("calls.db"));
  row(1, "e1");
  EXPECT_TRUE(have_come(1));
}

TEST_F(RowsEndpointTest, AQueryThatChangesAnythingIsRefused) {
  wish_.query = "DELETE FROM calls WHERE id > :after";
  row(1, "e1");
  start();
  EXPECT_TRUE(eventually([&] { return log_.has("the query is no SELECT"); }));
}

TEST_F(RowsEndpointTest, AQueryWithoutItsKeyIsTold) {
  wish_.key = "uniqueid";
  row(1, "e1");
  start();
  EXPECT_TRUE(eventually([&] { return log_.has("the query gives no column \"uniqueid\", its key"); }));
}

TEST_F(RowsEndpointTest, WhatCannotBeIsABadSettingAndNoPasswordIsShown) {
  const auto refusal = [&](const EndpointWish& wish) {
    auto adapter = std::make_unique<WordAdapter>();
    adapter->wishes = {wish};
    SourceRunner runner(setup_, std::move(adapter), out_.outlet());
    const auto started = runner.start();
    return started ? std::string() : started.error().text;
  };
  auto wish = wish_;
  wish.query = "SELECT * FROM calls";
  EXPECT_THAT(refusal(wish), HasSubstr("the query has no :after"));
  wish = wish_;
  wish.address = "mysql://crm:secret@pbx/cdr";
  EXPECT_THAT(refusal(wish),
              testing::AllOf(HasSubstr("expected sqlite:PATH or postgresql://"), testing::Not(HasSubstr("secret"))));
  EXPECT_EQ(shown_address("postgresql://crm:se@cret@pbx:5432/cdr?password=x"), "postgresql://pbx:5432/cdr");
}

}  // namespace
}  // namespace hkl::test
