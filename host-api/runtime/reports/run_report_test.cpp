// Reports from question to answer, over a few calls put in by hand.
#include <gmock/gmock.h>

#include "reports/test_store.h"

namespace hkl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Json managers() {
  return Json::parse(R"json({
    "title": {"ru": "По менеджерам", "en": "By manager"}, "rows": "calls",
    "credit": {"default": "first", "allowed": ["first", "last", "each"]},
    "dimensions": [{"id": "manager", "title": {"ru": "Менеджер", "en": "Manager"}, "expr": "employee",
                    "definition": {"ru": "Кто говорил", "en": "Who talked"},
                    "empty": {"ru": "Не назначен", "en": "Not assigned"}}],
    "measures": [
      {"id": "calls", "title": {"ru": "Звонков", "en": "Calls"}, "expr": "count()"},
      {"id": "talk_s", "title": "Talk", "expr": "sum(credited_talk_s)"},
      {"id": "missed_share", "title": "Missed", "type": "percent", "expr": "(count() where missed) / count()",
       "definition": {"ru": "Доля", "en": "Share"}, "formula": "missed / calls"},
      {"id": "average_wait_s", "title": "ASA", "expr": "avg(wait_s) where answered"},
      {"id": "contacts", "title": "Contacts", "expr": "distinct(contact)"}],
    "filters": [{"id": "who", "title": "Who", "expr": "employee"}, {"id": "tag", "title": "Tag", "expr": "tags"}],
    "options": [{"id": "hide_missed", "title": "Hide", "type": "bool"}],
    "where": [{"expr": "not missed", "when": "option.hide_missed"}]})json");
}

Json one(const std::string& expr, const std::string& rows = "calls", const std::string& type = {}) {
  Json measure = {{"id", "m"}, {"title", "M"}, {"expr", expr}};
  if (!type.empty()) measure["type"] = type;
  return {{"title", "T"}, {"rows", rows}, {"measures", {measure}}};
}

