// Lists and drill-downs in parts.
#include "reports/page.h"

#include <gmock/gmock.h>

#include "hookline/runtime.h"
#include "reports/test_store.h"

namespace hkl {
namespace {

TEST(PageMark, ComesBackAsItWent) {
  for (const auto& mark :
       {PageMark{1'772'442'900'123, "pbx1:17.12", 3}, PageMark{std::nullopt, "x.1.2", 0}, PageMark{-5, "a b%", 0}}) {
    const auto read = PageMark::of(mark.text());
    ASSERT_TRUE(read.has_value()) << mark.text();
    EXPECT_EQ(read->ms, mark.ms);
    EXPECT_EQ(read->id, mark.id);
    EXPECT_EQ(read->tie, mark.tie);
  }
}

TEST(PageMark, WhatIsNoneIsRefused) {
  for (const auto* text : {"", "5", "5.", "5.1", "5.1.", "a.0.k1", "x.k1", "5.x.k1"})
    EXPECT_FALSE(PageMark::of(text).has_value()) << text;
}

class Pages : public ReportStore {
 protected:
  // All ids, a page at a time, and how many pages there were.
  template <typename Ask>
  std::pair<Json, std::size_t> walk(Ask ask) {
    auto found = Json::array();
    std::size_t pages = 0;
    for (std::string after; pages < 50;) {
      const auto text = ask(after);
      const auto page = Json::parse(text, nullptr, false);
      if (!page.is_object()) return {text, pages};
      ++pages;
      for (const auto& row : page["rows"]) found.push_back(row["id"]);
      if (page["next"].is_null()) break;
      after = page["next"];
    }
    return {found, pages};
  }
};

TEST_F(Pages, OfAListHoldEachRowOnceThoughTimesAreTheSame) {
  for (int i = 0; i < 10; ++i)
    add(CallRow{.id = "k" + std::to_string(i), .started_ms = at("2026-03-02 09:00") + (i / 4) * 1000});
  const auto [ids, pages] = walk([&](const std::string& after) {
    return list(
        {.entity = HKL_ENTITY_CALL, .format = "json", .page = {.limit = 3, .after = after, .is_enveloped = true}});
  });
  EXPECT_EQ(ids, (Json{"k8", "k9", "k4", "k5", "k6", "k7", "k0", "k1", "k2", "k3"}));
  EXPECT_EQ(pages, 4U);
}

TEST_F(Pages, AreNotShiftedByWhatIsNew) {
  for (int i = 0; i < 4; ++i)
    add(CallRow{.id = "k" + std::to_string(i), .started_ms = at("2026-03-02 09:00") + i * 1000});
  const auto [ids, pages] = walk([&](const std::string& after) {
    if (!after.empty()) add(CallRow{.id = "new" + after, .started_ms = at("2026-03-02 12:00")});
    return list(
        {.entity = HKL_ENTITY_CALL, .format = "json", .page = {.limit = 2, .after = after, .is_enveloped = true}});
  });
  EXPECT_EQ(ids, (Json{"k3", "k2", "k1", "k0"}));
  EXPECT_EQ(pages, 2U);
}

TEST_F(Pages, OfNothingIsOneWithoutRows) {
  EXPECT_EQ(list({.entity = HKL_ENTITY_CALL, .format = "json", .page = {.limit = 2, .is_enveloped = true}}),
            "{\"rows\":[\n],\"next\":null}\n");
}

}  // namespace
}  // namespace hkl
