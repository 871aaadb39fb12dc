#include "contacts/lead_book.h"

#include <algorithm>

#include "contacts/lead_history.h"
#include "contacts/made_id.h"

namespace hkl {
namespace {

constexpr const char* kMadeContact = "hl-c-";

bool counts(const LeadRecord& lead) { return lead.merged_into.empty(); }

bool is_older(const LeadRecord& a, const LeadRecord& b) {
  return std::tie(a.created_at, a.id) < std::tie(b.created_at, b.id);
}

}  // namespace

LeadBook::LeadBook(const ContactInput& input, const Directory& directory, const LeadPolicy& policy, Choices& choices)
    : input_(input),
      directory_(directory),
      policy_(policy),
      distribution_(directory, policy, choices),
      changes_(input.lead_changes),
      leads_(input.leads) {
  std::sort(changes_.begin(), changes_.end(), [](const LeadChangeRecord& a, const LeadChangeRecord& b) {
    return std::tie(a.at, a.id) < std::tie(b.at, b.id);
  });
  for (const auto& lead : input.kept_leads)
    if (input.fixed.contains(lead.id)) keep(lead);
  fill_in_told();
  std::sort(leads_.begin(), leads_.end(), is_older);
  std::vector<const LeadRecord*> kept;
  for (const auto& lead : input.kept_leads) kept.push_back(&lead);
  std::sort(kept.begin(), kept.end(), [](const LeadRecord* a, const LeadRecord* b) { return is_older(*a, *b); });
  for (const auto* lead : kept)
    if (told(lead->id) == nullptr) free_.push_back(lead->id);
}

LeadRecord* LeadBook::told(const std::string& id) {
  const auto found = std::find_if(leads_.begin(), leads_.end(), [&](const LeadRecord& lead) { return lead.id == id; });
  return found == leads_.end() ? nullptr : &*found;
}

// A CRM that tells of a lead it was given need not repeat what made it, and
// whoever tells the history of a lead need not tell its end.
void LeadBook::fill_in_told() {
  for (auto& lead : leads_) {
    for (const auto& kept : input_.kept_leads)
      if (kept.id == lead.id) fill_from_making(lead, kept);
    fill_from_history(lead, changes_, directory_);
  }
}

bool LeadBook::is_touched(const std::string& inquiry) const {
  const auto is_changed = [&](const LeadRecord& kept) {
    return kept.inquiry == inquiry &&
           std::any_of(changes_.begin(), changes_.end(),
                       [&](const LeadChangeRecord& change) { return change.lead == kept.id; });
  };
  return std::any_of(input_.kept_leads.begin(), input_.kept_leads.end(), is_changed);
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
  if (inquiry.is_history || !inquiry.at) return std::nullopt;
  const bool is_withheld = input_.contact.id.empty();
  if (is_withheld && (!policy_.anonymous_creates || cause.call == nullptr)) return std::nullopt;
  if (cause.call == nullptr) return inquiry.at;
  const auto& call = *cause.call;
  if (is_withheld && call.direction != Direction::in) return std::nullopt;
  if (call.direction == Direction::internal) return std::nullopt;
  if (call.direction == Direction::out && !policy_.outgoing_creates) return std::nullopt;
  if (policy_.create_at == "ring") return inquiry.at;
  if (policy_.create_at == "answer" && call.answered_at) return call.answered_at;
  // A call that nobody answered is looked at when it is over.
  return call.is_over ? call.ended_at : std::nullopt;
}

bool LeadBook::is_needed(const Cause& cause, Instant at) const {
  if (input_.contact.id.empty()) return true;  // withheld: every call is its own
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
std::string LeadBook::next_id(const Cause& cause) {
  for (const auto& kept : input_.kept_leads) {
    const auto place = std::find(free_.begin(), free_.end(), kept.id);
    if (kept.inquiry == cause.inquiry->id && place != free_.end()) {
      free_.erase(place);
      return kept.id;
    }
  }
  if (!free_.empty()) {
    auto id = free_.front();
    free_.erase(free_.begin());
    return id;
  }
  const auto owner = input_.contact.id.empty() ? "call:" + cause.call->id : input_.contact.id;
  for (;;) {
    auto id = made_id("l", owner + "/" + std::to_string(++made_));
    if (told(id) == nullptr) return id;
  }
}

std::string LeadBook::earlier_responsible(Instant at) const {
  const LeadRecord* earlier = nullptr;
  for (const auto& lead : leads_)
    if (counts(lead) && lead.created_at && *lead.created_at < at && !state_at(lead, at).responsible.empty() &&
        (earlier == nullptr || *earlier->created_at < *lead.created_at))
      earlier = &lead;
  return earlier == nullptr ? "" : state_at(*earlier, at).responsible;
}

const LeadRecord& LeadBook::make(const Cause& cause, Instant at) {
  const auto& inquiry = *cause.inquiry;
  LeadRecord lead;
  lead.id = next_id(cause);
  lead.contact = input_.contact.id;
  lead.funnel = directory_.default_funnel().id;
  lead.created_at = at;
  lead.created_by = inquiry.kind == InquiryKind::call ? "call" : std::string(word(inquiry.kind));
  lead.inquiry = inquiry.id;
  lead.ad_source = inquiry.ad_source;
  lead.object = inquiry.object;
  const auto given = distribution_.assign({lead.id, &inquiry, cause.call, cause.calls, earlier_responsible(at), at});
  lead.responsible = given.employee;
  // Until somebody answers it is as if nobody will (metrics §5.3, last lines).
  const bool was_answered = cause.call == nullptr || cause.call->answered_at.has_value();
  const bool was_shared_out = !given.employee.empty() && !given.since;
  lead.stage = was_answered ? policy_.stage_answered : was_shared_out ? policy_.stage_fan : policy_.stage_missed;
  if (given.since) {
    LeadChangeRecord taken;
    taken.lead = lead.id;
    taken.at = given.since;
    taken.by = given.employee;
    taken.field = "responsible";
    taken.from = "";
    taken.to = given.employee;
    const auto later = std::find_if(changes_.begin(), changes_.end(),
                                    [&](const LeadChangeRecord& change) { return change.at > taken.at; });
    changes_.insert(later, std::move(taken));
  }
  apply_history(lead, changes_, directory_);
  leads_.push_back(std::move(lead));
  return leads_.back();
}

bool LeadBook::keep(const LeadRecord& lead) {
  if (told(lead.id) != nullptr) return false;
  leads_.push_back(lead);
  return true;
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
