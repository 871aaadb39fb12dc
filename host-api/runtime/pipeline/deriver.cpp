#include "pipeline/deriver.h"

#include <fmt/format.h>

#include "canonical/canonical.h"
#include "contacts/numbers.h"
#include "pipeline/condensed_call.h"
#include "pipeline/deriver_state.h"
#include "pipeline/settled_opinions.h"
#include "values/words.h"

namespace hkl {
namespace {

constexpr const char* kStale = "directory_stale";

}  // namespace

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
  if (kind == "alone") return void(lone_leads.insert(name));
  if (kind == "contact") {
    const auto id = ids.inside("contact", name);
    if (!book.exists(id)) book.make(id, Instant{});
    dirty_contacts.insert(book.root(id));
  } else if (kind == "lead") {
    const auto id = ids.inside("lead", name);
    const auto contact = tables.contact_of_lead(id);
    if (!contact.empty()) {
      dirty_contacts.insert(contact);
    } else if (const auto call = tables.call_of_lead(id); !call.empty()) {
      touch_call(call);
    } else {
      lone_leads.insert(name);
    }
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

// Whose visitor it was, and who called the number it was shown while it was.
void Deriver::State::touch_visit(const VisitRecord& visit) {
  for (const auto& contact : tables.contacts_of_visitor(visit.visitor)) dirty_contacts.insert(book.root(contact));
  for (auto& call : tables.lone_calls_of_visitor(visit.visitor)) lone_calls.insert(std::move(call));
  const auto reach = reach_of(visit);
  if (!reach) return;
  for (const auto& call : tables.calls_on_line(visit.line, reach->first, reach->second)) touch_call(call);
}

Deriver::Deriver(Store& store, DeriverParts parts) : state_(std::make_unique<State>(store, std::move(parts))) {
  state_->load_directory();
}
Deriver::~Deriver() = default;

std::string call_names(const Event& event) {
  const auto refs = refs_of(event);
  if (refs.empty()) return {};
  auto names = event.pbx;
  for (const auto& ref : refs) (names += '\n') += ref;
  return names;
}

void Deriver::touch(const Event& event, const std::string& names) {
  auto& s = *state_;
  if (names.empty()) {
    if (event.kind == HKL_EVENT_PRESENCE) return;
    s.histories.erase(event.pbx);
    for (auto& key : s.tables.calls_not_settled(event.pbx)) s.dirty_calls.insert(std::move(key));
    return;
  }
  if (!s.touched.insert(names).second) return;  // as with most events of a call
  std::vector<std::string> gone, fresh;
  const auto root = s.refs.unite(event.pbx, refs_of(event), gone, &fresh);
  for (const auto& ref : fresh) s.journal.note_first(event.pbx, ref);
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
    if (!now.merged_into.empty() && s.parts.warn && s.book.is_in_circle(id))
      s.parts.warn(
          fmt::format("contact {}: merged into {}, which is merged into it; {} stands for all of them until one "
                      "of the merges is taken back",
                      contact->id, contact->merged_into, s.ids.shown("contact", s.book.root(id))));
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
  // Reports read it from the record: no call is another's for it.
  if (std::holds_alternative<PresenceRecord>(record.record)) return;
  if (const auto* visit = std::get_if<VisitRecord>(&record.record)) {
    s.touch_visit(*visit);
    if (before) s.touch_visit(std::get<VisitRecord>(before->record));
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
  // Looked for by the number it was shown, so in one spelling.
  if (const auto* visit = std::get_if<VisitRecord>(&record.record)) {
    auto line = normalise_number(visit->line, state_->parts.phone_region);
    if (line.is_valid && line.e164 != visit->line) {
      auto spelled = record;
      std::get<VisitRecord>(spelled.record).line = std::move(line.e164);
      return take(spelled, source, received_at);
    }
  }
  auto taken = state_->shelf.take(record, source, received_at);
  if (!taken.is_new) return false;
  touch(record, taken.before);
  // Judged when its batch is whole, which may bring the funnel too.
  if (const auto* lead = std::get_if<LeadRecord>(&record.record); lead != nullptr && !record.deleted_at)
    state_->told_leads.push_back(*lead);
  return true;
}

// It is kept as it is told: its funnel may come later. Until then it counts as
// open and is of no group, which nobody would see in a figure.
void Deriver::State::warn_of_stage(const LeadRecord& lead) {
  if (!parts.warn || lead.stage.empty()) return;
  std::vector<std::string_view> known;
  const auto* funnel = lead.funnel.empty() ? &directory->default_funnel() : directory->funnel(lead.funnel);
  const auto did_you_mean = [&](const std::string& word) {
    const auto near = nearest_word(word, known.data(), known.size());
    return near.empty() ? std::string("; tell it as a record or under funnels of the config")
                        : fmt::format("; did you mean \"{}\"?", near);
  };
  if (funnel == nullptr) {
    for (const auto& one : directory->parts().funnels) known.emplace_back(one.id);
    return parts.warn(
        fmt::format("lead {}: there is no funnel \"{}\" yet{}", lead.id, lead.funnel, did_you_mean(lead.funnel)));
  }
  for (const auto& stage : funnel->stages) {
    if (stage.id == lead.stage) return;
    known.emplace_back(stage.id);
  }
  parts.warn(fmt::format("lead {}: the funnel \"{}\" has no stage \"{}\" yet{}", lead.id, funnel->id, lead.stage,
                         did_you_mean(lead.stage)));
}

void Deriver::State::derive_noted(Changes& changes) {
  while (!dirty_contacts.empty()) {
    const auto contacts = std::exchange(dirty_contacts, {});
    for (const auto& id : contacts) derive_contact(book.root(id), changes);
  }
  for (const auto& id : std::exchange(lone_calls, {})) derive_lone_call(id, changes);
  for (const auto& name : std::exchange(lone_leads, {})) derive_lone_lead(name, changes);
}

Changes Deriver::settle() {
  auto& s = *state_;
  auto changes = std::exchange(s.untold, {});
  if (s.directory_changed) {
    s.directory_changed = false;
    s.load_directory();
    if (s.tables.has_calls()) s.store.set_meta(kStale, "1");
  }
  changes.directory = s.directory;
  for (const auto& lead : std::exchange(s.told_leads, {})) s.warn_of_stage(lead);
  const auto calls = std::exchange(s.dirty_calls, {});
  for (const auto& key : calls) s.fold(key, changes);
  s.derive_noted(changes);
  // The earliest question first, after which its contact may have others.
  while (const auto asked = s.choices.answer_next()) {
    if (asked->starts_with(kLoneCall)) {
      s.lone_calls.insert(asked->substr(kLoneCall.size()));
    } else {
      s.dirty_contacts.insert(*asked);
    }
    s.derive_noted(changes);
  }
  s.tables.write_calls();
  s.tables.forget_calls();
  s.forget_recent();
  return changes;
}

void Deriver::answered(const std::string& entity, const std::string& id, const std::string& crm_id,
                       const std::string& contact) {
  state_->ids.given(entity.c_str(), id, crm_id);
  if (!contact.empty()) state_->dirty_contacts.insert(contact);
}

void Deriver::told(const std::string& entity, const std::string& id) {
  if (id.empty()) return state_->tables.forget_written();
  state_->tables.note_told(entity.c_str(), id);
}

void Deriver::forget_unsettled() {
  auto& s = *state_;
  s.dirty_calls.clear();
  s.dirty_contacts.clear();
  s.lone_calls.clear();
  s.lone_leads.clear();
  s.histories.clear();
  s.tables.forget_calls();
  s.forget_all();
  s.choices.forget_questions();
  s.is_rebuilding = false;
  s.directory_changed = false;
  s.untold = {};
  s.told_leads.clear();
  s.load_directory();
}

std::optional<Instant> Deriver::next_wake() { return state_->wakes.next(); }

void Deriver::wake(Instant now) {
  auto& s = *state_;
  for (const auto& contact : s.wakes.come(now))
    if (s.book.exists(contact)) s.dirty_contacts.insert(contact);
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
      "DELETE FROM inquiries; DELETE FROM records; DELETE FROM choices; DELETE FROM wakes; DELETE FROM woken; "
      "DELETE FROM leads WHERE id NOT IN (SELECT id FROM outbox WHERE entity = 'lead' AND told_hash IS NOT NULL); "
      "DELETE FROM tasks WHERE id NOT IN (SELECT id FROM outbox WHERE entity = 'task' AND told_hash IS NOT NULL); "
      "DELETE FROM outbox WHERE told_hash IS NULL");
  s.histories.clear();
  s.forget_all();
  const auto total = static_cast<std::uint64_t>(s.journal.last_seq());
  s.journal.replay(
      0,
      [&](std::int64_t seq, Event&& event) {
        touch(event, call_names(event));
        if (seq % 1000 == 0) step(static_cast<std::uint64_t>(seq), total);
      },
      [&](std::int64_t seq, JournalNote&& note) {
        if (note.kind == "decision" && note.source == WakeBook::kSource) return s.wakes.repeat(note);
        if (note.source == ChoiceBook::kSource) return s.choices.repeat(note);
        if (note.source == kErasure) return keep_settled(s.sql, note);
        if (note.kind == CondensedCall::kKind) {
          const auto condensed = condensed_of(note.body);
          std::vector<std::string> gone;
          const auto root = s.refs.unite(condensed.pbx, condensed.refs, gone);
          for (auto& old : gone) s.dirty_calls.insert({condensed.pbx, std::move(old)});
          s.dirty_calls.insert({condensed.pbx, root});
          return;
        }
        if (note.kind != "record") return;
        auto record = record_from_json(note.body);
        if (!record) throw SqlError(0, "journal: " + record.error().text);
        record->is_history = note.is_history;
        if (auto* call = std::get_if<Call>(&record->record)) call->is_history = note.is_history;
        auto taken = s.shelf.keep(*record, seq);
        touch(*record, taken.before);
      });
  s.is_rebuilding = true;
  settle();
  s.is_rebuilding = false;
  s.store.set_meta(kStale, "0");  // everything was folded after the directory was whole
  step(total, total);
}

const std::shared_ptr<const Directory>& Deriver::directory() const { return state_->directory; }
const DeriverParts& Deriver::parts() const { return state_->parts; }
Journal& Deriver::journal() { return state_->journal; }
Ids& Deriver::ids() { return state_->ids; }

}  // namespace hkl
