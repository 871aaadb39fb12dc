// Texts of the report language over columns.
#include <algorithm>

#include "columns/program.h"
#include "reports/checker.h"

namespace hkl {
namespace {

NumberFn of_column(std::uint32_t column) {
  return [column](Batch& batch, Numbers& out) {
    const auto& kept = batch.column(column);
    std::copy_n(kept.values.data(), batch.count(), out.values.data());
    std::copy_n(kept.known.data(), batch.count(), out.known.data());
  };
}

// `first` where the mask holds, else `second`.
NumberFn either(MaskFn condition, NumberFn first, NumberFn second) {
  const auto mask = std::make_shared<Mask>();
  const auto room = std::make_shared<Numbers>();
  return [=, condition = std::move(condition), first = std::move(first), second = std::move(second)](Batch& batch,
                                                                                                     Numbers& out) {
    second(batch, out);
    first(batch, *room);
    condition(batch, *mask);
    for (std::size_t i = 0; i < batch.count(); ++i) {
      if (mask->holds[i] == 0) continue;
      out.values[i] = room->values[i];
      out.known[i] = room->known[i];
    }
  };
}

}  // namespace

TextExpr Program::text(const Node& node) {
  if (is_constant(node)) {
    const auto value = evaluate(node, with_.options);
    TextExpr expr;
    expr.is_constant = true;
    expr.texts = &pool_;
    if (const auto* text = std::get_if<std::string>(&value)) expr.constant = *text;
    // Only a choice between texts needs its code, and that is no column's.
    const auto code = expr.constant ? Maybe(pool_.add(*expr.constant)) : Maybe();
    expr.run = [code](Batch& batch, Numbers& out) {
      std::fill_n(out.values.data(), batch.count(), code.value_or(0));
      std::fill_n(out.known.data(), batch.count(), static_cast<std::uint8_t>(code ? 1 : 0));
    };
    return expr;
  }
  if (node.type == Type::set) throw NotInColumns("a set is shown by SQL");
  if (node.kind == NodeKind::field) return field_text(node);
  if (node.kind != NodeKind::function) throw NotInColumns("such a text is made by SQL");
  if (node.text == "if") return chosen_text(node);
  return node.text == "coalesce" ? first_known_text(node) : clock_text(node);
}

TextExpr Program::field_text(const Node& node) {
  const auto& field = *node.field;
  if (credited_ == CreditedTo::last && field.by_credit == ByCredit::employee)
    return last_credited("employee", kLastEmployee);
  if (credited_ == CreditedTo::last && field.by_credit == ByCredit::extension)
    return last_credited("extension", kLastExtension);
  TextExpr expr;
  expr.column = column_of(field);
  expr.texts = &table_.dictionary(*expr.column);
  expr.run = of_column(*expr.column);
  return expr;
}

// Missed and unsuccessful calls fall as in `first` (metrics §1.5).
TextExpr Program::last_credited(std::string_view field, std::string_view last) {
  const auto first_column = reading(field), last_column = reading(last);
  TextExpr expr;
  expr.texts = &table_.dictionary(first_column);  // of both
  expr.run = either(spelled(*spelled_field("answered")), of_column(last_column), of_column(first_column));
  return expr;
}

// The code of the same text in the pool.
NumberFn Program::pooled(TextExpr text) {
  uses_pool_ = true;
  if (text.texts == &pool_) return std::move(text.run);
  auto memo = std::make_shared<std::vector<std::uint32_t>>();  // code → code in the pool + 1
  return [run = std::move(text.run), from = text.texts, pool = &pool_, memo](Batch& batch, Numbers& out) {
    run(batch, out);
    memo->resize(from->size(), 0);
    for (std::size_t i = 0; i < batch.count(); ++i) {
      if (out.known[i] == 0) continue;
      const auto code = static_cast<std::uint32_t>(out.values[i]);
      auto& known = (*memo)[code];
      if (known == 0) known = pool->add(from->text(code)) + 1;
      out.values[i] = known - 1;
    }
  };
}

TextExpr Program::first_known_text(const Node& node) {
  std::vector<NumberFn> parts;
  for (const auto& child : node.children) parts.push_back(pooled(text(*child)));
  const auto room = std::make_shared<Numbers>();
  TextExpr expr;
  expr.texts = &pool_;
  expr.run = [parts = std::move(parts), room](Batch& batch, Numbers& out) {
    parts[0](batch, out);
    for (std::size_t part = 1; part < parts.size(); ++part) {
      parts[part](batch, *room);
      for (std::size_t i = 0; i < batch.count(); ++i) {
        if (out.known[i] != 0 || room->known[i] == 0) continue;
        out.values[i] = room->values[i];
        out.known[i] = 1;
      }
    }
  };
  return expr;
}

TextExpr Program::chosen_text(const Node& node) {
  TextExpr expr;
  expr.texts = &pool_;
  expr.run = pooled(text(*node.children.back()));
  for (std::size_t i = node.children.size() - 1; i >= 2; i -= 2)
    expr.run = either(condition(*node.children[i - 2]), pooled(text(*node.children[i - 1])), std::move(expr.run));
  return expr;
}

}  // namespace hkl
