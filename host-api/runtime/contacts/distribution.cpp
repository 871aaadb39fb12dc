#include "contacts/distribution.h"

#include <algorithm>

namespace hkl {
namespace {

bool is_ringing(const NewLead& lead) { return lead.call != nullptr && !lead.call->answered_at && !lead.call->is_over; }
bool is_missed(const NewLead& lead) { return lead.call != nullptr && !lead.call->answered_at; }

// Who took the inquiry after the lead was made took the lead then.
Assignment taken(const NewLead& lead) {
  const auto& inquiry = *lead.inquiry;
  if (lead.call != nullptr && lead.call->answered_at) return {lead.call->employee, std::nullopt};
  if (!inquiry.taken_at || *inquiry.taken_at <= lead.at) return {inquiry.taken_by, std::nullopt};
  return {inquiry.taken_by, inquiry.taken_at};
}

}  // namespace

bool Distribution::works_at(const std::string& employee, Instant at) const {
  const auto* who = directory_.employee(employee);
  return who == nullptr || !who->dismissed_at || at < *who->dismissed_at;
}

// Those of the policy's `fan`; where it names nobody, everybody.
std::vector<std::string> Distribution::members_at(Instant at) const {
  std::vector<std::string> members = policy_.fan;
  if (members.empty())
    for (const auto& employee : directory_.parts().employees) members.push_back(employee.id);
  std::erase_if(members, [&](const std::string& id) { return !works_at(id, at); });
  return members;
}

// metrics §3: with fan distribution on, a missed call's lead has somebody too.
bool Distribution::shares_out() const {
  return std::any_of(policy_.distribution.begin(), policy_.distribution.end(),
                     [](const std::string& step) { return step == "fan" || step == "least_loaded"; });
}

std::string Distribution::last_spoken(const NewLead& lead) const {
  const auto oldest = lead.at - std::chrono::days(policy_.sticky_days);
  std::optional<Instant> spoken_at;
  std::string found;
  for (const auto& call : *lead.calls) {
    const bool counts = call.answered_at && *call.answered_at < lead.at && *call.answered_at >= oldest &&
                        &call != lead.call && !call.last_employee.empty();
    if (!counts || (spoken_at && *spoken_at > *call.answered_at)) continue;
    spoken_at = call.answered_at;
    found = call.last_employee;
  }
  return found;
}

std::string Distribution::on_duty(const NewLead& lead) const {
  const auto* department = lead.call == nullptr ? nullptr : directory_.department_of_queue(lead.call->queue);
  if (department == nullptr) return {};
  for (const auto& employee : department->duty)
    if (works_at(employee, lead.at)) return employee;
  return {};
}

Assignment Distribution::by_steps(const NewLead& lead) const {
  const bool nobody_answered = is_missed(lead);
  const bool is_shared_out = shares_out();
  // What waits for the call's outcome is decided when it is over.
  auto decided_at = lead.at;
  for (const auto& step : policy_.distribution) {
    if (step == "offer") {
      // Whoever takes it first has it; until then nobody, so no later step.
      if (!members_at(lead.at).empty()) return taken(lead);
      continue;
    }
    if (nobody_answered && !is_shared_out) continue;
    Assignment found;
    if (step == "responsible") {
      found.employee = lead.earlier_responsible;
    } else if (step == "taker") {
      if (is_ringing(lead)) return {};
      if (nobody_answered) {
        decided_at = std::max(decided_at, lead.call->ended_at.value_or(decided_at));
      } else {
        found = taken(lead);
      }
    } else if (step == "last_spoken") {
      found.employee = last_spoken(lead);
    } else if (step == "fan" || step == "least_loaded") {
      if (auto members = members_at(decided_at); !members.empty()) {
        choices_.ask({lead.id, lead.inquiry->id, step, std::move(members), decided_at});
        return {};  // until it is answered, which is at once
      }
    } else if (step == "duty") {
      found.employee = on_duty(lead);
    }
    if (!found.employee.empty() && works_at(found.employee, lead.at)) return found;
  }
  return {};
}

Assignment Distribution::assign(const NewLead& lead) const {
  if (policy_.bind_to_taker) {
    auto taker = taken(lead);
    if (!taker.employee.empty()) return taker;
  }
  // Fixed once: neither a late fact nor another policy moves it.
  auto chosen = choices_.chosen(lead.id, lead.inquiry->id);
  if (!chosen.empty()) return {std::move(chosen), std::nullopt};
  return by_steps(lead);
}

}  // namespace hkl
