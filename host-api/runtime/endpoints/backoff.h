// How long to wait before the next try: twice as long each time, up to a
// limit, and never the same for two hosts, so that a PBX that comes back is
// not dialled by all at once.
#pragma once

#include <algorithm>
#include <random>

#include "values/instant.h"

namespace hkl {

class Backoff {
 public:
  Backoff(Millis first, Millis most, std::uint32_t seed)
      : first_(std::max(first, Millis(1))), most_(std::max(most, first_)), random_(seed), upper_(first_ * 2) {}

  // Between the half and the whole of a span that doubles; never under `first`
  // nor over `most`.
  Millis next() {
    const auto upper = std::min(upper_, most_);
    const auto lower = std::max(first_, upper / 2);
    upper_ = std::min(upper * 2, most_);
    return Millis(std::uniform_int_distribution<std::int64_t>(lower.count(), std::max(lower, upper).count())(random_));
  }
  // After a connection that was good for a while.
  void reset() { upper_ = first_ * 2; }

 private:
  Millis first_, most_;
  std::minstd_rand random_;
  Millis upper_;
};

}  // namespace hkl
