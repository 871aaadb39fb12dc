#include "config/leads.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/schema_check.h"

namespace hkl {
namespace {

LeadPolicy::When when_of(const std::string& word) {
  if (word == "new_contact") return LeadPolicy::When::new_contact;
  if (word == "always") return LeadPolicy::When::always;
  if (word == "never") return LeadPolicy::When::never;
  return LeadPolicy::When::no_open_lead;
}

// Leads are made in the default funnel. A stage that is there only by default
// may be missing too, when the config brings its own funnels.
void check_stage(const ConfigReading& reading, const FunnelRecord& funnel, const char* key, const std::string& stage) {
  std::vector<std::string> stages;
  for (const auto& known : funnel.stages) {
    if (known.id == stage) return;
    stages.push_back(known.id);
  }
  const TreePath where = {"leads", "stages", key};
  if (reading.at(where) != nullptr)
    return reading.complain(
        where, no_such("stage", stage, stages) + fmt::format(" (new leads are made in the funnel \"{}\")", funnel.id));
  reading.complain({"funnels"},
                   fmt::format("new leads are made in the funnel \"{}\" at the stage \"{}\", which it does "
                               "not have; name one of its stages as leads.stages.{}",
                               funnel.id, stage, key));
}

bool has_step(const LeadPolicy& policy, const char* step) {
  return std::find(policy.distribution.begin(), policy.distribution.end(), step) != policy.distribution.end();
}

void check_distribution(const ConfigReading& reading, const LeadPolicy& policy, const Directory& directory) {
  const TreePath distribution = {"leads", "distribution"}, fan = {"leads", "fan"};
  for (std::size_t i = 0; i < policy.distribution.size(); ++i) {
    const auto end = policy.distribution.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(policy.distribution.begin(), end, policy.distribution[i]) != end)
      reading.complain(distribution / i,
                       fmt::format("\"{}\" stands there already; keep the first", policy.distribution[i]));
  }
  if (has_step(policy, "fan") && policy.fan.empty())
    reading.complain(reading.at(fan) != nullptr ? fan : distribution,
                     "\"fan\" shares leads out among nobody; name its members, as in leads.fan: [ivanova, petrov]");
  if (!policy.fan.empty() && !has_step(policy, "fan") && !has_step(policy, "least_loaded") &&
      !has_step(policy, "offer"))
    reading.complain(fan, "no step of leads.distribution shares leads out; add fan, least_loaded or offer to it");
  // An employee may also come as a record later.
  if (reading.at({"employees"}) == nullptr) return;
  const auto known = reading.ids("employees");
  for (std::size_t i = 0; i < policy.fan.size(); ++i)
    if (directory.employee(policy.fan[i]) == nullptr)
      reading.complain(fan / i, no_such("employee", policy.fan[i], known));
}

}  // namespace

LeadPolicy read_leads(const ConfigReading& reading, const Directory& directory) {
  LeadPolicy policy;
  policy.when = when_of(reading.text({"leads", "lead_when"}));
  policy.create_at = reading.text({"leads", "create_at"}, policy.create_at);
  if (reading.at({"leads", "distribution"}) != nullptr) policy.distribution = reading.texts({"leads", "distribution"});
  policy.stage_missed = reading.text({"leads", "stages", "missed"}, policy.stage_missed);
  policy.stage_answered = reading.text({"leads", "stages", "answered"}, policy.stage_answered);
  policy.stage_fan = reading.text({"leads", "stages", "fan"}, policy.stage_fan);
  if (reading.at({"leads", "fan"}) != nullptr) policy.fan = reading.texts({"leads", "fan"});
  policy.anonymous_creates = reading.text({"leads", "anonymous"}) == "create_lead";
  policy.outgoing_creates = reading.text({"leads", "outgoing"}) == "create_lead";
  policy.bind_to_taker = reading.flag({"leads", "bind_to_taker"}, policy.bind_to_taker);
  if (const auto* days = reading.at({"leads", "sticky_days"}))
    if (const auto value = json_of(*days); value.is_number_integer()) policy.sticky_days = value.get<int>();
  check_distribution(reading, policy, directory);
  if (policy.when == LeadPolicy::When::never) return policy;
  const auto& funnel = directory.default_funnel();
  check_stage(reading, funnel, "missed", policy.stage_missed);
  check_stage(reading, funnel, "answered", policy.stage_answered);
  if (has_step(policy, "fan") || has_step(policy, "least_loaded"))
    check_stage(reading, funnel, "fan", policy.stage_fan);
  return policy;
}

}  // namespace hkl
