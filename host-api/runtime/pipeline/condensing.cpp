// Calls in place of their events, when `retention.events` has passed (DESIGN
// section 12).
#include "pipeline/condensed_call.h"
#include "pipeline/deriver_state.h"

namespace hkl {
namespace {

// Journal entries looked at within one commit: others wait for its end.
constexpr std::int64_t kEntriesAtOnce = 5000;

bool is_settled_before(Sql& sql, const CallKey& key, Instant until) {
  auto call = sql.query("SELECT is_over FROM calls WHERE pbx = ? AND root = ?");
  if (!call.bind(key.pbx).bind(key.root).step() || call.integer(0) == 0) return false;
  auto young = sql.query(
      "SELECT 1 FROM journal j JOIN call_refs r ON r.pbx = j.pbx AND r.ref = j.ref WHERE r.pbx = ? AND r.root = ? AND "
      "j.kind = 'event' AND j.received_ms >= ? LIMIT 1");
  return !young.bind(key.pbx).bind(key.root).bind(ms_of(until)).step();
}

}  // namespace

std::uint64_t Deriver::condense(Instant until, Instant at, std::optional<std::int64_t>& from) {
  auto& s = *state_;
  std::set<CallKey> keys;
  {
    auto q = s.sql.query("SELECT seq, kind, pbx, ref, received_ms FROM journal WHERE seq >= ? ORDER BY seq LIMIT 5000");
    q.bind(from.value_or(0));
    std::int64_t count = 0;
    from.reset();
    while (q.step()) {
      if (++count == kEntriesAtOnce) from = q.integer(0) + 1;
      if (q.text(1) != "event" || q.text(3).empty() || q.integer(4) >= ms_of(until)) continue;
      if (auto root = s.refs.root_of(q.text(2), q.text(3)); !root.empty()) keys.insert({q.text(2), std::move(root)});
    }
  }
  std::uint64_t calls = 0;
  for (const auto& key : keys)
    if (is_settled_before(s.sql, key, until) && s.condense(key, CondensedCall::kExpired, at, nullptr, nullptr)) ++calls;
  return calls;
}

}  // namespace hkl
