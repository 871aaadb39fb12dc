// Erases a person: the journal, the tables, what was told to the CRM. All in the
// caller's transaction, so it is done whole or not at all.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "canonical/canonical.h"
#include "canonical/screen_pop.h"
#include "contacts/made_id.h"
#include "pipeline/condensed_call.h"
#include "pipeline/deriver_state.h"
#include "pipeline/redaction.h"
#include "pipeline/settled_opinions.h"

namespace hkl {
namespace {

using RowJson = nlohmann::ordered_json;

// Where ids stand that may have been made of a number.
constexpr const char* kRenamings[] = {
    "UPDATE contacts SET id = ?2 WHERE id = ?1",
    "UPDATE contacts SET merged_into = ?2 WHERE merged_into = ?1",
    "UPDATE contact_names SET contact = ?2 WHERE contact = ?1",
    "UPDATE leads SET id = ?2 WHERE id = ?1",
    "UPDATE leads SET contact = ?2 WHERE contact = ?1",
    "UPDATE leads SET inquiry = ?2 WHERE inquiry = ?1",
    "UPDATE leads SET merged_into = ?2 WHERE merged_into = ?1",
    "UPDATE tasks SET id = ?2 WHERE id = ?1",
    "UPDATE tasks SET contact = ?2 WHERE contact = ?1",
    "UPDATE tasks SET lead = ?2 WHERE lead = ?1",
    "UPDATE outbox SET id = ?2 WHERE id = ?1",
    "UPDATE outbox SET contact = ?2 WHERE contact = ?1",
    "UPDATE crm_ids SET id = ?2 WHERE id = ?1",
    "UPDATE choices SET lead = ?2 WHERE lead = ?1",
    "UPDATE choices SET inquiry = ?2 WHERE inquiry = ?1",
    "UPDATE wakes SET contact = ?2 WHERE contact = ?1",
    "UPDATE woken SET contact = ?2 WHERE contact = ?1",
};

std::string event_id_of(const CanonicalRecord& record, const std::string& body, const std::string& before) {
  // As pipeline/record_shelf makes it; the number of the version it replaces stays.
  return fmt::format("{}:{}:{}:{}", record.type, record.id, stable_hash(body), before.substr(before.rfind(':') + 1));
}

struct JournalRow {
  std::string kind, event_id, body;
};

}  // namespace

std::optional<CallKey> Deriver::State::condense(const CallKey& key, const char* why, Instant at,
                                                const std::function<void(RowJson& call)>& change,
                                                const NameEraser* names) {
  forget_recent();
  const auto refs_before = refs.refs_of_root(key.pbx, key.root);
  CondensedCall condensed{key.pbx, refs_before, why, at, assembled(key.pbx, refs_before).call};
  if (condensed.call.id.empty()) return std::nullopt;
  for (const auto& before : journal.entries_of(key.pbx, refs_before).condensed)
    if (condensed_of(before).why == CondensedCall::kErased) condensed.why = CondensedCall::kErased;
  if (change) {
    auto body = RowJson::parse(call_to_stored_json(condensed.call));
    change(body);
    auto changed = call_from_stored_json(body.dump());
    if (!changed) throw SqlError(0, changed.error().text);
    condensed.call = std::move(*changed);
  }
  for (auto& ref : condensed.refs) {
    const auto before = ref;
    journal.spend_events(key.pbx, before);
    sql.query("DELETE FROM journal WHERE pbx = ? AND ref = ? AND kind = 'call'").bind(key.pbx).bind(before).run();
    if (names == nullptr || !names->erase(ref)) continue;
    sql.query("UPDATE journal SET ref = ? WHERE pbx = ? AND ref = ?").bind(ref).bind(key.pbx).bind(before).run();
    sql.query("DELETE FROM call_refs WHERE pbx = ? AND ref = ?").bind(key.pbx).bind(before).run();
  }
  journal.append(note_of(condensed));
  sql.query("DELETE FROM call_refs WHERE pbx = ? AND root = ?").bind(key.pbx).bind(key.root).run();
  forget_recent();  // what was read on the way stands there no more
  std::vector<std::string> gone;
  return CallKey{key.pbx, refs.unite(key.pbx, condensed.refs, gone)};
}

class Deriver::Erasing {
 public:
  Erasing(Deriver& deriver, State& state, const Person& person, Instant at)
      : deriver_(deriver), s_(state), sql_(state.sql), p_(person), at_(at) {}

