// Where records are found: settings that CDR and CEL share.
#pragma once

#include "hookline/sdk/pbx_adapter.h"
#include "hookline/sdk/settings.h"
#include "layout.h"

namespace asterisk {

struct RecordPlaces {
  std::string_view file;
  hookline::TextMap columns;
  std::string_view separator = ",";
  std::string_view from;
  std::string_view database;
  std::string_view key = "id";
  std::string_view first_key = "0";
  hookline::Duration every{10000}, late{600000};
};

#define ASTERISK_RECORD_PLACE_FIELDS                                                                                  \
  HOOKLINE_FIELD(file, "The file to follow, across rotation; empty: what is imported, or the database"),              \
      HOOKLINE_FIELD(columns,                                                                                         \
                     "By the file's name, or a pattern of it (Custom*.csv): the names of its columns in order. Not "  \
                     "needed for the layouts of Asterisk's own samples, nor where the first line names the columns"), \
      HOOKLINE_FIELD(separator, "What stands between two cells"),                                                     \
      HOOKLINE_FIELD(from, "Records before this day or moment are left out, e.g. 2026-03-01 or 2026-03-01 09:00:00"), \
      HOOKLINE_FIELD(database, "A database to ask in place of a file: postgresql://… or sqlite:PATH; not logged")     \
          .secret(),                                                                                                  \
      HOOKLINE_FIELD(key, "Column of the query that grows with each row"),                                            \
      HOOKLINE_FIELD(first_key, "What :after is at the first time: below every key, of its kind"),                    \
      HOOKLINE_FIELD(every, "How often the database is asked").positive(),                                            \
      HOOKLINE_FIELD(late,                                                                                            \
                     "How long after rows with greater keys a row may appear; where the key is the time a "           \
                     "call began, as long as calls last")

inline void want_places(const RecordPlaces& places, std::string_view query, hookline::EndpointList& list) {
  if (!places.file.empty()) list.file(places.file);
  if (!places.database.empty())
    list.rows(places.database, query, places.key, places.every.ms, places.first_key, places.late.ms);
}

// Throws Failure for what cannot be.
inline char separator_of(const RecordPlaces& places) {
  if (places.separator == "\\t" || places.separator == "\t") return '\t';
  if (places.separator.size() != 1 || places.separator == "\"" || places.separator == "\n")
    throw hookline::Failure(HKL_BAD_SETTINGS, "separator: expected one character, such as \",\" or \";\"");
  return places.separator.front();
}

}  // namespace asterisk
