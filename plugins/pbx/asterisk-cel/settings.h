// Settings of a source that reads Channel Event Logging.
#pragma once

#include "numbering.h"
#include "record_settings.h"

namespace asterisk {

struct CelSettings : NumberPlan, RecordPlaces {
  std::string_view query = "SELECT * FROM cel WHERE id > :after ORDER BY id LIMIT 10000";
};

}  // namespace asterisk

HOOKLINE_SETTINGS(asterisk::CelSettings, ASTERISK_RECORD_PLACE_FIELDS,
                  HOOKLINE_FIELD(query, "What is asked of the database; :after is the greatest key seen"),
                  ASTERISK_NUMBER_PLAN_FIELDS)
