#include "contacts/lead_book.h"

#include <algorithm>

#include "contacts/made_id.h"

namespace hkl {
namespace {

constexpr const char* kMadeContact = "hl-c-";

bool counts(const LeadRecord& lead) { return lead.merged_into.empty(); }

bool is_older(const LeadRecord& a, const LeadRecord& b) {
  return std::tie(a.created_at, a.id) < std::tie(b.created_at, b.id);
}

}  // namespace

LeadBook::LeadBook(const ContactInput& input, const Directory& directory, const LeadPolicy& policy)
    : input_(input), directory_(directory), policy_(policy), changes_(input.lead_changes), leads_(input.leads) {
  std::sort(changes_.begin(), changes_.end(), [](const LeadChangeRecord& a, const LeadChangeRecord& b) {
    return std::tie(a.at, a.id) < std::tie(b.at, b.id);
  });
  std::sort(leads_.begin(), leads_.end(), is_older);
  std::vector<const LeadRecord*> kept;
  for (const auto& lead : input.kept_leads) kept.push_back(&lead);
  std::sort(kept.begin(), kept.end(), [](const LeadRecord* a, const LeadRecord* b) { return is_older(*a, *b); });
  for (const auto* lead : kept) free_.push_back(lead->id);
}

LeadState LeadBook::state_at(const LeadRecord& lead, Instant at) const {
  LeadState state{false, lead.stage, lead.responsible};
  // What the first later change says was before it; changes that say nothing
  // of it are passed over.
  std::optional<Instant> stage_since, responsible_since;
  for (const auto& change : changes_) {
    if (change.lead != lead.id || !change.at || *change.at <= at || !change.from) continue;
    if (change.field == "stage" && (!stage_since || *change.at < *stage_since)) {
      stage_since = change.at;
      state.stage = *change.from;
    } else if (change.field == "responsible" && (!responsible_since || *change.at < *responsible_since)) {
      responsible_since = change.at;
      state.responsible = *change.from;
    }
  }
  const bool was_made = !lead.created_at || *lead.created_at <= at;
  const bool was_closed = lead.closed_at ? *lead.closed_at <= at : !directory_.is_open_stage(lead.funnel, state.stage);
  state.is_open = was_made && !was_closed && counts(lead);
  return state;
}

const LeadRecord* LeadBook::open_at(Instant at) const {
  const LeadRecord* found = nullptr;
  for (const auto& lead : leads_)
    if (state_at(lead, at).is_open && (found == nullptr || found->created_at <= lead.created_at)) found = &lead;
  return found;
}

const LeadRecord* LeadBook::told_from(const std::string& inquiry) const {
  const LeadRecord* found = nullptr;
  for (const auto& lead : leads_)
    if (lead.inquiry == inquiry && (found == nullptr || (!counts(*found) && counts(lead)))) found = &lead;
  return found;
}

std::optional<Instant> LeadBook::due(const Cause& cause) const {
  const auto& inquiry = *cause.inquiry;
  if (policy_.when == LeadPolicy::When::never) return std::nullopt;
  if (inquiry.is_history || !inquiry.at || input_.contact.id.empty()) return std::nullopt;
  if (cause.call == nullptr) return inquiry.at;
  const auto& call = *cause.call;
  if (call.direction == Direction::internal) return std::nullopt;
  if (call.direction == Direction::out && !policy_.outgoing_creates) return std::nullopt;
  if (policy_.create_at == "ring") return inquiry.at;
  if (policy_.create_at == "answer" && call.answered_at) return call.answered_at;
  // A call that nobody answered is looked at when it is over.
  return call.is_over ? call.ended_at : std::nullopt;
}

bool LeadBook::is_needed(const Cause& cause, Instant at) const {
  switch (policy_.when) {
    case LeadPolicy::When::never:
      return false;
    case LeadPolicy::When::always:
      return true;
    case LeadPolicy::When::new_contact:
      return cause.is_first && input_.contact.id.starts_with(kMadeContact);
    case LeadPolicy::When::no_open_lead:
      return open_at(at) == nullptr;
  }
  return false;
}

// A lead keeps its id when its making is credited to another inquiry, so ids
// go by the contact and the lead's number, not by the call.
std::string LeadBook::next_id(const std::string& inquiry) {
  for (const auto& kept : input_.kept_leads) {
    const auto place = std::find(free_.begin(), free_.end(), kept.id);
    if (kept.inquiry == inquiry && place != free_.end()) {
      free_.erase(place);
      return kept.id;
    }
  }
  if (!free_.empty()) {
    auto id = free_.front();
    free_.erase(free_.begin());
    return id;
  }
  for (;;) {
    auto id = made_id("l", input_.contact.id + "/" + std::to_string(++made_));
    const bool is_taken =
        std::any_of(leads_.begin(), leads_.end(), [&](const LeadRecord& lead) { return lead.id == id; });
    if (!is_taken) return id;
  }
}

std::string LeadBook::distribute(const Cause& cause, Instant at) const {
  std::string taker = cause.call != nullptr && cause.call->answered_at ? cause.call->employee
                      : cause.call == nullptr                          ? cause.inquiry->taken_by
                                                                       : "";
  if (policy_.bind_to_taker && !taker.empty()) return taker;
  for (const auto& step : policy_.distribution) {
    std::string found;
    if (step == "responsible") {
      const LeadRecord* earlier = nullptr;
      for (const auto& lead : leads_)
        if (counts(lead) && lead.created_at && *lead.created_at < at && !state_at(lead, at).responsible.empty() &&
            (earlier == nullptr || *earlier->created_at < *lead.created_at))
          earlier = &lead;
      if (earlier != nullptr) found = state_at(*earlier, at).responsible;
    } else if (step == "taker") {
      found = taker;
    } else if (step == "last_spoken") {
      const auto oldest = at - std::chrono::days(policy_.sticky_days);
      std::optional<Instant> spoken_at;
      for (const auto& call : *cause.calls)
        if (call.answered_at && *call.answered_at < at && *call.answered_at >= oldest && &call != cause.call &&
            !call.last_employee.empty() && (!spoken_at || *spoken_at <= *call.answered_at)) {
          spoken_at = call.answered_at;
          found = call.last_employee;
        }
    } else if (step == "duty" && cause.call != nullptr) {
      const auto* department = directory_.department_of_queue(cause.call->queue);
      if (department != nullptr && !department->duty.empty()) found = department->duty.front();
    }
    if (!found.empty()) return found;
  }
  return {};
}

const LeadRecord& LeadBook::make(const Cause& cause, Instant at) {
  const auto& inquiry = *cause.inquiry;
  LeadRecord lead;
  lead.id = next_id(inquiry.id);
  lead.contact = input_.contact.id;
  lead.funnel = directory_.default_funnel().id;
  lead.created_at = at;
  lead.created_by = inquiry.kind == InquiryKind::call ? "call" : std::string(word(inquiry.kind));
  lead.inquiry = inquiry.id;
  lead.ad_source = inquiry.ad_source;
  lead.object = inquiry.object;
  // Until somebody answers it is as if nobody will (metrics §5.3, last lines).
  const bool was_answered = cause.call == nullptr || cause.call->answered_at.has_value();
  lead.stage = was_answered ? policy_.stage_answered : policy_.stage_missed;
  if (was_answered) lead.responsible = distribute(cause, at);
  leads_.push_back(std::move(lead));
  return leads_.back();
}

void LeadBook::keep(const LeadRecord& lead) {
  const bool is_known =
      std::any_of(leads_.begin(), leads_.end(), [&](const LeadRecord& other) { return other.id == lead.id; });
  if (!is_known) leads_.push_back(lead);
}

std::string LeadBook::responsible() const {
  const LeadRecord* found = nullptr;
  bool is_open = false;
  for (const auto& lead : leads_) {
    if (!counts(lead) || lead.responsible.empty()) continue;
    const bool open = directory_.is_open_stage(lead.funnel, lead.stage) && !lead.closed_at;
    if (found == nullptr || (open && !is_open) || (open == is_open && found->created_at <= lead.created_at)) {
      found = &lead;
      is_open = open;
    }
  }
  return found == nullptr ? "" : found->responsible;
}

}  // namespace hkl
