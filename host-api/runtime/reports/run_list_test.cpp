// Lists of records: which, in what order, in which form.
#include <gmock/gmock.h>

#include "hookline/runtime.h"
#include "reports/test_store.h"

namespace hkl {
namespace {

using testing::HasSubstr;

class RunList : public ReportStore {
 protected:
  RunList() {
    add(CallRow{.id = "k1",
                .started_ms = at("2026-03-02 09:00"),
                .employee = "ivanova",
                .client_number = "+79161110001",
                .wait_ms = 12'300,
                .talk_ms = 210'000,
                .tags = {"цена"},
                .aliases = {"pbx1:other"}});
    add(CallRow{
        .id = "k3", .started_ms = at("2026-03-02 10:00"), .outcome = "missed", .client_name = "=1+1", .talk_ms = 0});
    add(CallRow{.id = "k2", .started_ms = at("2026-03-02 10:00"), .direction = "internal"});
    add(CallRow{.id = "open", .is_over = false});
  }
  // The ids in their order.
  Json ids(ListQuery query) {
    query.format = "json";
    const auto text = list(query);
    if (text.starts_with("error: ")) return text;
    auto found = Json::array();
    for (const auto& row : Json::parse(text)) found.push_back(row["id"]);
    return found;
  }
  Json calls(const std::string& where) { return ids({.entity = HKL_ENTITY_CALL, .where = where}); }
};

TEST_F(RunList, NewestFirstTiesByIdAndNothingThatGoesOn) {
  EXPECT_EQ(ids({.entity = HKL_ENTITY_CALL}), (Json{"k2", "k3", "k1"}));
}

TEST_F(RunList, TheLimitKeepsTheNewest) {
  EXPECT_EQ(ids({.entity = HKL_ENTITY_CALL, .page = {.limit = 1}}), Json{"k2"});
}

TEST_F(RunList, ThePeriodIsHalfOpen) {
  EXPECT_EQ(ids({.entity = HKL_ENTITY_CALL, .from = "2026-03-02T10:00"}), (Json{"k2", "k3"}));
  EXPECT_EQ(ids({.entity = HKL_ENTITY_CALL, .to = "2026-03-02T10:00"}), Json{"k1"});
  EXPECT_EQ(ids({.entity = HKL_ENTITY_CALL, .from = "2026-03-02", .to = "2026-03-02"}), (Json{"k2", "k3", "k1"}));
  EXPECT_EQ(ids({.entity = HKL_ENTITY_CALL, .from = "2026-03-03", .to = "2026-03-02"}),
            "error: the period ends (2026-03-02) before it begins (2026-03-03)");
}

TEST_F(RunList, WhereIsTheLanguageOfReports) {
  EXPECT_EQ(calls("missed and talk_s = 0"), Json{"k3"});
  EXPECT_EQ(calls("tags = 'цена' or direction = 'internal'"), (Json{"k2", "k1"}));
  EXPECT_EQ(calls("employee != 'ivanova'"), (Json{"k2", "k3"}));
  EXPECT_EQ(calls("wait_s > 12.2s and wait_s < 12.4"), Json{"k1"});
  EXPECT_EQ(calls("hour(started_at) = 10"), (Json{"k2", "k3"}));
}

TEST_F(RunList, AMistakeInWhereIsPointedAt) {
  EXPECT_EQ(calls("missed and talk > 3"),
            "error: where: column 12: there is no field \"talk\"; did you mean \"talk_s\"?");
  EXPECT_EQ(calls("option.x"), "error: where: column 1: there is no option \"x\"");
  EXPECT_EQ(calls("talk_s"), "error: where: column 1: a condition is needed here, this is a duration");
  EXPECT_EQ(calls("missed and"), "error: where: column 11: expected a field, a number or a text, found the end");
}

TEST_F(RunList, OneIsFoundByAnyOfItsNames) {
  EXPECT_EQ(ids({.entity = HKL_ENTITY_CALL, .id = "k1"}), Json{"k1"});
  EXPECT_EQ(ids({.entity = HKL_ENTITY_CALL, .id = "pbx1:other"}), Json{"k1"});
  EXPECT_EQ(ids({.entity = HKL_ENTITY_CALL, .id = "k9"}), "error: there is no call \"k9\"");
  add(LeadRow{.id = "hl-1"});
  sql().run("INSERT INTO crm_ids(entity, crm_id, id) VALUES('lead', '4711', 'hl-1')");
  EXPECT_EQ(ids({.entity = HKL_ENTITY_LEAD, .id = "4711"}), Json{"hl-1"});
}

// A live board has no other way to see it.
TEST_F(RunList, ACallThatGoesOnIsFoundByItsIdThoughNoListHasIt) {
  EXPECT_EQ(ids({.entity = HKL_ENTITY_CALL, .id = "open"}), Json{"open"});
}

TEST_F(RunList, JsonIsAnArrayEvenOfNothing) {
  EXPECT_EQ(list({.entity = HKL_ENTITY_CALL, .where = "rating = 5", .format = "json"}), "[]\n");
  EXPECT_EQ(list({.entity = HKL_ENTITY_CALL, .where = "missed", .format = "json"}),
            "[\n{\"direction\":\"in\",\"id\":\"k3\"}\n]\n");
}

TEST_F(RunList, NdjsonLinesBeginWithTheirType) {
  EXPECT_EQ(list({.entity = HKL_ENTITY_CALL, .where = "missed or id = 'k1'", .format = "ndjson"}),
            "{\"type\":\"call\",\"direction\":\"in\",\"id\":\"k3\"}\n"
            "{\"type\":\"call\",\"direction\":\"in\",\"id\":\"k1\"}\n");
  EXPECT_EQ(list({.entity = HKL_ENTITY_CALL, .where = "rating = 5", .format = "ndjson"}), "");
}

TEST_F(RunList, CsvHasTheNamesOfTheLanguageAndIds) {
  EXPECT_EQ(list({.entity = HKL_ENTITY_CALL, .where = "id = 'k1'", .format = "csv"}),
            "started_at,direction,client_number,line,employee,extension,outcome,finish_reason,wait_s,talk_s,id\r\n"
            "2026-03-02 09:00:00+03:00,in,+79161110001,,ivanova,,answered,,12.3,210,k1\r\n");
  EXPECT_EQ(list({.entity = HKL_ENTITY_CALL, .where = "rating = 5", .format = "csv"}),
            "started_at,direction,client_number,line,employee,extension,outcome,finish_reason,wait_s,talk_s,id\r\n");
}

TEST_F(RunList, TheTableIsForPeople) {
  language_ = "ru";
  const auto table = list({.entity = HKL_ENTITY_CALL, .where = "id = 'k1'", .format = "table"});
  EXPECT_THAT(table, HasSubstr("Дата и время"));
  EXPECT_THAT(table, HasSubstr("Иванова А."));
  EXPECT_THAT(table, HasSubstr("2026-03-02 09:00:00+03:00"));
  EXPECT_THAT(table, HasSubstr("  —  "));
}

TEST_F(RunList, AnUnknownFormatNamesTheNearest) {
  EXPECT_EQ(list({.entity = HKL_ENTITY_CALL, .format = "cvs"}),
            "error: there is no format \"cvs\"; did you mean \"csv\"?");
  EXPECT_EQ(list({.entity = HKL_ENTITY_CALL, .format = "parquet"}),
            "error: there is no format \"parquet\"; take table, json, ndjson, csv, xlsx, html, svg");
}

TEST_F(RunList, AnOpenTaskPastItsDeadlineIsOverdueAtTheMomentOfAsking) {
  add(TaskRow{.id = "t1", .deadline_ms = at("2026-03-05 11:59")});
  add(TaskRow{.id = "t2", .deadline_ms = at("2026-03-05 12:00")});
  add(TaskRow{.id = "t3", .state = "done", .deadline_ms = at("2026-03-02 12:00")});
  EXPECT_EQ(ids({.entity = HKL_ENTITY_TASK, .where = "state = 'overdue'"}), Json{"t1"});
  const auto tasks = Json::parse(list({.entity = HKL_ENTITY_TASK, .format = "json"}));
  EXPECT_EQ(tasks[0]["state"], "overdue");
  EXPECT_EQ(tasks[1]["state"], "open");
  EXPECT_EQ(tasks[2]["state"], "done");
  now_ms_ = at("2026-03-05 11:00");
  EXPECT_EQ(ids({.entity = HKL_ENTITY_TASK, .where = "state = 'overdue'"}), Json::array());
}

TEST_F(RunList, ALeadThatIsDeletedIsInNoList) {
  add(LeadRow{.id = "l1"});
  add(LeadRow{.id = "l2", .is_deleted = true});
  add(LeadRow{.id = "l3", .stage_groups = "|in_work|open|", .merged_into = "l1"});
  EXPECT_EQ(ids({.entity = HKL_ENTITY_LEAD}), (Json{"l1", "l3"}));
  EXPECT_EQ(ids({.entity = HKL_ENTITY_LEAD, .where = "groups = 'in_work'"}), Json{"l3"});
  EXPECT_EQ(ids({.entity = HKL_ENTITY_LEAD, .where = "groups = 'work'"}), Json::array());
  EXPECT_EQ(ids({.entity = HKL_ENTITY_LEAD, .where = "groups is null"}), Json{"l1"});
}

TEST_F(RunList, EveryEntityHasAListWithItsColumns) {
  for (const auto entity : {HKL_ENTITY_CONTACT, HKL_ENTITY_LEAD, HKL_ENTITY_TASK, HKL_ENTITY_CALL, HKL_ENTITY_INQUIRY})
    EXPECT_THAT(list({.entity = static_cast<std::uint32_t>(entity), .format = "csv"}), HasSubstr("id\r\n"));
  EXPECT_THAT(list({.entity = 99, .format = "csv"}), HasSubstr("99 is no kind of record that is listed"));
}

}  // namespace
}  // namespace hkl
