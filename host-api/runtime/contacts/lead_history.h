// A lead in the light of its history: "a lead's fields say what is, its
// changes what was" (DESIGN section 9), and each may stand in for what the
// other leaves out.
#pragma once

#include <vector>

#include "contacts/directory.h"
#include "model/records.h"

namespace hkl {

// A record of a lead that Hookline made and delivered as `made` need not
// repeat how it came to be. Who answers for it is not filled in: nobody is an
// answer too.
void fill_from_making(LeadRecord& lead, const LeadRecord& made);

// A lead that a record tells: what it leaves out is what the last change of
// that field made it; closed when its stage last became the closing one.
void fill_from_history(LeadRecord& lead, const std::vector<LeadChangeRecord>& changes, const Directory& directory);

// A lead of ours, as it was made: it becomes what the changes made it. Where
// the first change of a field does not say what was before, that is filled in.
// `changes` in time order.
void apply_history(LeadRecord& lead, std::vector<LeadChangeRecord>& changes, const Directory& directory);

}  // namespace hkl
