#include "reports/long_list.h"

#include <gmock/gmock.h>

#include "reports/test_store.h"

namespace hkl {
namespace {

using testing::HasSubstr;

class LongList : public ReportStore {
 protected:
  const Json definition_ = {{"id", "test"},
                            {"title", "Test"},
                            {"rows", "calls"},
                            {"dimensions", {{{"id", "call"}, {"expr", "id"}, {"title", "Call"}}}},
                            {"measures",
                             {{{"id", "time"}, {"type", "time"}, {"expr", "min(started_at)"}, {"title", "Time"}},
                              {{"id", "wait"}, {"type", "seconds"}, {"expr", "max(wait_s)"}, {"title", "Wait"}},
                              {{"id", "calls"}, {"type", "integer"}, {"expr", "count()"}, {"title", "Calls"}}}},
                            {"sort", {"-time", "-wait"}}};

  LongList() {
    // Several of one moment, also across the end of a part.
    for (int i = 0; i < 40; ++i)
      add(CallRow{.id = "c" + std::to_string(i),
                  .started_ms = at("2026-03-02 10:00") + i / 3 * 60'000,
                  .wait_ms = i * 7 % 11 * 1000});
  }

  Result<Plan> plan(const ReportQuery& query, Json definition) {
    report_ = parse_report("test", definition.dump()).value();
    return make_plan(report_->definition(), query, with());
  }
  std::string parted(const ReportQuery& query, const ListLimits& limits, std::size_t& parts, const Json& definition) {
    auto asked = plan(query, definition);
    if (!asked) return asked.error().text;
    auto reading = Reading::begin(session());
    auto found = parts_of_list(*asked, *reading, limits);
    if (!found) return found.error().text;
    parts = found->size();
    std::string keys;
    ReportRow total;
    const auto take = [&](const ReportRow& row) -> Done {
      keys += row.key + " ";
      return {};
    };
    if (auto done = compute_parts(*asked, *found, {*reading}, take, total); !done) return done.error().text;
    return keys + std::to_string(total.figures[2].value->num);
  }
  std::string whole(const ReportQuery& query, const Json& definition) {
    auto asked = plan(query, definition);
    auto reading = Reading::begin(session());
    const auto rows = compute(*asked, {*reading});
    std::string keys;
    for (const auto& row : rows->rows) keys += row.key + " ";
    return keys + std::to_string(rows->total.figures[2].value->num);
  }

  std::shared_ptr<const Report> report_;
};

TEST_F(LongList, IsTheSameInPartsAsWhole) {
  for (const std::string sort : {"", "time", "time,wait"})
    for (const std::string where : {"", "wait_s > 3"})
      for (const bool is_bounded : {false, true})
        for (const std::int64_t rows : {1, 4, 7, 39}) {
          ReportQuery query;
          query.sort = sort;
          query.where = where;
          if (is_bounded) query.from = query.to = "2026-03-02";
          std::size_t parts = 0;
          EXPECT_EQ(parted(query, {rows, 40}, parts, definition_), whole(query, definition_)) << sort << where << rows;
          if (rows < 20) {
            EXPECT_GT(parts, 1U);
          }
        }
}

TEST_F(LongList, InAnotherOrderIsHeldWhileItIsShortEnough) {
  ReportQuery query;
  query.sort = "-wait";
  std::size_t parts = 0;
  EXPECT_EQ(parted(query, {10, 40}, parts, definition_), whole(query, definition_));
  EXPECT_EQ(parts, 1U);
  EXPECT_THAT(parted(query, {10, 39}, parts, definition_), HasSubstr("sort by the time of the calls"));
}

TEST_F(LongList, ThatAsksAboutItsPeriodIsNotParted) {
  auto definition = definition_;
  definition["measures"].push_back(
      {{"id", "share"}, {"type", "percent"}, {"expr", "count() / total(count())"}, {"title", "Share"}});
  std::size_t parts = 0;
  EXPECT_EQ(parted({}, {10, 40}, parts, definition), whole({}, definition));
  EXPECT_EQ(parts, 1U);
}

TEST_F(LongList, ACallWithoutATimeIsNotLost) {
  add(CallRow{.id = "timeless", .started_ms = std::nullopt});
  std::size_t parts = 0;
  EXPECT_EQ(parted({}, {10, 50}, parts, definition_), whole({}, definition_));
  EXPECT_EQ(parts, 1U);
}

}  // namespace
}  // namespace hkl
