// A lead classifier: who calls at night did not see an advertisement.
#include "hookline/sdk/plugin.h"

namespace {

struct Settings {
  std::int64_t from_hour = 23;
  std::int64_t to_hour = 6;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(from_hour, "Hour of the day when the night begins").range(0, 23),
                  HOOKLINE_FIELD(to_hour, "Hour of the day when it is over").range(0, 23))

namespace {

class NightCalls final : public hookline::LeadClassifier<Settings> {
 public:
  void configured() override {
    if (settings().from_hour == settings().to_hour)
      throw hookline::Failure(HKL_BAD_SETTINGS, "from_hour and to_hour are equal; there would be no night");
  }

  hookline::Opinion classify(const hkl_inquiry& inquiry) override {
    const auto hour = hour_of(inquiry.touch->at_ms);
    if (!hour || !is_night(*hour)) return hookline::Opinion::none();
    return hookline::Opinion::of(HKL_QUALITY_NON_TARGET, "night", "came at " + std::to_string(*hour) + " o'clock");
  }

 private:
  // By the source's zone; a plugin asks the host, it has no clock or zones.
  std::optional<std::int64_t> hour_of(std::int64_t at_ms) const {
    const auto* time = host().find<hkl_host_time>(HKL_HOST_TIME_V1);
    hkl_local_time local{};
    local.struct_size = sizeof local;
    if (time == nullptr || time->to_local(host().get(), at_ms, {}, &local) != HKL_OK) return std::nullopt;
    return local.hour;
  }
  bool is_night(std::int64_t hour) const {
    const auto from = settings().from_hour, to = settings().to_hour;
    return from < to ? from <= hour && hour < to : hour >= from || hour < to;
  }
};

}  // namespace

HOOKLINE_PLUGIN(NightCalls, {"com.example.night-calls", "1.0.0", "Example", "MIT",
                             "Marks inquiries of the night as non-target", HKL_HOST_TIME_V1})
