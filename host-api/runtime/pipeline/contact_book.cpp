#include "pipeline/contact_book.h"

#include <algorithm>
#include <set>

#include "canonical/canonical.h"
#include "contacts/credit.h"
#include "contacts/made_id.h"
#include "pipeline/tables.h"

namespace hkl {

// Contacts merged into one another in a circle are one; the first of them in
// the order of their ids stands for it, whichever record came last.
std::string ContactBook::root(const std::string& id) {
  if (absences_ != nullptr && !absences_->has_merged_contacts()) return id;
  std::vector<std::string> chain = {id};
  for (;;) {
    auto q = sql_.query("SELECT merged_into FROM contacts WHERE id = ?");
    if (!q.bind(chain.back()).step()) return chain.size() == 1 ? id : chain.back();
    auto next = q.text(0);
    if (next.empty()) return chain.back();
    const auto circle = std::find(chain.begin(), chain.end(), next);
    if (circle != chain.end()) return *std::min_element(circle, chain.end());
    chain.push_back(std::move(next));
  }
}

bool ContactBook::is_in_circle(const std::string& id) {
  const auto first = root(id);
  auto q = sql_.query("SELECT merged_into FROM contacts WHERE id = ?");
  return q.bind(first).step() && !q.text(0).empty();
}

std::vector<std::string> ContactBook::members(const std::string& root) {
  std::vector<std::string> found = {root};
  if (absences_ != nullptr && !absences_->has_merged_contacts()) return found;
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto q = sql_.query("SELECT id FROM contacts WHERE merged_into = ? ORDER BY id");
    q.bind(found[i]);
    while (q.step()) {
      auto id = q.text(0);
      if (std::find(found.begin(), found.end(), id) == found.end()) found.push_back(std::move(id));
    }
  }
  return found;
}

bool ContactBook::exists(const std::string& id) {
  return sql_.query("SELECT 1 FROM contacts WHERE id = ?").bind(id).step();
}

bool ContactBook::is_made(const std::string& root) {
  for (const auto& id : members(root))
    if (const auto* one = known(id); one != nullptr && !one->is_made) return false;
  return true;
}

const ContactBook::Known* ContactBook::known(const std::string& id) {
  if (const auto* found = known_.find(id)) return found;
  auto q = sql_.query("SELECT body, is_ours FROM contacts WHERE id = ?");
  if (!q.bind(id).step()) return nullptr;
  auto record = record_from_json(R"({"type":"contact",)" + q.text(0).substr(1));
  if (!record) throw SqlError(0, "contact " + id + ": " + record.error().text);
  Known one{std::get<ContactRecord>(std::move(record->record)), q.integer(1) != 0};
  if (absences_ == nullptr) return &asked_.emplace(std::move(one));
  known_.put(id, std::move(one));
  return known_.find(id);
}

std::vector<std::string> ContactBook::owners(const char* kind, const std::string& name) {
  std::vector<std::string> ids;
  {
    auto q = sql_.query("SELECT contact FROM contact_names WHERE kind = ? AND name = ?");
    q.bind(std::string_view(kind)).bind(name);
    while (q.step()) ids.push_back(q.text(0));
  }
  std::set<std::string> roots;
  for (const auto& id : ids) roots.insert(root(id));
  std::vector<std::string> told, made;
  for (const auto& id : roots) (is_made(id) ? made : told).push_back(id);
  return told.empty() ? made : told;
}

std::string ContactBook::find(const char* kind, const std::string& name, Instant at) {
  const auto found = candidates(kind, name, at);
  return found.empty() ? std::string() : found.front();
}

