#include "pipeline/person.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "contacts/made_id.h"
#include "contacts/numbers.h"
#include "pipeline/condensed_call.h"
#include "pipeline/contact_book.h"
#include "pipeline/deriver_state.h"
#include "pipeline/ids.h"

namespace hkl {
namespace {

using RecordJson = nlohmann::json;

std::set<std::string> owners_of(Sql& sql, ContactBook& book, const char* kind, const std::string& name) {
  std::vector<std::string> ids;
  auto q = sql.query("SELECT contact FROM contact_names WHERE kind = ? AND name = ? ORDER BY contact");
  q.bind(std::string_view(kind)).bind(name);
  while (q.step()) ids.push_back(q.text(0));
  std::set<std::string> roots;
  for (const auto& id : ids) roots.insert(book.root(id));
  return roots;
}

// Gathers what is the person's from the tables.
class Gathering {
 public:
  Gathering(Sql& sql, Person& person) : sql_(sql), person_(person), book_(sql), ids_(sql), tables_(sql) {}

  void run(const std::string& root) {
    auto& p = person_;
    p.root = root;
    p.shown = ids_.shown("contact", root);
    p.members = book_.members(root);
    p.united = book_.united(root);
    p.numbers.insert(p.united.numbers.begin(), p.united.numbers.end());
    p.emails.insert(p.united.emails.begin(), p.united.emails.end());
    p.visitors.insert(p.united.visitors.begin(), p.united.visitors.end());
    add_shadows();
    for (const auto& member : p.members) {
      add_names("contact", member, p.contacts);
      add_rows_of(member);
    }
    make_tokens();
    rename_contacts();
    rename_leads();
    rename_tasks();
    p.is_erased = std::all_of(p.numbers.begin(), p.numbers.end(), is_erased) &&
                  std::all_of(p.emails.begin(), p.emails.end(), is_erased) &&
                  std::all_of(p.visitors.begin(), p.visitors.end(), is_erased) && p.united.name.empty() &&
                  client_names_.empty() && texts_ == 0;
  }

 private:
  void add_names(const char* entity, const std::string& id, std::set<std::string>& into) {
    into.insert(id);
    into.insert(ids_.shown(entity, id));
    auto q = sql_.query("SELECT crm_id FROM crm_ids WHERE entity = ? AND id = ?");
    q.bind(std::string_view(entity)).bind(id);
    while (q.step()) into.insert(q.text(0));
  }

  // Made of one of the names before a record told whose it is.
  void add_shadows() {
    const auto add = [&](const char* kind, const std::set<std::string>& names) {
      for (const auto& name : names)
        for (const auto& owner : owners_of(sql_, book_, kind, name))
          if (owner != person_.root && book_.is_made(owner))
            for (auto& member : book_.members(owner)) person_.members.push_back(std::move(member));
    };
    add(ContactBook::kNumber, person_.numbers);
    add(ContactBook::kEmail, person_.emails);
    add(ContactBook::kVisitor, person_.visitors);
  }

  // Whether somebody else was told to have it.
  bool is_shared(const char* kind, const std::string& name) {
    const auto owners = owners_of(sql_, book_, kind, name);
    return std::any_of(owners.begin(), owners.end(),
                       [&](const std::string& owner) { return owner != person_.root && !book_.is_made(owner); });
  }

  void add_rows_of(const std::string& member) {
    auto& p = person_;
    for (const auto& call : tables_.calls_of_contact(member)) {
      p.calls.insert(call.id);
      p.calls.insert(call.aliases.begin(), call.aliases.end());
      if (!call.client_number.empty()) p.numbers.insert(call.client_number);
      if (!call.client_name.empty()) client_names_.insert(call.client_name);
      if (!call.is_over) p.open_calls.push_back(call.id);
      for (const auto& recording : call.recordings) p.recordings.push_back(recording);
      if (auto key = tables_.key_of_call(call.id)) p.keys.insert(std::move(*key));
    }
    auto inquiries = sql_.query("SELECT id, number, email, visitor, text IS NOT NULL FROM inquiries WHERE contact = ?");
    inquiries.bind(member);
    while (inquiries.step()) {
      p.inquiries.insert(inquiries.text(0));
      if (!inquiries.text(1).empty()) p.numbers.insert(inquiries.text(1));
      if (!inquiries.text(2).empty()) p.emails.insert(inquiries.text(2));
      if (!inquiries.text(3).empty()) p.visitors.insert(inquiries.text(3));
      texts_ += inquiries.integer(4);
    }
    // Who was shown the number that was dialled: known by the call alone (migration 0005).
    auto proven = sql_.query("SELECT DISTINCT visitor FROM calls WHERE contact = ? AND visitor IS NOT NULL");
    proven.bind(member);
    while (proven.step()) p.visitors.insert(proven.text(0));
    for (const auto& id : tables_.lead_ids_of(member)) {
      lead_ids_.push_back(id);
      add_names("lead", id, p.leads);
    }
    auto words = sql_.query("SELECT count(*) FROM leads WHERE contact = ? AND (title IS NOT NULL OR note IS NOT NULL)");
    words.bind(member).step();
    texts_ += words.integer(0);
    for (const auto& id : tables_.task_ids_of(member)) {
      task_ids_.push_back(id);
      add_names("task", id, p.tasks);
    }
  }

