#include "reports/aggregates.h"

#include <algorithm>

#include "reports/reading.h"

namespace hkl {
namespace {

SqlText when_holds(const SqlText& condition, const SqlText& value) {
  return condition.is_empty() ? value : "CASE WHEN " + condition + " THEN " + value + " END";
}

// The column with the currency of the first money below a node.
std::string currency_of(const Node& node) {
  if (node.kind == NodeKind::field) return node.field->currency;
  for (const auto& child : node.children)
    if (auto found = currency_of(*child); !found.empty()) return found;
  return {};
}

}  // namespace

AggregateRows rows_of_aggregate(const Node& aggregate, const RowCompiler& compiler) {
  AggregateRows rows;
  if (aggregate.where) rows.condition = compiler.condition(*aggregate.where);
  const bool is_number = aggregate.text != "count" && aggregate.text != "distinct" && aggregate.text != "only";
  if (is_number) rows.value = compiler.number(*aggregate.children[0]);
  return rows;
}

std::size_t Aggregates::column(const SqlText& sql, ColumnPart part) {
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (columns_[i].text == sql.text && columns_[i].params == sql.params) return i;
  columns_.push_back(sql);
  parts_.push_back(part);
  return columns_.size() - 1;
}

void Aggregates::add(const Node& measure) { formulas_.push_back(formula_of(measure)); }

Aggregates::Formula Aggregates::formula_of(const Node& node) {
  using Kind = Formula::Kind;
  Formula formula;
  formula.node = &node;
  if (node.kind == NodeKind::aggregate) {
    formula.kind = node.text == "only" ? Kind::only : Kind::aggregate;
    formula.has_aggregate = true;
    formula.slot = slot_of(node);
    return formula;
  }
  for (const auto& child : node.children) {
    formula.parts.push_back(formula_of(*child));
    formula.has_aggregate |= formula.parts.back().has_aggregate;
  }
  if (node.kind == NodeKind::negate)
    formula.kind = Kind::negate;
  else if (node.kind == NodeKind::arithmetic)
    formula.kind = Kind::arithmetic;
  else if (node.kind != NodeKind::function)
    formula.constant = compiler_.constant(node);
  else
    formula.kind = node.text == "total" || node.text == "company" ? Kind::total
                   : node.text == "coalesce"                      ? Kind::coalesce
                   : node.text == "floor"                         ? Kind::floor
                                                                  : Kind::ceil;
  if (formula.kind == Kind::total) asked_for_.insert(node.text);
  return formula;
}

Aggregates::Slot Aggregates::slot_of(const Node& node) {
  const auto rows = rows_of_aggregate(node, compiler_);
  const auto value = when_holds(rows.condition, rows.value.sql);
  using Kind = ColumnPart::Kind;
  const auto part = [&node](Kind kind) {
    return ColumnPart{kind, kind == Kind::count ? nullptr : node.children[0].get(), node.where.get()};
  };
  Slot slot;
  slot.den = rows.value.den;
  if (node.text == "count") {
    slot.column = column(rows.condition.is_empty() ? "COUNT(*)" : "COUNT(" + when_holds(rows.condition, "1") + ")",
                         part(Kind::count));
  } else if (node.text == "distinct") {
    const auto thing = compiler_.value(*node.children[0]);
    slot.column = column("COUNT(DISTINCT " + when_holds(rows.condition, thing) + ")", part(Kind::distinct));
  } else if (node.text == "only") {
    const auto text = when_holds(rows.condition, compiler_.value(*node.children[0]));
    slot.column = column("MIN(" + text + ")", part(Kind::least_text));
    slot.count = column("MAX(" + text + ")", part(Kind::greatest_text));
  } else if (node.text == "percentile") {
    const auto asked = evaluate(*node.children[1], with_.options);
    const auto* percentage = std::get_if<Rational>(&asked);
    slot.is_percentile = true;
    slot.column = percentiles_.size();
    percentiles_.push_back(
        {0, rows.value.sql, rows.condition, percentage != nullptr ? *percentage : Rational{}, &node});
  } else if (node.text == "sum_once") {
    // A part of the kind that is SQL's alone.
    slot.column =
        column("hkl_sum_once(" + compiler_.value(*node.children[1]) + ", " + value + ")", part(Kind::currency));
  } else {
    slot.is_average = node.text == "avg";
    slot.is_sum = node.text == "sum";
    const std::string function = node.text == "min" ? "MIN(" : node.text == "max" ? "MAX(" : "SUM(";
    const auto kind = node.text == "min" ? Kind::least : node.text == "max" ? Kind::greatest : Kind::sum;
    slot.column = column(function + value + ")", part(kind));
    if (slot.is_average) slot.count = column("COUNT(" + value + ")", part(Kind::known));
  }
  if (node.type == Type::money) {
    const SqlText code = currency_of(*node.children[0]);
    // An amount without a currency is of another than those with one.
    const auto of_rows = "CASE WHEN " + value + " IS NOT NULL THEN COALESCE(" + code + ", '') END";
    slot.is_money = true;
    slot.currencies = column("MIN(" + of_rows + ")", part(Kind::currency));
    // Found equal by column(), the pair stays a pair: its second always follows.
    if (slot.currencies + 1 == columns_.size()) {
      columns_.push_back("MAX(" + of_rows + ")");
      parts_.push_back(part(Kind::currency));
    }
  }
  return slot;
}

std::vector<Aggregates::Percentile> Aggregates::percentiles() const {
  auto placed = percentiles_;
  for (std::size_t i = 0; i < placed.size(); ++i) placed[i].column = columns_.size() + i;
  return placed;
}

// Computes one measure of one row.
class Aggregates::Maker {
 public:
  Maker(const Aggregates& aggregates, Read read, const Totals& totals)
      : percentiles_from_(aggregates.columns_.size()), read_(read), totals_(totals) {}

