// A column holds what it was made of, however its codes lie, and what was put since.
#include "columns/narrow.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

namespace hkl {
namespace {

struct Shape {
  const char* name;
  Packing packing;
  bool keeps_codes;
  std::function<Maybe(std::mt19937_64& dice, std::int64_t row)> value;
};

Maybe one_in(std::mt19937_64& dice, unsigned sides, std::int64_t value) {
  return dice() % sides == 0 ? Maybe(value) : std::nullopt;
}

std::int64_t below(std::mt19937_64& dice, std::int64_t end) {
  return static_cast<std::int64_t>(dice() % static_cast<std::uint64_t>(end));
}

const std::vector<Shape> kShapes = {
    {"nothing", Packing::plain, false, [](auto&, auto) { return Maybe(); }},
    {"one value", Packing::plain, false, [](auto&, auto) { return Maybe(-7); }},
    {"seconds", Packing::plain, false, [](auto& dice, auto) { return Maybe(below(dice, 60) * 1000); }},
    {"long seconds", Packing::plain, false, [](auto& dice, auto) { return Maybe(5 + below(dice, 1800) * 1000); }},
    {"round zero", Packing::marked, false,
     [](auto& dice, auto) { return dice() % 9 == 0 ? Maybe() : Maybe(below(dice, 90'000) * 20'000 - 900'000'000); }},
    {"all of 64 bits", Packing::plain, false,
     [](auto& dice, auto) { return Maybe(static_cast<std::int64_t>(dice() >> 1) - (1LL << 62)); }},
    {"yes or nothing", Packing::bits, true, [](auto& dice, auto) { return dice() % 2 == 0 ? Maybe(0) : Maybe(); }},
    {"yes or no", Packing::bits, false, [](auto& dice, auto) { return Maybe(below(dice, 2)); }},
    {"three words or nothing", Packing::bits, true,
     [](auto& dice, auto) { return dice() % 9 == 0 ? Maybe() : Maybe(below(dice, 3)); }},
    {"some words", Packing::bits, true, [](auto& dice, auto) { return Maybe(below(dice, 15)); }},
    {"many things", Packing::three_bytes, true, [](auto& dice, auto) { return Maybe(below(dice, 3'000'000)); }},
    {"time", Packing::blocks, false,
     [](auto& dice, auto row) { return Maybe(1'700'000'000'000 + row * 4000 + below(dice, 900) * 1000); }},
    {"times of some", Packing::blocks, false,
     [](auto& dice, auto row) { return dice() % 5 == 0 ? Maybe() : Maybe(1'700'000'000'000 + row * 4000); }},
    {"times of few", Packing::sparse, false,
     [](auto& dice, auto row) { return one_in(dice, 30, 1'700'000'000'000 + row * 4000); }},
    {"one word of few", Packing::sparse, true, [](auto& dice, auto) { return one_in(dice, 40, 0); }},
    {"many things of some", Packing::marked, true,
     [](auto& dice, auto) { return one_in(dice, 3, below(dice, 3'000'000)); }},
    {"gaps of many", Packing::marked, false,
     [](auto& dice, auto) { return dice() % 3 == 0 ? Maybe() : Maybe(below(dice, 31'000'000) * 1000); }},
    {"long gaps of some", Packing::marked, false,
     [](auto& dice, auto) { return one_in(dice, 4, below(dice, 1LL << 37)); }},
    {"far from one another", Packing::sparse, false,
     [](auto& dice, auto) { return one_in(dice, 20, static_cast<std::int64_t>(dice() >> 2)); }},
};

class Narrow : public testing::TestWithParam<Shape> {
 protected:
  static constexpr std::size_t kRows = 70'001;  // more than one block, and more than sparse rows are cut at

  Narrow() : dice_(5) {
    for (std::size_t row = 0; row < kRows; ++row)
      values_.push_back(GetParam().value(dice_, static_cast<std::int64_t>(row)));
    column_ = made(&NarrowColumn::of);
  }

  template <typename Make>
  NarrowColumn made(Make make) {
    std::vector<std::int64_t> values;
    std::vector<std::uint8_t> known;
    for (const auto& value : values_) {
      values.push_back(value.value_or(0));
      known.push_back(value ? 1 : 0);
    }
    return make(values, known, GetParam().keeps_codes);
  }

  // One by one, and by stretches of any length from anywhere.
  void expect_all(const NarrowColumn& column) {
    for (std::size_t row = 0; row < kRows; row += 1 + dice_() % 7) ASSERT_EQ(column.at(row), values_[row]) << row;
    std::vector<std::uint8_t> codes(2000 * 8), known(2000);
    std::vector<std::int64_t> read(2000);
    std::vector<std::int32_t> small(2000);
    for (int i = 0; i < 60; ++i) {
      const auto first = dice_() % kRows, count = std::min<std::size_t>(kRows - first, 1 + dice_() % 2000);
      column.unpack(first, count, codes.data());
      widen(column.head(), codes.data(), count, read.data(), known.data());
      for (std::size_t row = 0; row < count; ++row)
        ASSERT_EQ(known[row] != 0 ? Maybe(read[row]) : std::nullopt, values_[first + row]) << first + row;
      if (!is_small(column.head())) continue;
      widen_small(column.head(), codes.data(), count, small.data());
      for (std::size_t row = 0; row < count; ++row)
        ASSERT_EQ(small[row] != kUnknownSmall ? Maybe(small[row]) : std::nullopt, values_[first + row]) << first + row;
    }
  }

  std::mt19937_64 dice_;
  std::vector<Maybe> values_;
  NarrowColumn column_;
};

TEST_P(Narrow, HoldsWhatItWasMadeOf) {
  EXPECT_EQ(column_.head().packing, GetParam().packing);
  expect_all(column_);
  expect_all(made(&NarrowColumn::plain_of));
  EXPECT_LE(column_.byte_count(), made(&NarrowColumn::plain_of).byte_count());
}

TEST_P(Narrow, HoldsWhatIsPut) {
  int put = 0;
  for (int i = 0; i < 500; ++i) {
    const auto row = dice_() % kRows;
    const auto value =
        dice_() % 4 == 0 ? Maybe()
                         : GetParam().value(dice_, static_cast<std::int64_t>(dice_() % 3 == 0 ? dice_() % kRows : row));
    if (!column_.put(row, value)) continue;  // who asks goes another way
    values_[row] = value;
    ++put;
  }
  expect_all(column_);
  const bool is_fixed = column_.head().width == 0;
  EXPECT_GT(put, is_fixed ? 50 : 300);
  column_.pack(GetParam().keeps_codes);
  expect_all(column_);
  EXPECT_EQ(column_.head().packing, GetParam().packing);
}

// Columns of texts.
class NarrowCodes : public Narrow {};

TEST_P(NarrowCodes, TellWhichRowsAreKnown) {
  for (const auto& column : {column_, made(&NarrowColumn::plain_of)})
    for (int i = 0; i < 20; ++i) {
      const auto first = dice_() % kRows, count = std::min<std::size_t>(kRows - first, 1 + dice_() % 9000);
      std::vector<NarrowColumn::KnownCode> known;
      column.known_codes(first, count, known);
      std::size_t next = 0;
      for (auto row = first; row < first + count; ++row) {
        if (!values_[row]) continue;
        ASSERT_LT(next, known.size());
        EXPECT_EQ(known[next].row, row);
        EXPECT_EQ(known[next++].code, *values_[row]);
      }
      EXPECT_EQ(next, known.size());
    }
}

TEST_P(Narrow, LiesInAFileAsInMemory) {
  std::vector<std::uint8_t> bytes(column_.bytes(), column_.bytes() + column_.byte_count());
  expect_all(NarrowColumn::over(column_.head(), bytes.data()));
}

std::vector<Shape> shapes_of_codes() {
  auto shapes = kShapes;
  std::erase_if(shapes, [](const Shape& shape) { return !shape.keeps_codes; });
  return shapes;
}

std::string name_of(const testing::TestParamInfo<Shape>& of) {
  std::string name = of.param.name;
  std::erase(name, ' ');
  return name;
}

INSTANTIATE_TEST_SUITE_P(OfEachShape, Narrow, testing::ValuesIn(kShapes), name_of);
INSTANTIATE_TEST_SUITE_P(OfEachShape, NarrowCodes, testing::ValuesIn(shapes_of_codes()), name_of);

}  // namespace
}  // namespace hkl
