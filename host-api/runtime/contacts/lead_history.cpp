#include "contacts/lead_history.h"

#include <charconv>

namespace hkl {
namespace {

// A time is told as its text; a change without one happened when it was made.
std::optional<Instant> time_of(const LeadChangeRecord& change) {
  if (!change.to || change.to->empty()) return std::nullopt;
  auto at = parse_iso(*change.to);
  return at ? *at : change.at;
}

std::optional<std::int64_t> amount_of(const LeadChangeRecord& change) {
  std::int64_t amount = 0;
  const auto& text = change.to.value_or("");
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return amount;
}

std::optional<Instant> closed_at(const LeadRecord& lead, const std::vector<LeadChangeRecord>& changes,
                                 const Directory& directory) {
  if (directory.is_open_stage(lead.funnel, lead.stage)) return std::nullopt;
  std::optional<Instant> at;
  for (const auto& change : changes)
    if (change.lead == lead.id && change.field == "stage" && change.to == lead.stage && change.at &&
        (!at || *at <= *change.at))
      at = change.at;
  return at;
}

void fill(std::string& text, const std::string& from) {
  if (text.empty()) text = from;
}
template <typename Value>
void fill(std::optional<Value>& value, const std::optional<Value>& from) {
  if (!value) value = from;
}

void become(LeadRecord& lead, const LeadChangeRecord& change) {
  if (change.field == "stage") lead.stage = change.to.value_or("");
  if (change.field == "responsible") lead.responsible = change.to.value_or("");
  if (change.field == "order") lead.order_at = time_of(change);
  if (change.field == "sale") lead.sale_at = time_of(change);
  if (change.field == "amount") lead.amount = amount_of(change);
}

}  // namespace

void fill_from_making(LeadRecord& lead, const LeadRecord& made) {
  for (const auto field : {&LeadRecord::contact, &LeadRecord::funnel, &LeadRecord::stage, &LeadRecord::ad_source,
                           &LeadRecord::object, &LeadRecord::created_by, &LeadRecord::inquiry})
    fill(lead.*field, made.*field);
  fill(lead.created_at, made.created_at);
}

void fill_from_history(LeadRecord& lead, const std::vector<LeadChangeRecord>& changes, const Directory& directory) {
  LeadRecord last;
  for (const auto& change : changes)
    if (change.lead == lead.id && change.at) become(last, change);
  fill(lead.stage, last.stage);
  fill(lead.responsible, last.responsible);
  fill(lead.order_at, last.order_at);
  fill(lead.sale_at, last.sale_at);
  fill(lead.amount, last.amount);
  if (!lead.closed_at) lead.closed_at = closed_at(lead, changes, directory);
}

void apply_history(LeadRecord& lead, std::vector<LeadChangeRecord>& changes, const Directory& directory) {
  bool is_changed = false;
  for (auto& change : changes) {
    if (change.lead != lead.id || !change.at) continue;
    if (!change.from && change.field == "stage") change.from = lead.stage;
    if (!change.from && change.field == "responsible") change.from = lead.responsible;
    become(lead, change);
    is_changed = true;
  }
  if (is_changed) lead.closed_at = closed_at(lead, changes, directory);
}

}  // namespace hkl
