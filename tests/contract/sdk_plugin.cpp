// A lead classifier over the SDK, as its documentation shows one.
#include "hookline/sdk/plugin.h"

namespace {

constexpr std::string_view kActions[] = {"mark", "ignore"};

struct Settings {
  hookline::Duration min_talk{5000};
  std::int64_t calls_a_day = 2;
  std::string_view action = "mark";
  std::string_view token;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(min_talk, "Shorter answered calls count as brief").positive(),
                  HOOKLINE_FIELD(calls_a_day, "Brief calls that make a caller spam").range(1, 100),
                  HOOKLINE_FIELD(action, "What becomes of such a caller").one_of(kActions),
                  HOOKLINE_FIELD(token, "Of the black list").secret())

namespace {

class SpamGuard final : public hookline::LeadClassifier<Settings> {
 public:
  void configured() override {
    if (settings().calls_a_day == 100) throw hookline::Failure(HKL_BAD_SETTINGS, "calls_a_day: nobody calls so often");
  }
  hookline::Opinion classify(const hkl_inquiry& inquiry) override {
    std::int64_t brief = 0;
    for (std::uint64_t i = 0; i < inquiry.earlier_count; ++i) {
      if (inquiry.earlier[i]->talk_ms < settings().min_talk.ms) ++brief;
    }
    if (brief < settings().calls_a_day) return hookline::Opinion::none();
    return hookline::Opinion::of(HKL_QUALITY_NON_TARGET, "brief calls", std::to_string(brief) + " brief calls");
  }
};

}  // namespace

HOOKLINE_PLUGIN(SpamGuard, {"com.example.spam-guard", "1.0.0", "Example", "MIT",
                            "Marks callers who keep ringing off as spam", HKL_HOST_LOG_V1 " " HKL_HOST_PHONE_V1})
