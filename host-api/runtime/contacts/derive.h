// Everything that follows from what one contact did: its inquiries with their
// quality, its leads, its tasks, and what each call is to reports (first,
// repeat, called back). A pure function of its arguments: asked again with one
// more fact it gives the new whole, and the pipeline stores the difference.
//
// Rules: metrics §1.6, §1.7, §5.3, §5.4, §7.1; DESIGN section 4, steps 5–8.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "contacts/choices.h"
#include "contacts/directory.h"
#include "contacts/opinions.h"
#include "model/call.h"
#include "model/records.h"

namespace hkl {

// Why an inquiry is as it is, when no classifier said anything of it.
inline constexpr const char *kNobodyTookIt = "nobody took it yet", *kNoOpinion = "no classifier has an opinion";

// `leads:` of the config.
struct LeadPolicy {
  enum class When { new_contact, no_open_lead, always, never };
  When when = When::no_open_lead;
  std::string create_at = "ring";  // ring, answer, end
  std::vector<std::string> distribution = {"responsible", "taker", "last_spoken"};
  std::vector<std::string> fan;  // who takes part where leads are shared out; empty: everybody
  std::string stage_missed = "unsorted", stage_fan = "check", stage_answered = "check";
  bool anonymous_creates = false, outgoing_creates = false, bind_to_taker = false;
  int sticky_days = 30;
};

// All that is known of one contact. For a call without contact (withheld,
// internal): an empty contact and that call alone.
struct ContactInput {
  ContactRecord contact;                 // merged ones are already united in it
  std::vector<Call> calls;               // any order
  std::vector<InquiryRecord> inquiries;  // as records said; those of calls too, if any
  std::vector<LeadRecord> leads;         // as records or the CRM said
  std::vector<LeadChangeRecord> lead_changes;
  std::vector<MarkRecord> marks;
  std::vector<VisitRecord> visits;                        // of the contact's visitors
  std::map<std::string, std::vector<VisitRecord>> shown;  // by call: visits that were shown its line (facts.h)
  std::vector<TaskRecord> told_tasks;  // closed or changed by hand, by records; same id as a derived one: wins
  std::vector<TaskRecord> kept_tasks;  // delivered earlier: keep their ids
  std::vector<LeadRecord> kept_leads;  // made and delivered earlier: keep their ids
  Instant now{};
  // A rebuild, which takes back nothing that was delivered: what is not asked
  // for any more is fixed, and stays.
  bool keeps_delivered = false;
  std::set<std::string> fixed;  // ids of such leads and tasks, from earlier rebuilds
  // By inquiry: what classifiers said before the contact was erased, when there
  // was more to judge by. They are not asked again.
  std::map<std::string, Verdict> settled;
};

// What a call is to reports, beside its record.
struct CallFacts {
  std::string call;
  Quality quality{};
  Tri advertising{};
  std::optional<Millis> gap_any;          // since the previous external call of the contact began; none: first
  std::optional<Millis> gap_inbound;      // since its previous inbound one
  bool is_counted = false;                // has a contact, so first, unique and repeat apply
  std::optional<Instant> called_back_at;  // a missed call: answered_at of the first talk after it
  std::string called_back_by, called_back_call;
  Direction called_back_direction{};
  std::optional<Instant> tried_back_at;    // first outgoing attempt after it
  std::optional<Instant> next_inbound_at;  // when the contact's first inbound call after its end began
  std::optional<Millis> three_inbound;     // the shortest time of three inbound calls in a row, this one among them
  bool begins_episode = false;             // of misses with no talk between
  std::string made_lead;                   // that counts: not merged away, not deleted
  // The credited visit: its visitor, where it was shown the line of the call; and who named it by which rule.
  std::string visitor, visit_why;

  bool operator==(const CallFacts&) const = default;
};

struct ContactState {
  std::vector<Call> calls;       // with contact, inquiry, lead, visit, tags filled
  std::vector<CallFacts> facts;  // one per call, same order
  std::vector<InquiryRecord> inquiries;
  std::vector<LeadRecord> leads;
  std::vector<TaskRecord> tasks;
  std::set<std::string> fixed;      // ids of kept leads and tasks that nothing asks for
  std::vector<std::string> faults;  // a plugin that failed: which, on what, why
};

ContactState derive(const ContactInput& input, const Directory& directory, const LeadPolicy& policy,
                    const std::vector<Classifier*>& classifiers, const std::vector<TaskRule*>& rules, Choices& choices);

}  // namespace hkl
