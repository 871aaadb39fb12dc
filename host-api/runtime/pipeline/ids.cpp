#include "pipeline/ids.h"

namespace hkl {

std::string Ids::inside(const char* entity, const std::string& id) {
  if (id.empty() || (absences_ != nullptr && !absences_->has_ids_of(entity))) return id;
  auto q = sql_.query("SELECT id FROM crm_ids WHERE entity = ? AND crm_id = ?");
  return q.bind(std::string_view(entity)).bind(id).step() ? q.text(0) : id;
}

std::string Ids::shown(const char* entity, const std::string& id) {
  if (!id.starts_with("hl-") || (absences_ != nullptr && !absences_->has_ids_of(entity))) return id;
  auto q = sql_.query("SELECT crm_id FROM outbox WHERE entity = ? AND id = ? AND crm_id IS NOT NULL");
  return q.bind(std::string_view(entity)).bind(id).step() ? q.text(0) : id;
}

void Ids::given(const char* entity, const std::string& id, const std::string& crm_id) {
  sql_.query("INSERT OR IGNORE INTO crm_ids(entity, crm_id, id) VALUES(?, ?, ?)")
      .bind(std::string_view(entity))
      .bind(crm_id)
      .bind(id)
      .run();
  if (absences_ != nullptr) absences_->forget();
  sql_.query("UPDATE outbox SET crm_id = ? WHERE entity = ? AND id = ? AND crm_id IS NULL")
      .bind(crm_id)
      .bind(std::string_view(entity))
      .bind(id)
      .run();
}

}  // namespace hkl
