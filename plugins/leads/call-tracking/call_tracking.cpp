// Ties a call to the visit of a site whose number it dialled, and credits it
// to the advertising source of that visit.
#include <map>
#include <string>

#include "hookline/sdk/plugin.h"

namespace {

using hookline::Duration;
using hookline::Opinion;
using hookline::view;

constexpr std::int64_t kMinuteMs = 60'000, kDayMs = 24 * 60 * kMinuteMs;

struct Settings {
  Duration grace{10 * kMinuteMs}, lease{30 * kMinuteMs};
  std::int64_t returning_days = 0;
  hookline::TextMap sources;
  std::string_view other;
};

}  // namespace

HOOKLINE_SETTINGS(
    Settings,
    HOOKLINE_FIELD(grace,
                   "A call so long after its visitor's lease of the number has ended is still theirs; at most 1d"),
    HOOKLINE_FIELD(lease, "How long a number is a visitor's where the visit does not tell; at most 1d").positive(),
    HOOKLINE_FIELD(returning_days,
                   "A contact who calls a number that is nobody's now is tied to their latest visit of so many days "
                   "before; 0: to none")
        .range(0, 365),
    HOOKLINE_FIELD(sources,
                   "Advertising sources with the visits that they pay for, source/medium or source alone, where the "
                   "`step` of `ad_sources` does not say it: {google-ads: [\"google/cpc\", \"gads\"]}"),
    HOOKLINE_FIELD(other, "The source of calls by all other visits; empty: that of the line, if it has one"))

namespace {

// One number is leased to one visitor at a time, so where leases overlap the
// pool was too small, and handed a number out again because it counted its
// holder as gone: the newest visit is believed.
class CallTracking final : public hookline::LeadClassifier<Settings> {
 public:
  void configured() override {
    for (const auto& [name, span] : {std::pair("grace", settings().grace), std::pair("lease", settings().lease)})
      if (span.ms > kDayMs)
        throw hookline::Failure(HKL_BAD_SETTINGS, std::string(name) + ": at most 1d: the host looks no further");
    for (const auto& source : settings().sources)
      for (const auto& step : source.texts) {
        const auto [before, is_new] = source_of_step_.emplace(in_small(step), source.name);
        if (!is_new && before->second != source.name)
          throw hookline::Failure(HKL_BAD_SETTINGS, "sources: visits of " + std::string(step) + " belong to both " +
                                                        before->second + " and " + std::string(source.name));
      }
  }

  Opinion classify(const hkl_inquiry& inquiry) override {
    const auto& touch = *inquiry.touch;
    if (touch.direction != HKL_DIRECTION_IN || touch.at_ms == HKL_UNKNOWN_MS) return Opinion::none();
    const auto leases = held_at(inquiry, 0);
    if (leases.count > 1)
      return credited(*leases.newest, "newest_lease",
                      shown_to(*leases.newest, touch) + "; " + std::to_string(leases.count) +
                          " leases of it overlap, and a number goes out again when its holder is thought gone");
    if (leases.count == 1) return credited(*leases.newest, "lease", shown_to(*leases.newest, touch));
    if (const auto late = held_at(inquiry, settings().grace.ms); late.count > 0)
      return credited(*late.newest, "grace",
                      shown_to(*late.newest, touch) + ", " + ago(touch.at_ms - end_of(*late.newest)) +
                          " after the lease had ended");
    // A number that belongs to one source tells more than an old visit.
    if (!view(touch.line_ad_source).empty() && view(touch.line_tracking) != "dynamic") return Opinion::none();
    if (const auto* visit = latest_of_contact(inquiry))
      return credited(*visit, "returning",
                      "the contact's latest visit, " + ago(touch.at_ms - visit->at_ms) + " before");
    return Opinion::none();
  }

 private:
  struct Leases {
    const hkl_visit* newest = nullptr;
    std::size_t count = 0;
  };
  // Those that lasted until the call began, or ended so shortly before.
  Leases held_at(const hkl_inquiry& inquiry, std::int64_t grace_ms) const {
    Leases leases;
    for (std::uint64_t i = 0; i < inquiry.shown_count; ++i) {
      const auto& visit = *inquiry.shown[i];
      if (visit.at_ms > inquiry.touch->at_ms || end_of(visit) + grace_ms < inquiry.touch->at_ms) continue;
      leases.newest = &visit;
      ++leases.count;
    }
    return leases;
  }

  std::int64_t end_of(const hkl_visit& visit) const {
    return visit.line_until_ms == HKL_UNKNOWN_MS ? visit.at_ms + settings().lease.ms : visit.line_until_ms;
  }

  const hkl_visit* latest_of_contact(const hkl_inquiry& inquiry) const {
    const auto at_ms = inquiry.touch->at_ms;
    for (auto i = inquiry.visit_count; i-- > 0;) {
      const auto& visit = *inquiry.visits[i];
      if (visit.at_ms > at_ms) continue;
      return visit.at_ms >= at_ms - settings().returning_days * kDayMs ? &visit : nullptr;
    }
    return nullptr;
  }

  Opinion credited(const hkl_visit& visit, std::string rule, std::string why) const {
    Opinion opinion;
    opinion.rule = std::move(rule);
    opinion.why = std::move(why);
    opinion.visit = view(visit.id);
    opinion.ad_source = source_of(visit);
    return opinion;
  }

  std::string source_of(const hkl_visit& visit) const {
    const auto source = in_small(view(visit.source).empty() ? "direct" : view(visit.source));
    auto found = source_of_step_.find(source + "/" + in_small(view(visit.medium)));
    if (found == source_of_step_.end()) found = source_of_step_.find(source);
    if (found != source_of_step_.end()) return found->second;
    return std::string(view(visit.ad_source).empty() ? settings().other : view(visit.ad_source));
  }

  static std::string shown_to(const hkl_visit& visit, const hkl_touch& touch) {
    return "the visitor " + std::string(view(visit.visitor)) + " was shown " + std::string(view(touch.line)) + " " +
           ago(touch.at_ms - visit.at_ms) + " before the call";
  }

  // In the largest unit that is whole, or in seconds: "90 s", "3 min", "2 h", "5 d".
  static std::string ago(std::int64_t ms) {
    constexpr std::pair<std::int64_t, const char*> kUnits[] = {
        {kDayMs, " d"}, {60 * kMinuteMs, " h"}, {kMinuteMs, " min"}, {1000, " s"}};
    for (const auto& [unit, name] : kUnits)
      if (ms >= unit && ms % unit == 0) return std::to_string(ms / unit) + name;
    return std::to_string(ms / 1000) + " s";
  }

  // Addresses of campaigns are written by hand: Google/CPC is google/cpc.
  static std::string in_small(std::string_view word) {
    std::string small(word);
    for (auto& c : small)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return small;
  }

  std::map<std::string, std::string> source_of_step_;
};

}  // namespace

HOOKLINE_PLUGIN(CallTracking, {"call-tracking", "1.0.0", "Hookline", "Apache-2.0",
                               "Ties calls to the visits of a site whose numbers they dialled"})
