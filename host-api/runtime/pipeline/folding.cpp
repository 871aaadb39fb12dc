// Calls, made of their events or of the record that tells them (DESIGN section 4, steps 4 and 5).
#include <algorithm>

#include "canonical/canonical.h"
#include "contacts/credit.h"
#include "contacts/numbers.h"
#include "pipeline/deriver_state.h"

namespace hkl {

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

}  // namespace hkl
