// Tells a contact's first advertising inquiry from those that follow it: the
// rules of metrics §7.1 that need nothing but the contact's own history.
// What is spam is other classifiers' business; put them before this one.
#include "hookline/sdk/plugin.h"

namespace {

using hookline::Opinion;

constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1000;

struct Settings {
  std::int64_t repeat_gap_days = 0;
  bool confirm_target = false;
};

}  // namespace

HOOKLINE_SETTINGS(Settings,
                  HOOKLINE_FIELD(repeat_gap_days,
                                 "Only inquiries of so many days before count as earlier; 0: all of them")
                      .range(0, 36500),
                  HOOKLINE_FIELD(confirm_target, "A first inquiry is a target only when an employee has marked it so"))

namespace {

class RepeatContact final : public hookline::LeadClassifier<Settings> {
 public:
  Opinion classify(const hkl_inquiry& inquiry) override {
    const auto& touch = *inquiry.touch;
    if (touch.is_by_hand != 0) return Opinion::none();
    if (touch.direction == HKL_DIRECTION_INTERNAL)
      return Opinion::of(HKL_QUALITY_NON_TARGET, "internal", "both ends are ours");

    const bool is_advertising = touch.is_advertising != HKL_TRI_NO;
    if (const auto* earlier = latest_earlier(inquiry, is_advertising))
      return Opinion::of(HKL_QUALITY_REPEAT, "repeat", "after the " + named(*earlier, is_advertising));
    if (touch.taken_at_ms == HKL_UNKNOWN_MS)
      return Opinion::of(HKL_QUALITY_UNSORTED, "not_taken", "nobody took it yet");
    if (!is_advertising)
      return Opinion::of(HKL_QUALITY_UNVERIFIED, "not_advertising", "the first inquiry, but not an advertising one");
    if (hookline::view(inquiry.contact->id).empty())
      return Opinion::of(HKL_QUALITY_UNVERIFIED, "no_contact", "nobody knows whose it is");
    // Who confirms marks it by hand, and that mark stands above this rule.
    if (settings().confirm_target)
      return Opinion::of(HKL_QUALITY_UNVERIFIED, "not_confirmed", "no employee has confirmed it");
    return Opinion::of(HKL_QUALITY_TARGET, "first", "the first advertising inquiry of the contact");
  }

 private:
  // The latest inquiry that takes the first place away: never a non-target
  // one, and an advertising inquiry loses it to advertising ones alone.
  const hkl_touch* latest_earlier(const hkl_inquiry& inquiry, bool is_advertising) const {
    for (auto i = inquiry.earlier_count; i-- > 0;) {
      const auto& earlier = *inquiry.earlier[i];
      if (earlier.quality == HKL_QUALITY_NON_TARGET) continue;
      if (is_advertising && earlier.is_advertising == HKL_TRI_NO) continue;
      if (is_within_gap(earlier, *inquiry.touch)) return &earlier;
    }
    return nullptr;
  }

  static std::string named(const hkl_touch& touch, bool is_advertising) {
    const bool is_call = !hookline::view(touch.call).empty();
    return std::string(is_advertising ? "advertising " : "") + (is_call ? "call " : "inquiry ") +
           std::string(hookline::view(is_call ? touch.call : touch.inquiry));
  }

  bool is_within_gap(const hkl_touch& earlier, const hkl_touch& touch) const {
    if (settings().repeat_gap_days == 0) return true;
    if (earlier.at_ms == HKL_UNKNOWN_MS || touch.at_ms == HKL_UNKNOWN_MS) return false;
    return earlier.at_ms >= touch.at_ms - settings().repeat_gap_days * kDayMs;
  }
};

}  // namespace

HOOKLINE_PLUGIN(RepeatContact, {"repeat-contact", "1.0.0", "Hookline", "Apache-2.0",
                                "Tells first inquiries of a contact from repeated ones"})
