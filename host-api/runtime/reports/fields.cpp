#include "reports/fields.h"

#include "values/words.h"

namespace hkl {

std::string_view word(CreditRule rule) {
  return rule == CreditRule::each ? "each" : rule == CreditRule::last ? "last" : "first";
}

const Field* Entity::field(std::string_view wanted) const {
  for (const auto& field : fields)
    if (field.name == wanted) return &field;
  return nullptr;
}

std::string_view Entity::nearest_field(std::string_view wanted) const {
  std::vector<std::string_view> names;
  for (const auto& field : fields) names.push_back(field.name);
  return nearest_word(wanted, names.data(), names.size());
}

const Entity* entity_named(std::string_view name) {
  for (const auto* entity : {&calls_entity(), &calls_with_ongoing_entity(), &legs_entity(), &queue_entries_entity(),
                             &inquiries_entity(), &leads_entity(), &tasks_entity(), &contacts_entity()})
    if (entity->name == name) return entity;
  return nullptr;
}

const std::vector<std::string_view>& entity_names() {
  static const std::vector<std::string_view> names = {
      "calls", "calls_with_ongoing", "legs", "queue_entries", "inquiries", "leads", "tasks", "contacts"};
  return names;
}

std::string lead_value(const char* column, const char* of) {
  return std::string("(SELECT l.") + column +
         " FROM leads l WHERE l.id = COALESCE((SELECT x.id FROM crm_ids x WHERE x.entity = 'lead' AND x.crm_id = " +
         of + "), " + of + "))";
}

std::string shown_body(std::string_view singular) {
  return "coalesce((SELECT json_set(c.body, '$.id', o.crm_id) FROM outbox o WHERE o.entity = '" +
         std::string(singular) + "' AND o.id = c.id AND o.crm_id IS NOT NULL), c.body)";
}

}  // namespace hkl
