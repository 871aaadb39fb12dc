// How deep the SQL of an expression nests. SQLite's parser has a stack of 100
// places and refuses what needs more with "parser stack overflow", so that is
// counted beforehand, where the place in the expression is still known.
#pragma once

#include "reports/expression.h"

namespace hkl {

// Of 100 places the statement around takes up to 34: two window functions over
// a subquery over a subquery, a condition within an aggregate.
inline constexpr int kMaxNesting = 66;

// Sets `size` and `nesting` of a node whose children have theirs.
void set_nesting(Node& node);

}  // namespace hkl
