// Calls, made of their events or of the record that tells them (DESIGN section 4, steps 4 and 5).
#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "canonical/canonical.h"
#include "canonical/screen_pop.h"
#include "contacts/credit.h"
#include "contacts/numbers.h"
#include "pipeline/condensed_call.h"
#include "pipeline/deriver_state.h"

namespace hkl {
namespace {

// What is derived of a call is the same whether it was stored meanwhile or not.
std::string as_read_back(const std::string& extra) {
  if (extra.empty()) return {};
  const auto json = nlohmann::json::parse(extra, nullptr, false);
  return json.is_object() && !json.empty() ? json.dump() : std::string();
}

}  // namespace

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
  tables.drop_outbox(kScreenPop, id);
  changes.calls.insert(id);
}

// A call as the journal tells it under these references, without what the
// directory and the contact's history add. An empty id: they tell of none.
Deriver::State::Assembled Deriver::State::assembled(const std::string& pbx, const std::vector<std::string>& names) {
  Assembled found;
  auto& call = found.call;
  auto entries = journal.entries_of(pbx, names);
  if (!entries.condensed.empty()) {
    // Of two that prove to be one call later the one that began first stands for both.
    auto condensed = condensed_of(entries.condensed.front());
    for (std::size_t i = 1; i < entries.condensed.size(); ++i) {
      auto other = condensed_of(entries.condensed[i]);
      if (std::tie(other.call.started_at, other.call.id) < std::tie(condensed.call.started_at, condensed.call.id))
        std::swap(condensed, other);
    }
    found.is_news_of_erased = condensed.why == CondensedCall::kErased && !entries.events.empty();
    add_late(condensed, std::move(entries.events));
    call = std::move(condensed.call);
  } else if (!entries.events.empty()) {
    const bool is_history = std::all_of(entries.events.begin(), entries.events.end(), [](const Event* event) {
      return (event->flags & HKL_EVENT_FLAG_HISTORY) != 0;
    });
    const auto region = parts.region_of_pbx.find(pbx);
    const auto& where = region == parts.region_of_pbx.end() ? parts.phone_region : region->second;
    call = assemble(std::move(entries.events), history_of(pbx),
                    [&](const std::string& raw) { return normalise_number(raw, where).e164; });
    call.source = pbx;
    call.is_history = is_history;
  }
  if (call.id.empty()) return found;
  for (const auto& name : names) {
    auto alias = pbx + ":" + name;
    if (alias != call.id && std::find(call.aliases.begin(), call.aliases.end(), alias) == call.aliases.end())
      call.aliases.push_back(std::move(alias));
  }
  return found;
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
    if (auto line = normalise_number(call.line, parts.phone_region); line.is_valid) call.line = std::move(line.e164);
    // Events of the PBX itself are the better witness.
    const auto seen = tables.key_of_call(call.id);
    if (seen && *seen != key) call = Call{};
  } else {
    auto found = assembled(key.pbx, refs.refs_of_root(key.pbx, key.root));
    call = std::move(found.call);
    // A CDR of the next hour would bring the person back.
    if (found.is_news_of_erased)
      condense(key, CondensedCall::kErased, call.ended_at.value_or(Instant{}), nullptr, nullptr);
  }
  if (!old_id.empty() && old_id != call.id) forget_call(old_id, changes);
  if (call.id.empty()) return;

  call.own_tags = call.tags;
  call.own_rating = call.rating;
  call.own_visit = call.visit;
  assign_employees(call, *directory);
  const auto before = tables.call(call.id);
  if (before) call.inquiry = before->inquiry;
  const auto contact = contact_of(call);
  const auto id = call.id;
  if (before ? before->contact != contact : is_rebuilding) tables.note_moved(id);
  if (before && !before->contact.empty()) {
    const auto was = book.root(ids.inside("contact", before->contact));
    if (was != contact) dirty_contacts.insert(was);
  }
  call.contact = contact;
  call.extra = as_read_back(call.extra);
  tables.save_call(key, std::move(call), CallFacts{.call = id}, ids.shown("contact", contact));
  if (!before) tables.note_new(id);
  if (contact.empty()) {
    lone_calls.insert(id);
  } else {
    dirty_contacts.insert(contact);
  }
}

}  // namespace hkl
