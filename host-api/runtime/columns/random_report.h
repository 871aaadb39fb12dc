// For tests: calls and definitions at random, within what the language allows.
#pragma once

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "reports/report.h"
#include "store/sql.h"

namespace hkl {

class Dice {
 public:
  explicit Dice(std::mt19937_64& generator) : generator_(generator) {}
  int of(int sides) { return static_cast<int>(generator_() % static_cast<std::uint64_t>(sides)); }
  bool one_in(int sides) { return of(sides) == 0; }
  template <typename T>
  const T& any(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(of(static_cast<int>(all.size())))];
  }

 private:
  std::mt19937_64& generator_;
};

// Puts calls, their leads and the changes of both into a store.
class RandomCalls {
 public:
  explicit RandomCalls(std::mt19937_64& generator) : dice_(generator) {}
  void add_to(Sql& sql);
  // One of: a late call, a mark, a call back, a stage, a call that goes, one that is told again, other shares of one.
  void change(Sql& sql);

 private:
  std::string text_or_nothing(const std::vector<std::string>& all) { return dice_.one_in(6) ? "" : dice_.any(all); }
  std::optional<std::int64_t> number_or_nothing(int below) {
    return dice_.one_in(5) ? std::nullopt : std::optional<std::int64_t>(dice_.of(below));
  }
  void add_call(Sql& sql, const std::string& id);
  void add_credits(Sql& sql, const std::string& id);
  void add_lead(Sql& sql, const std::string& id);
  std::string any_call() { return "call-" + std::to_string(dice_.of(count_)); }

  Dice dice_;
  int count_ = 0, leads_ = 0;
};

class RandomReport {
 public:
  explicit RandomReport(std::mt19937_64& generator) : dice_(generator) {}
  nlohmann::json definition();
  ReportQuery query();

 private:
  std::string condition(int depth);
  std::string comparison();
  std::string number(int depth);
  std::string text(int depth);
  std::string field(const std::vector<std::string>& fields);
  std::string measure();
  nlohmann::json plain_definition();

  Dice dice_;
  bool has_credit_ = false, has_options_ = false, is_plain_ = false;
  bool is_bare_ = false;  // no conditions: whole columns are folded
  // With credit each a call has several employees, so a measure does not ask for one.
  bool may_be_each_ = false, is_in_measure_ = false;
};

}  // namespace hkl
