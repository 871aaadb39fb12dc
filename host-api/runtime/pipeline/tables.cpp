#include "pipeline/tables.h"

#include <bit>

#include "canonical/canonical.h"
#include "contacts/made_id.h"
#include "pipeline/row_values.h"

namespace hkl {
namespace {

// What decides whether a row is written anew; its other columns follow from that.
constexpr const char* kInquiriesOf = "SELECT id, body, contact, by_hand, direction FROM inquiries WHERE contact = ?";
constexpr const char* kInquiry = "SELECT id, body, contact, by_hand, direction FROM inquiries WHERE id = ?";
constexpr const char* kLeadsOf = "SELECT id, body, contact, stage_groups, call, is_ours FROM leads WHERE contact = ?";
constexpr const char* kLead = "SELECT id, body, contact, stage_groups, call, is_ours FROM leads WHERE id = ?";
constexpr const char* kTasksOf = "SELECT id, body, contact, key, is_ours FROM tasks WHERE contact = ?";
constexpr const char* kTask = "SELECT id, body, contact, key, is_ours FROM tasks WHERE id = ?";

std::string row_text(std::initializer_list<std::string_view> columns) {
  std::string text;
  for (const auto column : columns) (text += column) += '\n';
  return text;
}

std::string_view digit(bool value) { return value ? "1" : "0"; }

std::string told_name(const char* entity, const std::string& id) { return std::string(entity) + '\n' + id; }

}  // namespace

Tables::Rows Tables::rows_of(const char* sql, const std::vector<std::string>& keys) {
  Rows rows;
  for (const auto& key : keys) {
    auto q = sql_.query(sql);
    q.lasting().bind(key);
    while (q.step()) {
      std::string text;
      for (int column = 1; column < q.columns(); ++column) (text += q.view(column)) += '\n';
      rows.insert_or_assign(q.text(0), std::move(text));
    }
  }
  return rows;
}

Tables::Rows Tables::inquiries_of(const std::vector<std::string>& contacts) { return rows_of(kInquiriesOf, contacts); }
Tables::Rows Tables::leads_of(const std::vector<std::string>& contacts) { return rows_of(kLeadsOf, contacts); }
Tables::Rows Tables::tasks_of(const std::vector<std::string>& contacts) { return rows_of(kTasksOf, contacts); }

bool Tables::is_stored(const char* by_id, const std::string& id, const std::string& contact, const std::string& row,
                       const Rows& stored) {
  if (const auto known = stored.find(id); known != stored.end()) return known->second == row;
  if (!contact.empty()) return false;
  const auto found = rows_of(by_id, {id});
  return !found.empty() && found.begin()->second == row;
}

bool Tables::save_inquiry(const InquiryRecord& i, Direction direction, const std::string& body, const Rows& stored) {
  if (is_stored(kInquiry, i.id, i.contact, row_text({body, i.contact, digit(i.by_hand), word(direction)}), stored))
    return false;
  sql_.query(
          "INSERT OR REPLACE INTO inquiries(id, kind, contact, call, at_ms, number, email, text, visitor, taken_ms, "
          "taken_by, taken_how, lead, ad_source, channel, object, quality, advertising, why, by_hand, direction, body) "
          "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
      .lasting()
      .bind(i.id)
      .bind(word(i.kind))
      .bind_or_null(i.contact)
      .bind_or_null(i.call)
      .bind(ms(i.at))
      .bind_or_null(i.number)
      .bind_or_null(i.email)
      .bind_or_null(i.text)
      .bind_or_null(i.visitor)
      .bind(ms(i.taken_at))
      .bind_or_null(i.taken_by)
      .bind_or_null(i.taken_how)
      .bind_or_null(i.lead)
      .bind_or_null(i.ad_source)
      .bind_or_null(i.channel)
      .bind_or_null(i.object)
      .bind_or_null(word(i.quality))
      .bind(yes_no(i.advertising))
      .bind_or_null(i.why)
      .bind(std::int64_t{i.by_hand})
      .bind_or_null(word(direction))
      .bind(body)
      .run();
  return true;
}

void Tables::drop_inquiry(const std::string& id) { sql_.query("DELETE FROM inquiries WHERE id = ?").bind(id).run(); }

std::string Tables::contact_of_inquiry(const std::string& inquiry) {
  return first_text(std::move(sql_.query("SELECT contact FROM inquiries WHERE id = ?").bind(inquiry)));
}

std::string Tables::call_of_inquiry(const std::string& inquiry) {
  return first_text(std::move(sql_.query("SELECT call FROM inquiries WHERE id = ?").bind(inquiry)));
}

void Tables::save_lead(const LeadRecord& l, const std::string& call, const std::vector<std::string>& groups,
                       bool is_ours, const std::string& body, const Rows& stored) {
  std::string joined = "|";
  for (const auto& group : groups) joined += group + "|";
  if (is_stored(kLead, l.id, l.contact, row_text({body, l.contact, joined, call, digit(is_ours)}), stored)) return;
  sql_.query(
          "INSERT OR REPLACE INTO leads(id, contact, kind, title, note, funnel, stage, stage_groups, responsible, "
          "ad_source, object, created_ms, created_by, creator, inquiry, call, order_ms, sale_ms, closed_ms, "
          "merged_into, amount, currency, is_ours, body) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
      .lasting()
      .bind(l.id)
      .bind_or_null(l.contact)
      .bind_or_null(l.kind)
      .bind_or_null(l.title)
      .bind_or_null(l.note)
      .bind_or_null(l.funnel)
      .bind_or_null(l.stage)
      .bind(joined)
      .bind_or_null(l.responsible)
      .bind_or_null(l.ad_source)
      .bind_or_null(l.object)
      .bind(ms(l.created_at))
      .bind_or_null(l.created_by)
      .bind_or_null(l.creator)
      .bind_or_null(l.inquiry)
      .bind_or_null(call)
      .bind(ms(l.order_at))
      .bind(ms(l.sale_at))
      .bind(ms(l.closed_at))
      .bind_or_null(l.merged_into)
      .bind(l.amount)
      .bind_or_null(l.currency)
      .bind(std::int64_t{is_ours})
      .bind(body)
      .run();
}

void Tables::drop_lead(const std::string& id) { sql_.query("DELETE FROM leads WHERE id = ?").bind(id).run(); }

std::vector<std::string> Tables::lead_ids_of(const std::string& contact) {
  return texts(std::move(sql_.query("SELECT id FROM leads WHERE contact = ?").bind(contact)));
}

std::string Tables::contact_of_lead(const std::string& lead) {
  return first_text(std::move(sql_.query("SELECT contact FROM leads WHERE id = ?").bind(lead)));
}

std::vector<std::string> Tables::lead_ids_of_call(const std::string& call) {
  return texts(std::move(sql_.query("SELECT id FROM leads WHERE call = ? AND is_ours = 1").bind(call)));
}

std::string Tables::call_of_lead(const std::string& lead) {
  return first_text(std::move(sql_.query("SELECT call FROM leads WHERE id = ?").bind(lead)));
}

void Tables::save_task(const TaskRecord& t, bool is_ours, const std::string& shown_contact, const Rows& stored) {
  // The stored state is never "overdue": that depends on who asks when.
  const auto body =
      task_to_json(with_contact(t, shown_contact), t.deadline_at.value_or(t.created_at.value_or(Instant{})));
  if (is_stored(kTask, t.id, t.contact, row_text({body, t.contact, t.key, digit(is_ours)}), stored)) return;
  sql_.query(
          "INSERT OR REPLACE INTO tasks(id, kind, rule, key, title, contact, lead, call, assignee, created_ms, "
          "deadline_ms, done_ms, done_by, done_call, state, why, is_ours, body) "
          "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
      .lasting()
      .bind(t.id)
      .bind_or_null(t.kind)
      .bind_or_null(t.rule)
      .bind_or_null(t.key)
      .bind_or_null(t.title)
      .bind_or_null(t.contact)
      .bind_or_null(t.lead)
      .bind_or_null(t.call)
      .bind_or_null(t.assignee)
      .bind(ms(t.created_at))
      .bind(ms(t.deadline_at))
      .bind(ms(t.done_at))
      .bind_or_null(t.done_by)
      .bind_or_null(t.done_call)
      .bind(word(t.state))
      .bind_or_null(t.why)
      .bind(std::int64_t{is_ours})
      .bind(body)
      .run();
}

void Tables::drop_task(const std::string& id) { sql_.query("DELETE FROM tasks WHERE id = ?").bind(id).run(); }

std::vector<std::string> Tables::task_ids_of(const std::string& contact) {
  return texts(std::move(sql_.query("SELECT id FROM tasks WHERE contact = ?").bind(contact)));
}

std::vector<std::string> Tables::task_ids_of_call(const std::string& call) {
  return texts(std::move(sql_.query("SELECT id FROM tasks WHERE call = ? AND is_ours = 1").bind(call)));
}

std::string Tables::call_of_task(const std::string& task) {
  return first_text(std::move(sql_.query("SELECT call FROM tasks WHERE id = ?").bind(task)));
}

void Tables::note_told(const char* entity, const std::string& id) {
  if (auto* put = put_.find(told_name(entity, id))) put->is_untold = false;
}

bool Tables::may_be_told(const char* entity, const std::string& id) {
  const auto* put = put_.find(told_name(entity, id));
  return put == nullptr || !put->is_untold;
}

void Tables::forget_told(const char* entity, const std::string& id) { put_.drop(told_name(entity, id)); }

void Tables::put_outbox(const char* entity, const std::string& id, const std::string& contact, int rank,
                        const std::string& body, const std::string& state) {
  // Most of what is derived anew is what it was, and was put here not long ago.
  const auto name = told_name(entity, id);
  const std::hash<std::string> hash;
  const auto said = hash(contact) ^ std::rotl(hash(body), 21) ^ std::rotl(hash(state), 42);
  auto* put = put_.find(name);
  if (put != nullptr && put->said == said) return;
  if (put == nullptr) {
    sql_.query(
            "INSERT INTO outbox(entity, id, contact, rank, body, hash) VALUES(?, ?, ?, ?, ?, ?) "
            "ON CONFLICT(entity, id) DO NOTHING")
        .lasting()
        .bind(std::string_view(entity))
        .bind(id)
        .bind(contact)
        .bind(std::int64_t{rank})
        .bind(body)
        .bind(stable_hash(state))
        .run();
    if (sql_.changes() != 0) return put_.put(name, Put{said, true});
  }
  sql_.query(
          "UPDATE outbox SET contact = ?3, body = ?4, hash = ?5, attempts = 0, next_ms = 0, is_dead = 0, last_error = "
          "NULL WHERE entity = ?1 AND id = ?2 AND (hash <> ?5 OR contact <> ?3 "
          // One state may be worded anew before it is told: with an id the CRM gave meanwhile.
          "OR (told_hash IS NULL AND body <> ?4))")
      .lasting()
      .bind(std::string_view(entity))
      .bind(id)
      .bind(contact)
      .bind(body)
      .bind(stable_hash(state))
      .run();
  put_.put(name, Put{said, put != nullptr && put->is_untold});
}

void Tables::withdraw_outbox(const char* entity, const std::string& id, const std::string& body) {
  forget_told(entity, id);
  sql_.query("DELETE FROM outbox WHERE entity = ? AND id = ? AND told_hash IS NULL")
      .bind(std::string_view(entity))
      .bind(id)
      .run();
  sql_.query("UPDATE outbox SET body = ?, hash = ?, attempts = 0, next_ms = 0, is_dead = 0 WHERE entity = ? AND id = ?")
      .bind(body)
      .bind(stable_hash(body))
      .bind(std::string_view(entity))
      .bind(id)
      .run();
}

void Tables::drop_outbox(const char* entity, const std::string& id) {
  forget_told(entity, id);
  sql_.query("DELETE FROM outbox WHERE entity = ? AND id = ?").bind(std::string_view(entity)).bind(id).run();
}

void Tables::fix_in_outbox(const char* entity, const std::string& id) {
  sql_.query("UPDATE outbox SET is_fixed = 1 WHERE entity = ? AND id = ?")
      .bind(std::string_view(entity))
      .bind(id)
      .run();
}

bool Tables::was_told(const char* entity, const std::string& id) {
  if (!may_be_told(entity, id)) return false;
  auto q = sql_.query("SELECT 1 FROM outbox WHERE entity = ? AND id = ? AND told_hash IS NOT NULL");
  return q.bind(std::string_view(entity)).bind(id).step();
}

std::string Tables::told_body(const char* entity, const std::string& id) {
  return first_text(std::move(
      sql_.query("SELECT body FROM outbox WHERE entity = ? AND id = ?").bind(std::string_view(entity)).bind(id)));
}

}  // namespace hkl
