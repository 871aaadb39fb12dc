// SQL and the language agree: whatever expression, whatever row.
#include "reports/compile.h"

#include <gtest/gtest.h>

#include <random>

#include "reports/reading.h"
#include "reports/row_evaluator.h"
#include "reports/test_store.h"

namespace hkl {
namespace {

const std::vector<OptionType> kTypes = {
    {"yes", Type::boolean, {}}, {"days", Type::decimal, {}}, {"none", Type::decimal, {}}, {"word", Type::text, {}}};
const OptionValues kValues = {
    {"yes", true}, {"days", Rational{5, 2}}, {"none", Value()}, {"word", std::string("цена")}};
constexpr const char* kZone = "Europe/Berlin";

// Random expressions of a wanted type, with every word of the language.
class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  std::string condition(int depth) {
    if (depth <= 0) return one_of({"missed", "answered", "advertising", "option.yes", "true", "inbound", "is_target"});
    switch (below(10)) {
      case 0:
        return "(" + condition(depth - 1) + " and " + condition(depth - 1) + " and " + condition(depth - 2) + ")";
      case 1:
        return "(" + condition(depth - 1) + " or " + condition(depth - 1) + ")";
      case 2:
        return "(not " + condition(depth - 1) + ")";
      case 3:
        return "(" + number(depth - 1) + comparison() + number(depth - 1) + ")";
      case 4:
        return "(" + text(depth - 1) + comparison() + text(depth - 1) + ")";
      case 5:
        return "(" + number(depth - 1) + maybe_not() + " in (" + number(0) + ", " + number(depth - 1) + "))";
      case 6:
        return "(" + one_of({"tags", text(depth - 1)}) + maybe_not() + " contains " + text(0) + ")";
      case 7:
        return "(" + one_of({"tags", "advertising", "rating", "contact", time(depth - 1)}) + " is" + maybe_not() +
               " null)";
      case 8:
        return "(" +
               one_of({"tags = 'цена'", "tags != 'цена'", "tags in ('жалоба', 'VIP')", "tags not in (employee)",
                       "advertising = false", "(missed and advertising) = false", "(not advertising) != missed",
                       "coalesce(advertising, missed)", "employee in ('ivanova', 'petrov', option.word)",
                       "wait_s in (0.001, 20, 1m)", "option.none != 5"}) +
               ")";
      default:
        return "(" + time(depth - 1) + comparison() + one_of({time(depth - 1), "'2026-03-29'", "'2026-10-25T02:30'"}) +
               ")";
    }
  }
  std::string number(int depth) {
    if (depth <= 0) return one_of({"rating", "3", "0.5", "-2", "option.days", "option.none", "7.25"});
    switch (below(8)) {
      case 0:
        return "(" + number(depth - 1) + one_of({" + ", " - ", " * "}) + number(depth - 1) + ")";
      case 1:
        return "(" + number(depth - 1) + " / " + one_of({"3", "option.days", "(-4)", "(option.days - 2.5)"}) + ")";
      case 2:
        return one_of({"floor(", "ceil("}) + one_of({number(depth - 1), span(depth - 1)}) + ")";
      case 3:
        return "coalesce(" + number(depth - 1) + ", " + number(depth - 1) + ")";
      case 4:
        return one_of({"hour(", "weekday("}) + time(depth - 1) + ")";
      case 5:
        return "(" + span(depth - 1) + " / 7s)";
      case 6:
        return "(-" + number(depth - 1) + ")";
      default:
        return number(0);
    }
  }
  std::string span(int depth) {
    if (depth <= 0) return one_of({"talk_s", "wait_s", "90s", "1ms", "coalesce(wait_s, 3)"});
    return one_of({"(" + span(depth - 1) + " + " + span(depth - 1) + ")", "(" + span(depth - 1) + " * 1.5)",
                   "(answered_at - started_at)", "(" + span(depth - 1) + " - 5)", "(" + span(depth - 1) + " / 60)"});
  }
  std::string time(int depth) {
    if (depth <= 0) return one_of({"started_at", "answered_at"});
    return one_of({"(started_at + " + span(depth - 1) + ")", "coalesce(answered_at, started_at)",
                   "coalesce(answered_at, '2026-01-01')", "(answered_at - " + span(0) + ")"});
  }
  std::string text(int depth) {
    if (depth <= 0) return one_of({"employee", "client_name", "'ivanova'", "'ЦЕНА'", "'н'", "option.word", "contact"});
    return one_of({"coalesce(" + text(depth - 1) + ", " + text(depth - 1) + ")", "day(" + time(depth - 1) + ")",
                   "clock_hour(" + time(depth - 1) + ")", text(0)});
  }
  unsigned below(unsigned n) { return random_() % n; }
  std::string one_of(const std::vector<std::string>& choices) { return choices[below(choices.size())]; }

