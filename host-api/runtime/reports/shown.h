// Values as they are shown in tables and files, and as plain JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "reports/aggregates.h"
#include "reports/definition.h"
#include "reports/sheet.h"

namespace hkl {

// "—" for null; one decimal of averages and seconds, two of percentages,
// halves up (metrics §1.4.6); money with its currency; times in the zone.
SheetCell shown_figure(const Figure& figure, Display display, const std::string& zone);
// The same for files that are read by machines: "" for null, no blanks.
SheetCell exported_figure(const Figure& figure, Display display, const std::string& zone);
// What a time is kept as among figures: seconds since 1970 to the millisecond.
Instant moment_of(Rational seconds);
nlohmann::ordered_json number_json(Rational number);

// A column of a row as read from the store, by the type of its field.
struct FieldShow {
  const Field* field;
  const Directory* directory;
  std::string zone, language;
  bool is_for_people = true;  // a terminal; else a file: ids in place of names, null is empty
  std::string direction;      // of the row's call; "": not known
};
SheetCell shown_field(const FieldShow& show, const std::optional<std::string>& value);
SheetCell shown_yes_no(bool is_yes, const FieldShow& show);

}  // namespace hkl
