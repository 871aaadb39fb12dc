// The canonical records besides calls (DESIGN section 9), as the runtime holds
// them. An empty text is null; an empty optional is null or not told.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/call.h"
#include "values/instant.h"
#include "values/words.h"

namespace hkl {

// Half-open: from <= t < to; an empty end is for ever.
struct Period {
  std::optional<Instant> from, to;
  bool holds(Instant at) const { return (!from || *from <= at) && (!to || at < *to); }
};

struct EmployeeRecord {
  struct InDepartment {
    std::string id;
    Period period;
  };
  struct OnExtension {
    std::string source, number;  // source: a pbx's name
    Period period;
  };
  std::string id, name;
  std::vector<InDepartment> departments;
  std::vector<std::string> groups;
  std::string office, calendar;
  std::optional<Instant> dismissed_at;
  std::vector<OnExtension> extensions;
};

struct DepartmentRecord {
  std::string id, name;
  std::vector<std::string> queues, duty;
};

struct OfficeRecord {
  std::string id, name, timezone;
};

struct PresenceRecord {
  std::string id, employee, reason;
  Presence state{};
  Period period;
};

struct AdSourceRecord {
  std::string id, name, group;
  std::vector<std::string> tags;
  bool counted = true;
  std::string step_source, step_medium;
};

struct LineRecord {
  std::string id, name, ad_source, site, tracking, calendar;  // id: E.164; tracking: none, static, dynamic
};

struct FunnelRecord {
  struct Stage {
    std::string id, name;
    std::vector<std::string> groups;
  };
  std::string id, name;
  std::vector<Stage> stages;
};

struct ContactRecord {
  std::string id, name;
  std::vector<std::string> numbers, emails, visitors;
  std::string merged_into;
};

struct LeadRecord {
  std::string id, contact, kind, title, note, funnel, stage, responsible, ad_source, object;
  std::optional<Instant> created_at;
  std::string created_by;  // call, request, manual, chat
  std::string creator, inquiry;
  std::optional<Instant> order_at, sale_at, closed_at;
  std::string merged_into;
  std::optional<std::int64_t> amount;  // minor units
  std::string currency;
  std::vector<std::string> tags;
};

struct LeadChangeRecord {
  std::string id, lead;
  std::optional<Instant> at;
  std::string by, field;                // field: stage, responsible, order, sale, amount
  std::optional<std::string> from, to;  // amounts and times as their text
  bool with_inquiries = false;
};

struct InquiryRecord {
  std::string id;
  InquiryKind kind{};
  std::string contact, call;
  std::optional<Instant> at;
  std::string number, email, text, visitor;
  std::optional<Instant> taken_at;
  std::string taken_by, taken_how;  // talked, opened, assigned
  std::string lead, ad_source, channel, object;
  // Printed; coming in only a mark sets them.
  Quality quality{};
  Tri advertising{};
  std::string why;
  // Of the runtime's own, not printed as fields of their own.
  bool by_hand = false, is_history = false;
};

struct VisitRecord {
  std::string id, visitor;
  std::optional<Instant> at;
  std::string source, medium, campaign, ad, keyword, site, page, city;
  std::map<std::string, std::string> tags;
  std::string line;
  std::optional<Instant> line_until;
};

// One mark by hand: of an inquiry or of a call.
struct MarkRecord {
  std::string id;  // made from its content
  std::string inquiry, call;
  std::optional<Quality> quality;  // no_opinion: a mark taken back
  std::optional<std::vector<std::string>> tags;
  std::optional<int> rating;
  std::string by;
  std::optional<Instant> at;
};

struct TaskRecord {
  std::string id, kind, rule, title, contact, lead, call;
  std::vector<std::string> more_calls;
  std::string assignee;
  std::optional<Instant> created_at, deadline_at, done_at;
  std::string done_by, done_call;
  TaskState state{};
  std::string why;
  std::string key;  // of its rule; not printed
};

using AnyRecord = std::variant<Call, EmployeeRecord, DepartmentRecord, OfficeRecord, PresenceRecord, AdSourceRecord,
                               LineRecord, FunnelRecord, ContactRecord, LeadRecord, LeadChangeRecord, InquiryRecord,
                               VisitRecord, MarkRecord, TaskRecord>;

// A record as it came or goes, with what any record may carry.
struct CanonicalRecord {
  std::string type;  // "call", "employee", …
  std::string id;    // its own, or made from its content
  std::optional<Instant> updated_at, deleted_at;
  AnyRecord record;
  bool is_history = false;  // moved in from elsewhere; of the runtime's own, not printed
};

}  // namespace hkl
