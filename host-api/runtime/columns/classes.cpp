#include "columns/classes.h"

#include <xxhash.h>

#include <algorithm>

#include "columns/atoms.h"
#include "reports/checker.h"
#include "reports/field_marks.h"

namespace hkl {
namespace {

// A choice is taken apart where its class tells nearly all of it; asking the whole of each row is quicker than this
// many parts.
constexpr std::size_t kQuestionsOfChoice = 2;

// A comparison with null is no, and an inequality asks whether there is anything.
const Node* beside_null(const Node& node, const OptionValues& options) {
  if (node.kind != NodeKind::comparison) return nullptr;
  for (std::size_t side = 0; side < 2; ++side) {
    const Node& one = *node.children[side];
    const Node& other = *node.children[1 - side];
    if (other.type == Type::set || one.type == Type::set || !is_constant(one) || one.type == Type::time) continue;
    if (is_null(evaluate(one, options))) return &other;
  }
  return nullptr;
}

ClassExpr constant_expr(bool holds) {
  ClassExpr expr;
  expr.holds = holds;
  return expr;
}

bool asks_talk_credited(const Node& node) {
  if (node.kind == NodeKind::field) return node.field->by_credit == ByCredit::talk;
  return std::any_of(node.children.begin(), node.children.end(),
                     [](const NodePtr& child) { return asks_talk_credited(*child); });
}

// Classes know the whole talk as the credited one. With credit each only whether it is known is the same, and that not
// of the shares of a call that has several.
bool is_of_class(const Node& atom, CreditedTo credited) {
  if (credited == CreditedTo::first || credited == CreditedTo::last || !asks_talk_credited(atom)) return true;
  return credited == CreditedTo::each && atom.kind == NodeKind::is_null && atom.children[0]->kind == NodeKind::field;
}

// Whoever a call is credited to first answered it first or dialled; so did who has its one share.
bool is_surely_first(const Node& node, CreditedTo credited) {
  return node.kind == NodeKind::field && node.field->by_credit == ByCredit::first &&
         (credited == CreditedTo::first || credited == CreditedTo::each);
}

}  // namespace

bool ClassExpr::of(std::uint64_t answers, std::uint64_t questions) const {
  const auto part_holds = [&](const ClassExpr& part) { return part.of(answers, questions); };
  switch (kind) {
    case Kind::constant:
      return holds;
    case Kind::atom:
      return (answers >> index & 1) != 0;
    case Kind::question:
      return (questions >> index & 1) != 0;
    case Kind::all:
      return std::all_of(parts.begin(), parts.end(), part_holds);
    case Kind::any:
      return std::any_of(parts.begin(), parts.end(), part_holds);
    default:
      return !part_holds(parts[0]);
  }
}

ClassSet::ClassSet(std::uint32_t number, const std::vector<const Node*>& atoms) : number_(number) {
  std::string all;
  for (const auto* atom : atoms) {
    auto text = text_of(*atom);
    if (atoms_.size() == kAtomsAtMost || this->atom(text)) continue;
    all += text;
    texts_.push_back(std::move(text));
    atoms_.push_back(atom->clone());
  }
  fingerprint_ = XXH3_64bits(all.data(), all.size());
}

std::optional<std::size_t> ClassSet::atom(const std::string& text) const {
  const auto found = std::find(texts_.begin(), texts_.end(), text);
  return found == texts_.end() ? std::nullopt : std::optional<std::size_t>(found - texts_.begin());
}

std::optional<std::uint32_t> ClassSet::code(std::uint64_t answers) {
  const auto known = codes_.find(answers);
  if (known != codes_.end()) return known->second;
  if (answers_.size() == kClassesAtMost) return std::nullopt;
  answers_.push_back(answers);
  return codes_[answers] = static_cast<std::uint32_t>(answers_.size() - 1);
}

void ClassSet::restore(std::vector<std::uint64_t> answers, std::shared_ptr<const CheckedBytes> mapped) {
  mapped_ = std::move(mapped);
  answers_ = std::move(answers);
  codes_.clear();
  for (std::uint32_t i = 0; i < answers_.size(); ++i) codes_[answers_[i]] = i;
}

// --- Classifying rows

struct ClassSets::Asking {
  Asking(const Table& table, ClassSet& set)
      : batch(table.schema().columns().size()), program(table, with, CreditedTo::first, pool) {
    for (const auto& atom : set.atoms()) questions.push_back(program.condition(*atom));
  }
  RowSurroundings with;
  Dictionary pool;
  Batch batch;
  Program program;
  std::vector<MaskFn> questions;
  Mask mask;
};

ClassSet* ClassSets::of(const Definition& definition) {
  if (const auto learned = learned_.find(&definition); learned != learned_.end()) return learned->second;
  const Atoms found(definition);
  const auto& atoms = found.all();
  if (atoms.empty()) return nullptr;
  // A set that knows more serves as well.
  for (const auto& set : sets_)
    if (std::all_of(atoms.begin(), atoms.end(), [&](const Node* a) { return set->atom(text_of(*a)).has_value(); }))
      return set.get();
  sets_.push_back(std::make_unique<ClassSet>(static_cast<std::uint32_t>(sets_.size()), atoms));
  adopt(*sets_.back());
  return sets_.back().get();
}

void ClassSets::adopt(ClassSet& set) {
  const auto kept = std::find_if(kept_.begin(), kept_.end(),
                                 [&](const KeptClasses& one) { return one.fingerprint == set.fingerprint(); });
  if (kept == kept_.end()) return;
  set.restore(std::move(kept->answers), std::move(kept->mapped));
  for (std::size_t i = 0; i < kept->columns.size(); ++i) table_.sealed()[i]->classes[set.number()] = kept->columns[i];
  kept_.erase(kept);
}

void ClassSets::check(ClassSet& set) {
  if (set.is_sound()) return;
  for (const auto& segment : table_.sealed()) segment->classes.erase(set.number());
  table_.recent()->classes.erase(set.number());
  set.restore({}, nullptr);
}

// A set with too many classes is left without them.
void ClassSets::classify_all(Table& table) {
  for (const auto& set : sets_) check(*set);
  for (const auto& set : sets_)
    for (const auto& segment : table.sealed())
      if (!segment->classes.contains(set->number()) && !classify(*segment, *set)) break;
}

ClassSets::Asking& ClassSets::asking(ClassSet& set) {
  auto& kept = asking_[set.number()];
  if (!kept) kept = std::make_shared<Asking>(table_, set);
  return *kept;
}

bool ClassSets::classify(Segment& segment, ClassSet& set) {
  segment.check();
  auto& with = asking(set);
  std::vector<std::int64_t> codes(segment.rows);
  std::array<std::uint64_t, kBatchRows> answers{};
  std::uint64_t last = 0;
  std::optional<std::uint32_t> last_code;
  for (std::uint32_t first = 0; first < segment.rows; first += kBatchRows) {
    const auto count = std::min<std::uint32_t>(kBatchRows, segment.rows - first);
    with.batch.move_to(segment, first, count);
    answers.fill(0);
    for (std::size_t atom = 0; atom < with.questions.size(); ++atom) {
      with.questions[atom](with.batch, with.mask);
      for (std::uint32_t i = 0; i < count; ++i) answers[i] |= std::uint64_t{with.mask.holds[i]} << atom;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!last_code || answers[i] != last) last_code = set.code(last = answers[i]);
      if (!last_code) return false;
      codes[first + i] = *last_code;
    }
  }
  const std::vector<std::uint8_t> known(segment.rows, 1);
  segment.classes[set.number()] = NarrowColumn::plain_of(codes, known, true);
  return true;
}

