// What is answered: text, JSON or XML by template, or what is known of a caller.
#pragma once

#include <map>
#include <string>

#include "expression.h"
#include "request_tree.h"

namespace webhook {

class Reply {
 public:
  struct Answer {
    std::uint32_t status = 200;
    std::string content_type, body;
  };
  static Reply compile(const Json& source, const Vocabulary& words, const Place& place);
  // Look-ups are answered from the host's memory, within microseconds.
  Answer of(const Scope& scope, hookline::HttpOutput& out) const;

 private:
  // Pieces of a template: texts and, in {{ … }}, values; {{! … }} as it stands.
  struct Piece {
    std::string text;
    Value value;
    bool is_raw = false;
  };
  using Members = std::map<std::string, Value>;
  static std::vector<Piece> compile_template(const std::string& text, const Vocabulary& words, const Place& place);
  static Members compile_members(const Json& source, const Vocabulary& words, const Place& place);
  enum class Form { none, text, json, xml };
  Form form_ = Form::none;
  std::uint32_t status_ = 200;
  std::string content_type_;
  Value text_;
  std::vector<Piece> pieces_;
  Value number_;  // to look up
  Members fields_, otherwise_;
};

}  // namespace webhook
