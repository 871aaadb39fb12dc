// What follows for one contact, derived and stored (DESIGN section 4, steps 6–10).
#include <algorithm>
#include <set>

#include "canonical/canonical.h"
#include "canonical/screen_pop.h"
#include "pipeline/deriver_state.h"
#include "pipeline/row_values.h"

namespace hkl {
namespace {

// Behind all that it names: see Tables::kRankTask.
constexpr int kRankScreenPop = Tables::kRankTask + 1;

std::string marked_deleted(const std::string& body) { return body.substr(0, body.size() - 1) + R"(,"deleted":true})"; }

}  // namespace

ContactRecord Deriver::State::shown_contact(ContactRecord contact) {
  contact.id = ids.shown("contact", contact.id);
  return contact;
}

std::string Deriver::State::shown_lead(LeadRecord lead, const std::string& shown_contact) {
  lead.id = ids.shown("lead", lead.id);
  lead.contact = shown_contact;
  return lead_to_json(lead);
}

void Deriver::State::store_state(const ContactInput& input, ContactState& state, const Gathered& gathered,
                                 bool is_told_to_crm, Changes& changes) {
  const std::string contact = input.contact.id;
  const std::string shown_contact = ids.shown("contact", contact);
  for (const auto& fault : state.faults)
    if (parts.warn) parts.warn(fault);

  std::map<std::string, Direction> direction_of_call;
  std::vector<std::pair<std::size_t, std::string>> changed;  // calls, and how they are printed where that is known
  for (std::size_t i = 0; i < state.calls.size(); ++i) {
    auto& call = state.calls[i];
    auto& facts = state.facts[i];
    direction_of_call[call.id] = call.direction;
    const auto key = tables.key_of_call(call.id);
    if (!key) continue;
    facts.made_lead = ids.shown("lead", facts.made_lead);
    call.lead = ids.shown("lead", call.lead);
    // A contact's new call leaves most of its others as they are, or changes no more than what they are to reports.
    const auto known = tables.known_written(*key, call, facts, shown_contact);
    if (known == Tables::Written::all) {
      tables.unsave(call.id);
      continue;
    }
    changes.calls.insert(call.id);
    auto& body = changed.emplace_back(i, std::string()).second;
    if (known == Tables::Written::call) continue;
    body = call_to_json(call, shown_contact);
    if (is_told_to_crm && call.is_over && !call.is_history)
      tables.put_outbox("call", call.id, contact, Tables::kRankCall, body,
                        shown_contact == contact ? body : call_to_json(call));
  }

  const auto members = contact.empty() ? std::vector<std::string>{} : book.members(contact);
  const auto stored = tables.inquiries_of(members);
  std::set<std::string> kept;
  for (auto& inquiry : state.inquiries) {
    kept.insert(inquiry.id);
    const auto direction = direction_of_call.find(inquiry.call);
    inquiry.contact = contact;
    inquiry.lead = ids.shown("lead", inquiry.lead);
    const auto body = inquiry_to_json(with_contact(inquiry, shown_contact));
    if (tables.save_inquiry(inquiry, direction == direction_of_call.end() ? Direction::unknown : direction->second,
                            body, stored))
      changes.inquiries.insert(inquiry.id);
    if (is_told_to_crm && !inquiry.is_history)
      tables.put_outbox("inquiry", inquiry.id, contact, Tables::kRankInquiry, body,
                        shown_contact == contact ? body : inquiry_to_json(inquiry));
  }
  // Rows of a contact that was merged into this one are this one's now.
  for (const auto& [id, row] : stored)
    if (!kept.contains(id)) tables.drop_inquiry(id);
  store_leads(input, state, gathered, is_told_to_crm, changes);
  if (!contact.empty()) store_tasks(input, state, gathered, is_told_to_crm, changes);
  if (is_told_to_crm) store_screen_pops(input, state);
  for (auto& [i, body] : changed) {
    auto& call = state.calls[i];
    const auto key = *tables.key_of_call(call.id);
    tables.save_call(key, std::move(call), std::move(state.facts[i]), shown_contact, std::move(body));
  }
}

// A screen that was not shown while the call went on is of no use afterwards.
void Deriver::State::store_screen_pops(const ContactInput& input, const ContactState& state) {
  if (!screen_pops) {  // of all calls that go on: few, where a contact's calls may be many
    const auto kept = texts(std::move(sql.query("SELECT id FROM outbox WHERE entity = ?").bind(kScreenPop)));
    screen_pops.emplace(kept.begin(), kept.end());
  }
  const auto contact = shown_contact(input.contact);
  for (const auto& call : state.calls) {
    if (!wants_screen_pop(call)) {
      if (screen_pops->erase(call.id) > 0) tables.drop_outbox(kScreenPop, call.id);
      continue;
    }
    LeadRecord shown;
    for (const auto& lead : state.leads)
      if (!call.lead.empty() && ids.shown("lead", lead.id) == call.lead) shown = lead;
    shown.id = call.lead;
    auto pop = screen_pop_to_json(call, input.contact.id.empty() ? nullptr : &contact,
                                  call.lead.empty() ? nullptr : &shown, state.tasks);
    screen_pops->insert(call.id);
    tables.put_outbox(kScreenPop, call.id, input.contact.id, kRankScreenPop, pop, pop);
  }
}

void Deriver::State::store_leads(const ContactInput& input, ContactState& state, const Gathered& gathered,
                                 bool is_told_to_crm, Changes& changes) {
  const auto& contact = input.contact.id;
  const auto shown_contact = ids.shown("contact", contact);
  const auto& stored = gathered.lead_rows;
  std::map<std::string, std::string> call_of_inquiry;
  for (const auto& call : state.calls) call_of_inquiry[call.inquiry] = call.id;
  std::set<std::string> kept;
  for (auto& lead : state.leads) {
    const auto id = lead.id;
    kept.insert(id);
    const bool is_ours = !gathered.told_leads.contains(id);
    const auto call = call_of_inquiry.find(lead.inquiry);
    lead.contact = contact;
    const auto body = lead_to_json(with_contact(lead, shown_contact));
    tables.save_lead(lead, call == call_of_inquiry.end() ? "" : call->second,
                     directory->stage_groups(lead.funnel, lead.stage), is_ours, body, stored);
    changes.leads.insert(id);
    if (is_ours && is_told_to_crm) {
      const bool is_shown_as_it_is = shown_contact == contact && ids.shown("lead", id) == id;
      tables.put_outbox("lead", id, contact, Tables::kRankLead,
                        is_shown_as_it_is ? body : shown_lead(lead, shown_contact),
                        is_shown_as_it_is ? body : lead_to_json(lead));
    }
    if (state.fixed.contains(id)) tables.fix_in_outbox("lead", id);
  }
  std::set<std::string> known;
  const auto add = [&](const std::vector<std::string>& more) { known.insert(more.begin(), more.end()); };
  for (const auto& [id, row] : stored) known.insert(id);
  for (const auto& call : state.calls)
    if (contact.empty() || tables.was_moved(call.id)) add(tables.lead_ids_of_call(call.id));
  for (const auto& id : known) {
    if (kept.contains(id) || is_of_another(tables.call_of_lead(id), contact)) continue;
    tables.withdraw_outbox("lead", id, marked_deleted(tables.told_body("lead", id)));
    tables.drop_lead(id);
    changes.leads.insert(id);
  }
}

// What a call made goes along with it when it proves to be another contact's,
// who is derived in the same commit and decides.
bool Deriver::State::is_of_another(const std::string& call, const std::string& contact) {
  const auto owner = tables.contact_of_call(call);
  return !owner.empty() && book.root(owner) != contact;
}

void Deriver::State::store_tasks(const ContactInput& input, ContactState& state, const Gathered& gathered,
                                 bool is_told_to_crm, Changes& changes) {
  const auto& contact = input.contact.id;
  const auto shown_contact = ids.shown("contact", contact);
  const auto& stored = gathered.task_rows;
  std::set<std::string> kept;
  for (auto& task : state.tasks) {
    kept.insert(task.id);
    // One that a rule asks for stays ours, though the CRM told of it too.
    const bool is_ours = !task.key.empty() || !gathered.told_tasks.contains(task.id);
    task.contact = contact;
    task.lead = ids.shown("lead", task.lead);
    tables.save_task(task, is_ours, shown_contact, stored);
    changes.tasks.insert(task.id);
    if (is_ours && is_told_to_crm) {
      const auto at = task.created_at.value_or(Instant{});
      const auto body = task_to_json(with_contact(task, shown_contact), at);
      tables.put_outbox("task", task.id, contact, Tables::kRankTask, body,
                        shown_contact == contact ? body : task_to_json(task, at));
    }
    if (state.fixed.contains(task.id)) tables.fix_in_outbox("task", task.id);
  }
  std::set<std::string> known;
  const auto add = [&](const std::vector<std::string>& more) { known.insert(more.begin(), more.end()); };
  for (const auto& [id, row] : stored) known.insert(id);
  for (const auto& call : state.calls)
    if (tables.was_moved(call.id)) add(tables.task_ids_of_call(call.id));
  for (const auto& id : known) {
    if (kept.contains(id) || is_of_another(tables.call_of_task(id), contact)) continue;
    tables.withdraw_outbox("task", id, marked_deleted(tables.told_body("task", id)));
    tables.drop_task(id);
    changes.tasks.insert(id);
  }
}

// A lead that was not told before may have a history too, which hangs on its id;
// a visit that led to a call brings the others of its visitor.
ContactState Deriver::State::derived(Gathered& gathered, const std::string& who) {
  gathered.input.keeps_delivered = is_rebuilding;
  for (;;) {
    choices.begin(who);
    if (parts.wakes) parts.wakes->asked.clear();
    auto state = derive(gathered.input, *directory, parts.leads, parts.classifiers, parts.rules, choices);
    const bool has_more = gatherer.add_what_hangs_on_made(gathered, state.leads);
    if (!gatherer.add_visits_of_proven(gathered, state.facts) && !has_more) return state;
  }
}

void Deriver::State::derive_contact(const std::string& root, Changes& changes) {
  auto gathered = gatherer.contact(root);
  auto& input = gathered.input;
  changes.contacts.insert(root);
  const bool is_empty = input.calls.empty() && input.inquiries.empty() && input.leads.empty();
  if (is_empty && book.is_made(root) && !tables.was_told("contact", root)) {
    // Made for a call that has since been found to be another's.
    book.drop(root);
    tables.withdraw_outbox("contact", root, "{}");
  }
  auto state = derived(gathered, root);
  if (parts.wakes) wakes.keep(root, *parts.wakes, input.now);
  const bool has_present =
      std::any_of(input.calls.begin(), input.calls.end(), [](const Call& c) { return !c.is_history; }) ||
      std::any_of(input.inquiries.begin(), input.inquiries.end(), [](const InquiryRecord& i) { return !i.is_history; });
  if (has_present && book.is_made(root) && !is_empty) {
    const auto shown = shown_contact(input.contact);
    const auto body = contact_to_json(shown);
    tables.put_outbox("contact", root, root, Tables::kRankContact, body,
                      shown.id == root ? body : contact_to_json(input.contact));
  }
  store_state(input, state, gathered, has_present, changes);
}

void Deriver::State::derive_lone_call(const std::string& id, Changes& changes) {
  const auto call = tables.call(id);
  if (!call || !call->contact.empty()) return;
  auto gathered = gatherer.lone_call(*call);
  auto state = derived(gathered, kLoneCall + id);
  store_state(gathered.input, state, gathered, !call->is_history, changes);
}

// A lead that names neither a contact nor an inquiry counts by itself. `name`
// is as the record gives it.
void Deriver::State::derive_lone_lead(const std::string& name, Changes& changes) {
  auto gathered = gatherer.lone_lead(name);
  const auto id = ids.inside("lead", name);
  if (gathered.input.leads.empty()) {  // taken back, or somebody's by now
    if (tables.contact_of_lead(id).empty() && tables.call_of_lead(id).empty()) tables.drop_lead(id);
    changes.leads.insert(id);
    return;
  }
  auto state = derived(gathered, kLoneLead + id);
  store_state(gathered.input, state, gathered, false, changes);
}

}  // namespace hkl
