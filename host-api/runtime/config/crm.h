// The section `crm`: where entities are sent by signed webhooks, and the
// addresses of their cards.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/reading.h"

namespace hkl {

CrmConfig read_crm(const ConfigReading& reading);

}  // namespace hkl
