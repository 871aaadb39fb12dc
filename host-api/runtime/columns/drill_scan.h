// The rows behind a figure, from the newest backwards and no further than
// they are wanted.
#pragma once

#include "columns/scan.h"

namespace hkl {

// Takes dimensions out of the spec that are not needed to know the key's rows. Throws NotInColumns.
FoundRows rows_behind_figure(ScanSpec& spec, const DrillRequest& request, Table& table, ScanWork& work);

}  // namespace hkl
