#include "causes.h"

#include <utility>

#include "hookline/words.h"

namespace freeswitch {
namespace {

constexpr Cause kBusy{HKL_LEG_BUSY, HKL_REASON_EMPLOYEE_BUSY, HKL_REASON_CLIENT_BUSY};
constexpr Cause kNoAnswer{HKL_LEG_NO_ANSWER, HKL_REASON_EMPLOYEE_NO_ANSWER, HKL_REASON_CLIENT_NO_ANSWER};
constexpr Cause kRejected{HKL_LEG_REJECTED, HKL_REASON_EMPLOYEE_REJECTED, HKL_REASON_CLIENT_REJECTED};
constexpr Cause kUnavailable{HKL_LEG_UNAVAILABLE, HKL_REASON_EMPLOYEE_UNAVAILABLE, HKL_REASON_CLIENT_UNAVAILABLE};
// The number leads nowhere: the route failed, whoever it was for.
constexpr Cause kNoSuch{HKL_LEG_FAILED, HKL_REASON_EMPLOYEE_UNAVAILABLE, HKL_REASON_CLIENT_UNAVAILABLE};
constexpr Cause kNetwork{HKL_LEG_FAILED, HKL_REASON_NETWORK, HKL_REASON_NETWORK};
constexpr Cause kTechnical{HKL_LEG_FAILED, HKL_REASON_TECHNICAL, HKL_REASON_TECHNICAL};
constexpr Cause kSecurity{HKL_LEG_FAILED, HKL_REASON_SECURITY, HKL_REASON_SECURITY};
constexpr Cause kElsewhere{HKL_LEG_ELSEWHERE, 0, 0};
constexpr Cause kLimit{HKL_LEG_FAILED, HKL_REASON_LIMIT, HKL_REASON_LIMIT};
constexpr Cause kConfigured{HKL_LEG_FAILED, HKL_REASON_NOT_CONFIGURED, HKL_REASON_NOT_CONFIGURED};

constexpr std::pair<std::string_view, Cause> kCauses[] = {
    {"USER_BUSY", kBusy},
    {"BUSY_EVERYWHERE", kBusy},
    {"NO_ANSWER", kNoAnswer},
    {"NO_USER_RESPONSE", kNoAnswer},
    {"ALLOTTED_TIMEOUT", kNoAnswer},
    {"PROGRESS_TIMEOUT", kNoAnswer},
    {"CALL_REJECTED", kRejected},
    {"DECLINE", kRejected},
    {"REJECT_ALL", kRejected},
    {"LOSE_RACE", kElsewhere},
    {"PICKED_OFF", kElsewhere},
    {"SUBSCRIBER_ABSENT", kUnavailable},
    {"USER_NOT_REGISTERED", kUnavailable},
    {"DESTINATION_OUT_OF_ORDER", kUnavailable},
    {"NUMBER_CHANGED", kUnavailable},
    {"DOES_NOT_EXIST_ANYWHERE", kUnavailable},
    {"GONE", kUnavailable},
    {"UNALLOCATED_NUMBER", kNoSuch},
    {"NO_ROUTE_DESTINATION", kNoSuch},
    {"NO_ROUTE_TRANSIT_NET", kNoSuch},
    {"INVALID_NUMBER_FORMAT", kNoSuch},
    {"INVALID_URL", kNoSuch},
    {"NORMAL_CIRCUIT_CONGESTION", kNetwork},
    {"SWITCH_CONGESTION", kNetwork},
    {"NETWORK_OUT_OF_ORDER", kNetwork},
    {"NORMAL_TEMPORARY_FAILURE", kNetwork},
    {"REQUESTED_CHAN_UNAVAIL", kNetwork},
    {"EXCHANGE_ROUTING_ERROR", kNetwork},
    {"RECOVERY_ON_TIMER_EXPIRE", kNetwork},
    {"GATEWAY_DOWN", kNetwork},
    {"MEDIA_TIMEOUT", kNetwork},
    {"SERVICE_UNAVAILABLE", kNetwork},
    {"SERVICE_NOT_IMPLEMENTED", kNetwork},
    {"INTERWORKING", kNetwork},
    {"PROTOCOL_ERROR", kTechnical},
    {"INCOMPATIBLE_DESTINATION", kTechnical},
    {"MANDATORY_IE_MISSING", kTechnical},
    {"BEARERCAPABILITY_NOTAVAIL", kTechnical},
    {"CRASH", kTechnical},
    {"SYSTEM_SHUTDOWN", kTechnical},
    {"MANAGER_REQUEST", kTechnical},
    {"CHAN_NOT_IMPLEMENTED", kConfigured},
    {"FACILITY_NOT_SUBSCRIBED", kConfigured},
    {"FACILITY_NOT_IMPLEMENTED", kConfigured},
    {"OUTGOING_CALL_BARRED", kSecurity},
    {"INCOMING_CALL_BARRED", kSecurity},
    {"BEARERCAPABILITY_NOTAUTH", kSecurity},
    {"USER_CHALLENGE", kSecurity},
    {"UNWANTED", kRejected},
    {"EXCHANGE_LIMIT", kLimit},
};

}  // namespace

Cause cause_of(std::string_view word) {
  for (const auto& [name, cause] : kCauses)
    if (name == word) return cause;
  return {0, 0, 0};
}

}  // namespace freeswitch
