// A comparison says the same of two numbers however they lie: in 32 bits, in 64, by a table or along a line.
#include "columns/comparisons.h"

#include <gtest/gtest.h>

#include <random>

namespace hkl {
namespace {

constexpr std::uint32_t kRows = 700;
constexpr std::size_t kColumns = 5;
const std::vector<std::string> kOps = {"=", "!=", "<", "<=", ">", ">="};

bool naive(const std::string& op, Maybe a, Maybe b) {
  if (!a || !b) return op == "!=" && a.has_value() != b.has_value();
  if (op == "=") return *a == *b;
  if (op == "!=") return *a != *b;
  if (op == "<") return *a < *b;
  if (op == "<=") return *a <= *b;
  return op == ">" ? *a > *b : *a >= *b;
}

using Of = std::function<Maybe(Maybe)>;

// Numbers of a column, and what is expected of them.
struct Side {
  NumberExpr expr;
  std::vector<Maybe> values;
};

class Comparisons : public testing::Test {
 protected:
  Comparisons() : dice_(11) {
    segment_.rows = kRows;
    add([this] { return one_in(5) ? Maybe() : Maybe(below(9) * 1000); });                    // seconds, some not known
    add([this] { return Maybe(below(9) * 1000 - 4000); });                                   // round zero
    add([this] { return one_in(3) ? Maybe() : Maybe(below(12'000)); });                      // two bytes
    add([this] { return Maybe(below(9) * 1000 + (one_in(9) ? 1'000'000'000'000 : 0)); });    // beyond 32 bits
    add([this] { return one_in(2) ? Maybe() : Maybe(below(2) == 0 ? 0 : 2'000'000'000); });  // beyond them when doubled
    batch_.move_to(segment_, 0, kRows);
  }

  template <typename Value>
  void add(Value value) {
    std::vector<std::int64_t> numbers;
    std::vector<std::uint8_t> known;
    auto& values = values_.emplace_back();
    for (std::uint32_t row = 0; row < kRows; ++row) {
      values.push_back(value());
      numbers.push_back(values.back().value_or(0));
      known.push_back(values.back() ? 1 : 0);
    }
    segment_.columns.push_back(NarrowColumn::of(numbers, known, false));
  }
  bool one_in(unsigned sides) { return dice_() % sides == 0; }
  std::int64_t below(unsigned end) { return static_cast<std::int64_t>(dice_() % end); }

  Side column(std::uint32_t index) {
    Side side;
    side.expr.column = index;
    side.expr.of_codes = {index};
    side.expr.run = [index](Batch& batch, Numbers& out) { out = batch.column(index); };
    side.values = values_[index];
    return side;
  }
  Side computed(std::uint32_t index, Of of) {
    Side side;
    const auto run = [index, of](Batch& batch, Numbers& out) {
      const auto& numbers = batch.column(index);
      for (std::uint32_t row = 0; row < batch.count(); ++row) {
        const auto value = of(numbers.known[row] != 0 ? Maybe(numbers.values[row]) : Maybe());
        out.values[row] = value.value_or(0);
        out.known[row] = value ? 1 : 0;
      }
    };
    side.expr.by_code = std::make_shared<ByCode>(run, index, false, kColumns);
    side.expr.of_codes = {index, side.expr.by_code};
    side.expr.run = [table = side.expr.by_code](Batch& batch, Numbers& out) { table->read(batch, out); };
    for (const auto& value : values_[index]) side.values.push_back(of(value));
    return side;
  }
  std::vector<Side> sides() {
    std::vector<Side> all;
    const std::vector<Of> functions = {
        [](Maybe x) { return x ? Maybe(*x * 3 - 2000) : x; },     // a line
        [](Maybe x) { return x ? Maybe(-*x) : x; },               // one that falls
        [](Maybe x) { return x ? Maybe(*x / 3000 * 1000) : x; },  // steps
        [](Maybe x) { return Maybe(x.value_or(2000)); },          // known where the column is not
        [](Maybe x) { return x && *x != 0 ? x : Maybe(); },       // not known where the column is
        [](Maybe x) { return x ? Maybe(*x * 1'000'007) : x; },    // beyond 32 bits
    };
    for (std::uint32_t index = 0; index < kColumns; ++index) {
      all.push_back(column(index));
      for (const auto& of : functions) all.push_back(computed(index, of));
    }
    return all;
  }

  std::mt19937_64 dice_;
  Segment segment_;
  std::vector<std::vector<Maybe>> values_;
  Batch batch_{kColumns};
  Mask mask_;
};

TEST_F(Comparisons, OfTwoNumbersAreThoseOfTheirValues) {
  const auto all = sides();
  for (std::size_t a = 0; a < all.size(); ++a)
    for (std::size_t b = 0; b < all.size(); ++b)
      for (const auto& op : kOps) {
        compared_with(op, all[a].expr, all[b].expr)(batch_, mask_);
        for (std::uint32_t row = 0; row < kRows; ++row)
          ASSERT_EQ(mask_.holds[row] != 0, naive(op, all[a].values[row], all[b].values[row]))
              << a << " " << op << " " << b << ", row " << row;
      }
}

TEST_F(Comparisons, WithAConstantAreThoseOfTheValues) {
  const auto all = sides();
  for (std::size_t a = 0; a < all.size(); ++a)
    for (const auto constant :
         {std::int64_t{3000}, std::int64_t{-3000}, std::int64_t{INT32_MIN}, std::int64_t{1} << 40})
      for (const auto& op : kOps) {
        compared_with(op, all[a].expr, constant)(batch_, mask_);
        for (std::uint32_t row = 0; row < kRows; ++row)
          ASSERT_EQ(mask_.holds[row] != 0, naive(op, all[a].values[row], constant))
              << a << " " << op << " " << constant;
      }
}

TEST_F(Comparisons, OfNumbersOverDifferentDenominatorsAreThoseOfFractions) {
  const auto all = sides();
  for (std::size_t a = 0; a < all.size(); ++a)
    for (std::size_t b = 0; b < all.size(); ++b) {
      auto left = all[a].expr, right = all[b].expr;
      left.den = 3;
      right.den = 2;
      ASSERT_TRUE(bring_together(left, right));
      const auto times = [](Maybe value, std::int64_t factor) { return value ? Maybe(*value * factor) : value; };
      compared_with("<", std::move(left), std::move(right))(batch_, mask_);
      for (std::uint32_t row = 0; row < kRows; ++row)
        ASSERT_EQ(mask_.holds[row] != 0, naive("<", times(all[a].values[row], 2), times(all[b].values[row], 3)))
            << a << " " << b << ", row " << row;
    }
}

}  // namespace
}  // namespace hkl