std::vector<std::string> ContactBook::candidates(const char* kind, const std::string& name, Instant at) {
  auto found = owners(kind, name);
  if (found.size() < 2) return found;
  if (unwritten_ != nullptr) unwritten_->write_calls();
  struct Claim {
    std::int64_t open_leads, last_talk, made;
    std::string id;
  };
  std::vector<Claim> claims;
  for (auto& id : found) {
    Claim claim{0, INT64_MIN, INT64_MAX, std::move(id)};
    auto leads = sql_.query(
        "SELECT count(*) FROM leads WHERE contact = ? AND merged_into IS NULL AND stage_groups NOT LIKE '%|closed%'");
    leads.bind(claim.id).step();
    claim.open_leads = leads.integer(0) > 0 ? 1 : 0;
    auto talk = sql_.query("SELECT max(answered_ms) FROM calls WHERE contact = ? AND answered_ms < ?");
    talk.bind(claim.id).bind(ms_of(at)).step();
    claim.last_talk = talk.maybe_integer(0).value_or(INT64_MIN);
    auto made = sql_.query("SELECT made_ms FROM contacts WHERE id = ?");
    if (made.bind(claim.id).step()) claim.made = made.maybe_integer(0).value_or(INT64_MAX);
    claims.push_back(std::move(claim));
  }
  std::sort(claims.begin(), claims.end(), [](const Claim& a, const Claim& b) {
    if (a.open_leads != b.open_leads) return a.open_leads > b.open_leads;
    if (a.last_talk != b.last_talk) return a.last_talk > b.last_talk;
    if (a.made != b.made) return a.made < b.made;
    return a.id < b.id;
  });
  found.clear();
  for (auto& claim : claims) found.push_back(std::move(claim.id));
  return found;
}

std::string ContactBook::find_or_make(const char* kind, const std::string& name, Instant at) {
  auto found = find(kind, name, at);
  if (!found.empty()) return found;
  ContactRecord contact;
  contact.id = made_id("c", std::string(kind) + ":" + name);
  const std::string_view what = kind;
  if (what == kNumber) contact.numbers = {name};
  if (what == kEmail) contact.emails = {name};
  if (what == kVisitor) contact.visitors = {name};
  sql_.query("INSERT OR IGNORE INTO contacts(id, made_ms, is_ours, body) VALUES(?, ?, 1, ?)")
      .bind(contact.id)
      .bind(ms_of(at))
      .bind(contact_to_json(contact))
      .run();
  write_names(contact);
  return contact.id;
}

void ContactBook::make(const std::string& id, Instant at) {
  ContactRecord contact;
  contact.id = id;
  sql_.query("INSERT OR IGNORE INTO contacts(id, made_ms, is_ours, body) VALUES(?, ?, 0, ?)")
      .bind(id)
      .bind(ms_of(at))
      .bind(contact_to_json(contact))
      .run();
}

void ContactBook::write_names(const ContactRecord& contact) {
  known_.drop(contact.id);
  sql_.query("DELETE FROM contact_names WHERE contact = ?").bind(contact.id).run();
  const auto add = [&](const char* kind, const std::vector<std::string>& names) {
    for (const auto& name : names)
      sql_.query("INSERT OR IGNORE INTO contact_names(kind, name, contact) VALUES(?, ?, ?)")
          .bind(std::string_view(kind))
          .bind(name)
          .bind(contact.id)
          .run();
  };
  add(kNumber, contact.numbers);
  add(kEmail, contact.emails);
  add(kVisitor, contact.visitors);
}

std::vector<std::string> ContactBook::put(const ContactRecord& contact) {
  std::vector<std::string> roots = {root(contact.id)};
  sql_.query(
          "INSERT INTO contacts(id, name, merged_into, is_ours, body) VALUES(?, ?, ?, 0, ?) ON CONFLICT(id) DO UPDATE "
          "SET name = excluded.name, merged_into = excluded.merged_into, is_ours = 0, body = excluded.body")
      .bind(contact.id)
      .bind_or_null(contact.name)
      .bind_or_null(contact.merged_into)
      .bind(contact_to_json(contact))
      .run();
  if (absences_ != nullptr) absences_->forget();
  write_names(contact);
  roots.push_back(root(contact.id));
  return roots;
}

std::vector<std::string> ContactBook::drop(const std::string& id) {
  std::vector<std::string> roots = {root(id)};
  known_.drop(id);
  sql_.query("DELETE FROM contact_names WHERE contact = ?").bind(id).run();
  sql_.query("DELETE FROM contacts WHERE id = ?").bind(id).run();
  return roots;
}

ContactRecord ContactBook::united(const std::string& root) {
  std::vector<ContactRecord> parts;
  for (const auto& id : members(root)) {
    if (const auto* one = known(id)) parts.push_back(one->record);
  }
  return unite(parts);
}

}  // namespace hkl
