#include "reports/settings.h"

#include <gmock/gmock.h>

#include "reports/test_store.h"

namespace hkl {
namespace {

const Definition& definition() {
  static const auto made = read_definition("test", R"json({
    "title": "T", "rows": "calls", "credit": {"default": "first", "allowed": ["first", "each"]},
    "measures": [{"id": "calls", "title": "C", "expr": "count()"}],
    "filters": [{"id": "manager", "title": "M", "expr": "employee"}, {"id": "way", "title": "W", "expr": "direction"},
                {"id": "hour", "title": "H", "expr": "hour(started_at)"}, {"id": "tag", "title": "T", "expr": "tags"}],
    "options": [{"id": "hide_missed", "title": "H", "type": "bool"},
                {"id": "gap_days", "title": "G", "type": "number", "default": 30},
                {"id": "minutes", "title": "M", "type": "enum", "values": ["floor_sum", "ceil_each"]},
                {"id": "word", "title": "W", "type": "text"},
                {"id": "within", "title": "W", "type": "duration", "default": "4h"}]})json");
  return *made;
}

std::string complaint(const std::string& name, const std::string& value) {
  const auto settings = read_settings(definition(), {{name, value}});
  return settings ? "" : settings.error().text;
}

TEST(Settings, DefaultsHoldUntilSomethingIsSet) {
  const auto settings = read_settings(definition(), {});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->options.at("hide_missed"), Value(false));
  EXPECT_EQ(settings->options.at("gap_days"), Value(Rational{30, 1}));
  EXPECT_EQ(settings->options.at("minutes"), Value(std::string("floor_sum")));
  EXPECT_EQ(settings->options.at("word"), Value());
  EXPECT_EQ(settings->options.at("within"), Value(Rational{14'400, 1}));
  EXPECT_EQ(settings->options.at("credit"), Value(std::string("first")));
  EXPECT_EQ(settings->credit, CreditRule::first);
  EXPECT_TRUE(settings->filters.empty());
}

TEST(Settings, EachTypeIsReadFromItsText) {
  const auto settings = read_settings(definition(), {{"hide_missed", "yes"},
                                                     {"gap_days", "2.5"},
                                                     {"minutes", "ceil_each"},
                                                     {"word", "x, y"},
                                                     {"within", "1h30m"},
                                                     {"credit", "each"},
                                                     {"show_empty", "on"},
                                                     {"timezone", "Asia/Omsk"}});
  ASSERT_TRUE(settings) << settings.error().text;
  EXPECT_EQ(settings->options.at("hide_missed"), Value(true));
  EXPECT_EQ(settings->options.at("gap_days"), Value(Rational{5, 2}));
  EXPECT_EQ(settings->options.at("minutes"), Value(std::string("ceil_each")));
  EXPECT_EQ(settings->options.at("word"), Value(std::string("x, y")));
  EXPECT_EQ(settings->options.at("within"), Value(Rational{5'400, 1}));
  EXPECT_EQ(settings->options.at("credit"), Value(std::string("each")));
  EXPECT_EQ(settings->credit, CreditRule::each);
  EXPECT_TRUE(settings->show_empty);
  EXPECT_EQ(settings->timezone, "Asia/Omsk");
}

TEST(Settings, AnEmptyNumberIsNone) {
  const auto settings = read_settings(definition(), {{"gap_days", ""}});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->options.at("gap_days"), Value());
}

TEST(Settings, AFilterTakesSeveralValuesAndADashForNothing) {
  const auto settings = read_settings(definition(), {{"manager", "ivanova, petrov,-"}});
  ASSERT_TRUE(settings);
  const auto& chosen = settings->filters.at(0);
  EXPECT_THAT(chosen.texts, testing::ElementsAre("ivanova", "petrov", "-"));
  EXPECT_THAT(chosen.named(), testing::ElementsAre("ivanova", "petrov"));
}

TEST(Settings, WrongWordsAreAnsweredWithTheNearestRightOne) {
  EXPECT_EQ(complaint("hide_mised", "1"),
            "report test has no option or filter \"hide_mised\"; did you mean \"hide_missed\"?");
  EXPECT_EQ(complaint("time_zone", "1"),
            "report test has no option or filter \"time_zone\"; did you mean \"timezone\"?");
  EXPECT_EQ(complaint("hide_missed", "maybe"), "hide_missed=maybe: take true or false");
  EXPECT_EQ(complaint("gap_days", "many"), "gap_days=many: a number is needed");
  EXPECT_EQ(complaint("minutes", "floor_sums"), "minutes=floor_sums: did you mean \"floor_sum\"?");
  EXPECT_EQ(complaint("within", "4"), "within: \"4\" is no duration; write it as 4h, 90s, 1h30m, 2d or 500ms");
  EXPECT_EQ(complaint("within", "-4h"), "within: \"-4h\" is before the moment it is counted from");
  EXPECT_EQ(complaint("minutes", "x"), "minutes=x: take one of floor_sum, ceil_each");
  EXPECT_EQ(complaint("credit", "last"), "credit=last: take one of first, each");
  EXPECT_EQ(complaint("way", "inn"), "way=inn: did you mean \"in\"?");
  EXPECT_EQ(complaint("hour", "noon"), "hour=noon: a whole number is needed, or 10..20, 10.., ..20");
  EXPECT_EQ(complaint("manager", " , "), "manager=: name at least one value, or \"-\" for none");
  EXPECT_EQ(complaint("timezone", "Europe/Moskow"),
            "timezone=Europe/Moskow: there is no time zone \"Europe/Moskow\"; did you mean \"Europe/Moscow\"?");
}

TEST(Settings, HoursOfTheDayAreOfEveryReport) {
  const auto settings =
      read_settings(definition(), {{"day_start", "09:00"}, {"day_end", "18:30:15"}, {"week_days", "sat-mon, 3"}});
  ASSERT_TRUE(settings) << settings.error().text;
  using Text = std::pair<std::string, std::string>;
  EXPECT_THAT(settings->hours.texts(), testing::ElementsAre(Text("day_start", "09:00"), Text("day_end", "18:30:15"),
                                                            Text("week_days", "mon,wed,sat,sun")));
  EXPECT_EQ(complaint("day_start", "9"), "day_start=9: write a time of day, as 09:00 or 18:30:15");
  EXPECT_EQ(complaint("day_end", "24:01"), "day_end=24:01: write a time of day, as 09:00 or 18:30:15");
  EXPECT_EQ(complaint("week_days", "mon-fry"), "week_days: \"fry\" is no day; did you mean \"fri\"?");
  EXPECT_EQ(complaint("week_day", "mon"),
            "report test has no option or filter \"week_day\"; did you mean \"week_days\"?");
  const auto same = read_settings(definition(), {{"day_start", "09:00"}, {"day_end", "09:00"}});
  ASSERT_FALSE(same);
  EXPECT_NE(same.error().text.find("the same time"), std::string::npos);
  EXPECT_TRUE(read_settings(definition(), {{"day_start", ""}, {"week_days", ""}})->hours.are_all());
}

class SettingsPeople : public ReportStore {
 protected:
  std::string complaint(const std::string& employee) {
    auto reading = Reading::begin(session());
    const auto settings = read_settings(definition(), {{"manager", employee}});
    const auto checked = check_people(*settings, directory_.get(), *reading);
    return checked ? "" : checked.error().text;
  }
};

TEST_F(SettingsPeople, AnEmployeeNobodyKnowsIsASlip) {
  EXPECT_EQ(complaint("ivanova"), "");
  EXPECT_EQ(complaint("-"), "");
  EXPECT_EQ(complaint("ivanva"), "there is no employee \"ivanva\"; did you mean \"ivanova\"?");
}

TEST_F(SettingsPeople, AnEmployeeWhoIsOnlyInTheDataIsNone) {
  add(CallRow{.id = "k1", .employee = "gone"});
  EXPECT_EQ(complaint("gone"), "");
}

}  // namespace
}  // namespace hkl
