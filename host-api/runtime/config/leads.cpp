#include "config/leads.h"

#include <fmt/format.h>

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
void check_stage(const Reading& reading, const FunnelRecord& funnel, const char* key, const std::string& stage) {
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

}  // namespace

LeadPolicy read_leads(const Reading& reading, const Directory& directory) {
  LeadPolicy policy;
  policy.when = when_of(reading.text({"leads", "lead_when"}));
  policy.create_at = reading.text({"leads", "create_at"}, policy.create_at);
  if (reading.at({"leads", "distribution"}) != nullptr) policy.distribution = reading.texts({"leads", "distribution"});
  policy.stage_missed = reading.text({"leads", "stages", "missed"}, policy.stage_missed);
  policy.stage_answered = reading.text({"leads", "stages", "answered"}, policy.stage_answered);
  policy.outgoing_creates = reading.text({"leads", "outgoing"}) == "create_lead";
  policy.bind_to_taker = reading.flag({"leads", "bind_to_taker"}, policy.bind_to_taker);
  if (const auto* days = reading.at({"leads", "sticky_days"}))
    if (const auto value = json_of(*days); value.is_number_integer()) policy.sticky_days = value.get<int>();
  if (policy.when == LeadPolicy::When::never) return policy;
  const auto& funnel = directory.default_funnel();
  check_stage(reading, funnel, "missed", policy.stage_missed);
  check_stage(reading, funnel, "answered", policy.stage_answered);
  return policy;
}

}  // namespace hkl
