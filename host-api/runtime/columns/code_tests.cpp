#include "columns/code_tests.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace hkl {
namespace {

__extension__ using Wide = __int128;

// Values from `least` to `greatest`, or all others.
struct Range {
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
  bool is_empty = false, is_turned = false;
};

Range range_of(const std::string& op, std::int64_t constant) {
  Range range;
  if (op == "=" || op == "!=") {
    range.least = range.greatest = constant;
    range.is_turned = op == "!=";
  } else if (op == "<" || op == "<=") {
    range.is_empty = op == "<" && constant == range.least;
    range.greatest = range.is_empty || op == "<=" ? constant : constant - 1;
  } else {
    range.is_empty = op == ">" && constant == range.greatest;
    range.least = range.is_empty || op == ">=" ? constant : constant + 1;
  }
  return range;
}

// The codes of a column's values in a range; nothing: it has none there.
struct Codes {
  std::uint64_t least, greatest;
};
// The greatest there can be; the next is "not known".
std::uint64_t last_code(const NarrowHead& head) {
  return head.width == 8 ? UINT64_MAX - 1 : (std::uint64_t{1} << (8 * head.width)) - 2;
}

std::optional<Codes> codes_of(const Range& range, const NarrowHead& head) {
  const Wide last = last_code(head);
  const Wide from_base = Wide{range.least} - head.base, to_base = Wide{range.greatest} - head.base;
  if (range.is_empty || to_base < 0) return std::nullopt;
  const Wide least = from_base <= 0 ? 0 : (from_base + head.scale - 1) / head.scale;
  const Wide greatest = std::min(last, to_base / head.scale);
  if (least > greatest) return std::nullopt;
  return Codes{static_cast<std::uint64_t>(least), static_cast<std::uint64_t>(greatest)};
}

template <typename Code>
inline void within(const Code* __restrict codes, std::size_t count, Code least, Code spread, std::uint8_t turned,
                   std::uint8_t* __restrict out) {
  each_of(count, [=](std::size_t i) {
    out[i] = static_cast<std::uint8_t>(static_cast<Code>(codes[i] - least) <= spread ? 1 : 0) ^ turned;
  });
}

template <typename Code>
void test_codes(const std::uint8_t* bytes, std::size_t count, Codes codes, bool is_turned, std::uint8_t* out) {
  const auto* from = reinterpret_cast<const Code*>(bytes);
  const auto least = static_cast<Code>(codes.least), spread = static_cast<Code>(codes.greatest - codes.least);
  const std::uint8_t turned = is_turned ? 1 : 0;
  within(from, count, least, spread, turned, out);
}

// A column of any segment against a range; what that means for its codes is found once for codes of one kind.
class RangeTest {
 public:
  RangeTest(std::uint32_t column, const Range& range) : column_(column), range_(range) {}

  void operator()(Batch& batch, Mask& out) {
    const auto& head = batch.segment().columns[column_].head();
    if (head.base != base_ || head.scale != scale_ || head.width != width_) learn(head);
    const auto count = batch.count();
    const auto fill = [&](bool holds) { std::fill_n(out.holds.data(), count, holds != range_.is_turned ? 1 : 0); };
    if (head.width == 0) return fill(head.is_null == 0 && is_base_in_);
    if (!codes_) return fill(false);
    if (are_all_in_ && head.has_nulls == 0) return fill(true);
    const auto* from = batch.codes(column_);
    switch (head.width) {
      case 1:
        return test_codes<std::uint8_t>(from, count, *codes_, range_.is_turned, out.holds.data());
      case 2:
        return test_codes<std::uint16_t>(from, count, *codes_, range_.is_turned, out.holds.data());
      case 4:
        return test_codes<std::uint32_t>(from, count, *codes_, range_.is_turned, out.holds.data());
      default:
        return test_codes<std::uint64_t>(from, count, *codes_, range_.is_turned, out.holds.data());
    }
  }

 private:
  void learn(const NarrowHead& head) {
    base_ = head.base;
    scale_ = head.scale;
    width_ = head.width;
    is_base_in_ = !range_.is_empty && base_ >= range_.least && base_ <= range_.greatest;
    codes_ = codes_of(range_, head);
    are_all_in_ = codes_ && codes_->least == 0 && codes_->greatest == last_code(head);
  }

  std::uint32_t column_;
  Range range_;
  std::int64_t base_ = 0, scale_ = 0;  // a scale of 0 is no column's
  std::uint8_t width_ = 0;
  bool is_base_in_ = false, are_all_in_ = false;
  std::optional<Codes> codes_;
};

// What the texts of one column answer, each asked when it is first seen.
class Answers {
 public:
  Answers(const Dictionary& texts, std::function<bool(std::string_view)> test, bool of_null)
      : texts_(texts), test_(std::move(test)), of_null_(of_null) {}

  void run(Batch& batch, std::uint32_t index, Mask& out) {
    const auto& column = batch.segment().columns[index];
    const auto count = batch.count();
    const auto* codes = batch.codes(index);
    if (column.head().width == 1) {
      ask_all(std::min<std::uint32_t>(texts_.size(), UINT8_MAX));
      for (std::size_t i = 0; i < count; ++i) out.holds[i] = known_[codes[i]];
      return;
    }
    widen_codes(column.head(), codes, count, codes_.data());
    for (std::size_t i = 0; i < count; ++i)
      out.holds[i] = codes_[i] == NarrowColumn::kNoCode ? of_null_ : of(codes_[i]);
  }

 private:
  std::uint8_t of(std::uint32_t code) {
    if (code >= answers_.size()) answers_.resize(texts_.size(), kNotAsked);
    auto& answer = answers_[code];
    if (answer == kNotAsked) answer = test_(texts_.text(code)) ? 1 : 0;
    return answer;
  }
  // By code; the last is "not known".
  void ask_all(std::uint32_t size) {
    known_[UINT8_MAX] = of_null_ ? 1 : 0;
    for (; asked_ < size; ++asked_) known_[asked_] = of(asked_);
  }

  static constexpr std::uint8_t kNotAsked = 2;
  const Dictionary& texts_;
  std::function<bool(std::string_view)> test_;
  bool of_null_;
  std::vector<std::uint8_t> answers_;
  std::array<std::uint8_t, 256> known_{};
  std::uint32_t asked_ = 0;
  std::array<std::uint32_t, kBatchRows> codes_{};
};

}  // namespace

MaskFn codes_compared(std::uint32_t column, const std::string& op, std::int64_t constant) {
  return RangeTest(column, range_of(op, constant));
}

MaskFn codes_known(std::uint32_t column) { return RangeTest(column, {}); }

MaskFn codes_text_test(std::uint32_t column, const Dictionary& texts, std::function<bool(std::string_view)> test,
                       bool of_null) {
  const auto answers = std::make_shared<Answers>(texts, std::move(test), of_null);
  return [column, answers](Batch& batch, Mask& out) { answers->run(batch, column, out); };
}

}  // namespace hkl