  void make_tokens() {
    auto& p = person_;
    for (const auto& number : p.numbers) {
      if (is_erased(number)) continue;
      const auto token = tokens_[number] = erased_number(number);
      p.own.add_number(number, token);
      if (!is_shared(ContactBook::kNumber, number)) {
        p.others.add_number(number, token);
      } else {
        p.shared_numbers.push_back(number);
      }
    }
    for (const auto& email : p.emails) {
      if (is_erased(email)) continue;
      const auto token = tokens_[email] = erased_name();
      p.own.add_email(email, token);
      if (!is_shared(ContactBook::kEmail, email)) p.others.add_email(email, token);
    }
    // Visits hang on the visitor, whoever else may be the same one.
    for (const auto& visitor : p.visitors) {
      if (is_erased(visitor)) continue;
      const auto token = tokens_[visitor] = erased_name();
      p.own.add_whole(visitor, token);
      p.others.add_whole(visitor, token);
    }
    constexpr std::size_t kShortestName = 3;  // bytes; a shorter one is a part of half of all words
    client_names_.insert(p.united.name);
    for (const auto& name : client_names_)
      if (name.size() >= kShortestName) p.names.add_part(name, "erased");
    client_names_.erase(std::string());
  }

  void rename(const std::string& old, const std::string& now) {
    if (old == now || now.empty()) return;
    auto& p = person_;
    p.renamed[old] = now;
    p.own.add_part(old, now);
    p.others.add_part(old, now);
  }

  // What was made of a number or an e-mail leads back to it, by trying all.
  void rename_contacts() {
    for (const auto& member : person_.members) {
      if (!member.starts_with("hl-c-")) {
        // A CRM may call its clients by their number or e-mail.
        auto now = member;
        if (person_.own.erase(now)) person_.renamed[member] = std::move(now);
        continue;
      }
      auto q = sql_.query("SELECT kind, name FROM contact_names WHERE contact = ?");
      q.bind(member);
      while (q.step()) {
        const auto token = tokens_.find(q.text(1));
        if (token == tokens_.end() || made_id("c", q.text(0) + ":" + q.text(1)) != member) continue;
        rename(member, made_id("c", q.text(0) + ":" + token->second));
      }
    }
    // A call's own id may be made of the number (a CDR without one: "SIP/7495…@time"), and its inquiry's of that.
    for (const auto& call : person_.calls) {
      auto now = call;
      if (const auto id = made_id("i", call); person_.inquiries.contains(id) && person_.own.erase(now))
        rename(id, made_id("i", now));
    }
    // The content is the id of a record that came without one.
    constexpr std::size_t kContentId = 32;
    for (const auto& id : person_.inquiries)
      if (id.size() == kContentId && id.find_first_not_of("0123456789abcdef") == std::string::npos)
        rename(id, stable_hash(erased_name()) + stable_hash(erased_name()));
  }

  // As leads/lead_book makes them: of the contact and a number.
  void rename_leads() {
    for (const auto& id : lead_ids_) {
      if (!id.starts_with("hl-l-")) continue;
      for (const auto& [old, now] : std::map<std::string, std::string>(person_.renamed))
        for (std::size_t n = 1; n <= lead_ids_.size() + kMostLeadsGone; ++n)
          if (made_id("l", fmt::format("{}/{}", old, n)) == id) rename(id, made_id("l", fmt::format("{}/{}", now, n)));
    }
  }

  void rename_tasks() {
    for (const auto& id : task_ids_) {
      if (!id.starts_with("hl-t-")) continue;
      auto q = sql_.query("SELECT rule, key FROM tasks WHERE id = ?");
      if (!q.bind(id).step()) continue;
      auto key = q.text(1);
      if (made_id("t", q.text(0) + "/" + key) != id || !person_.own.erase(key)) continue;
      rename(id, made_id("t", q.text(0) + "/" + key));
    }
  }

