// The derived tables: calls, contacts, inquiries, leads, tasks, outbox, as rows
// of the store. What a row means: store/migrations/0001_base.sql.
//
// Used by the writer's thread, inside its transaction. Throws SqlError.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "contacts/derive.h"
#include "model/call.h"
#include "model/records.h"
#include "pipeline/recent.h"
#include "store/sql.h"

namespace hkl {

// The key under which a call is folded: its PBX and the root of its
// references; for a call told by a record, "record:<id>".
struct CallKey {
  std::string pbx, root;
  auto operator<=>(const CallKey&) const = default;
};

class Tables {
 public:
  explicit Tables(Sql& sql) : sql_(sql) {}

  // --- Calls
  // Columns hold inside ids, which join; printed bodies hold `shown_contact`.
  // Kept in memory until write_calls(): a call is folded, and then derived with
  // its contact, and is written once. What asks for calls by their id, key or
  // contact sees it at once; everything else has them written first.
  // `body`: as it is printed, where that is known.
  void save_call(const CallKey& key, Call call, CallFacts facts, const std::string& shown_contact,
                 std::string body = {});
  // How much of a call its rows say already: `call` is all but what it is to reports.
  enum class Written { no, otherwise, call, all };
  // As far as memory goes, which keeps what was written here; nothing: the rows must be looked at.
  std::optional<Written> known_written(const CallKey& key, const Call& call, const CallFacts& facts,
                                       const std::string& shown_contact);
  // What was to be written of it is void: its rows are as they should be.
  void unsave(const std::string& id);
  void write_calls();
  // What is to be written was written, or is void.
  void forget_calls();
  void drop_call(const std::string& id);
  std::optional<Call> call(const std::string& id);  // the id itself, no alias
  std::string call_id_of(const CallKey& key);       // "" when there is none
  std::string call_of_name(const std::string& id_or_alias);
  std::optional<CallKey> key_of_call(const std::string& id);
  std::vector<Call> calls_of_contact(const std::string& contact);
  // Until it is written: the call is another's than it was, or comes after what it made, of which a rebuild and an
  // erasing keep what was delivered. What it made may be of somebody else then, and only then.
  void note_moved(const std::string& id) { moved_.insert(id); }
  void note_new(const std::string& id) { saved_.at(id).is_new = true; }  // it has no row yet
  bool was_moved(const std::string& id) const { return moved_.contains(id); }
  std::vector<std::string> calls_of_number(const std::string& number);
  std::vector<std::string> calls_on_line(const std::string& line, Instant from, Instant until);  // incoming
  std::vector<std::string> contacts_of_visitor(const std::string& visitor);  // told, or proven by a call
  std::vector<std::string> lone_calls_of_visitor(const std::string& visitor);
  std::vector<CallKey> calls_not_settled(const std::string& pbx);  // going on, or incomplete
  std::vector<CallKey> all_keys();
  bool has_calls();

  // --- What hangs on a contact. A row that is as it would be is not written: `stored` are the rows of its contact,
  // read at once; what is nobody's is looked for by itself.
  using Rows = std::map<std::string, std::string>;  // all that is compared, by id
  Rows inquiries_of(const std::vector<std::string>& contacts);
  Rows leads_of(const std::vector<std::string>& contacts);
  Rows tasks_of(const std::vector<std::string>& contacts);
  // `body`: as it is printed. False: the row is as it would be.
  bool save_inquiry(const InquiryRecord& inquiry, Direction direction, const std::string& body, const Rows& stored);
  void drop_inquiry(const std::string& id);
  std::string contact_of_inquiry(const std::string& inquiry);
  std::string call_of_inquiry(const std::string& inquiry);
  void save_lead(const LeadRecord& lead, const std::string& call, const std::vector<std::string>& groups, bool is_ours,
                 const std::string& body, const Rows& stored);
  void drop_lead(const std::string& id);
  std::vector<std::string> lead_ids_of(const std::string& contact);
  std::vector<std::string> lead_ids_of_call(const std::string& call);  // ours, whosever contact's
  std::string contact_of_lead(const std::string& lead);
  std::string call_of_lead(const std::string& lead);
  void save_task(const TaskRecord& task, bool is_ours, const std::string& shown_contact, const Rows& stored);
  void drop_task(const std::string& id);
  std::vector<std::string> task_ids_of(const std::string& contact);
  std::vector<std::string> task_ids_of_call(const std::string& call);  // ours
  std::string call_of_task(const std::string& task);
  std::string contact_of_call(const std::string& call);

  // --- Outbox
  static constexpr int kRankContact = 1, kRankCall = 2, kRankInquiry = 3, kRankLead = 4, kRankTask = 5;
  // `state` is what decides whether it is news: the body with inside ids, so
  // that an id the CRM gave is not told back to it.
  void put_outbox(const char* entity, const std::string& id, const std::string& contact, int rank,
                  const std::string& body, const std::string& state);
  // What was never told is forgotten; what was told is sent once more as `body`.
  void withdraw_outbox(const char* entity, const std::string& id, const std::string& body);
  // Of no use any more, told or not.
  void drop_outbox(const char* entity, const std::string& id);
  // Told, and no longer asked for by the rules: it stays (derive.h).
  void fix_in_outbox(const char* entity, const std::string& id);
  // The CRM took it, or need not be told of it.
  void note_told(const char* entity, const std::string& id);
  bool was_told(const char* entity, const std::string& id);
  // Not: it was put into the outbox here, and nobody told it since. Else it takes a look (was_told).
  bool may_be_told(const char* entity, const std::string& id);
  std::string told_body(const char* entity, const std::string& id);

  // Rows of calls or of the outbox were changed by other ways, or changes of them were rolled back.
  void forget_written() {
    put_.clear();
    read_.clear();
  }

 private:
  struct Saved {
    CallKey key;
    Call call;
    CallFacts facts;
    std::string shown_contact, body;
    bool is_new = false;  // it has no row
  };
  // A call as it is stored. What was read or written lately is not read again.
  struct Known {
    CallKey key;
    Call call;
    // What else its rows hold, where they were written here.
    std::optional<CallFacts> facts;
    std::string shown_contact;
  };
  struct Put {
    std::uint64_t said = 0;  // a hash of it all
    bool is_untold = false;  // for certain
  };
  static constexpr std::size_t kCallsKnownAtMost = 6000;  // of each half: some forty megabytes in all
  static constexpr std::size_t kPutAtMost = 30000;        // of each half: some five megabytes
  Call read(const CallKey& key, const std::string& id, std::string_view stored);
  void write_call(Saved& saved);
  void know(Saved& saved);
  Written written(const Saved& saved, const std::string& body, const std::string& stored);
  void write_facts(const Saved& saved);
  void drop_call_details(const std::string& id);
  Rows rows_of(const char* sql, const std::vector<std::string>& keys);
  bool is_stored(const char* by_id, const std::string& id, const std::string& contact, const std::string& row,
                 const Rows& stored);
  void forget_told(const char* entity, const std::string& id);
  void forget_saved();
  Sql& sql_;
  std::unordered_map<std::string, Saved> saved_;  // by id
  std::map<CallKey, std::string> saved_of_key_;
  std::unordered_map<std::string, std::set<std::string>> saved_of_contact_;
  std::unordered_map<std::string, CallKey> keys_;  // of calls that were read with their contact
  std::unordered_set<std::string> moved_;
  Recent<Known> read_{kCallsKnownAtMost};  // by id
  Recent<Put> put_{kPutAtMost};            // into the outbox, by entity and id
};

}  // namespace hkl
