#include "reports/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "values/instant.h"

namespace hkl {
namespace {

constexpr std::array<std::string_view, 10> kKeywords = {"and",  "or",       "not",  "in",    "is",
                                                        "null", "contains", "true", "false", "where"};
constexpr std::array<std::string_view, 14> kSymbols = {"<=", ">=", "!=", "<>", "==", "=", "<",
                                                       ">",  "+",  "-",  "*",  "/",  "(", ")"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    while (skip_space()) {
      const auto done = read_one();
      if (!done) return fail(done.error());
    }
    push(Token::Kind::end, "");
    return std::move(tokens_);
  }

 private:
  bool skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      step();
    start_column_ = column_;
    return at_ < text_.size();
  }

  Done read_one() {
    const char c = text_[at_];
    if (is_digit(c)) return read_number();
    if (is_letter(c)) return read_name();
    if (c == '\'') return read_text();
    if (c == ',') {
      step();
      push(Token::Kind::symbol, ",");
      return {};
    }
    for (const auto symbol : kSymbols)
      if (text_.substr(at_).starts_with(symbol)) return read_symbol(symbol);
    if (c == '"') return fail(error_at(column_, "write a text in single quotes, as in 'missed'"));
    auto end = at_ + 1;
    while (end < text_.size() && is_continuation(text_[end])) ++end;
    return fail(error_at(column_, fmt::format("\"{}\" is no part of an expression", text_.substr(at_, end - at_))));
  }

  Done read_symbol(std::string_view symbol) {
    // The two spellings of other languages get a pointer, not a second meaning.
    if (symbol == "<>" || symbol == "==")
      return fail(
          error_at(column_, fmt::format("write \"{}\" in place of \"{}\"", symbol == "<>" ? "!=" : "=", symbol)));
    for (std::size_t i = 0; i < symbol.size(); ++i) step();
    push(Token::Kind::symbol, std::string(symbol));
    return {};
  }

  Done read_number() {
    const auto word = take([](char c) { return is_digit(c) || is_letter(c) || c == '.'; });
    if (std::none_of(word.begin(), word.end(), is_letter)) {
      const auto number = parse_number(word);
      if (!number)
        return fail(error_at(start_column_, fmt::format("\"{}\" is no number, or has too many digits", word)));
      push(Token::Kind::number, std::string(word)).number = *number;
      return {};
    }
    const auto span = parse_duration(word);
    const auto seconds = span ? fraction(span->count(), 1000) : std::nullopt;
    if (!seconds)
      return fail(
          error_at(start_column_,
                   fmt::format("\"{}\" is neither a number nor a duration; durations look like 30s, 4h, 7d", word)));
    push(Token::Kind::duration, std::string(word)).number = *seconds;
    return {};
  }

  Done read_name() {
    const auto word = take([](char c) { return is_letter(c) || is_digit(c) || c == '.'; });
    const bool is_keyword = std::find(kKeywords.begin(), kKeywords.end(), word) != kKeywords.end();
    push(is_keyword ? Token::Kind::keyword : Token::Kind::name, std::string(word));
    return {};
  }

  Done read_text() {
    std::string content;
    step();
    while (at_ < text_.size()) {
      if (text_[at_] != '\'') {
        content += text_[at_];
        step();
        continue;
      }
      step();
      if (at_ == text_.size() || text_[at_] != '\'') {
        push(Token::Kind::text, std::move(content));
        return {};
      }
      content += '\'';  // '' within a text is one quote
      step();
    }
    return fail(error_at(start_column_, "the text that begins here has no closing quote"));
  }

  template <typename Belongs>
  std::string_view take(Belongs belongs) {
    const auto begin = at_;
    while (at_ < text_.size() && belongs(text_[at_])) step();
    return text_.substr(begin, at_ - begin);
  }

  void step() {
    ++at_;
    if (at_ >= text_.size() || !is_continuation(text_[at_])) ++column_;
  }

  Token& push(Token::Kind kind, std::string text) {
    tokens_.push_back({kind, std::move(text), {}, start_column_});
    return tokens_.back();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int column_ = 1, start_column_ = 1;
  std::vector<Token> tokens_;
};

}  // namespace

Error error_at(int column, std::string text) {
  return Error{HKL_INVALID, fmt::format("column {}: {}", column, std::move(text))};
}

Result<std::vector<Token>> tokens_of(std::string_view expression) { return Lexer(expression).run(); }

}  // namespace hkl
