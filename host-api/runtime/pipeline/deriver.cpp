#include "pipeline/deriver.h"

#include <algorithm>

#include "canonical/canonical.h"
#include "contacts/credit.h"
#include "contacts/numbers.h"
#include "pipeline/gather.h"

namespace hkl {
namespace {

constexpr const char* kStale = "directory_stale";
constexpr const char* kToldCall = "record:";  // root of a call that a record tells

std::string marked_deleted(const std::string& body) { return body.substr(0, body.size() - 1) + R"(,"deleted":true})"; }

}  // namespace

struct Deriver::State {
  State(Store& store, DeriverParts given)
      : store(store),
        sql(store.sql()),
        parts(std::move(given)),
        journal(sql),
        refs(sql),
        tables(sql),
        book(sql),
        ids(sql),
        shelf(sql, journal),
        gatherer(sql, tables, book, shelf, ids) {}

  Store& store;
  Sql& sql;
  DeriverParts parts;
  Journal journal;
  CallRefs refs;
  Tables tables;
  ContactBook book;
  Ids ids;
  RecordShelf shelf;
  Gatherer gatherer;
  std::shared_ptr<const Directory> directory;

  std::set<CallKey> dirty_calls;
  std::set<std::string> dirty_contacts, lone_calls;
  bool directory_changed = false;
  std::map<std::string, SourceHistory> histories;  // by pbx; dropped when it grows

