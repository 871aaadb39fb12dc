// What somebody's role leaves of rows, as SQL, and of what is said of them.
#pragma once

#include <string>

#include "contacts/access.h"
#include "contacts/directory.h"
#include "reports/expression.h"
#include "reports/fields.h"
#include "reports/sql_text.h"

namespace hkl {

// The rows of an entity that are within the role: a call is of everybody who
// took part in it (or whose phone rang, when nobody answered), an inquiry of who
// took it, of who has its lead and of its call, a lead of who has it or made it,
// a task of who has to do it or did it, a contact of whoever has any of these.
// Empty: all of them. The departments are the employee's at `now`; who else is
// in them counts by the time of the row.
SqlText rows_within(const Access* access, const Entity& entity, const Directory* directory, Instant now);

enum class Asked : std::uint8_t { figures, rows };
// HKL_AUTH: the role may not see the entity, or not take it away in that format.
Done check_asked(const Access* access, const Entity& entity, Asked what, const std::string& format);

// Whether numbers and addresses of people are shown with stars in them.
bool is_masked(const Access* access);
// HKL_AUTH: the expression asks about what is shown with stars, and so would tell.
Done check_hidden(const Access* access, const Node& expression);
// A field whose texts are numbers or addresses, or hold them.
bool is_of_people(const Field& field);
bool asks_of_people(const Node& expression);
// These, and fields whose texts may quote such a one: what a rule says of a
// number, the name of a recording. One may ask by them, and sees them with stars.
bool may_quote_people(const Field& field);
bool quotes_people(const Node& expression);
bool asks_of_recordings(const Node& expression);

}  // namespace hkl
