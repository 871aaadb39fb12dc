// The rows behind a figure, from the newest backwards and no further than
// they are wanted.
#pragma once

#include "columns/scan.h"

namespace hkl {

// Throws NotInColumns.
FoundRows rows_behind_figure(const ScanSpec& spec, const DrillRequest& request, Table& table, ScanWork& work);

}  // namespace hkl