std::uint64_t ClassSets::answers_of(Asking& with, Segment& segment, std::uint32_t row) {
  with.batch.move_to(segment, row, 1);
  std::uint64_t answers = 0;
  for (std::size_t atom = 0; atom < with.questions.size(); ++atom) {
    with.questions[atom](with.batch, with.mask);
    answers |= std::uint64_t{with.mask.holds[0]} << atom;
  }
  return answers;
}

void ClassSets::row_changed(Segment& segment, std::uint32_t row) {
  for (const auto& set : sets_) {
    if (segment.classes.contains(set->number())) check(*set);
    const auto kept = segment.classes.find(set->number());
    if (kept == segment.classes.end()) continue;
    const auto code = set->code(answers_of(asking(*set), segment, row));
    // What does not fit is made again when it is next asked.
    if (!code || !kept->second.put(row, *code)) segment.classes.erase(kept);
  }
}

// --- Conditions of a query

std::size_t RowQuestions::add(const Node& node) {
  auto text = text_of(node);
  const auto found = std::find(texts.begin(), texts.end(), text);
  if (found != texts.end()) return static_cast<std::size_t>(found - texts.begin());
  if (nodes.size() == 64) throw NotInColumns("it asks too many questions of each row");
  nodes.push_back(&node);
  texts.push_back(std::move(text));
  return nodes.size() - 1;
}

ClassExpr taken_apart(const Node& node, const AskedOf& of, RowQuestions& questions) {
  const auto& options = of.options;
  if (is_constant(node)) return constant_expr(holds(node, options));
  if (is_surely_first(node, of.credited)) return constant_expr(true);
  if (node.kind == NodeKind::field && node.field->sql == kLineClosedMark && !of.have_lines_hours)
    return constant_expr(false);
  ClassExpr expr;
  if (is_connective(node)) {
    expr.kind = node.kind == NodeKind::all   ? ClassExpr::Kind::all
                : node.kind == NodeKind::any ? ClassExpr::Kind::any
                                             : ClassExpr::Kind::negation;
    for (const auto& child : node.children) expr.parts.push_back(taken_apart(*child, of, questions));
    return expr;
  }
  if (const auto* other = beside_null(node, options); other != nullptr)
    return node.text == "!=" ? known_apart(*other, of, questions) : constant_expr(false);
  const auto valued = with_values(node, options);
  if (is_constant(*valued)) return constant_expr(holds(*valued, options));
  const auto atom = of.set == nullptr ? std::nullopt : of.set->atom(text_of(*valued));
  if (atom && is_fact(*valued) && is_of_class(*valued, of.credited)) {
    expr.kind = ClassExpr::Kind::atom;
    expr.index = *atom;
    return expr;
  }
  if (auto apart = choice_apart(node)) {
    RowQuestions tried;
    taken_apart(*apart, of, tried);
    if (tried.nodes.size() <= kQuestionsOfChoice) {
      questions.made.push_back(std::move(apart));
      return taken_apart(*questions.made.back(), of, questions);
    }
  }
  expr.kind = ClassExpr::Kind::question;
  expr.index = questions.add(node);
  return expr;
}

ClassExpr known_apart(const Node& value, const AskedOf& of, RowQuestions& questions) {
  if (is_constant(value)) {
    if (value.type == Type::time) return constant_expr(true);
    return constant_expr(!is_null(evaluate(value, of.options)));
  }
  questions.made.push_back(known_node(value));
  return taken_apart(*questions.made.back(), of, questions);
}

}  // namespace hkl
