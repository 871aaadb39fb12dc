// MacroCRM's report on calls (metrics §3): all it does is declare.
#include <stdexcept>

#include "definition.h"
#include "hookline/sdk/plugin.h"

namespace {

constexpr std::string_view kCredits[] = {"first", "last", "each"};
constexpr std::string_view kMinutes[] = {"floor_sum", "floor_each", "ceil_each"};

struct Settings {
  std::string_view credit = "first";
  std::string_view minutes = "floor_sum";
  std::int64_t first_gap_days = 0;
};

}  // namespace

HOOKLINE_SETTINGS(
    Settings, HOOKLINE_FIELD(credit, "Whom a call counts for, unless asked otherwise").one_of(kCredits),
    HOOKLINE_FIELD(minutes, "How minutes are counted, unless asked otherwise").one_of(kMinutes),
    HOOKLINE_FIELD(first_gap_days,
                   "A call is also first after so many days without one, unless asked otherwise; 0: never")
        .range(0, 36500))

namespace {

// Puts a setting where the definition has its default.
void set_default(std::string& definition, std::string_view written, const std::string& wanted) {
  const auto at = definition.find(written);
  if (at == std::string::npos) throw std::logic_error("the definition has no " + std::string(written));
  definition.replace(at, written.size(), "\"default\": " + wanted);
}

std::string quoted(std::string_view word) { return '"' + std::string(word) + '"'; }

class CallsByManager final : public hookline::Report<Settings> {
 public:
  std::string definition() override {
    std::string text(calls_by_manager::kDefinition);
    set_default(text, R"("default": "first")", quoted(settings().credit));
    set_default(text, R"("default": "floor_sum")", quoted(settings().minutes));
    const auto gap = settings().first_gap_days;
    set_default(text, R"("default": null)", gap == 0 ? "null" : std::to_string(gap));
    return text;
  }
};

}  // namespace

HOOKLINE_PLUGIN(CallsByManager, {"calls-by-manager", "1.0.0", "Hookline", "Apache-2.0",
                                 "Calls, minutes, missed calls and leads of each manager"})
