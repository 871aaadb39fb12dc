#include "reports/checker.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

const std::vector<OptionType> kOptions = {{"by_extension", Type::boolean, {}},
                                          {"gap_days", Type::decimal, {}},
                                          {"minutes", Type::text, {"floor_sum", "ceil_each"}}};

std::string answer(std::string_view text, Scope::Level level, const std::vector<Term>* terms = nullptr) {
  const auto node = checked_expression(text, {level, &calls_entity(), &kOptions, terms});
  return node ? std::string(described((*node)->type)) : node.error().text;
}
std::string row(std::string_view text) { return answer(text, Scope::Level::row); }
std::string measure(std::string_view text) { return answer(text, Scope::Level::measure); }
std::string settings(std::string_view text) { return answer(text, Scope::Level::settings); }

TEST(Checker, EveryFieldHasItsType) {
  EXPECT_EQ(row("employee"), "a text");
  EXPECT_EQ(row("missed"), "a condition");
  EXPECT_EQ(row("talk_s"), "a duration");
  EXPECT_EQ(row("started_at"), "a time");
  EXPECT_EQ(row("rating"), "a whole number");
  EXPECT_EQ(row("tags"), "a set of texts");
  EXPECT_EQ(row("option.gap_days"), "a number");
}

TEST(Checker, ArithmeticKeepsWhatItIsOf) {
  EXPECT_EQ(row("rating + 1"), "a whole number");
  EXPECT_EQ(row("rating / 2"), "a number");
  EXPECT_EQ(row("talk_s + wait_s"), "a duration");
  EXPECT_EQ(row("talk_s / 60"), "a duration");
  EXPECT_EQ(row("talk_s * rating"), "a duration");
  EXPECT_EQ(row("talk_s / 1m"), "a number");
  EXPECT_EQ(row("started_at + 30s"), "a time");
  EXPECT_EQ(row("ended_at - started_at"), "a duration");
  EXPECT_EQ(row("-talk_s"), "a duration");
  EXPECT_EQ(row("floor(talk_s / 60)"), "a whole number");
  EXPECT_EQ(row("hour(started_at)"), "a whole number");
  EXPECT_EQ(row("day(started_at)"), "a text");
  EXPECT_EQ(row("clock_hour(started_at)"), "a text");
}

TEST(Checker, WhatReplacesNullMayWidenTheType) {
  EXPECT_EQ(row("coalesce(rating, 0)"), "a whole number");
  EXPECT_EQ(row("coalesce(rating, 0.5)"), "a number");
  EXPECT_EQ(row("coalesce(5, wait_s)"), "a duration");
  EXPECT_EQ(row("coalesce(called_back_at, '2026-03-01')"), "a time");
  EXPECT_EQ(row("coalesce('2026-03-01', called_back_at)"), "a time");
}

TEST(Checker, AggregatesGiveWhatTheyCan) {
  EXPECT_EQ(measure("count()"), "a whole number");
  EXPECT_EQ(measure("distinct(contact) where missed"), "a whole number");
  EXPECT_EQ(measure("sum(talk_s)"), "a duration");
  EXPECT_EQ(measure("avg(rating)"), "a number");
  EXPECT_EQ(measure("max(started_at)"), "a time");
  EXPECT_EQ(measure("only(employee)"), "a text");
  EXPECT_EQ(measure("only(tags)"), "a text");
  EXPECT_EQ(measure("sum_known(wait_s)"), "a duration");
  EXPECT_EQ(measure("percentile(wait_s, 90)"), "a duration");
  EXPECT_EQ(measure("percentile(wait_s, option.gap_days)"), "a duration");
  EXPECT_EQ(measure("(count() where missed) / count()"), "a number");
  EXPECT_EQ(measure("floor(sum(talk_s) / 60)"), "a whole number");
}

TEST(Checker, IfTakesConditionsWithTheirValues) {
  EXPECT_EQ(row("if(missed, 1, 0)"), "a whole number");
  EXPECT_EQ(row("if(missed, 'a', answered, line, 'c')"), "a text");
  EXPECT_EQ(row("if(missed, wait_s, null)"), "a duration");
  EXPECT_EQ(row("if(missed, 1, answered, 2)"),
            "column 1: if() takes conditions with their values and what else: if(missed, 1, 0)");
  EXPECT_EQ(row("if(line, 1, 0)"), "column 4: if() takes a condition here, this is a text");
  EXPECT_EQ(row("if(missed, 1, 'x')"), "column 15: a whole number cannot be replaced by a text");
}

TEST(Checker, ThePeriodIsAskedOfTimesAndTheTotalOfMeasures) {
  EXPECT_EQ(row("in_period(called_back_at)"), "a condition");
  EXPECT_EQ(row("in_period(talk_s)"), "column 1: in_period() takes a time of a row, this is a duration");
  EXPECT_EQ(row("now() - started_at"), "a duration");
  EXPECT_EQ(row("now(1)"), "column 1: now() takes no argument");
  EXPECT_EQ(measure("count() / total(count())"), "a number");
  EXPECT_EQ(row("total(talk_s)"), "column 1: total() takes what a measure counts, as in count() / total(count())");
}