  static constexpr std::size_t kMostLeadsGone = 100;  // numbers whose leads are there no more
  Sql& sql_;
  Person& person_;
  ContactBook book_;
  Ids ids_;
  Tables tables_;
  std::vector<std::string> lead_ids_, task_ids_;
  std::set<std::string> client_names_;
  std::map<std::string, std::string> tokens_;
  std::int64_t texts_ = 0;
};

bool is_any(const std::set<std::string>& names, const RecordJson& body, const char* member) {
  const auto found = body.find(member);
  return found != body.end() && found->is_string() && names.contains(found->get_ref<const std::string&>());
}

// A visitor is known by the whole text alone, which a body as it lies is not.
bool tells_visitor(const Person& p, const RecordJson& body) {
  if (is_any(p.visitors, body, "visitor")) return true;
  const auto list = body.find("visitors");
  return list != body.end() && list->is_array() && std::any_of(list->begin(), list->end(), [&](const RecordJson& one) {
           return one.is_string() && p.visitors.contains(one.get_ref<const std::string&>());
         });
}

bool is_record_of(const Person& p, const RecordJson& body) {
  const auto type = body.value("type", std::string());
  if (type == "contact") return is_any(p.contacts, body, "id");
  if (type == "call") return is_any(p.calls, body, "id");
  if (type == "lead_change") return is_any(p.leads, body, "lead");
  if (type == "visit") return is_any(p.visitors, body, "visitor");
  const bool is_of_contact = is_any(p.contacts, body, "contact");
  if (type == "lead") return is_of_contact || is_any(p.leads, body, "id") || is_any(p.inquiries, body, "inquiry");
  if (type == "task")
    return is_of_contact || is_any(p.tasks, body, "id") || is_any(p.leads, body, "lead") ||
           is_any(p.calls, body, "call");
  if (type == "inquiry") return is_of_contact || is_any(p.inquiries, body, "id") || is_any(p.calls, body, "call");
  return type == "mark" && (is_any(p.inquiries, body, "inquiry") || is_any(p.calls, body, "call"));
}

// Whom and what the firm has: a number there is the firm's own.
bool is_of_the_firm(const RecordJson& body) {
  const auto type = body.value("type", std::string());
  for (const char* ours : {"employee", "department", "office", "presence", "ad_source", "line", "funnel"})
    if (type == ours) return true;
  return false;
}

// "lead:hl-l-…:hash": how a delivery is called in the journal.
bool is_telling_of(const Person& p, const std::string& event_id) {
  const auto first = event_id.find(':'), last = event_id.rfind(':');
  if (first == std::string::npos || first == last) return false;
  const auto entity = event_id.substr(0, first), id = event_id.substr(first + 1, last - first - 1);
  return (entity == "contact" && p.contacts.contains(id)) || (entity == "lead" && p.leads.contains(id)) ||
         (entity == "task" && p.tasks.contains(id)) || (entity == "inquiry" && p.inquiries.contains(id)) ||
         p.calls.contains(id);  // of calls and their screens
}

void read_journal(Sql& sql, Person& p) {
  Tables tables(sql);
  CallRefs refs(sql);
  auto q = sql.query("SELECT seq, kind, pbx, ref, event_id, body, source FROM journal ORDER BY seq");
  while (q.step()) {
    const auto seq = q.integer(0);
    const auto kind = q.text(1), pbx = q.text(2), ref = q.text(3), event_id = q.text(4), body = q.text(5);
    if (kind == "record") {
      const auto record = RecordJson::parse(body, nullptr, false);
      if (record.is_object() && is_record_of(p, record)) {
        p.records.push_back(seq);
      } else if (record.is_object() && !is_of_the_firm(record) && (p.others.is_in(body) || tells_visitor(p, record))) {
        p.mentions.push_back(seq);
      }
      continue;
    }
    if (kind == "decision" && is_telling_of(p, event_id)) {
      p.tellings.push_back(seq);
      continue;
    }
    const CallKey key{pbx, ref.empty() ? "" : refs.root_of(pbx, ref)};
    const bool is_own = p.keys.contains(key);
    const bool is_mention = !is_own && p.others.is_in(body);
    if (p.others.is_in(event_id) || (is_own && p.own.is_in(event_id))) p.named.push_back(seq);
    if (is_own) {
      ++p.event_count;
    } else if ((is_mention || p.others.is_in(ref)) && !tables.call_id_of(key).empty()) {
      p.other_calls.insert(key);
    } else if (is_mention) {
      p.mentions.push_back(seq);
    }
  }
}

}  // namespace

Result<std::string> find_person(Sql& sql, const std::string& who, const std::string& phone_region) {
  ContactBook book(sql);
  const auto id = Ids(sql).inside("contact", who);
  if (book.exists(id)) return book.root(id);
  std::set<std::string> found;
  const auto number = normalise_number(who, phone_region).e164;
  if (!number.empty()) found = owners_of(sql, book, ContactBook::kNumber, number);
  if (found.empty()) found = owners_of(sql, book, ContactBook::kEmail, who);
  if (found.empty())
    return fail(HKL_NOT_FOUND, fmt::format("there is no contact \"{}\": none has that id, number or e-mail", who));
  // One that was told stands before those that were made of the name.
  if (std::any_of(found.begin(), found.end(), [&](const std::string& root) { return !book.is_made(root); }))
    std::erase_if(found, [&](const std::string& root) { return book.is_made(root); });
  if (found.size() > 1)
    return fail(HKL_INVALID, fmt::format("\"{}\" is of more than one contact: {}; say which, by its id", who,
                                         fmt::join(found, ", ")));
  return *found.begin();
}

Person person_of(Sql& sql, const std::string& root) {
  Person person;
  Gathering(sql, person).run(root);
  read_journal(sql, person);
  return person;
}

}  // namespace hkl