  void load_directory();
  const SourceHistory& history_of(const std::string& pbx);
  void touch_contact_of_anchor(const std::string& anchor);
  void touch_calls_of(const ContactRecord& contact);
  void touch_call(const std::string& name);
  std::string contact_of(Call& call);
  void fold(const CallKey& key, Changes& changes);
  void forget_call(const std::string& id, Changes& changes);
  void derive_contact(const std::string& root, Changes& changes);
  void derive_lone(const std::string& id, Changes& changes);
  ContactRecord shown_contact(ContactRecord contact);
  std::string shown_lead(LeadRecord lead, const std::string& shown_contact);
  void store_state(const ContactInput& input, ContactState& state, const Gathered& gathered, bool is_told_to_crm,
                   Changes& changes);
};

void Deriver::State::load_directory() {
  Directory::Parts all = parts.configured;
  all.phone_region = parts.phone_region;
  for (const auto& record : shelf.of_type("employee")) all.employees.push_back(std::get<EmployeeRecord>(record.record));
  for (const auto& record : shelf.of_type("department"))
    all.departments.push_back(std::get<DepartmentRecord>(record.record));
  for (const auto& record : shelf.of_type("office")) all.offices.push_back(std::get<OfficeRecord>(record.record));
  for (const auto& record : shelf.of_type("ad_source"))
    all.ad_sources.push_back(std::get<AdSourceRecord>(record.record));
  for (const auto& record : shelf.of_type("line")) all.lines.push_back(std::get<LineRecord>(record.record));
  for (const auto& record : shelf.of_type("funnel")) all.funnels.push_back(std::get<FunnelRecord>(record.record));
  directory = std::make_shared<const Directory>(std::move(all));
}

const SourceHistory& Deriver::State::history_of(const std::string& pbx) {
  auto found = histories.find(pbx);
  if (found == histories.end()) found = histories.emplace(pbx, SourceHistory{journal.events_of_source(pbx)}).first;
  return found->second;
}

// --- What is concerned -------------------------------------------------------

void Deriver::State::touch_call(const std::string& name) {
  const auto id = tables.call_of_name(name);
  if (id.empty()) return;  // not there yet: it will look for what hangs on it
  const auto call = tables.call(id);
  if (call->contact.empty()) {
    lone_calls.insert(id);
  } else {
    dirty_contacts.insert(ids.inside("contact", call->contact));
  }
}

void Deriver::State::touch_contact_of_anchor(const std::string& anchor) {
  const auto colon = anchor.find(':');
  if (colon == std::string::npos) return;
  const auto kind = anchor.substr(0, colon), name = anchor.substr(colon + 1);
  if (kind == "call") return touch_call(name);
  if (kind == "contact") {
    const auto id = ids.inside("contact", name);
    if (!book.exists(id)) book.make(id, Instant{});
    dirty_contacts.insert(book.root(id));
  } else if (kind == "lead") {
    const auto id = ids.inside("lead", name);
    const auto contact = tables.contact_of_lead(id);
    if (!contact.empty()) dirty_contacts.insert(contact);
  } else if (kind == "inquiry") {
    const auto contact = tables.contact_of_inquiry(name);
    if (!contact.empty()) {
      dirty_contacts.insert(contact);
    } else if (const auto call = tables.call_of_inquiry(name); !call.empty()) {
      touch_call(call);
    }
  } else {  // number, email, visitor
    const auto found = book.find_or_make(kind.c_str(), name, Instant{});
    dirty_contacts.insert(found);
  }
}

// The calls that may now be another contact's, or were until now.
void Deriver::State::touch_calls_of(const ContactRecord& contact) {
  for (const auto& number : contact.numbers)
    for (const auto& id : tables.calls_of_number(number))
      if (auto key = tables.key_of_call(id)) dirty_calls.insert(*key);
}

Deriver::Deriver(Store& store, DeriverParts parts) : state_(std::make_unique<State>(store, std::move(parts))) {
  state_->load_directory();
}
Deriver::~Deriver() = default;

void Deriver::touch(const Event& event) {
  auto& s = *state_;
  const auto refs = refs_of(event);
  if (refs.empty()) {
    if (event.kind == HKL_EVENT_PRESENCE) return;
    s.histories.erase(event.pbx);
    for (auto& key : s.tables.calls_not_settled(event.pbx)) s.dirty_calls.insert(std::move(key));
    return;
  }
  std::vector<std::string> gone;
  const auto root = s.refs.unite(event.pbx, refs, gone);
  for (auto& old : gone) s.dirty_calls.insert({event.pbx, std::move(old)});
  s.dirty_calls.insert({event.pbx, root});
}

void Deriver::touch(const CanonicalRecord& record, const std::optional<CanonicalRecord>& before) {
  auto& s = *state_;
  if (const auto* call = std::get_if<Call>(&record.record)) {
    s.dirty_calls.insert({call->source, kToldCall + call->id});
    return;
  }
  if (const auto* contact = std::get_if<ContactRecord>(&record.record)) {
    const auto id = s.ids.inside("contact", contact->id);
    // Calls of everybody concerned are looked at again: whom they belong to
    // may change both by what the record says now and by what it said before.
    std::set<std::string> concerned = {s.book.root(id)};
    ContactRecord now = *contact;
    now.id = id;
    now.merged_into = s.ids.inside("contact", now.merged_into);
    for (auto& number : now.numbers) {
      auto normal = normalise_number(number, s.parts.phone_region);
      if (!normal.e164.empty()) number = normal.e164;
    }
    for (auto& root : record.deleted_at ? s.book.drop(id) : s.book.put(now)) concerned.insert(std::move(root));
    if (before) s.touch_calls_of(std::get<ContactRecord>(before->record));
    s.touch_calls_of(now);
    for (const auto& root : concerned) {
      for (const auto& member : s.book.members(root))
        for (const auto& call : s.tables.calls_of_contact(member))
          if (auto key = s.tables.key_of_call(call.id)) s.dirty_calls.insert(*key);
      s.dirty_contacts.insert(root);
    }
    return;
  }
  const auto anchor = anchor_of(record);
  if (anchor.empty()) {
    s.directory_changed = true;
    return;
  }
  s.touch_contact_of_anchor(anchor);
  if (before) s.touch_contact_of_anchor(anchor_of(*before));
}

bool Deriver::take(const CanonicalRecord& record, const std::string& source, Instant received_at) {
  auto taken = state_->shelf.take(record, source, received_at);
  if (taken.is_new) touch(record, taken.before);
  return taken.is_new;
}

// --- Folding --------------------------------------------------------------------

std::string Deriver::State::contact_of(Call& call) {
  if (call.direction == Direction::internal || call.client_number.empty()) return {};
  if (directory->is_ours(call.client_number)) return {};
  const auto at = call.started_at.value_or(Instant{});
  auto found = book.find(ContactBook::kNumber, call.client_number, at);
  if (!found.empty() && !book.is_made(found)) return found;
  // What the record says counts where the number tells nothing.
  if (!call.contact.empty()) {
    const auto told = ids.inside("contact", call.contact);
    if (!told.starts_with("hl-c-")) {
      if (!book.exists(told)) book.make(told, at);
      return book.root(told);
    }
  }
  return found.empty() ? book.find_or_make(ContactBook::kNumber, call.client_number, at) : found;
}

void Deriver::State::forget_call(const std::string& id, Changes& changes) {
  if (const auto old = tables.call(id)) {
    if (!old->contact.empty()) dirty_contacts.insert(book.root(ids.inside("contact", old->contact)));
    if (!old->inquiry.empty()) {
      tables.drop_inquiry(old->inquiry);
      tables.withdraw_outbox("inquiry", old->inquiry, R"({"id":")" + old->inquiry + R"(","deleted":true})");
    }
  }
  tables.drop_call(id);
  tables.withdraw_outbox("call", id, R"({"id":")" + id + R"(","deleted":true})");
  changes.calls.insert(id);
}

void Deriver::State::fold(const CallKey& key, Changes& changes) {
  Call call;
  const auto old_id = tables.call_id_of(key);
  if (key.root.starts_with(kToldCall)) {
    const auto told = shelf.find("call", key.root.substr(std::string_view(kToldCall).size()));
    if (told && !told->deleted_at) call = std::get<Call>(told->record);
    if (!call.client_raw.empty() || !call.client_number.empty()) {
      const auto normal =
          normalise_number(call.client_number.empty() ? call.client_raw : call.client_number, parts.phone_region);
      call.client_number = normal.e164;
    }
    // Events of the PBX itself are the better witness.
    const auto seen = tables.key_of_call(call.id);
    if (seen && *seen != key) call = Call{};
  } else {
    const auto names = refs.refs_of_root(key.pbx, key.root);
    auto events = journal.events_of(key.pbx, names);
    if (!events.empty()) {
      const bool is_history = std::all_of(
          events.begin(), events.end(), [](const Event& event) { return (event.flags & HKL_EVENT_FLAG_HISTORY) != 0; });
      const auto region = parts.region_of_pbx.find(key.pbx);
      const auto& where = region == parts.region_of_pbx.end() ? parts.phone_region : region->second;
      call = assemble(std::move(events), history_of(key.pbx),
                      [&](const std::string& raw) { return normalise_number(raw, where).e164; });
      call.source = key.pbx;
      call.is_history = is_history;
      for (const auto& name : names) {
        auto alias = key.pbx + ":" + name;
        if (alias != call.id && std::find(call.aliases.begin(), call.aliases.end(), alias) == call.aliases.end())
          call.aliases.push_back(std::move(alias));
      }
    }
  }
  if (!old_id.empty() && old_id != call.id) forget_call(old_id, changes);
  if (call.id.empty()) return;

  call.own_tags = call.tags;
  call.own_rating = call.rating;
  assign_employees(call, *directory);
  const auto before = tables.call(call.id);
  if (before) call.inquiry = before->inquiry;
  const auto contact = contact_of(call);
  if (before && !before->contact.empty()) {
    const auto was = book.root(ids.inside("contact", before->contact));
    if (was != contact) dirty_contacts.insert(was);
  }
  call.contact = contact;
  tables.save_call(key, call, CallFacts{.call = call.id}, ids.shown("contact", contact));
  if (contact.empty()) {
    lone_calls.insert(call.id);
  } else {
    dirty_contacts.insert(contact);
  }
}

// --- What follows for a contact ---------------------------------------------------

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

