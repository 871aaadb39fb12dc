#include "reports/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/lexer.h"
#include "values/words.h"

namespace hkl {
namespace {

// SQLite takes trees of a thousand levels; ours keep well below after compiling.
constexpr int kMaxHeight = 200;
constexpr std::size_t kMaxTokens = 20000;

constexpr auto kFunctions = std::to_array<std::string_view>(
    {"count", "sum",       "distinct",  "min",       "max",         "avg",        "percentile",
     "only",  "sum_known", "sum_once",  // aggregates
     "hour",  "day",       "week",      "month",     "quarter",     "year",       "hour_of_day",
     "now",   "if",        "in_period", "total",     "company",     "clock_hour", "weekday",
     "floor", "ceil",      "coalesce",  "open_time", "period_days", "time_of_day"});
constexpr std::size_t kAggregateCount = 10;  // the first of kFunctions

std::string shown(const Token& token) {
  if (token.kind == Token::Kind::end) return "the end";
  if (token.kind == Token::Kind::text) return "'" + token.text + "'";
  return "\"" + token.text + "\"";
}

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<NodePtr> run() {
    if (tokens_.size() == 1) return fail(error_at(1, "the expression is empty"));
    if (tokens_.size() > kMaxTokens) return fail(error_at(1, "the expression is too long"));
    auto root = parse_any();
    if (root && !at_end()) return fail(error_at(here().column, fmt::format("{} does not belong here", shown(here()))));
    return root;
  }

 private:
  const Token& here() const { return tokens_[at_]; }
  bool at_end() const { return here().kind == Token::Kind::end; }
  bool sees(Token::Kind kind, std::string_view text) const { return here().kind == kind && here().text == text; }
  bool sees_keyword(std::string_view word) const { return sees(Token::Kind::keyword, word); }
  bool sees_symbol(std::string_view symbol) const { return sees(Token::Kind::symbol, symbol); }
  bool sees_next_keyword(std::string_view word) const {
    return at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == Token::Kind::keyword && tokens_[at_ + 1].text == word;
  }
  bool take_keyword(std::string_view word) {
    if (!sees_keyword(word)) return false;
    ++at_;
    return true;
  }
  bool take_symbol(std::string_view symbol) {
    if (!sees_symbol(symbol)) return false;
    ++at_;
    return true;
  }
  Done expect_symbol(std::string_view symbol, std::string_view why) {
    if (take_symbol(symbol)) return {};
    return fail(error_at(here().column, fmt::format("expected \"{}\" {}, found {}", symbol, why, shown(here()))));
  }

  static NodePtr make(NodeKind kind, int column, std::string text = {}) {
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->column = column;
    node->text = std::move(text);
    return node;
  }

  static Done adopt(Node& parent, NodePtr child) {
    parent.height = std::max(parent.height, child->height + 1);
    parent.children.push_back(std::move(child));
    if (parent.height > kMaxHeight) return fail(error_at(parent.column, "the expression is nested too deeply"));
    return {};
  }

  // Chains of one word become one node with many children, so that a long list
  // of conditions makes no deep tree.
  Result<NodePtr> parse_chain(NodeKind kind, std::string_view word, Result<NodePtr> (Parser::*parse_part)()) {
    auto first = (this->*parse_part)();
    if (!first || !sees_keyword(word)) return first;
    auto node = make(kind, here().column, std::string(word));
    if (auto done = adopt(*node, std::move(*first)); !done) return fail(done.error());
    while (take_keyword(word)) {
      auto part = (this->*parse_part)();
      if (!part) return part;
      if (auto done = adopt(*node, std::move(*part)); !done) return fail(done.error());
    }
    return node;
  }

  Result<NodePtr> parse_any() {
    // Brackets and arguments come through here, so their depth is counted here.
    if (++depth_ > kMaxHeight) return fail(error_at(here().column, "the expression is nested too deeply"));
    auto node = parse_chain(NodeKind::any, "or", &Parser::parse_all);
    --depth_;
    return node;
  }
  Result<NodePtr> parse_all() { return parse_chain(NodeKind::all, "and", &Parser::parse_negation); }

