// The `order` section of a profile: what a vendor is sent so that it makes a
// call, and what its answer means. Keeps nothing between the two.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "asking.h"

namespace webhook {

class Ordering {
 public:
  // `profile`: the whole; `words` those of its requests. Null where it has no
  // such section.
  static std::unique_ptr<Ordering> compile(const Json& profile, const Vocabulary& words);
  Ordering(const Ordering&) = delete;
  Ordering& operator=(const Ordering&) = delete;

  // Throws Failure: HKL_UNSUPPORTED where the setting that it needs is not
  // given, HKL_INVALID where the order lacks something.
  void send(const hookline::Order& order, std::int64_t now_ms, hookline::HttpOutput& out) const;
  // Throws Failure with the vendor's words where it did not take the order;
  // HKL_TIMEOUT where its answer says neither.
  void take(const hookline::Order& order, std::uint32_t status, std::string_view body, std::int64_t now_ms,
            hookline::HttpOutput& out) const;

 private:
  Ordering(const Json& source, const Vocabulary& words, const Place& place);
  Vocabulary words_;
  std::string missing_;  // the setting without which nothing is ordered; empty: it is there
  AskForm ask_;
  std::vector<std::pair<std::string, Value>> needs_;
  Condition taken_;
  Value fault_, call_;
};

}  // namespace webhook
