// Marks what is no inquiry: internal calls, listed callers, talks too short to
// be any, robots that keep ringing (metrics §7.1, rule 2).
#include <set>
#include <string>
#include <vector>

#include "hookline/sdk/plugin.h"
#include "number_pattern.h"

namespace {

using hookline::Opinion;
using hookline::view;

struct Settings {
  std::int64_t min_talk_s = 5;
  hookline::Texts numbers, allowed;
  std::int64_t calls = 0;
  hookline::Duration within{std::int64_t{60} * 60 * 1000};
};

}  // namespace

HOOKLINE_SETTINGS(
    Settings,
    HOOKLINE_FIELD(min_talk_s, "An answered call that is shorter is none; 0: every talk counts").range(0, 3600),
    HOOKLINE_FIELD(numbers, "Callers that are spam: numbers, or patterns such as \"+7800*\""),
    HOOKLINE_FIELD(allowed, "Callers that never are, whatever the lists say"),
    HOOKLINE_FIELD(calls,
                   "A caller that rings oftener than so many times within `within` is a robot; 0: "
                   "that is not looked at")
        .range(0, 100000),
    HOOKLINE_FIELD(within, "The time in which calls are counted").positive())

namespace {

// Numbers and patterns of one list.
class NumberList {
 public:
  void add(const hookline::Texts& texts, const hookline::Host& host, const char* setting) {
    for (const auto& text : texts) {
      if (spam_guard::is_pattern(text)) {
        if (text.find_first_not_of("+0123456789*?") != text.npos)
          throw hookline::Failure(HKL_BAD_SETTINGS, std::string(setting) + ": \"" + std::string(text) +
                                                        "\" is no pattern; write digits, * for any and ? for one");
        patterns_.emplace_back(text);
      } else if (const auto number = host.e164(text)) {
        numbers_.insert(*number);
      } else {
        throw hookline::Failure(HKL_BAD_SETTINGS,
                                std::string(setting) + ": \"" + std::string(text) + "\" is no telephone number");
      }
    }
  }
  // The entry that the number is under, or nothing.
  std::string entry_of(std::string_view number) const {
    if (numbers_.contains(std::string(number))) return std::string(number);
    for (const auto& pattern : patterns_)
      if (spam_guard::matches(pattern, number)) return pattern;
    return {};
  }

 private:
  std::set<std::string> numbers_;
  std::vector<std::string> patterns_;
};

class SpamGuard final : public hookline::LeadClassifier<Settings> {
 public:
  void configured() override {
    spam_.add(settings().numbers, host(), "numbers");
    allowed_.add(settings().allowed, host(), "allowed");
    if (settings().within.ms <= 0)
      throw hookline::Failure(HKL_BAD_SETTINGS, "within: has to be longer than nothing, such as 1h");
  }

  Opinion classify(const hkl_inquiry& inquiry) override {
    const auto& touch = *inquiry.touch;
    if (touch.is_by_hand != 0) return Opinion::none();
    if (touch.direction == HKL_DIRECTION_INTERNAL) return spam("internal", "both ends are ours");
    const auto number = view(touch.number);
    const bool is_allowed = !number.empty() && !allowed_.entry_of(number).empty();
    if (!number.empty() && !is_allowed)
      if (const auto entry = spam_.entry_of(number); !entry.empty())
        return spam("listed", "the number is in the list under \"" + entry + "\"");
    if (is_brief(touch))
      return spam("too_short", "the talk lasted " + seconds(touch.talk_ms) + ", less than " +
                                   std::to_string(settings().min_talk_s) + " s");
    if (!is_allowed && settings().calls > 0 && touch.direction == HKL_DIRECTION_IN)
      if (const auto count = calls_until(inquiry); count > settings().calls)
        return spam("robot", std::to_string(count) + " calls within " + seconds(settings().within.ms) + ", more than " +
                                 std::to_string(settings().calls));
    return Opinion::none();
  }

 private:
  static Opinion spam(const char* rule, std::string why) {
    return Opinion::of(HKL_QUALITY_NON_TARGET, rule, std::move(why));
  }
  static std::string seconds(std::int64_t ms) {
    auto text = std::to_string(ms / 1000);
    if (ms % 1000 != 0) text += "." + std::to_string(1000 + ms % 1000).substr(1);
    return text + " s";
  }

  // Strictly shorter (metrics §9). What the PBX does not tell is not brief.
  bool is_brief(const hkl_touch& touch) const {
    return touch.is_over != 0 && touch.answered_at_ms != HKL_UNKNOWN_MS && touch.talk_ms != HKL_UNKNOWN_MS &&
           touch.talk_ms < settings().min_talk_s * 1000;
  }

  // This one and those before it that began within the time.
  std::int64_t calls_until(const hkl_inquiry& inquiry) const {
    const auto at = inquiry.touch->at_ms;
    std::int64_t count = 1;
    for (std::uint64_t i = 0; i < inquiry.earlier_count; ++i) {
      const auto& earlier = *inquiry.earlier[i];
      if (earlier.direction == HKL_DIRECTION_IN && earlier.at_ms != HKL_UNKNOWN_MS && at != HKL_UNKNOWN_MS &&
          earlier.at_ms > at - settings().within.ms)
        ++count;
    }
    return count;
  }

  NumberList spam_, allowed_;
};

}  // namespace

HOOKLINE_PLUGIN(SpamGuard, {"spam-guard", "1.0.0", "Hookline", "Apache-2.0",
                            "Marks spam, robots, internal and too short calls as non-target"})
