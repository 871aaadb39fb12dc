#include "reports/kept_plans.h"

#include <algorithm>

namespace hkl {
namespace {

// Of one report: some kilobytes each, some hundred where it has hundreds of rows.
constexpr std::size_t kPlansAtMost = 16;

// No two texts are one longer one.
void add_part(std::string& key, const std::string& text) {
  key += std::to_string(text.size());
  key += ':';
  key += text;
}

}  // namespace

std::string kept_key(const ReportQuery& query, const ReportSurroundings& with) {
  if (with.engine == nullptr || with.access != nullptr || !query.drill.empty() || !query.compare.empty()) return {};
  std::string key;
  for (const auto* text : {&with.language, &with.timezone, &query.title, &query.where, &query.sort})
    add_part(key, *text);
  for (const auto& [name, value] : query.settings) {
    add_part(key, name);
    add_part(key, value);
  }
  key += has_offices(with.directory) ? '+' : '-';
  return key;
}

std::unique_ptr<KeptPlan> KeptPlans::take(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(plans_.begin(), plans_.end(), [&](const auto& plan) { return plan->key == key; });
  if (found == plans_.end()) return nullptr;
  auto taken = std::move(*found);
  plans_.erase(found);
  return taken;
}

void KeptPlans::give_back(std::unique_ptr<KeptPlan> plan) {
  if (plan->key.empty() || !plan->of_engine || !plan->aggregates) return;
  const std::lock_guard lock(mutex_);
  if (plans_.size() == kPlansAtMost) plans_.erase(plans_.begin());
  plans_.push_back(std::move(plan));
}

}  // namespace hkl
