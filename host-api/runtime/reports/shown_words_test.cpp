#include "reports/shown_words.h"

#include <gtest/gtest.h>

#include "reports/test_store.h"

namespace hkl {
namespace {

TEST(ShownWords, EveryWordOfEveryFieldIsSaidInRussian) {
  for (const auto name : entity_names())
    for (const auto& field : entity_named(name)->fields)
      for (const auto word : field.words) {
        const std::string text(word);
        EXPECT_EQ(shown_word(field, text, "en"), text);
        EXPECT_TRUE(text == "api" || shown_word(field, text, "ru") != text) << name << " " << field.name << " " << text;
      }
}

class Words : public ReportStore {
 protected:
  Words() {
    language_ = "ru";
    add(CallRow{.id = "k1", .outcome = "missed", .finish_reason = "client_hung_up"});
  }
  Json definition_ = Json::parse(R"json({
    "title": "Calls", "rows": "calls",
    "dimensions": [{"id": "outcome", "title": "O", "expr": "outcome"},
                   {"id": "haste", "title": "H", "expr": "if(wait_s > 5, 'slow', 'quick')",
                    "words": {"quick": {"ru": "Скоро", "en": "Soon"}}}],
    "measures": [{"id": "reason", "title": "R", "expr": "only(finish_reason)"},
                 {"id": "calls", "title": "C", "expr": "count()"}]})json");
};

TEST_F(Words, ArePeoplesInTablesAndPages) {
  for (const char* format : {"table", "html", "svg"}) {
    const auto text = run(definition_, {.format = format});
    EXPECT_NE(text.find("Потерянный"), text.npos) << text;
    EXPECT_NE(text.find("Скоро"), text.npos) << text;
    EXPECT_EQ(text.find("missed"), text.npos) << text;
  }
  EXPECT_NE(run(definition_, {.format = "table"}).find("Абонент разорвал соединение"), std::string::npos);
  EXPECT_NE(run(definition_, {.drill = "total:reason", .format = "table"}).find("Потерянный"), std::string::npos);
}

TEST_F(Words, OfAnAnsweredCallSayWhichWayItWent) {
  add(CallRow{.id = "k2", .direction = "in", .outcome = "answered"});
  add(CallRow{.id = "k3", .direction = "out", .outcome = "answered"});
  const auto list = Json::parse(R"json({
    "title": "Calls", "rows": "calls", "sort": ["call"],
    "dimensions": [{"id": "call", "title": "C", "expr": "id"}],
    "measures": [{"id": "status", "title": "S", "expr": "only(outcome)"},
                 {"id": "direction", "title": "D", "expr": "only(direction)"}]})json");
  const auto shown = run(list, {.format = "html"});
  EXPECT_NE(shown.find("<td>k2</td><td>Принятый</td><td>Входящий</td>"), shown.npos) << shown;
  EXPECT_NE(shown.find("<td>k3</td><td>Состоявшийся</td><td>Исходящий</td>"), shown.npos) << shown;
  const auto behind = run(list, {.drill = "k2:status", .format = "table"});
  EXPECT_NE(behind.find("Принятый"), behind.npos) << behind;
  // Together they are both.
  EXPECT_NE(run(definition_, {.format = "table"}).find("Принятый / состоявшийся"), std::string::npos);
  definition_["dimensions"].push_back({{"id", "way"}, {"title", "W"}, {"expr", "direction"}});
  const auto parted = run(definition_, {.format = "table"});
  EXPECT_NE(parted.find("Состоявшийся"), parted.npos) << parted;
  EXPECT_EQ(parted.find(" / "), parted.npos) << parted;
}

TEST_F(Words, AreTheRecordsOwnInFilesForMachines) {
  EXPECT_NE(run(definition_, {.format = "csv"}).find("missed,quick,client_hung_up,1"), std::string::npos);
  EXPECT_EQ(json(definition_)["rows"][0]["cells"],
            (Json{{"outcome", "missed"}, {"haste", "quick"}, {"reason", "client_hung_up"}, {"calls", 1}}));
}

TEST_F(Words, OfADefinitionAreCheckedAsItsOtherTexts) {
  definition_["dimensions"][1]["words"]["slow"] = Json{{"ru", "Долго"}};
  EXPECT_EQ(run(definition_, {.format = "table"}), "error: report test: dimensions[1].words.slow.en: is missing");
}

}  // namespace
}  // namespace hkl