  std::map<std::string, std::string> call_of_inquiry;
  std::map<std::string, Direction> direction_of_call;
  for (std::size_t i = 0; i < state.calls.size(); ++i) {
    auto& call = state.calls[i];
    auto& facts = state.facts[i];
    call_of_inquiry[call.inquiry] = call.id;
    direction_of_call[call.id] = call.direction;
    const auto key = tables.key_of_call(call.id);
    if (!key) continue;
    facts.made_lead = ids.shown("lead", facts.made_lead);
    call.lead = ids.shown("lead", call.lead);
    tables.save_call(*key, call, facts, shown_contact);
    changes.calls.insert(call.id);
    if (is_told_to_crm && call.is_over && !call.is_history) {
      auto shown = call;
      shown.contact = shown_contact;
      tables.put_outbox("call", call.id, contact, Tables::kRankCall, call_to_json(shown), call_to_json(call));
    }
  }

  std::set<std::string> kept;
  for (auto& inquiry : state.inquiries) {
    kept.insert(inquiry.id);
    const auto direction = direction_of_call.find(inquiry.call);
    inquiry.contact = contact;
    inquiry.lead = ids.shown("lead", inquiry.lead);
    tables.save_inquiry(inquiry, direction == direction_of_call.end() ? Direction::unknown : direction->second,
                        shown_contact);
    changes.inquiries.insert(inquiry.id);
    if (is_told_to_crm && !inquiry.is_history) {
      auto shown = inquiry;
      shown.contact = shown_contact;
      tables.put_outbox("inquiry", inquiry.id, contact, Tables::kRankInquiry, inquiry_to_json(shown),
                        inquiry_to_json(inquiry));
    }
  }
  if (contact.empty()) return;  // no contact: neither lead nor task

