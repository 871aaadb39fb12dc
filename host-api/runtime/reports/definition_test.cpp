#include "reports/definition.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace hkl {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;

Json good() {
  return Json::parse(R"json({
    "id": "test", "title": {"ru": "Звонки", "en": "Calls"}, "rows": "calls",
    "credit": {"default": "first", "allowed": ["first", "last"]},
    "terms": [{"id": "lost", "expr": "missed and is_target"}],
    "dimensions": [{"id": "manager", "title": {"ru": "Менеджер", "en": "Manager"}, "expr": "employee",
                    "empty": {"ru": "Не назначен", "en": "Not assigned"}}],
    "measures": [{"id": "calls", "title": "Calls", "expr": "count()"}],
    "filters": [{"id": "who", "title": "Who", "expr": "employee"}],
    "options": [{"id": "hide_missed", "title": "Hide", "type": "bool"}],
    "where": [{"expr": "answered", "when": "option.hide_missed"}],
    "sort": ["-calls", "manager"]})json");
}

std::vector<std::string> complaints(const Json& json) {
  const auto definition = read_definition("test", json.is_string() ? json.get<std::string>() : json.dump());
  std::vector<std::string> lines;
  if (definition) return lines;
  EXPECT_EQ(definition.error().status, HKL_BAD_SETTINGS);
  std::stringstream text(definition.error().text);
  for (std::string line; std::getline(text, line);) {
    EXPECT_TRUE(line.starts_with("report test: ")) << line;
    lines.push_back(line.substr(13));
  }
  return lines;
}
std::vector<std::string> after(const char* pointer, const Json& value) {
  auto json = good();
  json[Json::json_pointer(pointer)] = value;
  return complaints(json);
}

TEST(Definition, AGoodOneIsReadWhole) {
  const auto definition = read_definition("test", good().dump());
  ASSERT_TRUE(definition) << definition.error().text;
  EXPECT_EQ(definition->title.in("ru"), "Звонки");
  EXPECT_EQ(definition->title.in("en"), "Calls");
  EXPECT_EQ(definition->dimensions[0].name_of, NameOf::employee);
  EXPECT_EQ(definition->dimensions[0].formula, "employee");
  EXPECT_EQ(definition->measures[0].display, Display::integer);
  EXPECT_EQ(definition->options[0].default_value, Value(false));
  EXPECT_TRUE(definition->sort[0].is_descending);
  EXPECT_FALSE(definition->sort[1].is_descending);
}

TEST(Definition, TheTypeOfAMeasureFollowsFromItsExpression) {
  auto json = good();
  json["measures"] = Json::parse(R"json([
    {"id": "a", "title": "A", "expr": "sum(talk_s)"}, {"id": "b", "title": "B", "expr": "avg(rating)"},
    {"id": "c", "title": "C", "expr": "max(started_at)"}, {"id": "d", "title": "D", "expr": "count() / count()",
     "type": "percent"}])json");
  json.erase("sort");
  const auto definition = read_definition("test", json.dump());
  ASSERT_TRUE(definition) << definition.error().text;
  std::vector<std::string_view> words;
  for (const auto& measure : definition->measures) words.push_back(word(measure.display));
  EXPECT_THAT(words, ElementsAre("seconds", "decimal", "time", "percent"));
}

TEST(Definition, EveryMistakeIsToldAtOnceWithItsPath) {
  auto json = good();
  json["dimensions"][0]["expr"] = "employe";
  json["dimensions"][0]["titel"] = "x";
  json["measures"][0]["expr"] = "count() where wait_s > 'x'";
  json["options"][0]["type"] = "boolean";
  json["sort"] = {"call"};
  EXPECT_THAT(
      complaints(json),
      ElementsAre("options[0].type: \"boolean\" is no type of an option; take bool, number, numbers, duration, enum, "
                  "text, texts or calendar",
                  "dimensions[0].expr, column 1: there is no field \"employe\"; did you mean \"employee\"?",
                  "dimensions[0].titel: there is no such member; did you mean \"title\"?",
                  "measures[0].expr, column 22: a duration cannot be compared with a text",
                  "sort: there is no column \"call\"; did you mean \"calls\"?"));
}

TEST(Definition, WhatIsNoDefinitionIsRefused) {
  EXPECT_THAT(complaints("{"), ElementsAre("the definition is no JSON"));
  EXPECT_THAT(complaints(Json::array()), testing::Contains("the definition: an object is needed here"));
  EXPECT_THAT(complaints(Json::object()), ElementsAre("title: is missing", "rows: is missing"));
}

TEST(Definition, TheDocumentsOwnMembersAreChecked) {
  EXPECT_THAT(after("/rows", "cals"),
              ElementsAre("rows: there are no rows \"cals\"; take one of calls, calls_with_ongoing, legs, "
                          "queue_entries, inquiries, leads, tasks, contacts"));
  EXPECT_THAT(after("/title", {{"ru", "Звонки"}}), ElementsAre("title.en: is missing"));
  EXPECT_THAT(after("/title", 5), ElementsAre("title: a text or {\"ru\": …, \"en\": …} is needed here"));
  EXPECT_THAT(after("/mesures", Json::array()),
              ElementsAre("mesures: there is no such member; did you mean \"measures\"?"));
  EXPECT_THAT(after("/measures", Json::object()),
              ElementsAre("measures: a list is needed here", "sort: there is no column \"calls\""));
  EXPECT_THAT(after("/dimensions/0", "employee"), testing::Contains("dimensions[0]: an object is needed here"));
  auto none = good();
  none.erase("measures");
  none.erase("sort");
  EXPECT_THAT(complaints(none), ElementsAre("measures: at least one is needed"));
}