TEST(Checker, AMisspelledNameIsAnsweredWithTheNearest) {
  EXPECT_EQ(row("talk_s > 5 and wait > 3"), "column 16: there is no field \"wait\"; did you mean \"wait_s\"?");
  EXPECT_EQ(row("option.minute = 'x'"), "column 1: there is no option \"minute\"; did you mean \"minutes\"?");
  EXPECT_EQ(row("xxxxxxxxxxxxxx"), "column 1: there is no field \"xxxxxxxxxxxxxx\"");
}

TEST(Checker, AWordThatAFieldNeverHasIsASlip) {
  EXPECT_EQ(row("direction = 'inn'"), "column 13: \"direction\" is never 'inn'; it is one of in, out, internal");
  EXPECT_EQ(row("outcome in ('missed', 'lost')"),
            "column 23: \"outcome\" is never 'lost'; it is one of answered, missed, unsuccessful");
  EXPECT_EQ(row("option.minutes = 'floor'"),
            "column 18: \"minutes\" is never 'floor'; it is one of floor_sum, ceil_each");
  EXPECT_EQ(row("employee = 'anybody'"), "a condition");
}

TEST(Checker, MixedTypesAreNamedWhereTheyMeet) {
  EXPECT_EQ(row("talk_s = 'long'"), "column 8: a duration cannot be compared with a text");
  EXPECT_EQ(row("missed > answered"), "column 8: a condition has no order; only = and != can be asked of it");
  EXPECT_EQ(row("tags < 'a'"), "column 6: a set of texts has no order; only = and != can be asked of it");
  EXPECT_EQ(row("missed and rating"), "column 12: \"and\" joins conditions, but this is a whole number");
  EXPECT_EQ(row("not talk_s"), "column 5: \"not\" joins conditions, but this is a duration");
  EXPECT_EQ(row("talk_s + started_at + 'x'"), "column 21: a time + a text has no meaning");
  EXPECT_EQ(row("talk_s * wait_s"), "column 8: a duration * a duration has no meaning");
  EXPECT_EQ(row("-employee"), "column 1: a text has no negative");
  EXPECT_EQ(row("rating contains '1'"),
            "column 1: \"contains\" looks into a text or a set of texts, this is a whole number");
  EXPECT_EQ(row("employee contains 1"), "column 19: \"contains\" looks for a text, this is a whole number");
  EXPECT_EQ(row("rating in (1, 'x')"), "column 15: a whole number cannot be one of a text");
  EXPECT_EQ(row("hour(talk_s)"), "column 1: hour() takes a time of a row, this is a duration");
  EXPECT_EQ(row("floor(employee)"), "column 1: floor() takes a number or a duration, this is a text");
  EXPECT_EQ(measure("sum(employee)"), "column 5: sum() cannot be made of a text");
  EXPECT_EQ(measure("distinct(tags)"), "column 10: distinct() cannot be made of a set of texts");
  EXPECT_EQ(measure("count() where talk_s"), "column 15: \"where\" takes a condition, this is a duration");
}

TEST(Checker, NullIsAskedForAndNeverCompared) {
  EXPECT_EQ(row("rating = null"), "column 10: nothing equals null; ask \"is null\" or \"is not null\"");
  EXPECT_EQ(row("rating in (1, null)"), "column 15: nothing equals null; ask \"is null\" or \"is not null\"");
  EXPECT_EQ(row("rating is null"), "a condition");
}

TEST(Checker, ATextBesideATimeIsReadAsOne) {
  EXPECT_EQ(row("started_at >= '2026-03-02'"), "a condition");
  EXPECT_EQ(row("'2026-03-02T09:00' < started_at"), "a condition");
  EXPECT_EQ(row("started_at > 'monday'"),
            "column 14: \"monday\" is no date or time; write 2026-03-31 or 2026-03-31T09:00");
}

TEST(Checker, DivisionByZeroIsFoundInTheText) {
  EXPECT_EQ(row("rating / 0"), "column 8: division by zero");
  EXPECT_EQ(measure("count() / 0.0"), "column 9: division by zero");
  EXPECT_EQ(row("talk_s / wait_s"),
            "column 8: within a row one divides by a number or an option only; divide sums instead, as in "
            "sum(a) / sum(b)");
  EXPECT_EQ(row("talk_s / option.gap_days"), "a duration");
}

TEST(Checker, FunctionsTakeTheirNumberOfArguments) {
  EXPECT_EQ(row("floor(1, 2)"), "column 1: floor() takes one argument");
  EXPECT_EQ(row("coalesce(1)"), "column 1: coalesce() takes two arguments or more");
  EXPECT_EQ(row("hour()"), "column 1: hour() takes one argument");
  EXPECT_EQ(measure("count(1)"), "column 1: count() takes no argument; add a condition as in count() where missed");
  EXPECT_EQ(measure("sum()"), "column 1: sum() takes one argument");
  EXPECT_EQ(measure("percentile(wait_s)"),
            "column 1: percentile() takes a value and a percentage, as in percentile(wait_s, 90)");
}

