// Whom a new lead is given to (DESIGN section 4, step 7; metrics §3, §5.3):
// the first step of the policy that names somebody who still works here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contacts/choices.h"
#include "contacts/derive.h"

namespace hkl {

struct NewLead {
  std::string id;
  const InquiryRecord* inquiry;
  const Call* call;                 // or null
  const std::vector<Call>* calls;   // of the contact, in time order
  std::string earlier_responsible;  // of the contact's latest earlier lead
  Instant at{};                     // when the lead is made
};

struct Assignment {
  std::string employee;  // "" nobody yet
  // Set where it was nobody's at first: the moment somebody took it.
  std::optional<Instant> since;
};

class Distribution {
 public:
  Distribution(const Directory& directory, const LeadPolicy& policy, Choices& choices)
      : directory_(directory), policy_(policy), choices_(choices) {}

  Assignment assign(const NewLead& lead) const;

 private:
  Assignment by_steps(const NewLead& lead) const;
  std::string last_spoken(const NewLead& lead) const;
  std::string on_duty(const NewLead& lead) const;
  std::vector<std::string> members_at(Instant at) const;
  bool works_at(const std::string& employee, Instant at) const;
  bool shares_out() const;
  const Directory& directory_;
  const LeadPolicy& policy_;
  Choices& choices_;
};

}  // namespace hkl
