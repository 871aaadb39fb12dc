#include "columns/comparisons.h"

#include <functional>

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

// The values of one side of a comparison: a column's as the batch keeps them, or computed.
class Operand {
 public:
  explicit Operand(NumberExpr expr)
      : column_(expr.column), run_(std::move(expr.run)), room_(column_ ? nullptr : std::make_shared<Numbers>()) {}
  const Numbers& of(Batch& batch) const {
    if (column_) return batch.column(*column_);
    run_(batch, *room_);
    return *room_;
  }

 private:
  std::optional<std::uint32_t> column_;
  NumberFn run_;
  std::shared_ptr<Numbers> room_;
};

}  // namespace

MaskFn compared_with(const std::string& op, NumberExpr expr, std::int64_t constant) {
  return with_operator(op, [&](auto compare) -> MaskFn {
    return [=, operand = Operand(std::move(expr)), unknown = of_unknown(op)](Batch& batch, Mask& out) {
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
