// Records of one call on several lines: which record goes on from which. Lines
// of one connection only, so that a file read again reads the same.
#pragma once

#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "expression.h"

namespace smdr {

using profile::Json;

// One entry `chain` of a layout.
struct ChainRule {
  profile::Value key;       // what the lines of a call have in common
  profile::Value at;        // seconds: when a record says it was
  profile::Value until;     // seconds: when its part was over
  profile::Condition more;  // another line of the same call follows this one
  double within_s = 0;      // how long after that
  static ChainRule compile(const Json& source, const profile::Vocabulary& words, const profile::Place& place);
};

class CallChains {
 public:
  struct Open {
    std::string call;
    double at = 0, until = 0;
    Json fields;  // of the last record
  };
  // The call that a record of `key` at `at` seconds goes on from, or nothing.
  const Open* before(const std::string& key, double at, double within_s) const;
  void open(const std::string& key, Open chain);
  void end(const std::string& key);

  // How many lines like this came before, among the latest few thousand: two
  // equal lines without the name of a call are two calls, with it they are one.
  unsigned seen(const std::string& line_id);

 private:
  std::unordered_map<std::string, Open> open_;
  std::list<std::string> opened_;  // keys, oldest first
  std::unordered_map<std::string, unsigned> seen_;
  std::list<std::string> lines_;  // ids, oldest first
};

}  // namespace smdr