  Erased run() {
    Erased done;
    done.contact = renamed(p_.root);
    remember_deliveries();
    const auto settled = settled_note(sql_, p_, done.contact, at_);
    s_.journal.append(settled);
    keep_settled(sql_, settled);
    for (const auto seq : p_.records) rewrite_record(seq, true);
    for (const auto seq : p_.mentions) rewrite_mention(seq);
    for (const auto seq : p_.tellings) rewrite_telling(seq);
    for (const auto seq : p_.named) rename_entry(seq);
    for (const auto& [old, now] : p_.renamed)
      for (const char* statement : kRenamings) sql_.query(statement).bind(old).bind(now).run();
    rewrite_contacts();
    rewrite_rows();
    for (const auto& key : p_.keys) redo_call(key, true);
    for (const auto& key : p_.other_calls) redo_call(key, false);
    // Calls of others, and of nobody, that a visit of the person led to: they tell the visitor, and why that one.
    for (const auto& visitor : p_.visitors) {
      for (const auto& contact : s_.tables.contacts_of_visitor(visitor))
        s_.dirty_contacts.insert(s_.book.root(contact));
      for (auto& call : s_.tables.lone_calls_of_visitor(visitor)) s_.lone_calls.insert(std::move(call));
    }
    done.poison = sweep();
    s_.dirty_contacts.insert(s_.book.root(done.contact));
    return done;
  }

  // After everything was derived anew.
  void settle_deliveries() {
    for (const auto& delivery : deliveries_) {
      const auto set = [&](const char* what) {
        sql_.query(fmt::format("UPDATE outbox SET {} WHERE entity = ? AND id = ?", what).c_str())
            .bind(delivery.entity)
            .bind(delivery.id)
            .run();
      };
      if (delivery.is_settled) set("told_hash = hash");
      if (delivery.is_dead) set("is_dead = 1");
    }
  }

 private:
  // A delivery as it was before, so that what the CRM knows is not told again.
  struct DeliveryState {
    std::string entity, id, before;  // before: with no more than ids renamed
    bool is_own = false, is_settled = false, was_told = false, is_dead = false;
  };

  std::string renamed(const std::string& id) const {
    const auto found = p_.renamed.find(id);
    return found == p_.renamed.end() ? id : found->second;
  }

  void remember_deliveries() {
    for (const auto seq : p_.mentions) {
      const auto record = RowJson::parse(entry(seq).body, nullptr, false);
      if (record.is_object() && record.contains("id") && record["id"].is_string())
        mentioned_.insert(s_.ids.inside(record.value("type", std::string()).c_str(), record["id"]));
    }
    auto q = sql_.query("SELECT entity, id, contact, hash, coalesce(told_hash, ''), is_dead FROM outbox");
    while (q.step()) {
      const auto entity = q.text(0), id = q.text(1);
      const bool is_own = p_.contacts.contains(q.text(2)) || p_.calls.contains(id) || p_.inquiries.contains(id);
      const bool is_other =
          mentioned_.contains(id) || (!p_.other_calls.empty() && entity == "call" && is_other_call(id));
      if (is_own || is_other)
        deliveries_.push_back(
            {entity, erased(id), renamed(id), is_own, q.text(3) == q.text(4), !q.text(4).empty(), q.integer(5) != 0});
    }
  }

  bool is_other_call(const std::string& id) {
    const auto key = s_.tables.key_of_call(id);
    return key && p_.other_calls.contains(*key);
  }

  std::string erased(std::string text) const {
    p_.own.erase(text);
    return text;
  }

  JournalRow entry(std::int64_t seq) {
    auto q = sql_.query("SELECT kind, event_id, body FROM journal WHERE seq = ?");
    if (!q.bind(seq).step()) throw SqlError(0, fmt::format("journal: entry {} is gone", seq));
    return {q.text(0), q.text(1), q.text(2)};
  }

  void write_entry(std::int64_t seq, const std::string& event_id, const std::string& body) {
    auto q = sql_.query("UPDATE OR IGNORE journal SET event_id = ?, body = ? WHERE seq = ?");
    q.bind(event_id).bind(body).bind(seq).run();
    // Two that told apart by the person alone.
    if (sql_.changes() == 0)
      sql_.query("UPDATE journal SET event_id = ?, body = ? WHERE seq = ?")
          .bind(event_id + ":" + erased_name())
          .bind(body)
          .bind(seq)
          .run();
  }