class RunReport : public ReportStore {
 protected:
  RunReport() {
    // Transferred from ivanova to petrov: 40 s and 300 s of the client's 350.
    add(CallRow{.id = "k1",
                .started_ms = at("2026-03-02 09:00"),
                .employee = "ivanova",
                .last_employee = "petrov",
                .contact = "c1",
                .wait_ms = 20'000,
                .talk_ms = 350'000,
                .tags = {"цена"},
                .shares = {{"ivanova", "101", 40'000}, {"petrov", "102", 300'000}}});
    add(CallRow{.id = "k2",
                .started_ms = at("2026-03-02 10:00"),
                .employee = "ivanova",
                .last_employee = "ivanova",
                .contact = "c1",
                .wait_ms = 5'500,
                .talk_ms = 210'001,
                .tags = {"жалоба", "цена"}});
    add(CallRow{
        .id = "k3", .started_ms = at("2026-03-02 11:00"), .outcome = "missed", .wait_ms = 40'000, .talk_ms = 0});
    add(CallRow{.id = "k4",
                .started_ms = at("2026-03-02 12:00"),
                .direction = "out",
                .employee = "orlov",
                .last_employee = "orlov",
                .contact = "c2",
                .talk_ms = 30'000});
    // In no report: one that goes on, one within the house.
    add(CallRow{.id = "open", .employee = "petrov", .is_over = false});
    add(CallRow{.id = "inside", .direction = "internal", .employee = "petrov"});
  }

  std::vector<std::string> keys(const Json& report) {
    std::vector<std::string> found;
    for (const auto& row : report["rows"]) found.push_back(row["key"]);
    return found;
  }
  Json row(const Json& report, const std::string& key) {
    for (const auto& row : report["rows"])
      if (row["key"] == key) return row;
    return "no row " + key + " in " + report.dump();
  }
  Json total(const std::string& expr) { return json(one(expr))["total"]["m"]; }
};

Json by_direction() {
  auto report = one("count()");
  report["options"] = {{{"id", "by"}, {"title", "By"}, {"type", "enum"}, {"values", {"direction", "day"}}},
                       {{"id", "within_s"}, {"title", "Within"}, {"type", "numbers"}, {"default", {20, 5.5}}}};
  report["dimensions"] = {
      {{"id", "group"},
       {"title", "Direction"},
       {"expr", "direction"},
       {"cases", {{{"when", "option.by = 'day'"}, {"title", "Day"}, {"expr", "day(started_at)"}}}}}};
  report["measures"].push_back(
      {{"id", "share"}, {"title", "Share"}, {"type", "percent"}, {"expr", "count() / total(count())"}});
  report["measures"].push_back(
      {{"id", "soon"}, {"title", "Soon"}, {"each", "within_s"}, {"expr", "count() where wait_s <= option.within_s"}});
  report["measures"].push_back({{"id", "all"}, {"title", "All"}, {"expr", "company(count())"}});
  report["filters"] = {{{"id", "outcome"}, {"title", "Outcome"}, {"expr", "outcome"}}};
  return report;
}

TEST_F(RunReport, AShareIsOfTheTotalAndTheCompanyKnowsNoFilter) {
  const auto report = json(by_direction(), {.settings = {{"outcome", "answered"}}});
  EXPECT_EQ(row(report, "in")["cells"]["m"], 2);
  EXPECT_EQ(row(report, "out")["parts"]["share"], (Json{1, 3}));
  EXPECT_EQ(row(report, "out")["cells"]["all"], 4);
  EXPECT_EQ(report["total"]["share"], 100);
  EXPECT_EQ(report["total"]["all"], 4);
}

TEST_F(RunReport, BehindAShareAreTheRowsOfTheTotalAndThoseOfItsRowCount) {
  const auto rows = json(by_direction(), {.drill = "out:share"});
  EXPECT_EQ(rows.size(), 4u);
  EXPECT_EQ(json(by_direction(), {.settings = {{"outcome", "missed"}}, .drill = "in:all"}).size(), 4u);
}

TEST_F(RunReport, AnOptionOfNumbersMakesAColumnForEach) {
  const auto report = json(by_direction());
  EXPECT_EQ(row(report, "in")["cells"]["soon_20"], 2);
  EXPECT_EQ(row(report, "in")["cells"]["soon_5_5"], 1);
  const auto asked = json(by_direction(), {.settings = {{"within_s", "40"}}});
  EXPECT_EQ(row(asked, "in")["cells"]["soon_40"], 3);
  EXPECT_FALSE(asked["total"].contains("soon_20"));
}

TEST_F(RunReport, AnOptionChoosesWhatTheRowsAre) {
  const auto report = json(by_direction(), {.settings = {{"by", "day"}}});
  EXPECT_THAT(keys(report), ElementsAre("2026-03-02"));
  EXPECT_EQ(report["columns"][0]["title"], "Day");
}

TEST_F(RunReport, APeriodOfItsOwnTakesRowsByAnotherTime) {
  auto report = one("count() where in_period(answered_at)");
  report["period"] = {{{"expr", "in_period(answered_at)"}}};
  add(CallRow{.id = "late", .started_ms = at("2026-03-02 23:59:50"), .answered_ms = at("2026-03-03 00:00:00")});
  const auto ask = [&](const char* day) { return json(report, {.from = day, .to = day})["total"]["m"]; };
  EXPECT_EQ(ask("2026-03-02"), 0);
  EXPECT_EQ(ask("2026-03-03"), 1);
}

TEST_F(RunReport, AListHasARowForEachCallAndSaysOnlyWhatAllAgreeOn) {
  auto list = one("sum_known(wait_s)");
  list["dimensions"] = {{{"id", "id"}, {"title", "Call"}, {"expr", "id"}, {"hidden", true}}};
  list["measures"].push_back({{"id", "who"}, {"title", "Who"}, {"expr", "only(employee)"}});
  list["measures"].push_back({{"id", "tags"}, {"title", "Tags"}, {"expr", "only(tags)"}});
  list["sort"] = {"-who"};
  const auto report = json(list);
  EXPECT_THAT(keys(report), ElementsAre("k1", "k2", "k4", "k3"));
  EXPECT_EQ(report["columns"].size(), 3u);
  EXPECT_EQ(row(report, "k2")["cells"], (Json{{"m", 5.5}, {"who", "Иванова А."}, {"tags", "жалоба; цена"}}));
  EXPECT_EQ(row(report, "k4")["cells"]["m"], nullptr);
  EXPECT_EQ(report["total"], (Json{{"m", 65.5}, {"who", nullptr}, {"tags", nullptr}}));
  EXPECT_EQ(json(list, {.drill = "k2:who"}).size(), 1u);
}

TEST_F(RunReport, TheJsonIsTheOneThatWasPromised) {
  const auto report = json(managers(), {.from = "2026-03-02", .to = "2026-03-02"});
  EXPECT_EQ(report["report"], "test");
  EXPECT_EQ(report["title"], "By manager");
  EXPECT_EQ(report["period"],
            (Json{{"from", "2026-03-01T21:00:00.000Z"}, {"to", "2026-03-02T21:00:00.000Z"}, {"timezone", kMoscow}}));
  EXPECT_EQ(report["options"], (Json{{"credit", "first"}, {"hide_missed", false}}));
  EXPECT_EQ(report["as_of"], "2026-03-05T09:00:00.000Z");
  EXPECT_EQ(report["columns"][0], (Json{{"id", "manager"},
                                        {"title", "Manager"},
                                        {"kind", "dimension"},
                                        {"type", "text"},
                                        {"definition", "Who talked"},
                                        {"formula", "employee"}}));
  EXPECT_EQ(report["columns"][3], (Json{{"id", "missed_share"},
                                        {"title", "Missed"},
                                        {"kind", "measure"},
                                        {"type", "percent"},
                                        {"definition", "Share"},
                                        {"formula", "missed / calls"}}));
  EXPECT_EQ(row(report, "ivanova"), (Json{{"key", "ivanova"},
                                          {"cells",
                                           {{"manager", "Иванова А."},
                                            {"calls", 2},
                                            {"talk_s", 560.001},
                                            {"missed_share", 0},
                                            {"average_wait_s", 12.75},
                                            {"contacts", 1}}},
                                          {"parts", {{"missed_share", {0, 2}}, {"average_wait_s", {25.5, 2}}}}}));
  EXPECT_EQ(
      report["total"],
      (Json{{"calls", 4}, {"talk_s", 590.001}, {"missed_share", 25}, {"average_wait_s", 12.75}, {"contacts", 2}}));
  EXPECT_EQ(report["total_parts"], (Json{{"missed_share", {1, 4}}, {"average_wait_s", {25.5, 2}}}));
  std::vector<std::string> names;
  for (const auto& [name, value] : report.items()) names.push_back(name);
  EXPECT_THAT(names, testing::UnorderedElementsAre("report", "title", "period", "options", "columns", "rows", "total",
                                                   "total_parts", "as_of"));
}

TEST_F(RunReport, NamesAreInTheOrderOfTheLanguageAndNotAssignedIsLast) {
  language_ = "ru";
  const auto report = json(managers());
  EXPECT_THAT(keys(report), ElementsAre("orlov", "ivanova", "-"));  // Ёжиков, Иванова
  EXPECT_EQ(row(report, "-")["cells"]["manager"], "Не назначен");
  EXPECT_EQ(report["title"], "По менеджерам");
  EXPECT_EQ(report["columns"][0]["definition"], "Кто говорил");
}

TEST_F(RunReport, NotAssignedIsLastWhicheverWayAColumnIsSorted) {
  auto definition = managers();
  definition["sort"] = {"-calls"};
  EXPECT_THAT(keys(json(definition)), ElementsAre("ivanova", "orlov", "-"));
  definition["sort"] = {"calls"};
  EXPECT_THAT(keys(json(definition)), ElementsAre("orlov", "-", "ivanova"));  // equal counts: by name, nobody last
  definition["sort"] = {"-manager"};
  EXPECT_THAT(keys(json(definition)), ElementsAre("ivanova", "orlov", "-"));
  definition["sort"] = {"-average_wait_s"};
  EXPECT_THAT(keys(json(definition)), ElementsAre("ivanova", "orlov", "-"));  // unknown last
}

TEST_F(RunReport, WithCreditLastACallFallsToWhoFinishedIt) {
  const auto report = json(managers(), {.settings = {{"credit", "last"}}});
  EXPECT_EQ(row(report, "ivanova")["cells"]["talk_s"], 210.001);
  EXPECT_EQ(row(report, "petrov")["cells"]["talk_s"], 350);
  EXPECT_EQ(row(report, "-")["cells"]["calls"], 1);
  EXPECT_EQ(report["total"]["talk_s"], 590.001);
}

TEST_F(RunReport, WithCreditEachRowsAddUpToMoreThanTheTotal) {
  const auto report = json(managers(), {.settings = {{"credit", "each"}}});
  EXPECT_EQ(row(report, "ivanova")["cells"]["calls"], 2);
  EXPECT_EQ(row(report, "ivanova")["cells"]["talk_s"], 250.001);
  EXPECT_EQ(row(report, "petrov")["cells"]["calls"], 1);
  EXPECT_EQ(row(report, "petrov")["cells"]["talk_s"], 300);
  EXPECT_EQ(report["total"]["calls"], 4);
  EXPECT_EQ(report["total"]["talk_s"], 580.001);
}

TEST_F(RunReport, WithCreditEachAChosenEmployeeHasOnlyOwnTalk) {
  const auto report = json(managers(), {.settings = {{"credit", "each"}, {"who", "petrov"}}});
  EXPECT_THAT(keys(report), ElementsAre("petrov"));
  EXPECT_EQ(report["total"]["calls"], 1);
  EXPECT_EQ(report["total"]["talk_s"], 300);
}

TEST_F(RunReport, FiltersAreOrWithinAndAndBetween) {
  EXPECT_EQ(json(managers(), {.settings = {{"who", "ivanova,-"}}})["total"]["calls"], 3);
  EXPECT_EQ(json(managers(), {.settings = {{"tag", "цена"}}})["total"]["calls"], 2);
  EXPECT_EQ(json(managers(), {.settings = {{"tag", "жалоба,-"}, {"who", "ivanova,orlov"}}})["total"]["calls"], 2);
  const auto options = json(managers(), {.settings = {{"who", "ivanova,-"}}, .where = "missed"})["options"];
  EXPECT_EQ(options,
            (Json{{"credit", "first"}, {"hide_missed", false}, {"who", {"ivanova", "-"}}, {"where", "missed"}}));
}

TEST_F(RunReport, OptionsDecideWhichRowsEnterAndWhichColumnsShow) {
  auto definition = managers();
  definition["measures"][2]["when"] = "not option.hide_missed";
  definition["measures"][0]["cases"] = Json::parse(R"json([
    {"when": "option.hide_missed", "expr": "count() * 100", "formula": "hundreds"}])json");
  const auto report = json(definition, {.settings = {{"hide_missed", "true"}}});
  EXPECT_EQ(report["total"], (Json{{"calls", 300}, {"talk_s", 590.001}, {"average_wait_s", 12.75}, {"contacts", 2}}));
  EXPECT_EQ(report["columns"][1]["formula"], "hundreds");
  EXPECT_EQ(report["columns"].size(), 5u);
}

TEST_F(RunReport, KeysJoinIdsAndEncodeWhatWouldBeMistaken) {
  add(CallRow{.id = "k5", .employee = "a/b:c", .extension = "10%"});
  auto definition = managers();
  definition["dimensions"].push_back({{"id", "extension"}, {"title", "Ext"}, {"expr", "extension"}});
  const auto report = json(definition);
  EXPECT_THAT(keys(report), testing::Contains("a%2Fb%3Ac/10%25"));
  EXPECT_THAT(keys(report), testing::Contains("-/-"));
  EXPECT_EQ(row(report, "-/-")["cells"]["extension"], nullptr);
  EXPECT_EQ(drilled(definition, "a%2Fb%3Ac/10%25:calls"), Json{"k5"});
}

TEST_F(RunReport, AWholeNumberIsANumberInItsCellAndInItsOrder) {
  const auto report = json(Json::parse(R"json({
    "title": "T", "rows": "calls", "dimensions": [{"id": "hour", "title": "H", "expr": "hour(started_at)"}],
    "measures": [{"id": "calls", "title": "C", "expr": "count()"}]})json"));
  EXPECT_THAT(keys(report), ElementsAre("9", "10", "11", "12"));
  EXPECT_EQ(report["rows"][0]["cells"], (Json{{"hour", 9}, {"calls", 1}}));
  EXPECT_EQ(report["columns"][0]["type"], "integer");
}

TEST_F(RunReport, ARateWithoutADenominatorIsNull) {
  const auto report = json(one("(count() where missed) / (count() where rating > 3)", "calls", "percent"));
  EXPECT_EQ(report["total"]["m"], nullptr);
  EXPECT_EQ(report["total_parts"]["m"], (Json{1, 0}));
}

TEST_F(RunReport, OfNothingCountsAndSumsAreZeroAndTheRestIsUnknown) {
  const auto report = json(managers(), {.from = "2030-01-01"});
  EXPECT_EQ(report["rows"], Json::array());
  EXPECT_EQ(
      report["total"],
      (Json{{"calls", 0}, {"talk_s", 0}, {"missed_share", nullptr}, {"average_wait_s", nullptr}, {"contacts", 0}}));
  EXPECT_EQ(json(one("max(wait_s)"), {.from = "2030-01-01"})["total"]["m"], nullptr);
}

TEST_F(RunReport, PercentilesAreOfTheNearestRank) {
  EXPECT_EQ(total("percentile(wait_s, 50)"), 20);     // of 5.5, 20, 40 the second
  EXPECT_EQ(total("percentile(wait_s, 33.3)"), 5.5);  // 0.999th: the first
  EXPECT_EQ(total("percentile(wait_s, 33.4)"), 20);   // 1.002th: the second
  EXPECT_EQ(total("percentile(wait_s, 100)"), 40);
  EXPECT_EQ(total("percentile(wait_s, 90) where answered"), 20);
  EXPECT_EQ(total("percentile(rating, 50)"), nullptr);
  auto definition = managers();
  definition["measures"] = {{{"id", "m"}, {"title", "M"}, {"expr", "percentile(wait_s, 50)"}}};
  const auto report = json(definition);
  EXPECT_EQ(row(report, "ivanova")["cells"]["m"], 5.5);
  EXPECT_EQ(row(report, "orlov")["cells"]["m"], nullptr);
}

TEST_F(RunReport, FiguresAreMadeOfWholesAndNotOfFigures) {
  EXPECT_EQ(total("floor(sum(talk_s) / 60)"), 9);  // 590 s
  EXPECT_EQ(total("sum(floor(talk_s / 60))"), 5 + 3 + 0 + 0);
  EXPECT_EQ(total("sum(ceil(talk_s / 60))"), 6 + 4 + 0 + 1);
  EXPECT_EQ(total("sum(talk_s) / 7 * 7"), 590.001);
  EXPECT_EQ(total("min(wait_s)"), 5.5);
  EXPECT_EQ(total("max(started_at)"), "2026-03-02T09:00:00.000Z");
  EXPECT_EQ(total("coalesce(max(called_back_at), '2026-03-01')"), "2026-02-28T21:00:00.000Z");
  EXPECT_EQ(total("count() - (count() where missed)"), 3);
  EXPECT_EQ(total("coalesce(avg(rating), -1)"), -1);
  EXPECT_EQ(total("avg(talk_s) + 1 - count()"), 590.001 / 4 + 1 - 4);
}

TEST_F(RunReport, AFigureBeyond64BitsIsRefusedAndNotRounded) {
  add(CallRow{.id = "big1", .talk_ms = std::int64_t{1} << 62});
  add(CallRow{.id = "big2", .talk_ms = std::int64_t{1} << 62});
  const auto answer = run(one("sum(talk_s)"), {.format = "json"});
  EXPECT_THAT(answer, HasSubstr("a figure is too large to be exact"));
}

TEST_F(RunReport, MoneyOverTwoCurrenciesIsNull) {
  add(LeadRow{.id = "l1", .stage = "check", .currency = "RUB", .amount = 500'000'00});
  add(LeadRow{.id = "l2", .stage = "check", .currency = "RUB", .amount = 25});
  add(LeadRow{.id = "l3", .stage = "deal_done", .currency = "EUR", .amount = 100});
  add(LeadRow{.id = "l4", .stage = "deal_done"});
  add(LeadRow{.id = "l5", .stage = "booking", .amount = 7});
  add(LeadRow{.id = "gone", .stage = "check", .currency = "EUR", .amount = 9, .is_deleted = true});
  add(LeadRow{.id = "merged", .stage = "check", .currency = "EUR", .merged_into = "l1", .amount = 9});
  auto definition = one("sum(amount)", "leads");
  definition["dimensions"] = {{{"id", "stage"}, {"title", "Stage"}, {"expr", "stage"}}};
  const auto report = json(definition);
  EXPECT_EQ(row(report, "check")["cells"]["m"], 500'000'25);
  EXPECT_EQ(row(report, "check")["cells"]["stage"], "Проверка");
  EXPECT_EQ(row(report, "deal_done")["cells"]["m"], 100);
  EXPECT_EQ(row(report, "booking")["cells"]["m"], 7);
  EXPECT_EQ(report["total"]["m"], nullptr);
  EXPECT_EQ(report["columns"][1]["type"], "money");
  EXPECT_EQ(json(one("sum(amount)", "leads"), {.where = "currency is null"})["total"]["m"], 7);
  EXPECT_EQ(json(one("sum(amount)", "leads"), {.where = "currency is null or currency = 'EUR'"})["total"]["m"],
            nullptr);
}

TEST_F(RunReport, ShowEmptyAddsWhoHadNothing) {
  const auto report = json(managers(), {.settings = {{"show_empty", "true"}}});
  EXPECT_THAT(keys(report), ElementsAre("orlov", "ivanova", "petrov", "-"));
  EXPECT_EQ(row(report, "petrov")["cells"], (Json{{"manager", "Петров Б."},
                                                  {"calls", 0},
                                                  {"talk_s", 0},
                                                  {"missed_share", nullptr},
                                                  {"average_wait_s", nullptr},
                                                  {"contacts", 0}}));
  EXPECT_THAT(keys(json(managers(), {.settings = {{"show_empty", "true"}, {"who", "petrov"}}})), ElementsAre("petrov"));
}

TEST_F(RunReport, TheTableIsForPeople) {
  language_ = "ru";
  const auto table = run(managers(), {.from = "2026-03-02", .to = "2026-03-02", .format = "table"});
  EXPECT_EQ(table,
            "По менеджерам\n"
            "2026-03-02T00:00:00.000+03:00 – 2026-03-03T00:00:00.000+03:00, Europe/Moscow\n\n"
            "Менеджер     Звонков   Talk  Missed   ASA  Contacts\n"
            "───────────  ───────  ─────  ──────  ────  ────────\n"
            "Ёжиков В.          1   30.0    0.00     —         1\n"
            "Иванова А.         2  560.0    0.00  12.8         1\n"
            "Не назначен        1    0.0  100.00     —         0\n"
            "───────────  ───────  ─────  ──────  ────  ────────\n"
            "Итого              4  590.0   25.00  12.8         2\n");
}

TEST_F(RunReport, TheCsvHasTheSameFiguresAndEmptyForUnknown) {
  EXPECT_EQ(run(managers(), {.format = "csv"}),
            "Manager,Calls,Talk,Missed,ASA,Contacts\r\n"
            "Ёжиков В.,1,30.0,0.00,,1\r\n"
            "Иванова А.,2,560.0,0.00,12.8,1\r\n"
            "Not assigned,1,0.0,100.00,,0\r\n"
            "Total,4,590.0,25.00,12.8,2\r\n");
}

TEST_F(RunReport, NdjsonIsARowALineAndTheTotalLast) {
  std::stringstream lines(run(managers(), {.format = "ndjson"}));
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);) found.push_back(Json::parse(line)["key"]);
  EXPECT_THAT(found, ElementsAre("orlov", "ivanova", "-", "total"));
}

TEST_F(RunReport, WrongQuestionsAreAnsweredWithTheRightWord) {
  EXPECT_EQ(run(managers(), {.format = "jsn"}), "error: there is no format \"jsn\"; did you mean \"json\"?");
  EXPECT_EQ(run(managers(), {.settings = {{"hide", "1"}}, .format = "json"}),
            "error: report test has no option or filter \"hide\"");
  EXPECT_EQ(run(managers(), {.where = "wait_s > 'x'", .format = "json"}),
            "error: where: column 8: a duration cannot be compared with a text");
  EXPECT_EQ(run(managers(), {.settings = {{"who", "ivanva"}}, .format = "json"}),
            "error: there is no employee \"ivanva\"; did you mean \"ivanova\"?");
}

TEST_F(RunReport, AWriterThatTakesNoMoreEndsTheAnswer) {
  const auto report = parse_report("test", managers().dump());
  const hkl_writer full = {sizeof(hkl_writer), 0, nullptr,
                           [](void*, hkl_bytes) -> hkl_status { return HKL_CANCELLED; }};
  const auto done = run_report(**report, {.format = "json"}, with(), reader(), full);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().status, HKL_CANCELLED);
}

