#include "columns/comparisons.h"

#include <functional>
#include <type_traits>

namespace hkl {
namespace {

// Makes a condition with the comparison that an operator stands for.
template <typename Make>
MaskFn with_operator(const std::string& op, Make make) {
  if (op == "=") return make(std::equal_to<>());
  if (op == "!=") return make(std::not_equal_to<>());
  if (op == "<") return make(std::less<>());
  if (op == "<=") return make(std::less_equal<>());
  if (op == ">") return make(std::greater<>());
  return make(std::greater_equal<>());
}

// Only what is unlike is so with nothing on one side.
std::uint8_t of_unknown(const std::string& op) { return op == "!=" ? 1 : 0; }

struct SmallNumbers {
  alignas(64) std::array<std::int32_t, kBatchRows> values;
};

// The values of one side of a comparison: a column's as the batch keeps them, or computed.
class Operand {
 public:
  explicit Operand(NumberExpr expr)
      : column_(expr.column),
        of_codes_(std::move(expr.of_codes)),
        run_(std::move(expr.run)),
        room_(column_ ? nullptr : std::make_shared<Numbers>()),
        small_(of_codes_ ? std::make_shared<SmallNumbers>() : nullptr) {}

  const Numbers& of(Batch& batch) const {
    if (column_) return batch.column(*column_);
    run_(batch, *room_);
    return *room_;
  }

  // The same in 32 bits, of which a processor compares twice as many at once and more; unknown ones are kUnknownSmall.
  // Null: some may not fit.
  const std::int32_t* small(Batch& batch) const {
    if (!of_codes_) return nullptr;
    const auto& [column, by_code, factor] = *of_codes_;
    auto head = by_code ? by_code->line(batch.segment()) : batch.segment().columns[column].head();
    auto* values = small_->values.data();
    if (!head) return factor == 1 && by_code->read_small(batch, values) ? values : nullptr;
    if (__builtin_mul_overflow(head->greatest, factor, &head->greatest) || !is_small(*head)) return nullptr;
    head->base *= factor;  // with these only what fits is made
    head->scale =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(head->scale) * static_cast<std::uint64_t>(factor));
    widen_small(*head, batch.codes(column), batch.count(), values);
    return values;
  }

 private:
  std::optional<std::uint32_t> column_;
  std::optional<NumberExpr::OfCodes> of_codes_;
  NumberFn run_;
  std::shared_ptr<Numbers> room_;
  std::shared_ptr<SmallNumbers> small_;
};

// What is not known is less than all that is: it stands on the wrong side of nearly every order by itself.
template <typename Compare>
std::uint8_t compared_small(Compare compare, std::int32_t a, std::int32_t b) {
  constexpr bool kIsUnlike = std::is_same_v<Compare, std::not_equal_to<>>;
  constexpr bool kIsMore = std::is_same_v<Compare, std::greater<>> || std::is_same_v<Compare, std::greater_equal<>>;
  const auto holds = static_cast<std::uint8_t>(compare(a, b));
  return kIsUnlike ? holds : static_cast<std::uint8_t>(holds & ((kIsMore ? b : a) != kUnknownSmall));
}

template <typename Compare>
void compare_small(Compare compare, const std::int32_t* __restrict a, const std::int32_t* __restrict b,
                   std::size_t count, std::uint8_t* __restrict out) {
  each_of(count, [=](std::size_t i) { out[i] = compared_small(compare, a[i], b[i]); });
}

template <typename Compare>
void compare_small(Compare compare, const std::int32_t* __restrict a, std::int32_t constant, std::size_t count,
                   std::uint8_t* __restrict out) {
  each_of(count, [=](std::size_t i) { out[i] = compared_small(compare, a[i], constant); });
}

}  // namespace

MaskFn compared_with(const std::string& op, NumberExpr expr, std::int64_t constant) {
  const bool fits = constant > kUnknownSmall && constant <= INT32_MAX;
  return with_operator(op, [&](auto compare) -> MaskFn {
    return [=, operand = Operand(std::move(expr)), unknown = of_unknown(op)](Batch& batch, Mask& out) {
      if (const auto* small = fits ? operand.small(batch) : nullptr)
        return compare_small(compare, small, static_cast<std::int32_t>(constant), batch.count(), out.holds.data());
      const auto& numbers = operand.of(batch);
      each_of(batch.count(), [&, values = numbers.values.data(), known = numbers.known.data()](std::size_t i) {
        const auto holds = static_cast<std::uint8_t>(compare(values[i], constant));
        out.holds[i] = static_cast<std::uint8_t>((known[i] & holds) | (unknown & (known[i] ^ 1)));
      });
    };
  });
}

MaskFn compared_with(const std::string& op, NumberExpr left, NumberExpr right) {
  return with_operator(op, [&](auto compare) -> MaskFn {
    return [=, left = Operand(std::move(left)), right = Operand(std::move(right)), unknown = of_unknown(op)](
               Batch& batch, Mask& out) {
      const auto* small = left.small(batch);
      if (const auto* other = small != nullptr ? right.small(batch) : nullptr)
        return compare_small(compare, small, other, batch.count(), out.holds.data());
      const auto &a = left.of(batch), &b = right.of(batch);
      each_of(batch.count(), [&](std::size_t i) {
        const auto holds = static_cast<std::uint8_t>(compare(a.values[i], b.values[i]));
        out.holds[i] =
            static_cast<std::uint8_t>((a.known[i] & b.known[i] & holds) | (unknown & (a.known[i] ^ b.known[i])));
      });
    };
  });
}

}  // namespace hkl
