// `leads:` of the config.
#pragma once

#include "config/reading.h"
#include "contacts/derive.h"

namespace hkl {

// Complains of a stage that the funnel of new leads does not have.
LeadPolicy read_leads(const ConfigReading& reading, const Directory& directory);

}  // namespace hkl
