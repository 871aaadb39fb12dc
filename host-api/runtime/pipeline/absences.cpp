#include "pipeline/absences.h"

namespace hkl {

template <typename Ask>
bool Absences::known(std::string_view what, Ask ask) {
  const auto [found, is_new] = known_.try_emplace(std::string(what), true);
  if (is_new) found->second = ask();
  return found->second;
}

bool Absences::has_any_on(std::string_view anchor) {
  const auto kind = anchor.substr(0, anchor.find(':') + 1);
  return known(kind, [&] {
    auto end = std::string(kind);
    ++end.back();  // behind all that begin with it
    auto q = sql_.query("SELECT 1 FROM records WHERE anchor <> '' AND anchor >= ? AND anchor < ? LIMIT 1");
    return q.bind(kind).bind(end).step();
  });
}

bool Absences::has_visits_on_lines() {
  return known("visits", [&] {
    return sql_
        .query(
            "SELECT 1 FROM records WHERE type = 'visit' AND deleted_ms IS NULL AND json_extract(body, '$.line') IS "
            "NOT NULL LIMIT 1")
        .step();
  });
}

bool Absences::has_ids_of(const char* entity) {
  return known(entity, [&] {
    auto q = sql_.query("SELECT 1 FROM crm_ids WHERE entity = ? LIMIT 1");
    return q.bind(std::string_view(entity)).step();
  });
}

bool Absences::has_merged_contacts() {
  return known("merged",
               [&] { return sql_.query("SELECT 1 FROM contacts WHERE merged_into IS NOT NULL LIMIT 1").step(); });
}

}  // namespace hkl
