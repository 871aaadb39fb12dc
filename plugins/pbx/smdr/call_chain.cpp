#include "call_chain.h"

namespace smdr {
namespace {

// Calls at once of the largest PBX that prints lines, and lines of its busiest minute.
constexpr std::size_t kOpenAtMost = 1000, kLinesAtMost = 4000;
// A PBX that prints minutes may say a record began the minute before.
constexpr double kMinute = 60;

}  // namespace

ChainRule ChainRule::compile(const Json& source, const profile::Vocabulary& words, const profile::Place& place) {
  place.check_members(source, {"key", "at", "until", "more", "within"});
  ChainRule rule;
  const auto value = [&](const char* name) {
    if (!source.contains(name)) (place / name).fail("a chain of records needs it");
    return profile::Value::compile(source[name], words, place / name);
  };
  rule.key = value("key");
  rule.at = value("at");
  rule.until = value("until");
  if (!source.contains("more")) (place / "more").fail("say which record is not the last of its call");
  rule.more = profile::Condition::compile(source["more"], words, place / "more");
  const auto within = profile::number_of(source.value("within", Json(kMinute)));
  if (!within || *within < 0) (place / "within").fail("seconds were expected");
  rule.within_s = *within;
  return rule;
}

const CallChains::Open* CallChains::before(const std::string& key, double at, double within_s) const {
  const auto found = open_.find(key);
  if (found == open_.end()) return nullptr;
  const auto& chain = found->second;
  return at >= chain.at - kMinute && at <= chain.until + within_s ? &chain : nullptr;
}

void CallChains::open(const std::string& key, Open chain) {
  if (open_.insert_or_assign(key, std::move(chain)).second) opened_.push_back(key);
  if (opened_.size() <= kOpenAtMost) return;
  open_.erase(opened_.front());
  opened_.pop_front();
}

void CallChains::end(const std::string& key) {
  if (open_.erase(key) > 0) opened_.remove(key);
}

unsigned CallChains::seen(const std::string& line_id) {
  const auto count = seen_[line_id]++;
  if (count == 0) lines_.push_back(line_id);
  if (lines_.size() > kLinesAtMost) {
    seen_.erase(lines_.front());
    lines_.pop_front();
  }
  return count;
}

}  // namespace smdr
