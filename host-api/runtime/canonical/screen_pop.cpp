#include "canonical/screen_pop.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

// Phones that the call is at now: those that talk, else those that ring.
std::vector<const Leg*> legs_now(const Call& call) {
  std::vector<const Leg*> talking, ringing;
  for (const auto& leg : call.legs) {
    if (leg.kind != LegKind::employee || leg.ended_at) continue;
    (leg.answered_at ? talking : ringing).push_back(&leg);
  }
  return talking.empty() ? ringing : talking;
}

template <typename Of>
Json each_once(const std::vector<const Leg*>& legs, Of of) {
  auto list = Json::array();
  for (const auto* leg : legs) {
    const std::string& name = of(*leg);
    if (!name.empty() && std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
  }
  return list;
}

}  // namespace

bool wants_screen_pop(const Call& call) {
  return !call.is_over && !call.is_history && (call.direction == Direction::in || call.direction == Direction::out);
}

std::string screen_pop_to_json(const Call& call, const ContactRecord* contact, const LeadRecord* lead,
                               const std::vector<TaskRecord>& tasks) {
  const auto legs = legs_now(call);
  auto open = Json::array();
  for (const auto& task : tasks)
    if (task.state == TaskState::open) open.push_back({{"title", task.title}, {"kind", task.kind}});
  Json pop = {{"id", call.id},
              {"direction", call.direction == Direction::in ? "in" : "out"},
              {"state", call.answered_at ? "answered" : "ringing"},
              {"client_number", text_or_null(call.client_number)},
              {"line", text_or_null(call.line)},
              {"request", text_or_null(call.request)},
              {"employees", each_once(legs, [](const Leg& leg) -> const std::string& { return leg.employee; })},
              {"extensions", each_once(legs, [](const Leg& leg) -> const std::string& { return leg.extension; })},
              {"contact", nullptr},
              {"lead", nullptr},
              {"tasks", open}};
  if (contact != nullptr) pop["contact"] = {{"id", contact->id}, {"name", text_or_null(contact->name)}};
  if (lead != nullptr)
    pop["lead"] = {{"id", lead->id},
                   {"title", text_or_null(lead->title)},
                   {"funnel", lead->funnel},
                   {"stage", lead->stage},
                   {"responsible", text_or_null(lead->responsible)}};
  return pop.dump();
}

}  // namespace hkl