  // Rows of a contact that was merged into this one are this one's now.
  const auto members = book.members(contact);
  for (const auto& member : members)
    for (const auto& id : tables.inquiry_ids_of(member))
      if (!kept.contains(id)) tables.drop_inquiry(id);

  kept.clear();
  for (auto& lead : state.leads) {
    const auto id = lead.id;
    kept.insert(id);
    const bool is_ours = !gathered.told_leads.contains(id);
    const auto call = call_of_inquiry.find(lead.inquiry);
    lead.contact = contact;
    tables.save_lead(lead, call == call_of_inquiry.end() ? "" : call->second,
                     directory->stage_groups(lead.funnel, lead.stage), is_ours, shown_contact);
    changes.leads.insert(id);
    if (is_ours && is_told_to_crm)
      tables.put_outbox("lead", id, contact, Tables::kRankLead, shown_lead(lead, shown_contact), lead_to_json(lead));
  }
  for (const auto& member : members)
    for (const auto& id : tables.lead_ids_of(member)) {
      if (kept.contains(id)) continue;
      tables.withdraw_outbox("lead", id, marked_deleted(tables.told_body("lead", id)));
      tables.drop_lead(id);
      changes.leads.insert(id);
    }

  kept.clear();
  for (auto& task : state.tasks) {
    kept.insert(task.id);
    // One that a rule asks for stays ours, though the CRM told of it too.
    const bool is_ours = !task.key.empty() || !gathered.told_tasks.contains(task.id);
    task.contact = contact;
    task.lead = ids.shown("lead", task.lead);
    tables.save_task(task, is_ours, shown_contact);
    changes.tasks.insert(task.id);
    if (is_ours && is_told_to_crm) {
      auto shown = task;
      shown.contact = shown_contact;
      tables.put_outbox("task", task.id, contact, Tables::kRankTask,
                        task_to_json(shown, shown.created_at.value_or(Instant{})),
                        task_to_json(task, task.created_at.value_or(Instant{})));
    }
  }
  for (const auto& member : members)
    for (const auto& id : tables.task_ids_of(member)) {
      if (kept.contains(id)) continue;
      tables.withdraw_outbox("task", id, marked_deleted(tables.told_body("task", id)));
      tables.drop_task(id);
      changes.tasks.insert(id);
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
  auto state = derive(input, *directory, parts.leads, parts.classifiers, parts.rules);
  const bool has_present =
      std::any_of(input.calls.begin(), input.calls.end(), [](const Call& c) { return !c.is_history; }) ||
      std::any_of(input.inquiries.begin(), input.inquiries.end(), [](const InquiryRecord& i) { return !i.is_history; });
  if (has_present && book.is_made(root) && !is_empty)
    tables.put_outbox("contact", root, root, Tables::kRankContact, contact_to_json(shown_contact(input.contact)),
                      contact_to_json(input.contact));
  store_state(input, state, gathered, has_present, changes);
}

void Deriver::State::derive_lone(const std::string& id, Changes& changes) {
  const auto call = tables.call(id);
  if (!call || !call->contact.empty()) return;
  auto gathered = gatherer.lone_call(*call);
  auto state = derive(gathered.input, *directory, parts.leads, parts.classifiers, parts.rules);
  store_state(gathered.input, state, gathered, !call->is_history, changes);
}

Changes Deriver::settle() {
  auto& s = *state_;
  Changes changes;
  if (s.directory_changed) {
    s.directory_changed = false;
    s.load_directory();
    if (s.tables.has_calls()) s.store.set_meta(kStale, "1");
  }
  const auto calls = std::exchange(s.dirty_calls, {});
  for (const auto& key : calls) s.fold(key, changes);
  while (!s.dirty_contacts.empty()) {
    const auto contacts = std::exchange(s.dirty_contacts, {});
    for (const auto& id : contacts) s.derive_contact(s.book.root(id), changes);
  }
  for (const auto& id : std::exchange(s.lone_calls, {})) s.derive_lone(id, changes);
  return changes;
}

void Deriver::answered(const std::string& entity, const std::string& id, const std::string& crm_id,
                       const std::string& contact) {
  state_->ids.given(entity.c_str(), id, crm_id);
  if (!contact.empty()) state_->dirty_contacts.insert(contact);
}

void Deriver::forget_unsettled() {
  auto& s = *state_;
  s.dirty_calls.clear();
  s.dirty_contacts.clear();
  s.lone_calls.clear();
  s.histories.clear();
  s.directory_changed = false;
  s.load_directory();
}

bool Deriver::is_stale() { return state_->store.meta(kStale) == "1"; }

void Deriver::refresh() {
  auto& s = *state_;
  s.load_directory();
  for (auto& key : s.tables.all_keys()) s.dirty_calls.insert(std::move(key));
  auto contacts = s.sql.query("SELECT id FROM contacts");
  while (contacts.step()) s.dirty_contacts.insert(contacts.text(0));
  s.store.set_meta(kStale, "0");
}

void Deriver::rebuild(const std::function<bool(std::uint64_t, std::uint64_t)>& step) {
  auto& s = *state_;
  // What was told to the CRM and what it answered stays; so do the ids.
  s.sql.run(
      "DELETE FROM calls; DELETE FROM call_aliases; DELETE FROM call_legs; DELETE FROM call_credits; "
      "DELETE FROM call_tags; DELETE FROM call_refs; DELETE FROM contacts; DELETE FROM contact_names; "
      "DELETE FROM inquiries; DELETE FROM records; "
      "DELETE FROM leads WHERE id NOT IN (SELECT id FROM outbox WHERE entity = 'lead' AND told_hash IS NOT NULL); "
      "DELETE FROM tasks WHERE id NOT IN (SELECT id FROM outbox WHERE entity = 'task' AND told_hash IS NOT NULL); "
      "DELETE FROM outbox WHERE told_hash IS NULL");
  s.histories.clear();
  const auto total = static_cast<std::uint64_t>(s.journal.last_seq());
  s.journal.replay(
      0,
      [&](std::int64_t seq, Event&& event) {
        touch(event);
        if (seq % 1000 == 0) step(static_cast<std::uint64_t>(seq), total);
      },
      [&](std::int64_t seq, JournalNote&& note) {
        if (note.kind != "record") return;
        auto record = record_from_json(note.body);
        if (!record) throw SqlError(0, "journal: " + record.error().text);
        record->is_history = note.is_history;
        if (auto* call = std::get_if<Call>(&record->record)) call->is_history = note.is_history;
        auto taken = s.shelf.keep(*record, seq);
        touch(*record, taken.before);
      });
  settle();
  s.store.set_meta(kStale, "0");  // everything was folded after the directory was whole
  step(total, total);
}

const std::shared_ptr<const Directory>& Deriver::directory() const { return state_->directory; }
Journal& Deriver::journal() { return state_->journal; }
Ids& Deriver::ids() { return state_->ids; }

}  // namespace hkl
