// Which of the reasons why nobody answered is told.
#pragma once

#include "model/call.h"

namespace hkl {

// Of several that apply at once the one with the least rank (metrics §4.1);
// what was not told comes after all.
constexpr int rank_of(Reason reason) {
  switch (reason) {
    case Reason::employee_busy:
    case Reason::client_busy:
      return 0;
    case Reason::employee_no_answer:
    case Reason::client_no_answer:
      return 1;
    case Reason::employee_rejected:
    case Reason::client_rejected:
      return 2;
    case Reason::employee_unavailable:
    case Reason::client_unavailable:
      return 3;
    case Reason::not_told:
      return 5;
    default:
      return 4;
  }
}

}  // namespace hkl
