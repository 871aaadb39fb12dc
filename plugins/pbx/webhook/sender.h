// Who sent a request: nothing of it is believed before one rule says so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expression.h"
#include "request_tree.h"

namespace webhook {

// A refusal: the status, the word of it, and for the admin which rule saw what.
struct Refusal {
  std::uint32_t status = 401;
  std::string reason, detail;
};

class Sender {
 public:
  static Sender compile(const Json& rules, const Vocabulary& words, const Place& place);
  // True where a rule cannot be asked before the body is parsed.
  bool needs_body() const { return needs_body_; }
  // Nothing: the sender is known. Comparisons take the same time whatever was right.
  std::optional<Refusal> refuse(const Scope& scope, const RequestTree& fields, const Vocabulary& words) const;

 private:
  struct Signature {
    bool is_hmac = true;
    std::uint32_t algorithm = 0;
    std::string key;                // name of the setting
    std::vector<std::string> over;  // fields, $setting, $body, $header.X, url, sorted_form
    std::string encoding, in;
  };
  struct Rule {
    Condition when;
    bool is_open = false;
    std::string token, secret, networks;
    std::optional<Signature> sign;
    Value time;
    double window_s = 0;
    std::uint32_t status = 401;
  };
  static Signature compile_signature(const Json& source, const Vocabulary& words, const Place& place);
  static bool is_signed(const Signature& sign, const Scope& scope, const RequestTree& fields, const Vocabulary& words);
  static std::optional<Refusal> judge(const Rule& rule, const Scope& scope, const RequestTree& fields,
                                      const Vocabulary& words);
  std::vector<Rule> rules_;
  bool needs_body_ = false;
};

}  // namespace webhook