TEST(Checker, APercentileIsAboveZeroAndUpToAHundred) {
  EXPECT_EQ(measure("percentile(wait_s, 100)"), "a duration");
  for (const auto* text : {"0", "101", "-5", "50 + 51", "'x'", "rating"}) {
    const auto said = measure(std::string("percentile(wait_s, ") + text + ")");
    EXPECT_NE(said.find("a percentile is a number or an option above 0 and up to 100"), std::string::npos) << said;
  }
}

TEST(Checker, WhenAsksOptionsAlone) {
  EXPECT_EQ(settings("option.by_extension and option.gap_days > 3"), "a condition");
  EXPECT_EQ(settings("missed"), "column 1: only options can be asked here, as in \"option.missed\"");
  EXPECT_EQ(settings("option.by_extention"),
            "column 1: there is no option \"by_extention\"; did you mean \"by_extension\"?");
  EXPECT_EQ(settings("count() > 1"), "column 1: count() goes over many rows and belongs into a measure");
}

TEST(Checker, ARowKnowsNoAggregate) {
  EXPECT_EQ(row("count() > 1"), "column 1: count() goes over many rows and belongs into a measure");
}

TEST(Checker, AMeasureNeedsAggregates) {
  EXPECT_EQ(measure("talk_s"),
            "column 1: \"talk_s\" is asked of one row; a measure needs an aggregate, as in sum(talk_s)");
  EXPECT_EQ(measure("missed"),
            "column 1: \"missed\" is asked of one row; a measure needs an aggregate, as in count() where missed");
  EXPECT_EQ(measure("contact"),
            "column 1: \"contact\" is asked of one row; a measure needs an aggregate, as in distinct(contact)");
  EXPECT_EQ(measure("started_at"),
            "column 1: \"started_at\" is asked of one row; a measure needs an aggregate, as in max(started_at)");
  EXPECT_EQ(measure("sum(count())"),
            "column 5: count() cannot stand within another aggregate or its \"where\"; put the inner part in brackets: "
            "(count() where …) / count()");
  EXPECT_EQ(
      measure("count() where missed / count()"),
      "column 24: count() cannot stand within another aggregate or its \"where\"; put the inner part in brackets: "
      "(count() where …) / count()");
}

class CheckerTerms : public testing::Test {
 protected:
  void add(const std::string& id, const std::string& text) {
    auto body = checked_expression(text, {Scope::Level::row, &calls_entity(), &kOptions, &terms_});
    ASSERT_TRUE(body) << id << ": " << body.error().text;
    terms_.push_back({id, std::move(*body)});
  }
  std::vector<Term> terms_;
};

TEST_F(CheckerTerms, ATermStandsForItsBody) {
  add("lost", "missed and is_target");
  EXPECT_EQ(answer("count() where lost", Scope::Level::measure, &terms_), "a whole number");
  EXPECT_EQ(answer("lost", Scope::Level::measure, &terms_),
            "column 1: \"lost\" is asked of one row; a measure counts rows, as in count() where lost");
  EXPECT_EQ(answer("not losst", Scope::Level::row, &terms_),
            "column 5: there is no field \"losst\"; did you mean \"lost\"?");
}

TEST_F(CheckerTerms, TermsUponTermsDoNotGrowWithoutEnd) {
  add("t0", "missed");
  std::string error;
  for (int i = 1; i < 10 && error.empty(); ++i) {
    auto text = "t" + std::to_string(i - 1);
    for (int n = 0; n < 15; ++n) text += " or t" + std::to_string(i - 1);
    auto body = checked_expression(text, {Scope::Level::row, &calls_entity(), &kOptions, &terms_});
    if (body)
      terms_.push_back({"t" + std::to_string(i), std::move(*body)});
    else
      error = body.error().text;
  }
  EXPECT_NE(error.find("too long with its terms"), std::string::npos) << error;
}

TEST_F(CheckerTerms, TermsUponTermsDoNotGrowDeepWithoutEnd) {
  std::string nots;
  for (int i = 0; i < 40; ++i) nots += "not ";
  add("t0", nots + "missed");
  const auto twice = answer(nots + "t0", Scope::Level::row, &terms_);
  EXPECT_NE(twice.find("nested too deeply"), std::string::npos) << twice;
}

TEST(Checker, WhatTheStoreCouldNotParseIsRefusedHere) {
  std::string floors = "rating", right = "missed", sum = "rating";
  for (int i = 0; i < 40; ++i) {
    floors = "floor(" + floors + " / 3)";
    right = "missed or (answered and " + right + ")";
    sum += " + rating";
  }
  for (const auto& text : {floors, right, sum})
    EXPECT_NE(row(text).find("nested too deeply"), std::string::npos) << text;
}

TEST(Checker, AReasonableNestingIsTaken) {
  EXPECT_EQ(
      row("missed or (answered and (inbound or (outbound and (missed or (answered and (inbound or outbound))))))"),
      "a condition");
  EXPECT_EQ(row("floor(ceil(floor(talk_s / 60) / 5) * 1.5)"), "a whole number");
  EXPECT_EQ(row("rating + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1"),
            "a whole number");
}

}  // namespace
}  // namespace hkl