  Result<Figure> run(const Formula& root) {
    Figure figure;
    if (root.kind == Formula::Kind::only) {
      auto least = text_at(root.slot.column);
      if (least == text_at(root.slot.count)) figure.text = std::move(least);
      return figure;
    }
    if (root.kind == Formula::Kind::arithmetic && root.node->text == "/" && root.parts[1].has_aggregate) {
      const auto a = value_of(root.parts[0]), b = value_of(root.parts[1]);
      if (a && b) {
        figure.parts = {{*a, *b}};
        figure.value = divide(*a, *b);
      }
    } else {
      figure.value = value_of(root);
      if (root.slot.is_average)
        figure.parts = {{sum_of(root.slot).value_or(Rational{}), {integer(root.slot.count).value_or(0), 1}}};
    }
    if (error_) return fail(*error_);
    if (is_mixed_) return Figure{};
    if (currency_) figure.currency = std::move(*currency_);
    return figure;
  }

 private:
  std::optional<std::string> text_at(std::size_t column) const {
    const auto& cell = read_[column];
    if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
    const auto* text = std::get_if<std::unique_ptr<const std::string>>(&cell);
    return text == nullptr ? std::nullopt : std::optional(**text);
  }

  std::optional<std::int64_t> integer(std::size_t column) {
    const auto& cell = read_[column];
    if (const auto* number = std::get_if<std::int64_t>(&cell)) return *number;
    if (std::holds_alternative<std::monostate>(cell)) return std::nullopt;
    auto value = integer_of(text_at(column));
    if (value) return *value;
    error_ = value.error();
    return std::nullopt;
  }

  std::optional<Rational> sum_of(const Slot& slot) {
    const auto sum = integer(slot.column);
    return sum ? fraction(*sum, slot.den) : std::nullopt;
  }

  std::optional<Rational> value_of(const Formula& formula) {
    using Kind = Formula::Kind;
    const auto& parts = formula.parts;
    switch (formula.kind) {
      case Kind::aggregate:
        return aggregate_value(formula.slot);
      case Kind::negate:
        return calculated('-', Rational{}, value_of(parts[0]));
      case Kind::arithmetic:
        return calculated(formula.node->text[0], value_of(parts[0]), value_of(parts[1]));
      case Kind::total: {
        const auto known = totals_.find(formula.node);
        return known != totals_.end() ? known->second : value_of(parts[0]);
      }
      case Kind::floor:
      case Kind::ceil: {
        const auto inner = value_of(parts[0]);
        if (!inner) return std::nullopt;
        return Rational{formula.kind == Kind::floor ? floor_of(*inner) : ceil_of(*inner), 1};
      }
      case Kind::coalesce:
        for (const auto& part : parts)
          if (const auto value = value_of(part)) return value;
        return std::nullopt;
      default:
        return formula.constant;  // only() stands alone, as the checker has it
    }
  }

  std::optional<Rational> aggregate_value(const Slot& slot) {
    if (slot.is_money) note_currency(slot);
    if (slot.is_percentile) {
      const auto found = integer(percentiles_from_ + slot.column);
      return found ? fraction(*found, slot.den) : std::nullopt;
    }
    auto value = sum_of(slot);
    // The sum of nothing is 0; its average, least and greatest are not known.
    if (!value && slot.is_sum) return Rational{};
    if (!value || !slot.is_average) return value;
    return divide(*value, {integer(slot.count).value_or(0), 1});
  }

  void note_currency(const Slot& slot) {
    auto least = text_at(slot.currencies);
    if (!least) return;
    is_mixed_ = is_mixed_ || least != text_at(slot.currencies + 1) || (currency_ && currency_ != least);
    currency_ = std::move(least);
  }

  static std::optional<Rational> calculated(char op, std::optional<Rational> left, std::optional<Rational> right) {
    if (!left || !right) return std::nullopt;
    const auto value = calculate(op, *left, *right);
    const auto* number = std::get_if<Rational>(&value);
    return number == nullptr ? std::nullopt : std::optional(*number);
  }

  const std::size_t percentiles_from_;
  const Read read_;
  const Totals& totals_;
  std::optional<Error> error_;
  std::optional<std::string> currency_;
  bool is_mixed_ = false;  // a sum over two currencies is null (DESIGN: terms)
};

ReadCell cell_of(std::optional<std::string> text) {
  if (!text) return {};
  return std::make_unique<const std::string>(std::move(*text));
}

Result<Figure> Aggregates::figure(std::size_t measure, Read read, const Totals& totals) const {
  const auto& formula = formulas_[measure];
  // Most are a count, which is the figure as it stands.
  if (formula.kind == Formula::Kind::aggregate && formula.slot.is_plain())
    if (const auto* number = std::get_if<std::int64_t>(&read[formula.slot.column])) {
      Figure figure;
      figure.value = Rational{*number, 1};
      return figure;
    }
  return Maker(*this, read, totals).run(formula);
}

Done Aggregates::collect(std::size_t measure, std::string_view function, Read read, Totals& totals) const {
  return collect(formulas_[measure], function, read, totals);
}

Done Aggregates::collect(const Formula& formula, std::string_view function, Read read, Totals& totals) const {
  if (formula.kind == Formula::Kind::total && formula.node->text == function) {
    const auto figure = Maker(*this, read, {}).run(formula.parts[0]);
    if (!figure) return fail(figure.error());
    totals[formula.node] = figure->value;
    return {};
  }
  for (const auto& part : formula.parts)
    if (auto done = collect(part, function, read, totals); !done) return done;
  return {};
}

}  // namespace hkl