  Result<NodePtr> parse_prefix(NodeKind kind, std::string text, Result<NodePtr> (Parser::*parse_operand)()) {
    const int column = here().column;
    ++at_;
    if (++depth_ > kMaxHeight) return fail(error_at(column, "the expression is nested too deeply"));
    auto operand = (this->*parse_operand)();
    --depth_;
    if (!operand) return operand;
    auto node = make(kind, column, std::move(text));
    if (auto done = adopt(*node, std::move(*operand)); !done) return fail(done.error());
    return node;
  }

  Result<NodePtr> parse_negation() {
    if (sees_keyword("not")) return parse_prefix(NodeKind::negation, "not", &Parser::parse_negation);
    return parse_comparison();
  }

  Result<NodePtr> parse_comparison() {
    auto left = parse_sum();
    if (!left) return left;
    const int column = here().column;
    for (const std::string_view op : {"=", "!=", "<=", ">=", "<", ">"}) {
      if (!take_symbol(op)) continue;
      auto node = make(NodeKind::comparison, column, std::string(op));
      return parse_right(std::move(node), std::move(*left));
    }
    if (take_keyword("is")) {
      auto node = make(NodeKind::is_null, column, "is null");
      node->is_negated = take_keyword("not");
      if (!take_keyword("null"))
        return fail(error_at(here().column, fmt::format("expected \"null\" after \"is\", found {}", shown(here()))));
      if (auto done = adopt(*node, std::move(*left)); !done) return fail(done.error());
      return node;
    }
    const bool is_negated = sees_keyword("not") && (sees_next_keyword("in") || sees_next_keyword("contains"));
    if (is_negated) ++at_;
    if (take_keyword("contains")) {
      auto node = make(NodeKind::contains, column, "contains");
      node->is_negated = is_negated;
      return parse_right(std::move(node), std::move(*left));
    }
    if (take_keyword("in")) return parse_among(std::move(*left), column, is_negated);
    return left;
  }

  Result<NodePtr> parse_right(NodePtr node, NodePtr left) {
    auto right = parse_sum();
    if (!right) return right;
    if (auto done = adopt(*node, std::move(left)); !done) return fail(done.error());
    if (auto done = adopt(*node, std::move(*right)); !done) return fail(done.error());
    for (const std::string_view op : {"=", "!=", "<=", ">=", "<", ">"})
      if (sees_symbol(op))
        return fail(error_at(here().column, "comparisons cannot be chained; join two of them with \"and\""));
    return node;
  }

  Result<NodePtr> parse_among(NodePtr left, int column, bool is_negated) {
    auto node = make(NodeKind::among, column, "in");
    node->is_negated = is_negated;
    if (auto done = adopt(*node, std::move(left)); !done) return fail(done.error());
    if (auto done = expect_symbol("(", "after \"in\""); !done) return fail(done.error());
    if (auto done = parse_list(*node); !done) return fail(done.error());
    return node;
  }

  // Expressions up to the closing bracket.
  Done parse_list(Node& node) {
    do {
      auto item = parse_any();
      if (!item) return fail(item.error());
      if (auto done = adopt(node, std::move(*item)); !done) return done;
    } while (take_symbol(","));
    return expect_symbol(")", "or \",\" to go on");
  }

  Result<NodePtr> parse_operators(std::string_view first, std::string_view second,
                                  Result<NodePtr> (Parser::*parse_part)()) {
    auto left = (this->*parse_part)();
    while (left && (sees_symbol(first) || sees_symbol(second))) {
      auto node = make(NodeKind::arithmetic, here().column, here().text);
      ++at_;
      auto right = (this->*parse_part)();
      if (!right) return right;
      if (auto done = adopt(*node, std::move(*left)); !done) return fail(done.error());
      if (auto done = adopt(*node, std::move(*right)); !done) return fail(done.error());
      left = std::move(node);
    }
    return left;
  }
  Result<NodePtr> parse_sum() { return parse_operators("+", "-", &Parser::parse_product); }
  Result<NodePtr> parse_product() { return parse_operators("*", "/", &Parser::parse_factor); }
  Result<NodePtr> parse_factor() {
    if (sees_symbol("-")) return parse_prefix(NodeKind::negate, "-", &Parser::parse_factor);
    return parse_primary();
  }

