// The columns of a report that scans: declared by name and type, without
// expressions, since its plugin makes the figures.
#pragma once

#include "reports/members.h"

namespace hkl {

// {id, title, type: text | integer, names: employee | …, empty, when, definition, formula}
std::optional<Dimension> read_scan_dimension(Members& member, const Scope& settings);
// {id, title, type, when, definition, formula}
std::optional<Measure> read_scan_measure(Members& member, const Scope& settings);
// "contacts", "employees"; none with a complaint for another word.
ScanOver read_scan(Members& document);

// Whether the report cuts employees' time at the hours of the day.
bool read_takes_hours(Members& document, ScanOver scan);

// Whether the report counts no touch that is left out; of employees the host takes it away itself.
bool read_leaves_out(Members& document, ScanOver scan, const Entity& rows);

}  // namespace hkl
