// The leads of one contact as they come to be: those that records told, and
// those that the policy makes of its inquiries, asked for in time order
// (metrics §1.7, §5.3).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contacts/derive.h"
#include "contacts/distribution.h"

namespace hkl {

// A lead as it stood at some moment.
struct LeadState {
  bool is_open = false;
  std::string stage, responsible;
};

class LeadBook {
 public:
  LeadBook(const ContactInput& input, const Directory& directory, const LeadPolicy& policy, Choices& choices);

  // The open lead of the contact at a moment, or null; of several the one made last.
  const LeadRecord* open_at(Instant at) const;
  LeadState state_at(const LeadRecord& lead, Instant at) const;
  // The lead that a record says was made from the inquiry, or null.
  const LeadRecord* told_from(const std::string& inquiry) const;

  // Whether somebody changed the lead that was made of the inquiry.
  bool is_touched(const std::string& inquiry) const;

  // One inquiry for which the policy may make a lead.
  struct Cause {
    const InquiryRecord* inquiry;
    const Call* call;       // or null
    bool is_first = false;  // of the contact
    const std::vector<Call>* calls;
  };
  // The moment at which the policy may make one of it, if ever.
  std::optional<Instant> due(const Cause& cause) const;
  // Whether it is wanted at that moment, after all leads made before.
  bool is_needed(const Cause& cause, Instant at) const;
  const LeadRecord& make(const Cause& cause, Instant at);

  // A lead that was delivered and that nothing asks for any more stays. False:
  // it is here.
  bool keep(const LeadRecord& lead);

  // Of its open lead, else of the latest one: who answers for the contact.
  std::string responsible() const;
  const std::vector<LeadRecord>& leads() const { return leads_; }
  std::vector<LeadRecord> take() { return std::move(leads_); }

 private:
  std::string next_id(const Cause& cause);
  std::string earlier_responsible(Instant at) const;
  LeadRecord* told(const std::string& id);  // or made: any that is here
  void fill_in_told();
  const ContactInput& input_;
  const Directory& directory_;
  const LeadPolicy& policy_;
  Distribution distribution_;
  std::vector<LeadChangeRecord> changes_;  // in time order
  std::vector<LeadRecord> leads_;          // told, in time order, then made
  std::vector<std::string> free_;          // ids delivered earlier that no lead has yet, in time order
  std::size_t made_ = 0;
};

}  // namespace hkl
