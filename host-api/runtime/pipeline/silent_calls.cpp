#include "pipeline/silent_calls.h"

#include <algorithm>

#include "store/journal.h"

namespace hkl {

bool has_silent_call(Sql& sql, const std::string& pbx, Instant until) {
  auto open = sql.query("SELECT root FROM calls WHERE pbx = ? AND is_over = 0 AND coalesce(started_ms, 0) <= ?");
  open.bind(pbx).bind(ms_of(until));
  std::vector<std::string> roots;
  while (open.step()) roots.push_back(open.text(0));
  if (roots.empty()) return false;
  Journal journal(sql);
  std::optional<Instant> told;  // the latest silence that is journalled
  for (const auto& event : journal.events_of_source(pbx))
    if (event.kind == HKL_EVENT_SOURCE_SILENT) told = std::max(told.value_or(event.at), event.at);
  for (const auto& root : roots) {
    std::optional<Instant> heard;
    const auto entries = journal.entries_of(pbx, CallRefs(sql).refs_of_root(pbx, root));
    for (const auto* event : entries.events) heard = std::max(heard.value_or(event->at), event->at);
    if (heard && *heard <= until && (!told || *told < *heard)) return true;
  }
  return false;
}

}  // namespace hkl
