// Settings of a source that reads call detail records.
#pragma once

#include "numbering.h"
#include "record_settings.h"

namespace asterisk {

struct CdrSettings : NumberPlan, RecordPlaces {
  std::string_view query = "SELECT * FROM cdr WHERE id > :after ORDER BY id LIMIT 10000";
  std::string_view line_column = "did", recording_column = "recordingfile";
};

}  // namespace asterisk

HOOKLINE_SETTINGS(asterisk::CdrSettings, ASTERISK_RECORD_PLACE_FIELDS,
                  HOOKLINE_FIELD(query, "What is asked of the database; :after is the greatest key seen"),
                  HOOKLINE_FIELD(line_column,
                                 "Column that holds the number dialled from outside; \"in:…\" before it is left out"),
                  HOOKLINE_FIELD(recording_column,
                                 "Column that holds the recording's file; \"rec=\" before it is left out"),
                  ASTERISK_NUMBER_PLAN_FIELDS)
