// The rows of calls: kept in memory while calls are folded and derived, then written once.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "canonical/canonical.h"
#include "contacts/credit.h"
#include "pipeline/row_values.h"
#include "pipeline/tables.h"

namespace hkl {
namespace {

// What a call is to reports, as the next fifteen parameters.
void bind_facts(Query& q, const CallFacts& facts) {
  q.bind_or_null(word(facts.quality)).bind(yes_no(facts.advertising)).bind(std::int64_t{facts.is_counted});
  q.bind(ms(facts.gap_any)).bind(ms(facts.gap_inbound));
  q.bind(ms(facts.called_back_at)).bind_or_null(facts.called_back_by);
  q.bind_or_null(word(facts.called_back_direction)).bind(ms(facts.tried_back_at));
  q.bind(ms(facts.next_inbound_at)).bind(ms(facts.three_inbound)).bind(std::int64_t{facts.begins_episode});
  q.bind_or_null(facts.made_lead).bind_or_null(facts.visitor).bind_or_null(facts.visit_why);
}

}  // namespace

void Tables::save_call(const CallKey& key, Call call, CallFacts facts, const std::string& shown_contact,
                       std::string body) {
  const auto id = call.id;
  Saved now{key, std::move(call), std::move(facts), shown_contact, std::move(body)};
  if (const auto found = saved_.find(id); found != saved_.end()) {
    if (found->second.key == key && found->second.call.contact == now.call.contact) {
      now.is_new = found->second.is_new;
      found->second = std::move(now);
      return;
    }
    unsave(id);
  }
  saved_of_key_[key] = id;
  saved_of_contact_[now.call.contact].insert(id);
  saved_.emplace(id, std::move(now));
}

std::optional<Tables::Written> Tables::known_written(const CallKey& key, const Call& call, const CallFacts& facts,
                                                     const std::string& shown_contact) {
  const auto* known = read_.find(call.id);
  if (known == nullptr || !known->facts) return std::nullopt;
  if (known->key != key || known->shown_contact != shown_contact || known->call != call) return Written::otherwise;
  return *known->facts == facts ? Written::all : Written::call;
}

void Tables::unsave(const std::string& id) {
  const auto found = saved_.find(id);
  if (found == saved_.end()) return;
  const auto& key = found->second.key;
  const auto& call = found->second.call;
  if (const auto named = saved_of_key_.find(key); named != saved_of_key_.end() && named->second == id)
    saved_of_key_.erase(named);
  saved_of_contact_[call.contact].erase(id);
  saved_.erase(found);
}

void Tables::forget_calls() {
  forget_saved();
  moved_.clear();
}

void Tables::forget_saved() {
  saved_.clear();
  saved_of_key_.clear();
  saved_of_contact_.clear();
  keys_.clear();
}

void Tables::write_calls() {
  std::vector<std::pair<const std::string, Saved>*> in_order;
  in_order.reserve(saved_.size());
  for (auto& saved : saved_) in_order.push_back(&saved);
  std::sort(in_order.begin(), in_order.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  for (auto* saved : in_order) write_call(saved->second);
  forget_saved();
}

// Of a contact with many calls a new one changes two or three, and of these no more than what they are to reports.
// Legs, credits, aliases and tags are in the stored text.
Tables::Written Tables::written(const Saved& saved, const std::string& body, const std::string& stored) {
  auto q = sql_.query(
      "SELECT stored = ?2 AND body = ?3 AND pbx = ?4 AND root = ?5 AND contact IS ?6, "
      "quality IS ?7 AND advertising IS ?8 AND is_counted = ?9 AND gap_any_ms IS ?10 AND gap_inbound_ms IS ?11 AND "
      "called_back_ms IS ?12 AND called_back_by IS ?13 AND called_back_direction IS ?14 AND tried_back_ms IS ?15 AND "
      "next_inbound_ms IS ?16 AND three_inbound_ms IS ?17 AND begins_episode = ?18 AND made_lead IS ?19 AND "
      "visitor IS ?20 AND visit_why IS ?21 FROM calls WHERE id = ?1");
  q.lasting().bind(saved.call.id).bind(stored).bind(body).bind(saved.key.pbx).bind(saved.key.root);
  q.bind_or_null(saved.call.contact);
  bind_facts(q, saved.facts);
  if (!q.step()) return Written::no;
  if (q.integer(0) == 0) return Written::otherwise;
  return q.integer(1) != 0 ? Written::all : Written::call;
}

// The row stays and all that belongs to it.
void Tables::write_facts(const Saved& saved) {
  auto q = sql_.query(
      "UPDATE calls SET quality = ?2, advertising = ?3, is_counted = ?4, gap_any_ms = ?5, gap_inbound_ms = ?6, "
      "called_back_ms = ?7, called_back_by = ?8, called_back_direction = ?9, tried_back_ms = ?10, next_inbound_ms = "
      "?11, three_inbound_ms = ?12, begins_episode = ?13, made_lead = ?14, visitor = ?15, visit_why = ?16 WHERE id = "
      "?1");
  q.lasting().bind(saved.call.id);
  bind_facts(q, saved.facts);
  q.run();
}

void Tables::write_call(Saved& saved) {
  const auto& [key, call, facts, shown_contact, known_body, is_new] = saved;
  const auto known = is_new ? std::optional(Written::no) : known_written(key, call, facts, shown_contact);
  if (known == Written::call) write_facts(saved);
  if (known == Written::call || known == Written::all) return know(saved);
  const auto body = known_body.empty() ? call_to_json(call, shown_contact) : known_body;
  auto stored = shown_contact == call.contact ? call_to_stored_json(call, body) : call_to_stored_json(call);
  const auto had = known ? *known : written(saved, body, stored);
  if (had == Written::call) write_facts(saved);
  if (had == Written::all || had == Written::call) return know(saved);
  auto q = sql_.query(
      "INSERT OR REPLACE INTO calls(id, pbx, root, source, direction, call_type, request, client_number, client_name, "
      "line, started_ms, offered_ms, answered_ms, ended_ms, is_over, is_history, incomplete, outcome, finish_reason, "
      "result, hung_up_by, wait_ms, queue_wait_ms, talk_ms, connected_ms, clean_talk_ms, employee, extension, "
      "last_employee, last_extension, queue, rating, contact, inquiry, lead, visit, quality, advertising, is_counted, "
      "gap_any_ms, gap_inbound_ms, called_back_ms, called_back_by, called_back_direction, tried_back_ms, "
      "next_inbound_ms, three_inbound_ms, begins_episode, made_lead, visitor, visit_why, body, stored) "
      "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?"
      ")");
  q.lasting().bind(call.id).bind(key.pbx).bind(key.root).bind(call.source).bind(word(call.direction));
  q.bind_or_null(word(call.call_type)).bind_or_null(call.request);
  q.bind_or_null(call.client_number).bind_or_null(call.client_name).bind_or_null(call.line);
  q.bind(ms(call.started_at)).bind(ms(call.offered_at)).bind(ms(call.answered_at)).bind(ms(call.ended_at));
  q.bind(std::int64_t{call.is_over}).bind(std::int64_t{call.is_history}).bind(std::int64_t{call.incomplete});
  q.bind_or_null(word(call.outcome)).bind_or_null(word(call.finish_reason)).bind_or_null(call.result);
  q.bind_or_null(word(call.hung_up_by));
  q.bind(ms(call.wait))
      .bind(ms(call.queue_wait))
      .bind(ms(call.talk))
      .bind(ms(call.connected))
      .bind(ms(call.clean_talk));
  q.bind_or_null(call.employee).bind_or_null(call.extension);
  q.bind_or_null(call.last_employee).bind_or_null(call.last_extension).bind_or_null(call.queue);
  q.bind(call.rating == 0 ? std::nullopt : std::optional<std::int64_t>(call.rating));
  q.bind_or_null(call.contact).bind_or_null(call.inquiry).bind_or_null(call.lead).bind_or_null(call.visit);
  bind_facts(q, facts);
  q.bind(body).bind(stored).run();

  if (had == Written::otherwise) drop_call_details(call.id);
  for (const auto& alias : call.aliases)
    sql_.query("INSERT OR REPLACE INTO call_aliases(alias, call) VALUES(?, ?)")
        .lasting()
        .bind(alias)
        .bind(call.id)
        .run();
  std::int64_t n = 0;
  for (const auto& leg : call.legs)
    sql_.query(
            "INSERT INTO call_legs(call, n, kind, name, extension, employee, started_ms, answered_ms, ended_ms, "
            "talk_ms, outcome) VALUES(?,?,?,?,?,?,?,?,?,?,?)")
        .lasting()
        .bind(call.id)
        .bind(n++)
        .bind_or_null(word(leg.kind))
        .bind_or_null(leg.name)
        .bind_or_null(leg.extension)
        .bind_or_null(leg.employee)
        .bind(ms(leg.started_at))
        .bind(ms(leg.answered_at))
        .bind(ms(leg.ended_at))
        .bind(ms(leg.talk))
        .bind_or_null(word(leg.outcome))
        .run();
  n = 0;
  for (const auto& credit : credits_each(call))
    sql_.query(
            "INSERT INTO call_credits(call, n, employee, extension, talk_ms, is_first, is_last) VALUES(?,?,?,?,?,?,?)")
        .lasting()
        .bind(call.id)
        .bind(n++)
        .bind_or_null(credit.employee)
        .bind_or_null(credit.extension)
        .bind(ms(credit.talk))
        .bind(std::int64_t{credit.is_first})
        .bind(std::int64_t{credit.is_last})
        .run();
  for (const auto& tag : call.tags)
    sql_.query("INSERT OR IGNORE INTO call_tags(call, tag) VALUES(?, ?)").lasting().bind(call.id).bind(tag).run();
  know(saved);
}

// Saved no longer: what it says moves on.
void Tables::know(Saved& saved) {
  const auto id = saved.call.id;
  read_.put(id,
            Known{std::move(saved.key), std::move(saved.call), std::move(saved.facts), std::move(saved.shown_contact)});
}

void Tables::drop_call_details(const std::string& id) {
  for (const char* sql : {"DELETE FROM call_legs WHERE call = ?", "DELETE FROM call_credits WHERE call = ?",
                          "DELETE FROM call_tags WHERE call = ?", "DELETE FROM call_aliases WHERE call = ?"})
    sql_.query(sql).bind(id).run();
}

void Tables::drop_call(const std::string& id) {
  unsave(id);
  keys_.erase(id);
  read_.drop(id);
  drop_call_details(id);
  sql_.query("DELETE FROM calls WHERE id = ?").bind(id).run();
}

std::optional<Call> Tables::call(const std::string& id) {
  if (const auto saved = saved_.find(id); saved != saved_.end()) return saved->second.call;
  if (const auto* known = read_.find(id)) return known->call;
  auto q = sql_.query("SELECT stored, pbx, root FROM calls WHERE id = ?");
  if (!q.bind(id).step()) return std::nullopt;
  return read(CallKey{q.text(1), q.text(2)}, id, q.view(0));
}

Call Tables::read(const CallKey& key, const std::string& id, std::string_view stored) {
  auto call = call_from_stored_json(stored);
  if (!call) throw SqlError(0, fmt::format("call {}: {}", id, call.error().text));
  read_.put(id, Known{key, *call, std::nullopt, {}});
  return std::move(*call);
}

std::string Tables::call_id_of(const CallKey& key) {
  if (const auto saved = saved_of_key_.find(key); saved != saved_of_key_.end()) return saved->second;
  auto id =
      first_text(std::move(sql_.query("SELECT id FROM calls WHERE pbx = ? AND root = ?").bind(key.pbx).bind(key.root)));
  return saved_.contains(id) ? std::string() : id;  // its key is another by now
}

std::string Tables::call_of_name(const std::string& name) {
  write_calls();
  auto id = first_text(std::move(sql_.query("SELECT id FROM calls WHERE id = ?").bind(name)));
  if (!id.empty()) return id;
  return first_text(std::move(sql_.query("SELECT call FROM call_aliases WHERE alias = ?").bind(name)));
}

std::optional<CallKey> Tables::key_of_call(const std::string& id) {
  if (const auto saved = saved_.find(id); saved != saved_.end()) return saved->second.key;
  if (const auto found = keys_.find(id); found != keys_.end()) return found->second;
  if (const auto* known = read_.find(id)) return known->key;
  auto q = sql_.query("SELECT pbx, root FROM calls WHERE id = ?");
  if (!q.bind(id).step()) return std::nullopt;
  return CallKey{q.text(0), q.text(1)};
}

std::vector<Call> Tables::calls_of_contact(const std::string& contact) {
  std::vector<Call> calls;
  if (const auto saved = saved_of_contact_.find(contact); saved != saved_of_contact_.end())
    for (const auto& id : saved->second) calls.push_back(saved_.at(id).call);
  // Most are known: without their text, which fills a page or two of each.
  std::unordered_set<std::string> told;
  bool is_all_known = true;
  {
    auto q = sql_.query("SELECT id FROM calls WHERE contact = ?");
    q.lasting().bind(contact);
    while (q.step()) {
      auto id = q.text(0);
      if (saved_.contains(id)) continue;  // told above, or another's by now
      const auto* known = read_.find(id);
      if (known == nullptr) {
        is_all_known = false;
        continue;
      }
      calls.push_back(known->call);
      told.insert(std::move(id));
    }
  }
  if (!is_all_known) {
    auto q = sql_.query("SELECT id, pbx, root, stored FROM calls WHERE contact = ?");
    q.lasting().bind(contact);
    while (q.step()) {
      const auto id = q.text(0);
      if (saved_.contains(id) || told.contains(id)) continue;
      const CallKey key{q.text(1), q.text(2)};
      calls.push_back(read(key, id, q.view(3)));
      keys_.insert_or_assign(id, key);
    }
  }
  std::sort(calls.begin(), calls.end(),
            [](const Call& a, const Call& b) { return std::tie(a.started_at, a.id) < std::tie(b.started_at, b.id); });
  return calls;
}

std::vector<std::string> Tables::calls_of_number(const std::string& number) {
  write_calls();
  return texts(std::move(sql_.query("SELECT id FROM calls WHERE client_number = ?").bind(number)));
}

std::vector<std::string> Tables::calls_on_line(const std::string& line, Instant from, Instant until) {
  write_calls();
  auto q =
      sql_.query("SELECT id FROM calls WHERE line = ? AND direction = 'in' AND started_ms >= ? AND started_ms <= ?");
  q.bind(line).bind(ms_of(from)).bind(ms_of(until));
  return texts(std::move(q));
}

std::vector<std::string> Tables::contacts_of_visitor(const std::string& visitor) {
  write_calls();
  auto q = sql_.query(
      "SELECT contact FROM contact_names WHERE kind = 'visitor' AND name = ?1 UNION SELECT contact FROM calls WHERE "
      "visitor = ?1 AND contact IS NOT NULL");
  q.bind(visitor);
  return texts(std::move(q));
}

std::vector<std::string> Tables::lone_calls_of_visitor(const std::string& visitor) {
  write_calls();
  return texts(std::move(sql_.query("SELECT id FROM calls WHERE visitor = ? AND contact IS NULL").bind(visitor)));
}

std::vector<CallKey> Tables::calls_not_settled(const std::string& pbx) {
  write_calls();
  std::vector<CallKey> keys;
  auto q = sql_.query("SELECT pbx, root FROM calls WHERE pbx = ? AND (is_over = 0 OR incomplete = 1)");
  q.bind(pbx);
  while (q.step()) keys.push_back({q.text(0), q.text(1)});
  return keys;
}

std::vector<CallKey> Tables::all_keys() {
  write_calls();
  std::vector<CallKey> keys;
  auto q = sql_.query("SELECT pbx, root FROM calls ORDER BY started_ms, id");
  while (q.step()) keys.push_back({q.text(0), q.text(1)});
  return keys;
}

bool Tables::has_calls() { return !saved_.empty() || sql_.query("SELECT 1 FROM calls LIMIT 1").step(); }

std::string Tables::contact_of_call(const std::string& call) {
  if (const auto saved = saved_.find(call); saved != saved_.end()) return saved->second.call.contact;
  return first_text(std::move(sql_.query("SELECT contact FROM calls WHERE id = ?").bind(call)));
}

}  // namespace hkl