  void rewrite_record(std::int64_t seq, bool is_own) {
    const auto row = entry(seq);
    auto json = RowJson::parse(row.body);
    if (is_own) {
      redact(json.value("type", std::string()), json, p_.own, p_.names);
    } else {
      p_.others.erase(json);
    }
    const auto record = record_from_json(json.dump());
    if (!record) throw SqlError(0, fmt::format("journal entry {}: {}", seq, record.error().text));
    const auto body = record_to_json(*record);
    write_entry(seq, event_id_of(*record, body, row.event_id), body);
    sql_.query("UPDATE records SET id = ?, anchor = ?, body = ? WHERE seq = ?")
        .bind(record->id)
        .bind(anchor_of(*record))
        .bind(body)
        .bind(seq)
        .run();
    // What follows from an other's record says it too.
    if (!is_own) deriver_.touch(*record, std::nullopt);
  }

  void rewrite_mention(std::int64_t seq) {
    const auto row = entry(seq);
    if (row.kind == "record") return rewrite_record(seq, false);
    auto json = RowJson::parse(row.body, nullptr, false);
    if (json.is_discarded()) return;
    p_.others.erase(json);
    write_entry(seq, row.event_id, json.dump());
  }

  // What is told ends in a hash of it, of which the number could be guessed.
  void rewrite_telling(std::int64_t seq) {
    const auto row = entry(seq);
    auto json = RowJson::parse(row.body);
    p_.own.erase(json);
    auto event_id = erased(row.event_id.substr(0, row.event_id.rfind(':')));
    event_id += fmt::format(":{}", seq);
    if (json.contains("told")) json["told"] = event_id;
    write_entry(seq, event_id, json.dump());
  }

  void rename_entry(std::int64_t seq) {
    const auto row = entry(seq);
    write_entry(seq, erased(row.event_id), row.body);
  }

  void rewrite_contacts() {
    for (const auto& member : p_.members) {
      const auto id = renamed(member);
      std::string body;
      {
        auto q = sql_.query("SELECT body FROM contacts WHERE id = ?");
        if (!q.bind(id).step()) continue;
        body = q.text(0);
      }
      sql_.query("UPDATE contacts SET name = NULL, body = ? WHERE id = ?")
          .bind(redacted("contact", body))
          .bind(id)
          .run();
      std::vector<std::pair<std::string, std::string>> names;
      {
        auto q = sql_.query("SELECT kind, name FROM contact_names WHERE contact = ?");
        q.bind(id);
        while (q.step()) names.emplace_back(q.text(0), q.text(1));
      }
      for (const auto& [kind, name] : names)
        sql_.query("UPDATE OR REPLACE contact_names SET name = ? WHERE kind = ? AND name = ? AND contact = ?")
            .bind(erased(name))
            .bind(kind)
            .bind(name)
            .bind(id)
            .run();
    }
  }

  std::string without_mention(const std::string& body) const {
    auto json = RowJson::parse(body, nullptr, false);
    if (json.is_discarded()) return "{}";
    p_.others.erase(json);
    return json.dump();
  }

  std::string redacted(const std::string& type, const std::string& body) const {
    auto json = RowJson::parse(body, nullptr, false);
    if (json.is_discarded()) return "{}";
    redact(type, json, p_.own, p_.names);
    return json.dump();
  }

  // Leads and tasks that the CRM was told of stay as they are, without the person;
  // all others are derived anew.
  void rewrite_rows() {
    std::set<std::string> contacts;
    for (const auto& member : p_.members) contacts.insert(renamed(member));
    for (const auto& contact : contacts) {
      for (const auto& [id, body] : bodies("SELECT id, body FROM leads WHERE contact = ?", contact))
        sql_.query("UPDATE leads SET title = NULL, note = NULL, body = ? WHERE id = ?")
            .bind(redacted("lead", body))
            .bind(id)
            .run();
      for (const auto& [id, body] : bodies("SELECT id, body FROM tasks WHERE contact = ?", contact))
        rewrite_task(id, body);
      sql_.query("DELETE FROM inquiries WHERE contact = ?").bind(contact).run();
    }
    for (const auto& member : p_.members) sql_.query("DELETE FROM inquiries WHERE contact = ?").bind(member).run();
    for (const auto& delivery : deliveries_) {
      if (delivery.entity == kScreenPop) {
        s_.tables.drop_outbox(kScreenPop, delivery.before);
        continue;
      }
      rewrite_delivery(delivery);
    }
    std::vector<std::pair<std::string, std::string>> ids;
    {
      auto q = sql_.query("SELECT entity, crm_id FROM crm_ids");
      while (q.step())
        if (p_.own.is_in(q.text(1))) ids.emplace_back(q.text(0), q.text(1));
    }
    for (const auto& [entity, id] : ids) {
      sql_.query("UPDATE crm_ids SET crm_id = ? WHERE entity = ? AND crm_id = ?")
          .bind(erased(id))
          .bind(entity)
          .bind(id)
          .run();
      sql_.query("UPDATE outbox SET crm_id = ? WHERE entity = ? AND crm_id = ?")
          .bind(erased(id))
          .bind(entity)
          .bind(id)
          .run();
    }
  }

