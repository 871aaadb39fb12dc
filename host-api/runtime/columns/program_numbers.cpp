// Numbers of the report language over columns.
#include <algorithm>
#include <numeric>
#include <set>

#include "columns/program.h"
#include "reports/checker.h"

namespace hkl {
namespace {

[[noreturn]] void too_large() { throw NotInColumns("a value leaves 64 bits"); }

// In SQL a constant null stays "NULL", whatever it is multiplied with.
bool is_null(const NumberExpr& expr) { return expr.is_constant && !expr.constant; }

std::int64_t checked(char op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  const bool is_over = op == '+'   ? __builtin_add_overflow(a, b, &result)
                       : op == '-' ? __builtin_sub_overflow(a, b, &result)
                                   : __builtin_mul_overflow(a, b, &result);
  if (is_over) too_large();
  return result;
}

std::int64_t floor_divided(std::int64_t number, std::int64_t den, bool is_up) {
  const auto rest = number % den;
  return number / den + (is_up ? static_cast<std::int64_t>(rest > 0) : -static_cast<std::int64_t>(rest < 0));
}

// The columns whose codes decide what an expression is of a row.
struct ReadColumns {
  std::set<std::uint32_t> columns;
  bool is_known = true;  // no: it depends on more
};

void note_columns(const Node& node, CreditedTo credited, ReadColumns& read) {
  const bool is_of_children = node.kind != NodeKind::function || node.text == "floor" || node.text == "ceil" ||
                              node.text == "coalesce" || node.text == "if";
  if (!is_of_children || node.kind == NodeKind::aggregate || node.type == Type::set) read.is_known = false;
  for (const auto& child : node.children) note_columns(*child, credited, read);
  if (node.kind != NodeKind::field) return;
  const auto& field = *node.field;
  const auto* spelled = spelled_field(field.name);
  const auto name = field.by_credit == ByCredit::talk ? std::string_view("talk_s")
                    : spelled != nullptr              ? spelled->column
                                                      : std::string_view(field.name);
  const auto column = calls_schema().find(name);
  const bool is_whole_talk = credited == CreditedTo::first || credited == CreditedTo::last;
  const bool is_one = column &&
                      (field.by_credit == ByCredit::no || (field.by_credit == ByCredit::talk && is_whole_talk)) &&
                      (spelled == nullptr || spelled->kind != SpelledField::Kind::called_back);
  if (is_one)
    read.columns.insert(*column);
  else
    read.is_known = false;
}

}  // namespace

NumberExpr of_constant(Maybe value, std::int64_t den) {
  NumberExpr expr;
  expr.run = [value](Batch& batch, Numbers& out) {
    std::fill_n(out.values.data(), batch.count(), value.value_or(0));
    std::fill_n(out.known.data(), batch.count(), static_cast<std::uint8_t>(value ? 1 : 0));
  };
  expr.den = value ? den : 1;
  expr.constant = value;
  expr.is_constant = true;
  return expr;
}

NumberFn scaled(NumberFn run, std::int64_t factor) {
  if (factor == 1) return run;
  return [run = std::move(run), factor](Batch& batch, Numbers& out) {
    run(batch, out);
    for (std::size_t i = 0; i < batch.count(); ++i) out.values[i] = checked('*', out.values[i], factor);
  };
}

bool bring_together(NumberExpr& a, NumberExpr& b) {
  std::int64_t common = 0;
  if (__builtin_mul_overflow(a.den / std::gcd(a.den, b.den), b.den, &common)) return false;
  for (auto* one : {&a, &b}) {
    const auto factor = common / one->den;
    one->den = common;
    if (factor == 1 || is_null(*one)) continue;
    one->column.reset();
    one->less.reset();
    one->by_code.reset();
    if (one->of_codes && __builtin_mul_overflow(one->of_codes->factor, factor, &one->of_codes->factor))
      one->of_codes.reset();
    if (one->is_constant) {
      std::int64_t product = 0;
      *one = __builtin_mul_overflow(*one->constant, factor, &product) ? of_constant(std::nullopt, 1)
                                                                      : of_constant(product, common);
      one->den = common;
    } else {
      one->run = scaled(std::move(one->run), factor);
    }
  }
  return true;
}

NumberExpr combined(char op, NumberExpr left, NumberExpr right) {
  NumberExpr expr;
  if (op == '*') {
    if (__builtin_mul_overflow(left.den, right.den, &expr.den)) return of_constant(std::nullopt, 1);
  } else {
    if (!bring_together(left, right)) return of_constant(std::nullopt, 1);
    expr.den = left.den;
  }
  const auto room = std::make_shared<Numbers>();
  expr.run = [a = std::move(left.run), b = std::move(right.run), op, room](Batch& batch, Numbers& out) {
    a(batch, out);
    b(batch, *room);
    for (std::size_t i = 0; i < batch.count(); ++i) {
      out.known[i] &= room->known[i];
      out.values[i] = out.known[i] != 0 ? checked(op, out.values[i], room->values[i]) : 0;
    }
  };
  return expr;
}

NumberFn rounded(NumberExpr number, bool is_up) {
  if (number.den == 1) return std::move(number.run);
  return [run = std::move(number.run), den = number.den, is_up](Batch& batch, Numbers& out) {
    run(batch, out);
    for (std::size_t i = 0; i < batch.count(); ++i) out.values[i] = floor_divided(out.values[i], den, is_up);
  };
}

std::uint32_t Program::column_of(const Field& field) {
  if (const auto column = table_.schema().find(field.name)) return reading(*column);
  throw NotInColumns("the field " + field.name + " is not kept in columns");
}

NumberExpr Program::constant_number(const Node& node) {
  const auto known = RowCompiler(with_).constant(node);
  return known ? of_constant(known->num, known->den) : of_constant(std::nullopt, 1);
}

NumberExpr Program::number(const Node& node) {
  if (node.kind == NodeKind::field || is_constant(node) || is_within_table_) return computed(node);
  ReadColumns read;
  note_columns(node, credited_, read);
  if (!read.is_known || read.columns.size() != 1) return computed(node);
  is_within_table_ = true;
  auto expr = computed(node);
  is_within_table_ = false;
  const auto column = *read.columns.begin();
  const auto& columns = table_.schema().columns();
  expr.by_code = std::make_shared<ByCode>(std::move(expr.run), column, columns[column].is_text, columns.size());
  expr.of_codes = {column, expr.by_code};
  expr.run = [table = expr.by_code](Batch& batch, Numbers& out) { table->read(batch, out); };
  return expr;
}

// Of the one share of a call.
NumberExpr Program::credited_talk() {
  NumberExpr expr;
  const auto talk = reading("talk_s"), beyond = reading(kTalkBeyondShare);
  expr.den = 1000;
  expr.less = {talk, beyond};
  expr.run = [talk, beyond](Batch& batch, Numbers& out) {
    const auto &whole = batch.column(talk), &less = batch.column(beyond);
    for (std::size_t i = 0; i < batch.count(); ++i) out.values[i] = checked('-', whole.values[i], less.values[i]);
    std::copy_n(whole.known.data(), batch.count(), out.known.data());
  };
  return expr;
}

NumberExpr Program::computed(const Node& node) {
  if (node.kind == NodeKind::field) {
    NumberExpr expr;
    if (node.type == Type::money) throw NotInColumns("amounts of money are summed by SQL");
    const auto& field = *node.field;
    if (const auto* rest = rest_field(field.name)) return with_rest(*rest);
    if (field.by_credit == ByCredit::talk && credited_ == CreditedTo::each) return credited_talk();
    const auto column = field.by_credit != ByCredit::talk ? column_of(field)
                        : credited_ == CreditedTo::shares ? share_talk_column(table_.schema())
                                                          : reading("talk_s");
    expr.den = node.type == Type::duration || node.type == Type::time ? 1000 : 1;
    expr.column = column;
    expr.of_codes = {column};
    expr.run = [column](Batch& batch, Numbers& out) {
      const auto& kept = batch.column(column);
      std::copy_n(kept.values.data(), batch.count(), out.values.data());
      std::copy_n(kept.known.data(), batch.count(), out.known.data());
    };
    return expr;
  }
  if (is_constant(node)) return constant_number(node);
  if (node.kind == NodeKind::negate) {
    auto inner = number(*node.children[0]);
    NumberExpr expr;
    expr.den = inner.den;
    expr.run = [run = std::move(inner.run)](Batch& batch, Numbers& out) {
      run(batch, out);
      for (std::size_t i = 0; i < batch.count(); ++i) out.values[i] = checked('-', 0, out.values[i]);
    };
    return expr;
  }
  return node.kind == NodeKind::arithmetic ? arithmetic(node) : function_number(node);
}

NumberExpr Program::with_rest(const RestField& field) {
  std::vector<std::uint32_t> added;
  for (const auto& name : field.added) added.push_back(reading(name));
  const auto taken_off = field.taken_off.empty() ? std::nullopt : std::optional(reading(field.taken_off));
  NumberExpr expr;
  expr.den = 1000;
  expr.run = [rest = reading(field.rest), added, taken_off](Batch& batch, Numbers& out) {
    const auto& kept = batch.column(rest);
    std::copy_n(kept.values.data(), batch.count(), out.values.data());
    std::copy_n(kept.known.data(), batch.count(), out.known.data());
    // What is not known is 0.
    for (const auto column : added) {
      const auto& part = batch.column(column);
      for (std::size_t i = 0; i < batch.count(); ++i) out.values[i] += part.values[i];
    }
    if (taken_off) {
      const auto& part = batch.column(*taken_off);
      for (std::size_t i = 0; i < batch.count(); ++i) out.values[i] -= part.values[i];
    }
    for (std::size_t i = 0; i < batch.count(); ++i)
      if (out.known[i] == 0) out.values[i] = 0;
  };
  return expr;
}

NumberExpr Program::arithmetic(const Node& node) {
  auto left = number(*node.children[0]);
  NumberExpr expr;
  if (node.text == "/") {
    const auto value = evaluate(*node.children[1], with_.options);
    const auto* by = std::get_if<Rational>(&value);
    if (by == nullptr || by->num == 0) return of_constant(std::nullopt, 1);
    expr.run = scaled(std::move(left.run), by->num < 0 ? -by->den : by->den);
    if (__builtin_mul_overflow(left.den, by->num < 0 ? -by->num : by->num, &expr.den))
      return of_constant(std::nullopt, 1);
    return expr;
  }
  return combined(node.text[0], std::move(left), number(*node.children[1]));
}

NumberExpr Program::function_number(const Node& node) {
  if (node.text == "floor" || node.text == "ceil") {
    NumberExpr expr;
    expr.run = rounded(number(*node.children[0]), node.text == "ceil");
    return expr;
  }
  if (node.text == "now") return of_constant(with_.now_ms, 1000);
  if (node.text == "open_time") return open_time(node);
  if (node.text == "if") return chosen_number(node);
  return node.text == "coalesce" ? coalesced_number(node) : clock_number(node);
}

NumberExpr Program::coalesced_number(const Node& node) {
  std::vector<NumberExpr> parts;
  for (const auto& child : node.children) parts.push_back(number(*child));
  for (int round = 0; round < 2; ++round)
    for (auto& part : parts)
      if (!bring_together(parts[0], part)) return of_constant(std::nullopt, 1);
  NumberExpr expr;
  expr.den = parts[0].den;
  std::vector<NumberFn> runs;
  for (auto& part : parts) runs.push_back(std::move(part.run));
  const auto room = std::make_shared<Numbers>();
  expr.run = [runs = std::move(runs), room](Batch& batch, Numbers& out) {
    runs[0](batch, out);
    for (std::size_t part = 1; part < runs.size(); ++part) {
      runs[part](batch, *room);
      for (std::size_t i = 0; i < batch.count(); ++i) {
        if (out.known[i] != 0 || room->known[i] == 0) continue;
        out.values[i] = room->values[i];
        out.known[i] = 1;
      }
    }
  };
  return expr;
}

NumberExpr Program::chosen_number(const Node& node) {
  std::vector<NumberExpr> values;
  std::vector<MaskFn> conditions;
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    conditions.push_back(condition(*node.children[i]));
    values.push_back(number(*node.children[i + 1]));
  }
  values.push_back(number(*node.children.back()));
  for (int round = 0; round < 2; ++round)
    for (std::size_t i = 1; i < values.size(); ++i)
      if (!bring_together(values[0], values[i])) return of_constant(std::nullopt, 1);
  NumberExpr expr;
  expr.den = values[0].den;
  std::vector<NumberFn> runs;
  for (auto& value : values) runs.push_back(std::move(value.run));
  const auto room = std::make_shared<Numbers>();
  const auto mask = std::make_shared<Mask>();
  // From the last backwards: what stands first overwrites.
  expr.run = [runs = std::move(runs), conditions = std::move(conditions), room, mask](Batch& batch, Numbers& out) {
    runs.back()(batch, out);
    for (std::size_t c = conditions.size(); c-- > 0;) {
      conditions[c](batch, *mask);
      runs[c](batch, *room);
      for (std::size_t i = 0; i < batch.count(); ++i) {
        if (mask->holds[i] == 0) continue;
        out.values[i] = room->values[i];
        out.known[i] = room->known[i];
      }
    }
  };
  return expr;
}

}  // namespace hkl