  Result<NodePtr> parse_primary() {
    const Token token = here();
    if (token.kind == Token::Kind::name) return parse_name();
    if (take_symbol("(")) {
      auto inner = parse_any();
      if (!inner) return inner;
      if (auto done = expect_symbol(")", fmt::format("for the bracket of column {}", token.column)); !done)
        return fail(done.error());
      return inner;
    }
    auto node = make(NodeKind::literal, token.column, token.text);
    if (token.kind == Token::Kind::number || token.kind == Token::Kind::duration) {
      node->value = token.number;
      node->type = token.kind == Token::Kind::duration ? Type::duration
                   : token.number.den == 1             ? Type::integer
                                                       : Type::decimal;
    } else if (token.kind == Token::Kind::text) {
      node->value = token.text;
      node->type = Type::text;
    } else if (sees_keyword("true") || sees_keyword("false")) {
      node->value = token.text == "true";
      node->type = Type::boolean;
    } else if (!sees_keyword("null")) {
      return fail(error_at(token.column, fmt::format("expected a field, a number or a text, found {}", shown(token))));
    }
    ++at_;
    return node;
  }

  Result<NodePtr> parse_name() {
    const Token token = here();
    ++at_;
    if (!sees_symbol("(")) return make(NodeKind::name, token.column, token.text);
    const bool is_aggregate = is_aggregate_name(token.text);
    if (!is_aggregate && !is_function_name(token.text)) {
      const auto nearest = nearest_function(token.text);
      return fail(error_at(
          token.column, fmt::format("there is no function \"{}\"{}", token.text,
                                    nearest.empty() ? std::string() : fmt::format("; did you mean \"{}\"?", nearest))));
    }
    ++at_;
    auto node = make(is_aggregate ? NodeKind::aggregate : NodeKind::function, token.column, token.text);
    if (!take_symbol(")"))
      if (auto done = parse_list(*node); !done) return fail(done.error());
    if (!sees_keyword("where")) return node;
    if (!is_aggregate)
      return fail(error_at(here().column, fmt::format("\"where\" goes with an aggregate such as count() or sum(…), not "
                                                      "with {}()",
                                                      token.text)));
    ++at_;
    auto condition = parse_any();
    if (!condition) return condition;
    node->height = std::max(node->height, (*condition)->height + 1);
    node->where = std::move(*condition);
    return node;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

NodePtr Node::clone() const {
  auto copy = std::make_unique<Node>();
  copy->kind = kind;
  copy->column = column;
  copy->text = text;
  copy->value = value;
  copy->is_negated = is_negated;
  copy->is_spread = is_spread;
  copy->field = field;
  copy->height = height;
  copy->size = size;
  copy->nesting = nesting;
  copy->type = type;
  for (const auto& child : children) copy->children.push_back(child->clone());
  if (where) copy->where = where->clone();
  return copy;
}

bool is_aggregate_name(std::string_view name) {
  const auto end = kFunctions.begin() + kAggregateCount;
  return std::find(kFunctions.begin(), end, name) != end;
}

bool is_function_name(std::string_view name) {
  const auto begin = kFunctions.begin() + kAggregateCount;
  return std::find(begin, kFunctions.end(), name) != kFunctions.end();
}

std::string_view nearest_function(std::string_view name) {
  return nearest_word(name, kFunctions.data(), kFunctions.size());
}

Result<NodePtr> parse_expression(std::string_view text) {
  auto tokens = tokens_of(text);
  if (!tokens) return fail(tokens.error());
  return Parser(std::move(*tokens)).run();
}

}  // namespace hkl
