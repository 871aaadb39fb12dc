#include "columns/open_hours.h"

#include <algorithm>

namespace hkl {
namespace {

constexpr std::int64_t kPartMs = std::int64_t{366} * 86'400'000;
// Spans of more parts are times that cannot be, and not worth keeping.
constexpr std::int64_t kPartsAtMost = 100;

std::int64_t number_of(std::int64_t ms) { return ms / kPartMs - (ms % kPartMs < 0 ? 1 : 0); }

template <typename Stretches>
auto stretch_after(const Stretches& stretches, std::int64_t ms) {
  return std::upper_bound(stretches.begin(), stretches.end(), ms,
                          [](std::int64_t at, const auto& stretch) { return at < stretch.from_ms; });
}

}  // namespace

const OpenHours::Part& OpenHours::part(std::int64_t number) {
  if (last_ != nullptr && number == last_number_) return *last_;
  const auto [found, is_new] = parts_.try_emplace(number);
  if (is_new) {
    auto& made = found->second;
    for (const auto& [from, to] :
         open_spans(calendar_, instant_of(number * kPartMs), instant_of((number + 1) * kPartMs))) {
      made.stretches.push_back({ms_of(from), ms_of(to), made.open_ms});
      made.open_ms += ms_of(to) - ms_of(from);
    }
  }
  last_number_ = number;
  return *(last_ = &found->second);
}

bool OpenHours::is_open(std::int64_t ms) {
  const auto& stretches = part(number_of(ms)).stretches;
  const auto after = stretch_after(stretches, ms);
  return after != stretches.begin() && ms < (after - 1)->to_ms;
}

std::int64_t OpenHours::open_before(std::int64_t ms) {
  const auto& stretches = part(number_of(ms)).stretches;
  const auto after = stretch_after(stretches, ms);
  if (after == stretches.begin()) return 0;
  const auto& stretch = *(after - 1);
  return stretch.before_ms + std::min(ms, stretch.to_ms) - stretch.from_ms;
}

std::int64_t OpenHours::between(std::int64_t from_ms, std::int64_t to_ms) {
  if (from_ms >= to_ms) return 0;
  const auto first = number_of(from_ms), last = number_of(to_ms);
  if (last - first > kPartsAtMost) return open_between(calendar_, instant_of(from_ms), instant_of(to_ms)).count();
  auto open = open_before(to_ms) - open_before(from_ms);
  for (auto number = first; number < last; ++number) open += part(number).open_ms;
  return open;
}

}  // namespace hkl
