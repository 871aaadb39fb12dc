// Conditions of the report language over columns.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "columns/code_tests.h"
#include "columns/comparisons.h"
#include "columns/program.h"
#include "reports/checker.h"
#include "reports/field_marks.h"
#include "reports/locale_text.h"

namespace hkl {
namespace {

template <typename Holds>
void fill(Batch& batch, Mask& out, Holds holds) {
  for (std::size_t i = 0; i < batch.count(); ++i) out.holds[i] = static_cast<std::uint8_t>(holds(i));
}

// The orders of two values that a comparison holds for, found once and not for each row.
class Orders {
 public:
  explicit Orders(const std::string& op)
      : holds_{op == "<" || op == "<=" || op == "!=", op == "=" || op == "<=" || op == ">=",
               op == ">" || op == ">=" || op == "!="},
        takes_null_(op == "!=") {}
  // order: less than, equal to or more than 0.
  bool has(int order) const { return order < 0 ? holds_[0] : order == 0 ? holds_[1] : holds_[2]; }
  // Of two that are not both known.
  bool has_unknown(bool is_left_known, bool is_right_known) const {
    return takes_null_ && is_left_known != is_right_known;
  }

 private:
  std::array<bool, 3> holds_;
  bool takes_null_;
};

std::string turned(const std::string& op) {
  if (op == "<") return ">";
  if (op == "<=") return ">=";
  if (op == ">") return "<";
  return op == ">=" ? "<=" : op;
}

MaskFn is_known(NumberFn run) {
  const auto room = std::make_shared<Numbers>();
  return [run = std::move(run), room](Batch& batch, Mask& out) {
    run(batch, *room);
    std::copy_n(room->known.data(), batch.count(), out.holds.data());
  };
}

// A number's or a text's.
template <typename Expr>
MaskFn is_known(Expr expr) requires requires {
  expr.column;
}
{ return expr.column ? codes_known(*expr.column) : is_known(std::move(expr.run)); }

}  // namespace

MaskFn constant_mask(bool holds) {
  return [holds](Batch& batch, Mask& out) { std::fill_n(out.holds.data(), batch.count(), holds ? 1 : 0); };
}

MaskFn negated(MaskFn inner) {
  return [inner = std::move(inner)](Batch& batch, Mask& out) {
    inner(batch, out);
    for (auto& holds : out.holds) holds ^= 1;
  };
}

MaskFn Program::condition(const Node& node) {
  if (is_constant(node)) return constant_mask(holds(node, with_.options));
  switch (node.kind) {
    case NodeKind::negation:
      return negated(condition(*node.children[0]));
    case NodeKind::all:
    case NodeKind::any:
      return all_or_any(node);
    case NodeKind::comparison:
      return compared(node.text, *node.children[0], *node.children[1]);
    case NodeKind::among:
      return node.is_negated ? negated(among(node)) : among(node);
    case NodeKind::contains:
      return node.is_negated ? negated(contains(node)) : contains(node);
    case NodeKind::is_null:
      return node.is_negated ? known(*node.children[0]) : negated(known(*node.children[0]));
    default:
      break;
  }
  if (node.kind == NodeKind::function && node.text == "in_period") return in_period(node);
  const auto room = std::make_shared<Numbers>();
  return [run = truth(node), room](Batch& batch, Mask& out) {
    run(batch, *room);
    fill(batch, out, [&](std::size_t i) { return room->known[i] != 0 && room->values[i] != 0; });
  };
}

MaskFn Program::all_or_any(const Node& node) {
  std::vector<MaskFn> parts;
  for (const auto& child : node.children) parts.push_back(condition(*child));
  const auto room = std::make_shared<Mask>();
  return [parts = std::move(parts), room, is_all = node.kind == NodeKind::all](Batch& batch, Mask& out) {
    parts[0](batch, out);
    for (std::size_t part = 1; part < parts.size(); ++part) {
      parts[part](batch, *room);
      if (is_all)
        out &= *room;
      else
        out |= *room;
    }
  };
}

NumberFn Program::truth(const Node& node) {
  const auto room = std::make_shared<Mask>();
  const auto of_mask = [room](MaskFn mask) -> NumberFn {
    return [mask = std::move(mask), room](Batch& batch, Numbers& out) {
      mask(batch, *room);
      for (std::size_t i = 0; i < batch.count(); ++i) out.values[i] = room->holds[i];
      std::fill_n(out.known.data(), batch.count(), 1);
    };
  };
  if (is_constant(node) || node.kind != NodeKind::field) {
    const bool is_chosen = node.kind == NodeKind::function && (node.text == "if" || node.text == "coalesce");
    if (is_chosen) throw NotInColumns("a choice between conditions is made by SQL");
    if (!is_constant(node)) return of_mask(condition(node));
    if (is_null(evaluate(node, with_.options))) throw NotInColumns("a condition that is null is SQL's");
    return of_mask(constant_mask(holds(node, with_.options)));
  }
  const auto& field = *node.field;
  if (field.by_credit == ByCredit::first) {
    if (credited_ == CreditedTo::last) throw NotInColumns("who was first among those credited last is SQL's");
    if (credited_ != CreditedTo::shares) return of_mask(constant_mask(true));
  }
  if (field.sql == kLineClosedMark) return line_closed();
  const auto* spelling = spelled_field(field.name);
  if (spelling == nullptr) {
    const auto column = field.by_credit == ByCredit::first ? share_first_column(table_.schema()) : column_of(field);
    return [column](Batch& batch, Numbers& out) {
      const auto& kept = batch.column(column);
      std::copy_n(kept.values.data(), batch.count(), out.values.data());
      std::copy_n(kept.known.data(), batch.count(), out.known.data());
    };
  }
  if (spelling->kind == SpelledField::Kind::differs) return of_mask(spelled(*spelling));
  // Null where what it is made of is: in a condition that is no, as a value it is nothing.
  const auto column = reading(spelling->column);
  return [mask = spelled(*spelling), column, room](Batch& batch, Numbers& out) {
    mask(batch, *room);
    const auto& kept = batch.column(column);
    for (std::size_t i = 0; i < batch.count(); ++i) out.values[i] = room->holds[i];
    std::copy_n(kept.known.data(), batch.count(), out.known.data());
  };
}

MaskFn Program::spelled(const SpelledField& field) {
  const auto column = reading(field.column);
  const auto& texts = table_.dictionary(column);
  const std::string text(field.text);
  if (field.kind == SpelledField::Kind::differs)
    return codes_text_test(
        column, texts, [text](std::string_view one) { return one != text; }, true);
  auto is_it = codes_text_test(
      column, texts, [text](std::string_view one) { return one == text; }, false);
  if (field.kind == SpelledField::Kind::equals) return is_it;
  const auto room = std::make_shared<Mask>();
  return [is_it = std::move(is_it), is_back = codes_known(reading("called_back_at")), room](Batch& batch, Mask& out) {
    is_it(batch, out);
    is_back(batch, *room);
    out &= *room;
  };
}

// Whether a text passes is asked once for each text there is.
MaskFn Program::text_test(TextExpr text, std::function<bool(std::string_view)> test, bool of_null) {
  if (text.column) return codes_text_test(*text.column, *text.texts, std::move(test), of_null);
  const auto room = std::make_shared<Numbers>();
  constexpr std::uint8_t kNotAsked = 2;
  auto memo = std::make_shared<std::vector<std::uint8_t>>();
  return [=, run = std::move(text.run), texts = text.texts, test = std::move(test)](Batch& batch, Mask& out) {
    run(batch, *room);
    memo->resize(texts->size(), kNotAsked);
    for (std::size_t i = 0; i < batch.count(); ++i) {
      if (room->known[i] == 0) {
        out.holds[i] = of_null ? 1 : 0;
        continue;
      }
      auto& answer = (*memo)[static_cast<std::size_t>(room->values[i])];
      if (answer == kNotAsked) answer = test(texts->text(static_cast<std::uint32_t>(room->values[i]))) ? 1 : 0;
      out.holds[i] = answer;
    }
  };
}

MaskFn Program::known(const Node& node) {
  if (node.type == Type::set) {
    if (node.kind != NodeKind::field || node.field->set == SetStore::rows)
      throw NotInColumns("sets are kept with the calls, not in columns");
    if (node.field->set == SetStore::departments) return is_member(*node.field, nullptr);
    TextExpr piped = field_text(node);
    return text_test(
        std::move(piped), [](std::string_view kept) { return !kept.empty() && kept != "|"; }, false);
  }
  if (node.kind == NodeKind::field)
    if (const auto* rest = rest_field(node.field->name)) return codes_known(reading(rest->rest));
  if (is_numeric(node.type)) return is_known(number(node));
  if (node.type == Type::text) return is_known(text(node));
  if (node.type == Type::null) return constant_mask(false);
  return is_known(truth(node));
}

MaskFn Program::compared(const std::string& op, const Node& left, const Node& right) {
  if (left.type == Type::set || right.type == Type::set) {
    auto has = left.type == Type::set ? set_has(left, right, false) : set_has(right, left, false);
    return op == "!=" ? negated(std::move(has)) : has;
  }
  if (left.type == Type::null || right.type == Type::null) {
    const Node& other = left.type == Type::null ? right : left;
    return op == "!=" ? known(other) : constant_mask(false);
  }
  if (is_numeric(left.type)) return compared_numbers(op, number(left), number(right));
  if (left.type == Type::text) return compared_texts(op, text(left), text(right));
  return compared_truths(op, left, right);
}

MaskFn Program::compared_numbers(const std::string& op, NumberExpr left, NumberExpr right) {
  if (!bring_together(left, right)) return constant_mask(false);
  if (left.is_constant && !right.is_constant) {
    std::swap(left, right);
    return compared_numbers(turned(op), std::move(left), std::move(right));
  }
  if (right.is_constant && !right.constant) return op == "!=" ? is_known(std::move(left)) : constant_mask(false);
  if (right.is_constant && left.column) return codes_compared(*left.column, op, *right.constant);
  if (right.is_constant) return compared_with(op, std::move(left), *right.constant);
  return compared_with(op, std::move(left), std::move(right));
}

MaskFn Program::compared_texts(const std::string& op, TextExpr left, TextExpr right) {
  if (left.is_constant && !right.is_constant) {
    std::swap(left, right);
    return compared_texts(turned(op), std::move(left), std::move(right));
  }
  if (right.is_constant) {
    if (!right.constant) return op == "!=" ? is_known(std::move(left)) : constant_mask(false);
    return text_test(
        std::move(left),
        [orders = Orders(op), text = *right.constant](std::string_view one) { return orders.has(one.compare(text)); },
        op == "!=");
  }
  const auto a = std::make_shared<Numbers>(), b = std::make_shared<Numbers>();
  return [=, orders = Orders(op), x = std::move(left.run), y = std::move(right.run), xs = left.texts, ys = right.texts](
             Batch& batch, Mask& out) {
    x(batch, *a);
    y(batch, *b);
    fill(batch, out, [&](std::size_t i) {
      if (a->known[i] == 0 || b->known[i] == 0) return orders.has_unknown(a->known[i] != 0, b->known[i] != 0);
      return orders.has(xs->text(static_cast<std::uint32_t>(a->values[i]))
                            .compare(ys->text(static_cast<std::uint32_t>(b->values[i]))));
    });
  };
}

MaskFn Program::compared_truths(const std::string& op, const Node& left, const Node& right) {
  const auto number_of = [&](const Node& node) {
    NumberExpr expr;
    expr.run = truth(node);
    return expr;
  };
  return compared_numbers(op, number_of(left), number_of(right));
}

// Any of them is equal; for texts and numbers among constants, looked up.
MaskFn Program::among(const Node& node) {
  for (const auto& child : node.children)
    if (child->is_spread) throw NotInColumns("among the texts of an option SQL looks");
  const Node& asked = *node.children[0];
  if (asked.type == Type::text && is_list(node)) {
    std::set<std::string, std::less<>> wanted;
    for (std::size_t i = 1; i < node.children.size(); ++i)
      if (const auto one = text(*node.children[i]); one.constant) wanted.insert(*one.constant);
    return text_test(
        text(asked), [wanted](std::string_view one) { return wanted.contains(one); }, false);
  }
  std::vector<MaskFn> parts;
  for (std::size_t i = 1; i < node.children.size(); ++i) parts.push_back(compared("=", asked, *node.children[i]));
  const auto room = std::make_shared<Mask>();
  return [parts = std::move(parts), room](Batch& batch, Mask& out) {
    parts[0](batch, out);
    for (std::size_t part = 1; part < parts.size(); ++part) {
      parts[part](batch, *room);
      out |= *room;
    }
  };
}

MaskFn Program::contains(const Node& node) {
  const Node &whole = *node.children[0], &part = *node.children[1];
  if (whole.type == Type::set) return set_has(whole, part, true);
  const auto wanted = text(part);
  if (!wanted.is_constant) throw NotInColumns("whether one field contains another is SQL's");
  if (!wanted.constant) return constant_mask(false);
  return text_test(
      text(whole),
      [part = folded(*wanted.constant)](std::string_view one) { return folded(one).find(part) != std::string::npos; },
      false);
}

MaskFn Program::set_has(const Node& set, const Node& wanted, bool is_part) {
  if (set.kind != NodeKind::field) return constant_mask(false);
  const auto& field = *set.field;
  if (field.set == SetStore::departments) {
    const auto value = evaluate(wanted, with_.options);
    const auto* department = std::get_if<std::string>(&value);
    return department == nullptr ? constant_mask(false) : is_member(field, department);
  }
  if (field.set != SetStore::piped) throw NotInColumns("the set " + field.name + " is kept with the calls");
  const auto part = text(wanted);
  if (!part.is_constant) throw NotInColumns("a set is compared with one text by SQL");
  if (!part.constant) return constant_mask(false);
  const auto looked_for = is_part ? folded(*part.constant) : "|" + *part.constant + "|";
  return text_test(
      field_text(set),
      [looked_for, is_part](std::string_view kept) {
        return is_part ? folded(kept).find(looked_for) != std::string::npos : kept.find(looked_for) != kept.npos;
      },
      false);
}

// In a department at the time of the row: as compile.cpp says it.
MaskFn Program::is_member(const Field& set, const std::string* department) {
  if (with_.directory == nullptr) return constant_mask(false);
  if (!set.over.empty() || set.by_credit != ByCredit::employee)
    throw NotInColumns("who took part is kept with the calls");
  struct Stay {
    std::int64_t from = INT64_MIN, to = INT64_MAX;
    bool has_bounds = false;
  };
  // Shared, as what is remembered below points into it.
  const auto stays = std::make_shared<std::map<std::string, std::vector<Stay>, std::less<>>>();
  for (const auto& employee : with_.directory->parts().employees)
    for (const auto& in : employee.departments) {
      if (department != nullptr && in.id != *department) continue;
      Stay stay;
      if (in.period.from) stay.from = ms_of(*in.period.from);
      if (in.period.to) stay.to = ms_of(*in.period.to);
      stay.has_bounds = in.period.from || in.period.to;
      (*stays)[employee.id].push_back(stay);
    }
  Node employee;
  employee.kind = NodeKind::field;
  employee.type = Type::text;
  employee.field = calls_entity().field("employee");
  auto who = field_text(employee);
  const auto room = std::make_shared<Numbers>();
  const auto time = reading(table_.time_column());
  using Found = std::vector<std::optional<const std::vector<Stay>*>>;
  auto memo = std::make_shared<Found>();
  return [=, run = std::move(who.run), texts = who.texts](Batch& batch, Mask& out) {
    run(batch, *room);
    const auto& at = batch.column(time);
    memo->resize(texts->size());
    fill(batch, out, [&](std::size_t i) {
      if (room->known[i] == 0) return false;
      auto& found = (*memo)[static_cast<std::size_t>(room->values[i])];
      if (!found) {
        const auto known = stays->find(texts->text(static_cast<std::uint32_t>(room->values[i])));
        found = known == stays->end() ? nullptr : &known->second;
      }
      if (*found == nullptr) return false;
      return std::any_of((*found)->begin(), (*found)->end(), [&](const Stay& stay) {
        if (!stay.has_bounds) return true;
        return at.known[i] != 0 && at.values[i] >= stay.from && (stay.to == INT64_MAX || at.values[i] < stay.to);
      });
    });
  };
}

}  // namespace hkl