  void rewrite_task(const std::string& id, const std::string& body) {
    std::string key, why, title;
    {
      auto q = sql_.query("SELECT key, why, title FROM tasks WHERE id = ?");
      q.bind(id).step();
      key = erased(q.text(0));
      why = erased(q.text(1));
      title = erased(q.text(2));
    }
    p_.names.erase(title);
    p_.names.erase(why);
    sql_.query("UPDATE tasks SET key = ?, why = ?, title = ?, body = ? WHERE id = ?")
        .bind_or_null(key)
        .bind_or_null(why)
        .bind_or_null(title)
        .bind(redacted("task", body))
        .bind(id)
        .run();
  }

  void rewrite_delivery(const DeliveryState& delivery) {
    const auto body = s_.tables.told_body(delivery.entity.c_str(), delivery.before);
    sql_.query(
            "UPDATE outbox SET id = ?, body = ?, hash = 'erased', told_hash = iif(?, 'erased', NULL), last_error = "
            "NULL "
            "WHERE entity = ? AND id = ?")
        .bind(delivery.id)
        .bind(delivery.is_own ? redacted(delivery.entity, body) : without_mention(body))
        .bind(std::int64_t{delivery.was_told})
        .bind(delivery.entity)
        .bind(delivery.before)
        .run();
    // What waits goes out as it is from now on.
    if (!delivery.is_settled)
      sql_.query("UPDATE outbox SET hash = 'waits' WHERE entity = ? AND id = ?")
          .bind(delivery.entity)
          .bind(delivery.id)
          .run();
  }

  std::vector<std::pair<std::string, std::string>> bodies(const char* statement, const std::string& contact) {
    std::vector<std::pair<std::string, std::string>> found;
    auto q = sql_.query(statement);
    q.bind(contact);
    while (q.step()) found.emplace_back(q.text(0), q.text(1));
    return found;
  }

  void redo_call(const CallKey& key, bool is_own) {
    const auto id = s_.tables.call_id_of(key);
    if (!id.empty()) s_.tables.drop_call(id);
    if (key.root.starts_with(kToldCall)) {
      s_.dirty_calls.insert({key.pbx, erased(key.root)});
      return;
    }
    const auto& eraser = is_own ? p_.own : p_.others;
    const auto now = s_.condense(
        key, CondensedCall::kErased, at_,
        [&](RowJson& call) {
          if (is_own) {
            redact("call", call, eraser, p_.names);
          } else {
            eraser.erase(call);
          }
        },
        &eraser);
    if (now) s_.dirty_calls.insert(*now);
  }

  // What is kept besides entities. How many inputs set aside went.
  std::uint64_t sweep() {
    std::vector<std::int64_t> poison;
    {
      auto q = sql_.query("SELECT id, subject || ' ' || reason, bytes FROM poison");
      while (q.step())
        if (p_.own.is_in(q.text(1)) || p_.own.is_in(q.text(2))) poison.push_back(q.integer(0));
    }
    for (const auto id : poison) sql_.query("DELETE FROM poison WHERE id = ?").bind(id).run();
    std::vector<std::pair<std::string, std::string>> notes;
    {
      auto q = sql_.query("SELECT key, value FROM meta WHERE key NOT LIKE 'settled:%'");
      while (q.step())
        if (p_.others.is_in(q.text(1))) notes.emplace_back(q.text(0), q.text(1));
    }
    for (auto& [key, value] : notes) {
      p_.others.erase(value);
      s_.store.set_meta(key.c_str(), value);
    }
    return poison.size();
  }

  Deriver& deriver_;
  State& s_;
  Sql& sql_;
  const Person& p_;
  const Instant at_;
  std::vector<DeliveryState> deliveries_;
  std::set<std::string> mentioned_;  // ids of others' entities that tell the person
};

Erased Deriver::erase(const Person& person, Instant at) {
  auto& s = *state_;
  Erasing erasing(*this, s, person, at);
  auto done = erasing.run();
  s.forget_all();
  // Nothing that was delivered is taken back.
  s.is_rebuilding = true;
  s.untold = settle();
  s.is_rebuilding = false;
  erasing.settle_deliveries();
  s.tables.forget_written();  // which says of the outbox what it was before
  // Rows of before are found no more by whoever follows the changes: see columns/.
  s.sql.run("DELETE FROM fact_changes WHERE seq < (SELECT max(seq) FROM fact_changes)");
  return done;
}

}  // namespace hkl
