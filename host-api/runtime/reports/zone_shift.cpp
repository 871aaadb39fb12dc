#include "reports/zone_shift.h"

#include <fmt/format.h>

#include <map>
#include <mutex>
#include <vector>

#include "services/zone.h"

namespace hkl {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kFirst = 0, kLast = 4'102'444'800'000;  // 1970 and 2100

// From `at_ms` on the offset holds, until the next change.
struct Change {
  std::int64_t at_ms, offset_ms;
};

std::int64_t offset_at(std::int64_t ms, const std::string& zone) {
  const auto local = to_local(instant_of(ms), zone);
  return local ? local->offset_s * std::int64_t{1000} : 0;
}

// The first moment in (low, high] with the offset of `high`, to the second.
std::int64_t change_between(std::int64_t low, std::int64_t high, std::int64_t before, const std::string& zone) {
  while (high - low > 1000) {
    const auto middle = low + (high - low) / 2000 * 1000;
    (offset_at(middle, zone) == before ? low : high) = middle;
  }
  return high;
}

std::vector<Change> find_changes(const std::string& zone) {
  std::vector<Change> changes = {{kFirst, offset_at(kFirst, zone)}};
  // No zone has changed its clock twice within a week.
  for (auto at = kFirst; at < kLast; at += 7 * kDay) {
    const auto next = at + 7 * kDay, offset = offset_at(next, zone), before = changes.back().offset_ms;
    if (offset != before) changes.push_back({change_between(at, next, before, zone), offset});
  }
  return changes;
}

const std::vector<Change>& changes_of(const std::string& zone) {
  static std::mutex mutex;
  static std::map<std::string, std::vector<Change>> known;  // guarded by mutex; entries never move
  const std::lock_guard lock(mutex);
  const auto found = known.find(zone);
  return found != known.end() ? found->second : known.emplace(zone, find_changes(zone)).first->second;
}

// Halves the changes, so that a zone with two hundred needs eight comparisons.
SqlText offset_case(const SqlText& utc_ms, const Change* begin, const Change* end) {
  if (end - begin == 1) return fmt::format("{}", begin->offset_ms);
  const auto* middle = begin + (end - begin) / 2;
  return "CASE WHEN " + utc_ms + fmt::format(" < {} THEN ", middle->at_ms) + offset_case(utc_ms, begin, middle) +
         " ELSE " + offset_case(utc_ms, middle, end) + " END";
}

}  // namespace

SqlText local_ms(const SqlText& utc_ms, const std::string& zone, const MomentBounds& bounds) {
  const auto& changes = changes_of(zone);
  const Change *begin = changes.data(), *end = begin + changes.size();
  while (bounds.from_ms && end - begin > 1 && begin[1].at_ms <= *bounds.from_ms) ++begin;
  while (bounds.to_ms && end - begin > 1 && end[-1].at_ms >= *bounds.to_ms) --end;
  return "(" + utc_ms + fmt::format(" + {} + ", kShiftDays * kDay) + offset_case(utc_ms, begin, end) + ")";
}

}  // namespace hkl
