#include "pipeline/gather.h"

#include <algorithm>

#include "canonical/canonical.h"
#include "pipeline/settled_opinions.h"

namespace hkl {
namespace {

// The latest moment the contact's own history speaks of: the "now" of a
// derivation, so that it is the same whenever it is made again. A moment that
// came, as somebody had asked to be told, is part of it.
Instant latest(const Gathered& gathered) {
  const auto& input = gathered.input;
  Instant now{};
  const auto see = [&](std::optional<Instant> at) {
    if (at) now = std::max(now, *at);
  };
  for (const auto& call : input.calls) {
    see(call.started_at);
    see(call.answered_at);
    see(call.ended_at);
  }
  for (const auto& inquiry : input.inquiries) see(inquiry.at);
  for (const auto& change : input.lead_changes) see(change.at);
  for (const auto& mark : input.marks) see(mark.at);
  see(gathered.woken_at);
  return now;
}

std::set<std::string> known_leads(const Gathered& gathered) {
  auto leads = gathered.told_leads;
  for (const auto& lead : gathered.input.kept_leads) leads.insert(lead.id);
  return leads;
}

}  // namespace

void Gatherer::add(Gathered& into, const std::string& anchor, const std::string& root) {
  auto& input = into.input;
  for (auto& record : shelf_.hanging_on(anchor)) {
    if (auto* lead = std::get_if<LeadRecord>(&record.record)) {
      lead->id = ids_.inside("lead", lead->id);
      lead->merged_into = ids_.inside("lead", lead->merged_into);
      if (into.told_leads.insert(lead->id).second) input.leads.push_back(std::move(*lead));
    } else if (auto* inquiry = std::get_if<InquiryRecord>(&record.record)) {
      const bool is_known = std::any_of(input.inquiries.begin(), input.inquiries.end(),
                                        [&](const InquiryRecord& other) { return other.id == inquiry->id; });
      if (is_known) continue;
      // By a shared number it belongs to whom the book says, not to all.
      if (!root.empty() && inquiry->contact.empty() && inquiry->call.empty()) {
        const auto at = inquiry->at.value_or(Instant{});
        const auto owner = !inquiry->number.empty()  ? book_.find(ContactBook::kNumber, inquiry->number, at)
                           : !inquiry->email.empty() ? book_.find(ContactBook::kEmail, inquiry->email, at)
                                                     : book_.find(ContactBook::kVisitor, inquiry->visitor, at);
        if (owner != root) continue;
      }
      inquiry->lead = ids_.inside("lead", inquiry->lead);
      input.inquiries.push_back(std::move(*inquiry));
    } else if (auto* visit = std::get_if<VisitRecord>(&record.record)) {
      input.visits.push_back(std::move(*visit));
    } else if (auto* mark = std::get_if<MarkRecord>(&record.record)) {
      input.marks.push_back(std::move(*mark));
    } else if (auto* change = std::get_if<LeadChangeRecord>(&record.record)) {
      input.lead_changes.push_back(std::move(*change));
    } else if (auto* task = std::get_if<TaskRecord>(&record.record)) {
      task->id = ids_.inside("task", task->id);
      if (into.told_tasks.insert(task->id).second) input.told_tasks.push_back(std::move(*task));
    }
  }
}

void Gatherer::add_what_hangs_on_calls(Gathered& into) {
  for (const auto& call : into.input.calls) {
    add(into, "call:" + call.id, "");
    for (const auto& alias : call.aliases) add(into, "call:" + alias, "");
  }
  // Marks and leads may name the inquiry by its own id, told or made.
  std::set<std::string> inquiries;
  for (const auto& inquiry : into.input.inquiries) inquiries.insert(inquiry.id);
  for (const auto& call : into.input.calls)
    if (!call.inquiry.empty()) inquiries.insert(call.inquiry);
  for (const auto& id : inquiries) add(into, "inquiry:" + id, "");
}

// Visits that were shown the line of a call: perhaps it came of one of them.
void Gatherer::add_shown(Gathered& into) {
  for (const auto& call : into.input.calls) {
    if (call.direction != Direction::in || call.line.empty() || !call.started_at) continue;
    if (auto visits = shelf_.shown(call.line, *call.started_at); !visits.empty())
      into.input.shown[call.id] = std::move(visits);
  }
}

bool Gatherer::add_visits_of_proven(Gathered& into, const std::vector<CallFacts>& facts) {
  const auto before = into.visitors.size();
  for (const auto& fact : facts) {
    if (fact.visitor.empty() || !into.visitors.insert(fact.visitor).second) continue;
    // What else hangs on the visitor stays with whom the book says.
    for (auto& record : shelf_.hanging_on("visitor:" + fact.visitor))
      if (auto* visit = std::get_if<VisitRecord>(&record.record)) into.input.visits.push_back(std::move(*visit));
  }
  return into.visitors.size() != before;
}

void Gatherer::add_what_hangs_on_leads(Gathered& into, const std::set<std::string>& leads) {
  for (const auto& id : leads) {
    if (!into.asked_leads.insert(id).second) continue;
    add(into, "lead:" + id, "");
    const auto shown = ids_.shown("lead", id);
    if (shown != id) add(into, "lead:" + shown, "");
  }
  for (auto& change : into.input.lead_changes) change.lead = ids_.inside("lead", change.lead);
}

bool Gatherer::add_what_hangs_on_made(Gathered& into, const std::vector<LeadRecord>& leads) {
  const auto changes = into.input.lead_changes.size(), tasks = into.input.told_tasks.size();
  std::set<std::string> made;
  for (const auto& lead : leads) made.insert(lead.id);
  add_what_hangs_on_leads(into, made);
  into.input.now = latest(into);
  return into.input.lead_changes.size() != changes || into.input.told_tasks.size() != tasks;
}

// Delivered earlier, so their ids must not change: what is the contact's, and
// what calls made that are its now.
void Gatherer::add_kept_leads(Gathered& into, Query rows) {
  while (rows.step()) {
    auto record = record_from_json(R"({"type":"lead",)" + rows.text(0).substr(1));
    if (!record) throw SqlError(0, "lead " + rows.text(1) + ": " + record.error().text);
    auto& lead = std::get<LeadRecord>(record->record);
    lead.id = rows.text(1);
    lead.merged_into = ids_.inside("lead", lead.merged_into);
    if (rows.integer(2) != 0) into.input.fixed.insert(lead.id);
    if (into.kept.insert(lead.id).second) into.input.kept_leads.push_back(std::move(lead));
  }
}

void Gatherer::add_kept_tasks(Gathered& into, Query rows) {
  while (rows.step()) {
    auto record = record_from_json(R"({"type":"task",)" + rows.text(0).substr(1));
    if (!record) throw SqlError(0, "task " + rows.text(1) + ": " + record.error().text);
    auto& task = std::get<TaskRecord>(record->record);
    task.id = rows.text(1);
    task.key = rows.text(3);
    task.rule = rows.text(4);
    if (rows.integer(2) != 0) into.input.fixed.insert(task.id);
    if (into.kept.insert(task.id).second) into.input.kept_tasks.push_back(std::move(task));
  }
}

void Gatherer::add_kept_of_contact(Gathered& into, const std::vector<std::string>& members) {
  into.lead_rows = tables_.leads_of(members);
  for (const auto& [id, row] : into.lead_rows)
    if (tables_.may_be_told("lead", id))
      add_kept_leads(
          into, std::move(sql_.query("SELECT l.body, l.id, o.is_fixed FROM leads l CROSS JOIN outbox o ON "
                                     "o.entity = 'lead' AND o.id = l.id WHERE l.id = ? AND o.told_hash IS NOT NULL")
                              .bind(id)));
  into.task_rows = tables_.tasks_of(members);
  for (const auto& [id, row] : into.task_rows)
    if (tables_.may_be_told("task", id))
      add_kept_tasks(into,
                     std::move(sql_.query("SELECT t.body, t.id, o.is_fixed, t.key, t.rule FROM tasks t CROSS JOIN "
                                          "outbox o ON o.entity = 'task' AND o.id = t.id WHERE t.id = ? AND "
                                          "t.is_ours = 1 AND o.told_hash IS NOT NULL")
                                   .bind(id)));
}

void Gatherer::add_kept_of_call(Gathered& into, const std::string& call) {
  add_kept_leads(
      into,
      std::move(sql_.query("SELECT l.body, l.id, o.is_fixed FROM leads l CROSS JOIN outbox o ON o.entity = 'lead' "
                           "AND o.id = l.id WHERE l.call = ? AND o.told_hash IS NOT NULL ORDER BY l.id")
                    .bind(call)));
  add_kept_tasks(into,
                 std::move(sql_.query("SELECT t.body, t.id, o.is_fixed, t.key, t.rule FROM tasks t CROSS JOIN outbox o "
                                      "ON o.entity = 'task' AND o.id = t.id WHERE t.call = ? AND t.is_ours = 1 "
                                      "AND o.told_hash IS NOT NULL ORDER BY t.id")
                               .bind(call)));
}

Gathered Gatherer::contact(const std::string& root) {
  Gathered found;
  auto& input = found.input;
  input.contact = book_.united(root);
  input.contact.id = root;
  input.calls = tables_.calls_of_contact(root);
  for (const auto& member : book_.members(root)) {
    add(found, "contact:" + member, root);
    const auto shown = ids_.shown("contact", member);
    if (shown != member) add(found, "contact:" + shown, root);
  }
  for (const auto& number : input.contact.numbers) add(found, "number:" + number, root);
  for (const auto& email : input.contact.emails) add(found, "email:" + email, root);
  for (const auto& visitor : input.contact.visitors) {
    add(found, "visitor:" + visitor, root);
    found.visitors.insert(visitor);
  }
  add_shown(found);
  add_what_hangs_on_calls(found);
  add_kept_of_contact(found, book_.members(root));
  for (const auto& call : input.calls)
    if (tables_.was_moved(call.id)) add_kept_of_call(found, call.id);
  add_what_hangs_on_leads(found, known_leads(found));
  for (const auto& member : book_.members(root)) add_settled(sql_, member, input.settled);
  found.woken_at = wakes_.come_for(book_.members(root));
  input.now = latest(found);
  return found;
}

Gathered Gatherer::lone_call(const Call& call) {
  Gathered found;
  found.input.calls = {call};
  add_shown(found);
  add_what_hangs_on_calls(found);
  add_kept_of_call(found, call.id);
  add_what_hangs_on_leads(found, known_leads(found));
  found.input.now = latest(found);
  return found;
}

Gathered Gatherer::lone_lead(const std::string& name) {
  Gathered found;
  add(found, "alone:" + name, "");
  add_what_hangs_on_leads(found, known_leads(found));
  found.input.now = latest(found);
  return found;
}

}  // namespace hkl