TEST(Definition, CreditIsOfCallsAndItsDefaultIsAllowed) {
  EXPECT_THAT(after("/credit", {{"default", "each"}, {"allowed", {"first"}}}),
              ElementsAre("credit.allowed: the default has to be allowed"));
  EXPECT_THAT(after("/credit/default", "frist"),
              ElementsAre("credit.default: \"frist\" is no credit; take first, last or each"));
  EXPECT_THAT(after("/rows", "leads"), testing::Contains("credit: only calls are credited to somebody"));
}

TEST(Definition, AnIdIsSmallLettersAndTakenOnce) {
  EXPECT_THAT(after("/dimensions/0/id", "Manager"),
              testing::Contains("dimensions[0].id: \"Manager\" is no id; take small letters, digits and underscores"));
  EXPECT_THAT(after("/measures/0/id", "manager"), testing::Contains("measures[0].id: \"manager\" is taken already"));
  EXPECT_THAT(after("/filters/0/id", "hide_missed"), ElementsAre("filters[0].id: \"hide_missed\" is taken already"));
  EXPECT_THAT(after("/filters/0/id", "timezone"),
              ElementsAre("filters[0].id: \"timezone\" is a setting of every report"));
  EXPECT_THAT(after("/terms/0/id", "missed"), ElementsAre("terms[0].id: \"missed\" is a field already"));
}

TEST(Definition, OptionsFitTheirTypes) {
  const auto option = [](Json more) {
    more["id"] = "x";
    more["title"] = "X";
    return after("/options/1", more);
  };
  EXPECT_THAT(option({{"type", "enum"}}), ElementsAre("options[1].values: an enum needs its values"));
  EXPECT_THAT(option({{"type", "bool"}, {"values", {"a"}}}), ElementsAre("options[1].values: only an enum has values"));
  EXPECT_THAT(option({{"type", "enum"}, {"values", {"a", "b"}}, {"default", "c"}}),
              ElementsAre("options[1].default: is none of the values"));
  EXPECT_THAT(option({{"type", "number"}, {"default", "5"}}), ElementsAre("options[1].default: does not fit the type"));
  EXPECT_THAT(option({{"type", "number"}, {"default", 1e300}}),
              ElementsAre("options[1].default: this number has too many digits"));
  EXPECT_THAT(option({{"type", "number"}, {"default", 2.5}}), ElementsAre());
}

TEST(Definition, DimensionsAndFiltersTakeWhatHasNames) {
  EXPECT_THAT(after("/dimensions/0/expr", "talk_s"),
              ElementsAre("dimensions[0].expr: a dimension is a text or a whole number, this is a duration"));
  EXPECT_THAT(after("/filters/0/expr", "missed"),
              ElementsAre("filters[0].expr: a filter takes a text, a set of texts or a number, this is a condition"));
  EXPECT_THAT(after("/filters/0/expr", "tags"), ElementsAre());
  EXPECT_THAT(after("/dimensions/0/when", "missed"),
              ElementsAre("dimensions[0].when, column 1: only options can be asked here, as in \"option.missed\""));
  EXPECT_THAT(after("/where/0/expr", "talk_s"),
              ElementsAre("where[0].expr, column 1: a condition is needed here, this is a duration"));
}

TEST(Definition, AMeasureGivesWhatItsTypeShows) {
  EXPECT_THAT(after("/measures/0/type", "percents"),
              ElementsAre("measures[0].type: \"percents\" is no type of a measure; take text, integer, decimal, "
                          "percent, seconds, time or money"));
  EXPECT_THAT(after("/measures/0/type", "seconds"),
              ElementsAre("measures[0].type: the measure is of type seconds, but the expression gives a whole number"));
  EXPECT_THAT(after("/measures/0/expr", "count() > 1"),
              ElementsAre("measures[0].type: the measure is of type integer, but the expression gives a condition"));
}

TEST(Definition, CasesOfAMeasureAreCheckedEach) {
  EXPECT_THAT(after("/measures/0/cases", Json::parse(R"json([{"expr": "count()", "when": "option.hide_misssed"},
                                                         {"expr": "sum(talk_s)", "when": "option.hide_missed"},
                                                         {"expr": "count()"}])json")),
              ElementsAre("measures[0].cases[0].when, column 1: there is no option \"hide_misssed\"; did you mean "
                          "\"hide_missed\"?",
                          "measures[0].cases[2].when: is missing",
                          "measures[0].cases[1].expr: the measure is of type integer, but the expression gives a "
                          "duration"));
}

TEST(Definition, WithCreditEachAMeasureCannotAskForOneEmployee) {
  auto json = good();
  json["credit"]["allowed"] = {"first", "each"};
  json["measures"][0]["expr"] = "count() where employee = 'ivanova'";
  EXPECT_THAT(
      complaints(json),
      ElementsAre("measures[0].expr: with credit each a call has several employees, so a measure cannot ask for "
                  "one"));
}

}  // namespace
}  // namespace hkl
