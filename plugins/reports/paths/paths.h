// Conversions of a contact and the visits that led to them (metrics §5.2):
// what multichannel-sequences and attribution share. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hookline/sdk/report_scan.h"

namespace paths {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::string_view kNone = "(none)";
constexpr std::string_view kDirect = "direct";

struct Step {
  std::string text;                    // "google/cpc"
  std::vector<std::string> words;      // what it is made of: google, cpc
  std::vector<std::string> campaigns;  // of its visits, though no part of it
  std::int64_t at_ms = 0;
  bool is_direct = false;
};

struct Conversion {
  std::string call, contact, lead;
  std::int64_t at_ms = 0;
  std::vector<Step> steps;  // none: nothing is known of the way
  std::int64_t amount = 0;
  std::string currency;      // empty: no amount
  bool is_left_out = false;  // it happened, but no figure counts it
};

struct Rules {
  std::int64_t window_ms = 30 * kDayMs, unique_gap_ms = 0;  // 0: for ever
  std::string conversions = "target";                       // calls, target, unique, unique_target
  int depth = 2;  // how much of a visit is a step: 2 source/medium, 3 campaign, 4 ad, 5 keyword
  bool collapse = false, restart = false;

  // Of the options both reports have.
  static Rules of(const hookline::ScanParams& params) {
    Rules rules;
    const auto days = params.number("window");
    if (days < 1 || days > 365)
      throw hookline::Failure(HKL_INVALID, "window: take 1 to 365 days, not " + std::to_string(days));
    rules.window_ms = static_cast<std::int64_t>(days * kDayMs);
    if (params.has("unique_gap_days"))
      rules.unique_gap_ms = static_cast<std::int64_t>(params.number("unique_gap_days") * kDayMs);
    rules.conversions = params.text("conversions");
    const auto& step = params.text("step");
    rules.depth = step == "campaign" ? 3 : step == "ad" ? 4 : step == "keyword" ? 5 : 2;
    rules.collapse = params.yes("collapse");
    rules.restart = params.yes("restart_after_conversion");
    return rules;
  }
};

// A level that the address does not tell is left out; what it tells beyond stays.
inline Step step_of(const std::vector<std::string_view>& levels, std::int64_t at_ms) {
  Step step;
  step.at_ms = at_ms;
  for (const auto level : levels) {
    if (level.empty()) continue;
    step.text += (step.text.empty() ? "" : "/") + std::string(level);
    step.words.emplace_back(level);
  }
  if (step.text.empty()) step.text = kDirect;
  step.is_direct = step.words.empty() || step.words[0] == kDirect || step.words[0] == "(direct)";
  return step;
}

inline Step step_of(const hkl_visit& visit, int depth) {
  using hookline::view;
  std::vector<std::string_view> levels = {view(visit.source), view(visit.medium), view(visit.campaign), view(visit.ad),
                                          view(visit.keyword)};
  levels.resize(static_cast<std::size_t>(depth));
  auto step = step_of(levels, visit.at_ms);
  if (visit.campaign.len > 0) step.campaigns.emplace_back(view(visit.campaign));
  return step;
}

inline void append(std::vector<Step>& steps, Step step, bool collapse) {
  if (collapse && !steps.empty() && steps.back().text == step.text) {
    auto& campaigns = steps.back().campaigns;
    campaigns.insert(campaigns.end(), step.campaigns.begin(), step.campaigns.end());
    return;
  }
  steps.push_back(std::move(step));
}

// Whether a call of the contact converts; `previous_ms`: its inbound call before.
inline bool converts(const hkl_touch& touch, const Rules& rules, bool has_contact, const std::int64_t* previous_ms) {
  if (touch.direction != HKL_DIRECTION_IN) return false;
  if (rules.conversions == "calls") return true;
  const bool is_target = touch.quality == HKL_QUALITY_TARGET;
  if (rules.conversions == "target") return is_target;
  const bool is_far =
      previous_ms == nullptr || (rules.unique_gap_ms > 0 && *previous_ms < touch.at_ms - rules.unique_gap_ms);
  return has_contact && is_far && (rules.conversions == "unique" || is_target);
}

inline void add_amount(const hkl_timeline& timeline, Conversion& conversion) {
  for (std::uint64_t i = 0; i < timeline.lead_count; ++i) {
    const auto& lead = *timeline.leads[i];
    if (hookline::view(lead.id) != conversion.lead) continue;
    conversion.amount = lead.amount;
    conversion.currency = hookline::view(lead.currency);
  }
}

// Every conversion of the contact, in time order, whatever the period.
inline std::vector<Conversion> conversions_of(const hkl_timeline& timeline, const Rules& rules) {
  std::vector<Conversion> found;
  const bool has_contact = timeline.contact->id.len > 0;
  const std::int64_t* previous_ms = nullptr;
  for (std::uint64_t i = 0; i < timeline.touch_count; ++i) {
    const auto& touch = *timeline.touches[i];
    if (touch.call.len == 0 || touch.direction != HKL_DIRECTION_IN) continue;
    const bool is_conversion = converts(touch, rules, has_contact, previous_ms);
    previous_ms = &touch.at_ms;
    if (!is_conversion) continue;
    Conversion conversion{std::string(hookline::view(touch.call)),
                          std::string(hookline::view(timeline.contact->id)),
                          std::string(hookline::view(touch.lead)),
                          touch.at_ms,
                          {},
                          0,
                          {},
                          touch.is_left_out != 0};
    for (std::uint64_t v = 0; v < timeline.visit_count; ++v) {
      const auto& visit = *timeline.visits[v];
      const bool is_in_window = touch.at_ms - rules.window_ms <= visit.at_ms && visit.at_ms <= touch.at_ms;
      const bool is_before_restart = rules.restart && !found.empty() && visit.at_ms <= found.back().at_ms;
      if (is_in_window && !is_before_restart) append(conversion.steps, step_of(visit, rules.depth), rules.collapse);
    }
    if (conversion.steps.empty() && touch.step_source.len > 0)
      conversion.steps.push_back(
          step_of({hookline::view(touch.step_source), hookline::view(touch.step_medium)}, touch.at_ms));
    add_amount(timeline, conversion);
    found.push_back(std::move(conversion));
  }
  return found;
}

// "google/cpc > direct ×2 > google/organic"
inline std::string text_of(const std::vector<Step>& steps) {
  if (steps.empty()) return std::string(kNone);
  std::string text;
  for (std::size_t i = 0; i < steps.size();) {
    std::size_t same = 1;
    while (i + same < steps.size() && steps[i + same].text == steps[i].text) ++same;
    text += (text.empty() ? "" : " > ") + steps[i].text;
    if (same > 1) text += " ×" + std::to_string(same);
    i += same;
  }
  return text;
}

// A step by its whole text, or by its source, medium or campaign alone.
inline bool is_step(const Step& step, std::string_view wanted) {
  const auto has = [&](const std::vector<std::string>& texts) {
    return std::find(texts.begin(), texts.end(), wanted) != texts.end();
  };
  return step.text == wanted || has(step.words) || has(step.campaigns);
}

}  // namespace paths