 private:
  std::string comparison() { return one_of({" = ", " != ", " < ", " <= ", " > ", " >= "}); }
  std::string maybe_not() { return one_of({"", " not"}); }
  std::mt19937 random_;
};

class Compile : public ReportStore {
 protected:
  void fill(unsigned seed, int count) {
    Maker random(seed);
    const auto maybe = [&](const std::vector<std::string>& choices) { return random.one_of(choices); };
    for (int i = 0; i < count; ++i) {
      CallRow row;
      row.id = "k" + std::to_string(i);
      // Around both clock changes of Berlin.
      const auto around = at(maybe({"2026-03-29", "2026-10-25", "2026-07-01"}), kZone);
      row.started_ms = around + static_cast<std::int64_t>(random.below(6 * 3600 * 1000)) - 1'800'000;
      row.direction = maybe({"in", "out"});
      row.outcome = maybe({"answered", "missed"});
      row.employee = maybe({"", "ivanova", "petrov"});
      row.client_name = maybe({"", "Цена Надежды", "Straße", "İstanbul", "it's"});
      row.contact = maybe({"", "c1", "ivanova"});
      row.quality = maybe({"", "target", "non_target"});
      if (random.below(3) != 0) row.rating = static_cast<int>(random.below(7)) - 1;
      if (random.below(3) != 0) row.wait_ms = random.below(90'000);
      if (random.below(3) != 0) row.talk_ms = random.below(400'000);
      if (random.below(3) != 0) row.answered_ms = *row.started_ms + random.below(3'600'000);
      if (random.below(3) != 0) row.advertising = random.below(2);
      for (const auto* tag : {"цена", "жалоба", "VIP"})
        if (random.below(3) == 0) row.tags.emplace_back(tag);
      add(row);
      rows_[row.id] = evaluated(row);
    }
  }

  static EvaluatedRow evaluated(const CallRow& row) {
    const auto text = [](const std::string& t) { return t.empty() ? Value() : Value(t); };
    const auto span = [](std::optional<std::int64_t> ms) { return ms ? Value(*fraction(*ms, 1000)) : Value(); };
    EvaluatedRow made;
    made.values = {{"missed", row.outcome == "missed"},
                   {"answered", row.outcome == "answered"},
                   {"inbound", row.direction == "in"},
                   {"is_target", row.quality != "non_target"},
                   {"advertising", row.advertising ? Value(*row.advertising == 1) : Value()},
                   {"employee", text(row.employee)},
                   {"client_name", text(row.client_name)},
                   {"contact", text(row.contact)},
                   {"rating", row.rating ? Value(Rational{*row.rating, 1}) : Value()},
                   {"wait_s", span(row.wait_ms)},
                   {"talk_s", span(row.talk_ms)},
                   {"started_at", span(row.started_ms)},
                   {"answered_at", span(row.answered_ms)}};
    made.sets = {{"tags", row.tags}};
    return made;
  }

  void expect_same(const std::string& text) {
    const auto node = checked_expression(text, {Scope::Level::row, &calls_entity(), &kTypes, nullptr});
    ASSERT_TRUE(node) << text << "\n" << node.error().text;
    const bool is_condition = (*node)->type == Type::boolean, is_number = is_numeric((*node)->type);
    const RowCompiler compiler(surroundings_);
    const auto den = is_number ? compiler.number(**node).den : 1;
    const auto sql = is_condition ? compiler.condition(**node) : compiler.value(**node);
    auto reading = Reading::begin(session());
    ASSERT_TRUE(reading);
    const auto done = reading->each("SELECT c.id, " + sql + " FROM calls c", 2, [&](const RowTexts& row) -> Done {
      const RowEvaluator evaluator(rows_.at(*row[0]), kValues, kZone);
      if (is_condition) {
        EXPECT_EQ(row[1] == "1", evaluator.holds(**node)) << text << "\nof " << *row[0] << "\n" << sql.text;
        return {};
      }
      const auto wanted = evaluator.of(**node);
      if (is_null(wanted)) {
        EXPECT_FALSE(row[1]) << text << "\nof " << *row[0] << " is " << *row[1];
      } else if (is_number) {
        EXPECT_EQ(row[1] ? Value(*fraction(std::stoll(*row[1]), den)) : Value(), wanted) << text << "\nof " << *row[0];
      } else {
        EXPECT_EQ(row[1].value_or("null"), std::get<std::string>(wanted)) << text << "\nof " << *row[0];
      }
      return {};
    });
    ASSERT_TRUE(done) << text << "\n" << done.error().text;
  }

  RowSurroundings surroundings_ = [] {
    RowSurroundings made;
    made.zone = kZone;
    made.options = kValues;
    return made;
  }();
  std::map<std::string, EvaluatedRow> rows_;
};

TEST_F(Compile, RandomConditionsHoldForTheSameRowsAsTheLanguageSays) {
  fill(1, 60);
  Maker random(2);
  for (int i = 0; i < 1500 && !HasFailure(); ++i) expect_same(random.condition(1 + i % 4));
}

TEST_F(Compile, RandomValuesAreExact) {
  fill(3, 60);
  Maker random(4);
  for (int i = 0; i < 400 && !HasFailure(); ++i) {
    expect_same(random.number(i % 4));
    expect_same(random.text(i % 3));
    expect_same(random.span(i % 3));
    expect_same(random.time(i % 3));
  }
}

TEST_F(Compile, LongListsAndChainsAreTaken) {
  fill(6, 3);
  std::string list = "employee in ('x'", any = "employee = 'x'", mixed = "rating in (rating + 1";
  for (int i = 0; i < 3000; ++i) {
    list += ", 'e" + std::to_string(i) + "'";
    any += i % 2 == 0 ? " or rating = 3" : " or employee = contact";
  }
  for (int i = 0; i < 500; ++i) mixed += ", rating * " + std::to_string(i);
  expect_same(list + ")");
  expect_same(any);
  expect_same(mixed + ")");
}

TEST_F(Compile, ValuesAreBoundAndNeverWrittenIntoTheStatement) {
  add(CallRow{.id = "k1", .employee = "x'; DROP TABLE calls; --"});
  rows_["k1"] = evaluated(CallRow{.id = "k1", .employee = "x'; DROP TABLE calls; --"});
  expect_same("employee = 'x''; DROP TABLE calls; --'");
  expect_same("employee contains ''' OR 1'");
}

}  // namespace
}  // namespace hkl
