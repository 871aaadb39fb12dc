// What PBXs told of their agents: signed in, on a break, wrapping up
// (HKL_EVENT_PRESENCE of hookline/events.h).
//
// A break signs nobody in, and the "online" that ends it changes nothing else: of a
// member that the PBX's configuration names, breaks are all that is ever told.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "contacts/directory.h"
#include "store/sql.h"

namespace hkl {

struct PresenceStretch {
  std::uint32_t kind = 0;  // HKL_STRETCH_ONLINE, _PAUSE, _ACW
  std::int64_t from_ms = 0;
  std::int64_t to_ms = 0;  // HKL_UNKNOWN_MS: it goes on
};

// By employee, of those whom the extension was mapped to when the stretch began;
// everything that began before until_ms. Each queue tells for itself, so stretches
// of one kind may overlap. Throws SqlError.
std::map<std::string, std::vector<PresenceStretch>> heard_presence(Sql& sql, const Directory& directory,
                                                                   std::int64_t until_ms);

}  // namespace hkl
