// MacroCRM's report on calls (metrics §3): all it does is declare.
#include "definition.h"
#include "hookline/sdk/plugin.h"
#include "hookline/sdk/report_defaults.h"

namespace {

constexpr std::string_view kCredits[] = {"first", "last", "each"};
constexpr std::string_view kFirstCounts[] = {"any", "in"};
constexpr std::string_view kMinutes[] = {"floor_sum", "floor_each", "ceil_each"};

struct Settings {
  std::string_view credit = "first";
  std::string_view minutes = "floor_sum";
  std::int64_t first_gap_days = 0;
  std::string_view first_counts = "any";
  hookline::Duration callback_within;
};

}  // namespace

HOOKLINE_SETTINGS(
    Settings, HOOKLINE_FIELD(credit, "Whom a call counts for, unless asked otherwise").one_of(kCredits),
    HOOKLINE_FIELD(minutes, "How minutes are counted, unless asked otherwise").one_of(kMinutes),
    HOOKLINE_FIELD(first_gap_days,
                   "A call is also first after so many days without one, unless asked otherwise; 0: never")
        .range(0, 36500),
    HOOKLINE_FIELD(first_counts, "Which earlier calls make one not the first, unless asked otherwise")
        .one_of(kFirstCounts),
    HOOKLINE_FIELD(callback_within,
                   "How soon a talk has to begin to be a call back, unless asked otherwise; 0s: whenever"))

namespace {

class CallsByManager final : public hookline::Report<Settings> {
 public:
  std::string definition() override {
    return hookline::ReportDefaults(calls_by_manager::kDefinition)
        .credit(settings().credit)
        .word("minutes", settings().minutes)
        .number_or_never("first_gap_days", settings().first_gap_days)
        .word("first_counts", settings().first_counts)
        .duration_or_none("callback_within", settings().callback_within)
        .text();
  }
};

}  // namespace

HOOKLINE_PLUGIN(CallsByManager, {"calls-by-manager", "1.0.0", "Hookline", "Apache-2.0",
                                 "Calls, minutes, missed calls and leads of each manager"})
