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

void Aggregates::add(const Node& measure) {
  if (measure.kind == NodeKind::aggregate) return add_aggregate(measure);
  for (const auto& child : measure.children) add(*child);
}

void Aggregates::add_aggregate(const Node& node) {
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
    slot.is_text = true;
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
  slots_[&node] = slot;
}

std::vector<Aggregates::Percentile> Aggregates::percentiles() const {
  auto placed = percentiles_;
  for (std::size_t i = 0; i < placed.size(); ++i) placed[i].column = columns_.size() + i;
  return placed;
}

// Computes one measure of one row.
class Aggregates::Maker {
 public:
  Maker(const Aggregates& aggregates, const Read& read, const Totals& totals)
      : of_(aggregates), read_(read), totals_(totals) {}

  Result<Figure> run(const Node& root) {
    Figure figure;
    if (root.kind == NodeKind::aggregate && root.text == "only") {
      const auto& slot = of_.slots_.at(&root);
      if (read_.at(slot.column) == read_.at(slot.count)) figure.text = read_.at(slot.column);
      return figure;
    }
    const auto value = value_of(root);
    const bool is_ratio = root.kind == NodeKind::arithmetic && root.text == "/";
    const bool is_average = root.kind == NodeKind::aggregate && root.text == "avg";
    if (is_ratio && has_aggregate(*root.children[1])) {
      const auto a = value_of(*root.children[0]), b = value_of(*root.children[1]);
      if (a && b) figure.parts = {{*a, *b}};
    } else if (is_average) {
      const auto& slot = of_.slots_.at(&root);
      figure.parts = {{sum_of(slot).value_or(Rational{}), {integer(slot.count).value_or(0), 1}}};
    }
    if (error_) return fail(*error_);
    if (is_mixed_) return Figure{};
    figure.value = value;
    figure.currency = currency_.value_or("");
    return figure;
  }

 private:
  static bool has_aggregate(const Node& node) {
    return node.kind == NodeKind::aggregate ||
           std::any_of(node.children.begin(), node.children.end(), [](const NodePtr& c) { return has_aggregate(*c); });
  }

  std::optional<std::int64_t> integer(std::size_t column) {
    auto value = integer_of(read_.at(column));
    if (value) return *value;
    error_ = value.error();
    return std::nullopt;
  }

  std::optional<Rational> sum_of(const Slot& slot) {
    const auto sum = integer(slot.column);
    return sum ? fraction(*sum, slot.den) : std::nullopt;
  }

  std::optional<Rational> value_of(const Node& node) {
    if (node.kind == NodeKind::aggregate) return aggregate_value(node);
    if (node.kind == NodeKind::negate)
      return as_number(calculate('-', Rational{}, as_value(value_of(*node.children[0]))));
    if (node.kind == NodeKind::arithmetic)
      return as_number(
          calculate(node.text[0], as_value(value_of(*node.children[0])), as_value(value_of(*node.children[1]))));
    if (node.kind != NodeKind::function) return of_.compiler_.constant(node);
    if (node.text == "total" || node.text == "company") {
      const auto known = totals_.find(&node);
      return known != totals_.end() ? known->second : value_of(*node.children[0]);
    }
    if (node.text != "coalesce") {
      const auto inner = value_of(*node.children[0]);
      if (!inner) return std::nullopt;
      return Rational{node.text == "floor" ? floor_of(*inner) : ceil_of(*inner), 1};
    }
    for (const auto& child : node.children)
      if (const auto value = value_of(*child)) return value;
    return std::nullopt;
  }

  std::optional<Rational> aggregate_value(const Node& node) {
    const auto& slot = of_.slots_.at(&node);
    if (slot.is_money) note_currency(slot);
    if (slot.is_percentile) {
      const auto found = integer(of_.columns_.size() + slot.column);
      return found ? fraction(*found, slot.den) : std::nullopt;
    }
    auto value = sum_of(slot);
    // The sum of nothing is 0; its average, least and greatest are not known.
    if (!value && node.text == "sum") return Rational{};
    if (!value || !slot.is_average) return value;
    return divide(*value, {integer(slot.count).value_or(0), 1});
  }

  void note_currency(const Slot& slot) {
    const auto &least = read_.at(slot.currencies), &greatest = read_.at(slot.currencies + 1);
    if (!least) return;
    is_mixed_ = is_mixed_ || least != greatest || (currency_ && currency_ != least);
    currency_ = least;
  }

  static Value as_value(std::optional<Rational> number) { return number ? Value(*number) : Value(); }
  static std::optional<Rational> as_number(const Value& value) {
    const auto* number = std::get_if<Rational>(&value);
    return number == nullptr ? std::nullopt : std::optional(*number);
  }

  const Aggregates& of_;
  const Read& read_;
  const Totals& totals_;
  std::optional<Error> error_;
  std::optional<std::string> currency_;
  bool is_mixed_ = false;  // a sum over two currencies is null (DESIGN: terms)
};

Result<Figure> Aggregates::figure(const Node& measure, const Read& read, const Totals& totals) const {
  return Maker(*this, read, totals).run(measure);
}

Done Aggregates::collect(const Node& measure, std::string_view function, const Read& read, Totals& totals) const {
  if (measure.kind == NodeKind::function && measure.text == function) {
    const auto figure = Maker(*this, read, {}).run(*measure.children[0]);
    if (!figure) return fail(figure.error());
    totals[&measure] = figure->value;
    return {};
  }
  for (const auto& child : measure.children)
    if (auto done = collect(*child, function, read, totals); !done) return done;
  return {};
}

}  // namespace hkl