// SQLite's parser has a stack of a hundred places; whatever the checker takes has to fit, in the widest statement.
TEST_F(RunReport, TheDeepestExpressionsTheCheckerTakesAreRunEverywhere) {
  const std::vector<std::pair<std::string, std::string>> grown = {
      {"not ", ""},
      {"inbound or (answered and ", ")"},
      {"(", " or inbound) and answered"},
      {"rating in (rating, floor(coalesce(1.5, hour(coalesce(answered_at, started_at) + 1s) / 2))) or not (", ")"},
      {"made_lead_groups = 'x' or tags contains made_lead_stage or (lead_groups is null and ", ")"}};
  for (const auto& [before, after] : grown) {
    std::string deepest = "missed", next = deepest;
    while (parse_report("test", one("count() where " + next).dump())) {
      deepest = next;
      next = before + next + after;
    }
    auto definition = managers();
    definition["terms"] = {{{"id", "deep"}, {"expr", deepest}}};
    definition["dimensions"].push_back({{"id", "d"}, {"title", "D"}, {"expr", "coalesce(employee, day(started_at))"}});
    definition["measures"].push_back(
        {{"id", "p"}, {"title", "P"}, {"expr", "percentile(talk_s * 1.5, 50) where deep"}});
    definition["measures"].push_back({{"id", "n"}, {"title", "N"}, {"expr", "distinct(client_name) where deep"}});
    definition["where"].push_back({{"expr", "deep"}});
    for (const auto* credit : {"first", "last", "each"}) {
      const ReportQuery query = {.settings = {{"credit", credit}, {"tag", "цена,-"}}, .where = deepest};
      EXPECT_TRUE(json(definition, query).is_object()) << json(definition, query) << "\n" << deepest;
      EXPECT_TRUE(drilled(definition, "total:n", query).is_array()) << drilled(definition, "total:n", query);
      EXPECT_TRUE(drilled(definition, "total:p", query).is_array()) << drilled(definition, "total:p", query);
    }
  }
}

TEST_F(RunReport, CallsThatGoOnAreInWhereTheDefinitionAsksForThem) {
  // "open" of the fixture goes on.
  add(CallRow{.id = "own", .direction = "internal", .is_over = false});
  const auto definition = Json::parse(R"json({
    "title": "Calls", "rows": "calls", "options": [{"id": "include_ongoing", "title": "O", "type": "bool"}],
    "rows_when": [{"rows": "calls_with_ongoing", "when": "option.include_ongoing"}],
    "measures": [{"id": "calls", "title": "Calls", "expr": "count()"}]})json");
  const auto without = drilled(definition, "total:calls");
  EXPECT_EQ(std::count(without.begin(), without.end(), "open"), 0);
  const auto with = drilled(definition, "total:calls", {.settings = {{"include_ongoing", "true"}}});
  EXPECT_EQ(std::count(with.begin(), with.end(), "open"), 1);
  EXPECT_EQ(with.size(), without.size() + 1);
}

}  // namespace
}  // namespace hkl
