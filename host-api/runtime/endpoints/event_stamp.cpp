#include "endpoints/event_stamp.h"

#include <fmt/format.h>

namespace hkl {
namespace {

constexpr std::chrono::minutes kTolerableSkew{2};

// Told when it happens. Summaries, gaps and restarts speak of the past.
bool is_of_the_moment(const Event& event) {
  switch (event.kind) {
    case HKL_EVENT_CALL_SUMMARY:
    case HKL_EVENT_LEG_SUMMARY:
    case HKL_EVENT_SOURCE_GAP:
    case HKL_EVENT_SOURCE_RESTARTED:
      return false;
    default:
      return (event.flags & HKL_EVENT_FLAG_RECEIPT_TIME) == 0;
  }
}

// Times of a list of what lives are the host's own already: they say nothing
// of the PBX's clock.
bool tells_the_clock(const Event& event) {
  return is_of_the_moment(event) && event.kind != HKL_EVENT_SOURCE_LISTED && event.kind != HKL_EVENT_CHANNEL_SEEN;
}

std::string span_text(Millis span) {
  const auto s = std::chrono::duration_cast<std::chrono::seconds>(span).count();
  if (s < 3600) return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} h {} min", s / 3600, s % 3600 / 60);
}

}  // namespace

void EventStamp::stamp_told(Event& event, Instant received_at) const {
  event.source = setup_.name;
  event.pbx = setup_.pbx;
  event.received_at = received_at;
  if (setup_.history) event.flags |= HKL_EVENT_FLAG_HISTORY;
}

std::optional<std::string> EventStamp::stamp_heard(Event& event, Instant received_at, bool is_fresh) {
  stamp_told(event, received_at);
  std::optional<std::string> warning;
  if (tells_the_clock(event)) {
    const auto behind = received_at - event.at;
    if (is_fresh || !behind_) behind_ = behind;
    if (!setup_.clock_receipt && is_fresh && !has_warned_ && std::chrono::abs(behind) > kTolerableSkew) {
      has_warned_ = true;
      warning = fmt::format(
          "the clock of the PBX is {} {} ours: it says {}, heard at {}; set the clocks (NTP), or set `clock: receipt` "
          "on "
          "the source to go by ours",
          span_text(std::chrono::abs(behind)), behind > Millis(0) ? "behind" : "ahead of", iso_utc(event.at),
          iso_utc(received_at));
    }
  }
  if (setup_.clock_receipt) use_receipt(event, received_at);
  return warning;
}

// Facts of the moment happened when they were heard. Times of the past are
// moved by what the clocks last differed.
void EventStamp::use_receipt(Event& event, Instant received_at) {
  const auto moved = [&](Instant at) { return behind_ ? at + *behind_ : at; };
  if (is_of_the_moment(event)) {
    event.at = received_at;
    event.flags |= HKL_EVENT_FLAG_RECEIPT_TIME;
    // The PBX's order within a millisecond of its own says nothing in one of
    // ours; that of arrival does.
    event.seq = ++heard_;
  } else if ((event.flags & HKL_EVENT_FLAG_RECEIPT_TIME) == 0) {
    event.at = moved(event.at);
  }
  for (auto* time : {&event.started_at, &event.offered_at, &event.answered_at, &event.ended_at})
    if (*time) *time = moved(**time);
}

}  // namespace hkl
