#include "exit_code.h"

namespace cli {

int exit_code_of(hkl_status status) {
  switch (status) {
    case HKL_OK:
      return kGood;
    case HKL_INVALID:
    case HKL_BAD_SETTINGS:
    case HKL_NOT_FOUND:
    case HKL_AUTH:
    case HKL_PROTOCOL:
    case HKL_UNSUPPORTED:
      return kWrongUse;
    default:
      return kNo;  // not now, stopped, full, partly, or a fault of ours
  }
}

}  // namespace cli
